"""How likely a slip is: what it takes to get from a name to what was written, by hand or by ear."""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

_BAND = 3
_IMPOSSIBLE = math.inf

# Shares of slips by kind, and of the letter written instead: anything, a key beside it, a letter that sounds alike.
# No names of patients or counts of messages went into them; they were set on made-up misspellings.
_SUBSTITUTED, _INSERTED, _DELETED, _TRANSPOSED = 0.35, 0.25, 0.25, 0.25
_ANY_LETTER, _KEY_BESIDE, _SOUNDS_ALIKE = 0.3, 0.2, 0.5
_USUAL_SOUNDS, _LETTERS = 2.5, 26
_ANY_INSERTED, _DOUBLED, _BRUSHED = 0.5, 0.2, 0.04
_HEARD = 3.0


class _Slips(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    source: str
    keyboard: tuple[str, ...]
    sounds: tuple[str, ...]
    longer: tuple[tuple[str, str], ...]
    folded: tuple[tuple[str, str], ...]


def cost(name: str, written: str) -> float:
    """How unlikely it is that somebody who means `name` writes `written`, in nats; 0 when they are the same.

    The least of all ways to get there by letters left out, added, exchanged, transposed or written as they sound
    (noisy channel of Brill and Moore 2000, with the transpositions of Damerau 1964).
    """
    place = math.log(len(name) + 1)
    insertions = [0.0, *(_insertion(written[:at]) + place for at in range(1, len(written) + 1))]
    deletion, transposition, heard = place - math.log(_DELETED), place - math.log(_TRANSPOSED), place + _HEARD
    substitutions, longer = _substitutions(), _longer()
    table = [[_IMPOSSIBLE] * (len(written) + 1) for _ in range(len(name) + 1)]
    table[0][0] = 0.0
    for row in range(len(name) + 1):
        for column in range(max(0, row - _BAND), min(len(written), row + _BAND) + 1):
            least = table[row][column]
            if row:
                least = min(least, table[row - 1][column] + deletion)
            if column:
                least = min(least, table[row][column - 1] + insertions[column])
            if row and column:
                meant, seen = name[row - 1], written[column - 1]
                wrong = 0.0 if meant == seen else substitutions[meant, seen] + place
                least = min(least, table[row - 1][column - 1] + wrong)
                if wrong and row > 1 and column > 1 and name[row - 2] == seen and written[column - 2] == meant:
                    least = min(least, table[row - 2][column - 2] + transposition)
                for before, after in longer.get((meant, seen), ()):
                    if name.endswith(before, 0, row) and written.endswith(after, 0, column):
                        least = min(least, table[row - len(before)][column - len(after)] + heard)
                least = min(least, _around(table, name[:row], written[:column]) + transposition)
            table[row][column] = least
    return table[-1][-1]


def _around(table: Sequence[Sequence[float]], name: str, written: str) -> float:
    """The cost before two letters transposed around a third that was added or left out, with that of the third."""
    place = math.log(len(name) + 1)
    if name[-2:-1] == written[-1:] and name[-1:] == written[-3:-2]:
        return table[len(name) - 2][len(written) - 3] + _insertion(written[:-1]) + place
    if name[-3:-2] == written[-1:] and name[-1:] == written[-2:-1]:
        return table[len(name) - 3][len(written) - 2] - math.log(_DELETED) + place
    return _IMPOSSIBLE


def as_heard(name: str) -> str:
    """The name as it sounds: one letter for each sound, no letter twice in a row."""
    for letters, sound in slips().folded:
        name = name.replace(letters, sound)
    single = "".join(letter for at, letter in enumerate(name) if name[at - 1 : at] != letter)
    return single.replace("ce", "se").replace("ci", "si")


@cache
def slips() -> _Slips:
    """The facts of rules/slips.yaml."""
    text = (files("vitasense.deterministic.knowledge") / "rules/slips.yaml").read_text("utf-8")
    return _Slips.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))


def _insertion(written: str) -> float:
    """A letter too many: any, the one before it again, or a key beside that one."""
    added, last = written[-1], written[-2:-1]
    share = _ANY_INSERTED / _LETTERS
    if added == last:
        share += _DOUBLED
    elif added in _neighbours().get(last, ""):
        share += _BRUSHED
    return -math.log(share * _INSERTED)


class _Substitutions(dict[tuple[str, str], float]):
    def __missing__(self, pair: tuple[str, str]) -> float:
        meant, seen = pair
        share = _ANY_LETTER / (_LETTERS - 1)
        beside = _neighbours().get(meant, "")
        if seen in beside:
            share += _KEY_BESIDE / len(beside)
        if frozenset(pair) in _sounds():
            share += _SOUNDS_ALIKE / _USUAL_SOUNDS
        self[pair] = -math.log(share * _SUBSTITUTED)
        return self[pair]


@cache
def _substitutions() -> _Substitutions:
    return _Substitutions()


@cache
def _sounds() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair) for pair in slips().sounds)


@cache
def _longer() -> Mapping[tuple[str, str], tuple[tuple[str, str], ...]]:
    """Letters for letters, by the last letter of each."""
    pairs = [(one, other) for row in slips().longer for one, other in (row, row[::-1])]
    ends = {(one[-1], other[-1]) for one, other in pairs}
    return {end: tuple(pair for pair in pairs if (pair[0][-1], pair[1][-1]) == end) for end in ends}


@cache
def _neighbours() -> Mapping[str, str]:
    """The keys around each key: those beside it, two above and two below."""
    rows = slips().keyboard
    found: dict[str, str] = {}
    for at, row in enumerate(rows):
        above = rows[at - 1] if at else ""
        below = rows[at + 1] if at + 1 < len(rows) else ""
        for key, letter in enumerate(row):
            beside = row[max(0, key - 1) : key] + row[key + 1 : key + 2]
            found[letter] = beside + above[key : key + 2] + below[max(0, key - 1) : key + 1]
    return found
