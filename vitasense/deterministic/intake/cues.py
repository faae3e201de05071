"""The small language of rules/intents.yaml, compiled to bounded regular expressions over tagged words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.schemas import IntentName
from vitasense.deterministic.intake.wording import written_out

_WORD = r"[^\s.]\S* "
_GAP = f"(?:{_WORD}){{0,6}}?"
CATEGORIES = "|".join(
    f"<{name}>"
    for name in (
        *("allergies", "medications", "conditions", "immunizations", "encounters", "procedures"),
        *("documents", "labs", "vitals", "genomics", "nutrition", "notes"),
    )
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A weight and a pattern; `anchors` are words of which the text must have one for the pattern to match."""

    weight: float
    pattern: re.Pattern[str]
    anchors: frozenset[str]

    def found(self, text: str, words: frozenset[str]) -> bool:
        """Whether the tagged text has the pattern; `words` is the set of its words."""
        return not self.anchors.isdisjoint(words) and self.pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Rule:
    """What speaks for one intent, what speaks against it, and which intents it drops."""

    name: IntentName
    cues: tuple[Cue, ...]
    unless: tuple[Cue, ...]
    beats: frozenset[IntentName]


def _alternatives(element: str) -> list[str]:
    macros = cast("Mapping[str, str]", load_intents()["macros"])
    words: list[str] = []
    for part in element.split("|"):
        if part.startswith("$") and len(part) > 1:
            words += _alternatives(macros[part[1:]])
        elif part == "<category>":
            words += CATEGORIES.split("|")
        elif part == "<drug>":
            words += ["<drug>", "<class>"]
        else:
            words.append(" ".join(written_out(part.replace("_", " ").replace("'", " ").split())))
    return list(dict.fromkeys(words))


@cache
def load_intents() -> Mapping[str, object]:
    """The parsed content of rules/intents.yaml."""
    return load("intents")


def compile_cue(weight: float, text: str) -> Cue:
    """A cue of the rules file as a pattern; every gap is bounded, so that matching is linear in the text."""
    built, anchors = "", list[frozenset[str]]()
    for element in text.split():
        if element == "...":
            built += _GAP
        elif element in ("^", "$"):
            built += r"(?:(?<=^ )|(?<=\. ))" if element == "^" else r"(?:\. )*?(?=\. |$)"
        else:
            optional = element.endswith("?")
            words = _alternatives(element.removesuffix("?"))
            choice = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
            built += f"(?:(?:{choice}) ){'?' if optional else ''}"
            if not optional:
                anchors.append(frozenset(word.split()[0] for word in words))
    smallest = min(anchors, key=_rarity)
    return Cue(weight, re.compile(f"(?<= ){built}"), smallest)


def _rarity(words: frozenset[str]) -> tuple[bool, int]:
    return not any(word.startswith("<") for word in words), len(words)


def cue_words() -> Iterator[str]:
    """Every plain word of the cues, for spelling."""
    intents = load_intents()
    texts = [text for row in _rows().values() for _, text in _cues_of(row)]
    texts += [text for row in _rows().values() for text in cast("Sequence[str]", row.get("unless", ()))]
    texts += list(cast("Mapping[str, str]", intents["macros"]).values())
    for text in texts:
        yield from (word for word in re.split(r"[\s|_?^$'.]+", text) if word.isalpha() and len(word) > 1)


Raw = Mapping[str, object]


def _rows() -> Mapping[str, Raw]:
    return cast("Mapping[str, Raw]", load_intents()["entries"])


def _cues_of(row: Raw) -> list[tuple[float, str]]:
    return [(float(weight), text) for weight, text in cast("list[tuple[str, str]]", row["cues"])]


def _inherited(row: Raw) -> tuple[list[tuple[float, str]], list[str]]:
    cues, unless = _cues_of(row), list(cast("Sequence[str]", row.get("unless", ())))
    for parent, swaps in cast("Mapping[str, Mapping[str, str]]", row.get("as", {})).items():
        above = _rows()[parent]
        cues += [(weight, _swap(text, swaps)) for weight, text in _cues_of(above)]
        unless += [_swap(text, swaps) for text in cast("Sequence[str]", above.get("unless", ()))]
    return cues, unless


def _swap(text: str, swaps: Mapping[str, str]) -> str:
    return re.sub(r"<(\w+)(#?)>", lambda found: f"<{swaps.get(found[1], found[1])}{found[2]}>", text)


@cache
def rules() -> tuple[Rule, ...]:
    """Every intent's rule, in the order of IntentName."""
    return tuple(_rule(name) for name in IntentName)


def _rule(name: IntentName) -> Rule:
    row = _rows()[name.value]
    cues, unless = _inherited(row)
    return Rule(
        name=name,
        cues=tuple(compile_cue(weight, text) for weight, text in sorted(cues, reverse=True)),
        unless=tuple(compile_cue(1.0, text) for text in unless),
        beats=frozenset(IntentName(other) for other in cast("Sequence[str]", row.get("beats", ()))),
    )
