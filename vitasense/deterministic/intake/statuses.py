"""What became of a medicine: taken, begun, stopped, missed or planned, by the words before and after it."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Literal, cast

from vitasense.deterministic.intake.details import Status
from vitasense.deterministic.intake.forms import word_set
from vitasense.deterministic.intake.lexicon import load
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.phrases import Found, Phrases
from vitasense.deterministic.intake.scene import Scene
from vitasense.deterministic.intake.schemas import EntityType
from vitasense.deterministic.intake.tokens import ends_sentence

Happened = Literal["taking", "began", "stopped", "ends", "missed", "planned", "unsaid"]
_REACH, _NEAR, _AFTER = 12, 5, 9
_NOT, _NOT_BEFORE = frozenset({"not", "don", "dont", "doesn", "doesnt", "never"}), 3
_TURNS = frozenset({"but", "because", "although", "though", "instead", "when", "while", "if"})
_SWITCHES = frozenset({"switched", "changed", "moved", "swapped"})
_PASSIVE = frozenset({",", "but", "then", "was", "were", "is", "has", "have", "been", "got", "dose", "now", "since"})
_STANDS_FOR: Mapping[Happened, Status] = {
    "taking": "taking",
    "began": "taking",
    "stopped": "stopped",
    "ends": "taking",
    "missed": "missed",
    "planned": "planned",
}


@cache
def _table() -> Phrases[Happened]:
    rows = cast("Mapping[Happened, Mapping[str, Sequence[str]]]", load("medicines")["statuses"])
    return Phrases((word, status) for status, row in rows.items() for word in row["words"])


def status_words() -> frozenset[str]:
    """Every word of taking and stopping, none of which is a typing error."""
    return _table().words


def status_of(happened: Happened | None) -> Status | None:
    """The status that an event leaves a medicine in."""
    return _STANDS_FOR.get(happened) if happened else None


class _Verbs:
    """The phrases of a text by where they begin and end."""

    def __init__(self, scene: Scene, beside: Collection[int]) -> None:
        found = _table().find(scene)
        self.scene, self.beside = scene, beside
        self.begins = {one.first: one for one in found}
        self.ends = {one.last: one for one in found}

    def before(self, drug: Mention) -> Found[Happened] | None:
        """The nearest before a medicine in its clause."""
        for place in range(drug.first, max(0, drug.first - _REACH), -1):
            found = self.ends.get(place)
            if found:
                return found
            word = self.scene.tokens[place - 1]
            if word.word in _TURNS or ends_sentence(word):
                return None
        return None

    def after(self, drug: Mention) -> Found[Happened] | None:
        """ "Ramipril was stopped": right after or in the passive; what begins a new clause is of another medicine."""
        for place in range(drug.last, min(len(self.scene.tokens), drug.last + _AFTER)):
            found = self.begins.get(place)
            if found:
                return None if self.scene.names(found.last, found.last + 3, EntityType.DRUG) else found
            if place not in self.beside and self.scene.word(place) not in _PASSIVE:
                return None
        return None


def happenings(scene: Scene, beside: Collection[int] = ()) -> Mapping[int, Happened]:
    """First token of each medicine → what the text says became of it; medicines that are only asked about are left out.

    `beside` are the tokens of doses and the like, over which the words for it may stand.
    """
    drugs = [mention for mention in scene.mentions if mention.type is EntityType.DRUG]
    if not drugs:
        return {}
    verbs = _Verbs(scene, beside)
    found: dict[int, Happened] = {}
    for last, drug in zip((None, *drugs), drugs, strict=False):
        happened = None if scene.asks(drug.first) else _happened(verbs, drug, last)
        if happened:
            found[drug.first] = happened
    return found


def _happened(verbs: _Verbs, drug: Mention, last: Mention | None) -> Happened | None:
    ahead, after = verbs.before(drug), verbs.after(drug)
    switched = _switched(verbs.scene, drug, last)
    if switched:
        return switched
    if after and after.meaning in ("stopped", "missed") and (ahead is None or ahead.meaning == "taking"):
        return after.meaning
    found = ahead or after
    if found and found.meaning == "taking" and _denied(verbs.scene, found):
        return "stopped" if _for_good(verbs.scene, drug) else None
    return found.meaning if found else None


def _switched(scene: Scene, drug: Mention, last: Mention | None) -> Happened | None:
    """ "Switched from amlodipine to losartan": the first is stopped, the second begun."""
    lead = scene.word(drug.first - 1)
    said = {scene.word(place) for place in range(max(0, drug.first - _NEAR), drug.first)}
    if lead == "from" and not said.isdisjoint(_SWITCHES):
        return "stopped"
    near = last is not None and drug.first - last.last <= _REACH and scene.word(last.first - 1) == "from"
    return "began" if lead == "to" and near else None


def _denied(scene: Scene, found: Found[Happened]) -> bool:
    """ "I don't take it", "I am not taking any"."""
    return any(scene.word(place) in _NOT for place in range(max(0, found.first - _NOT_BEFORE), found.last))


def _for_good(scene: Scene, drug: Mention) -> bool:
    after = [scene.word(place) for place in range(drug.last, drug.last + 4)]
    return any(word in word_set("denied_for_good") for word in (*after, *map(" ".join, pairwise(after))))
