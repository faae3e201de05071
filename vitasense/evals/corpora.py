"""The messages of this project's own corpora, by what they are for."""

import random
from collections.abc import Sequence
from importlib.resources import files

TUNED = ("own", "first", "second", "third")
UNTOUCHED = ("fourth", "fifth", "sixth")
_EMERGENCIES, _ORDINARY = ("a", "b", "c"), ("a", "b", "requests", "resolved", "complaints", "statements")
_HARMFUL, _PERMITTED = ("a", "b", "c", "d"), ("care", "other", "b", "c", "d")


def lines(path: str) -> list[str]:
    """The lines of one file of `datasets/`; [] when it is not there."""
    file = files("vitasense.evals").joinpath("datasets", path)
    return file.read_text("utf-8").splitlines() if file.is_file() else []


def emergencies(name: str) -> list[str]:
    """The emergencies of a tuned or untouched set, in lay words."""
    return lines(f"triage/{_folder(name)}/{name}_emergencies.txt")


def ordinary(name: str) -> list[str]:
    """The ordinary messages of a tuned or untouched set."""
    return lines(f"triage/{_folder(name)}/{name}_ordinary.txt")


def training_emergencies() -> list[tuple[str, str]]:
    """(family, message) of every emergency that the weights are trained on; tuned sets have no family."""
    told = [
        tuple(line.split("\t", 1)) for name in _EMERGENCIES for line in lines(f"triage/training/emergencies_{name}.tsv")
    ]
    return [(family, text) for family, text in told] + [("", text) for name in TUNED for text in emergencies(name)]


def training_ordinary() -> list[str]:
    """Every ordinary message that the weights of triage are trained on."""
    told = [text for name in _ORDINARY for text in lines(f"triage/training/ordinary_{name}.txt")]
    others = [
        *questions(),
        *lines("scope/training/permitted_other.txt"),
        *lines("scope/training/permitted_d.txt"),
        *denials(),
    ]
    return [*told, *(text for name in TUNED for text in ordinary(name)), *others, *to_the_assistant()]


def denials(*, count: int = 400, seed: int = 0) -> list[str]:
    """Lists of complaints that are all denied, as doctors and patients write them; the same for the same seed."""
    chance, complaints = random.Random(seed), lines("triage/training/denied.txt")  # noqa: S311 (no secret)
    return [_denied(chance, chance.sample(complaints, chance.randint(2, 12))) for _ in range(count)]


def _denied(chance: random.Random, complaints: Sequence[str]) -> str:
    return chance.choice(
        (
            ", ".join(f"No {complaint}" for complaint in complaints) + ".",
            f"No {', '.join(complaints[:-1])} or {complaints[-1]}.",
            f"Denies {', '.join(complaints)}.",
            f"I have no {' and no '.join(complaints[:4])}.",
            f"without {', '.join(complaints[:-1])} and {complaints[-1]}",
        )
    )


def harmful() -> list[tuple[str, str]]:
    """(number of the AMA principle, request) of every harmful request of the project's own."""
    told = [line.split("\t", 1) for name in _HARMFUL for line in lines(f"scope/training/harmful_{name}.tsv")]
    return [(principle, text) for principle, text in told]


def permitted() -> list[str]:
    """Every request of the project's own that must be answered, also where it sounds like a harmful one."""
    told = [text for name in _PERMITTED for text in lines(f"scope/training/permitted_{name}.txt")]
    return [*told, *to_the_assistant()]


def to_the_assistant() -> list[str]:
    """What people ask of the assistant: messages written while the routing rules were mended."""
    rows = (line.partition("|") for line in lines("routing/development.txt") if not line.startswith("#"))
    return [text for _, _, text in rows]


def untouched_requests(kind: str) -> list[str]:
    """Requests that were never used for training: `harmful` or `permitted`."""
    return lines(f"scope/untouched/{kind}.txt")


def questions() -> list[str]:
    """Ordinary questions in the words of harm."""
    return lines("scope/questions.txt")


def everyday() -> Sequence[str]:
    """Every own message of the triage sets: what people write on an ordinary or a bad day."""
    return [text for name in (*TUNED, *UNTOUCHED) for text in (*emergencies(name), *ordinary(name))]


def _folder(name: str) -> str:
    return "untouched" if name in UNTOUCHED else "tuned"
