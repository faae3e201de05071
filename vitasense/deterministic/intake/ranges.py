"""From one number to another: "between 130 and 145", "5.5-7.2", "130-140 over 80-90", "160s", ">90"."""

from dataclasses import dataclass

from vitasense.deterministic.intake.details import Range
from vitasense.deterministic.intake.numbers import Number
from vitasense.deterministic.intake.scene import Scene, quantity

_DASHES = frozenset({"-", "–", " - ", " – "})
_TO = frozenset({"to", "and"})
_OVER = frozenset({"/", "over", "on"})
_BELOW, _ABOVE = frozenset({"<", "≤", "⩽"}), frozenset({">", "≥", "⩾"})
# Before "from 8.1 to 7.0" these make it a change, of which the second is the value.
_MOVED = frozenset(
    {
        *("went", "gone", "goes", "going", "dropped", "fell", "fallen", "rose", "risen", "increased", "decreased"),
        *("improved", "changed", "came", "down", "up", "moved", "jumped", "climbed", "reduced", "lowered", "raised"),
    }
)
_LOOK_BACK = 3


@dataclass(frozen=True, slots=True)
class Spread:
    """A range at tokens `[first, last)` with its unit; `moved` to its end when it tells a change."""

    range: Range
    unit: str | None
    first: int
    last: int
    moved: bool = False


def find_spread(scene: Scene, number: Number) -> Spread | None:
    """The range that begins with this number; None when it stands alone."""
    sign = scene.word(number.first - 1)
    if sign in _BELOW or sign in _ABOVE:
        return _open(scene, number, above=sign in _ABOVE)
    pair = _pair(scene, number) or _decade(scene, number)
    if pair is None:
        return None
    first, low, high, last, unit = pair
    below = scene.number_at.get(last + 1) if scene.word(last) in _OVER else None
    second = _pair(scene, below) or _decade(scene, below) if below else None
    if second:
        both = Range(low=low, high=high, second_low=second[1], second_high=second[2])
        return Spread(both, second[4] or unit, first, second[3])
    moved = scene.word(first) == "from" and any(scene.word(first - back) in _MOVED for back in range(1, _LOOK_BACK))
    if not moved and low > high:
        return None
    return Spread(Range(low=low, high=high), unit, first, last, moved)


def _open(scene: Scene, number: Number, *, above: bool) -> Spread:
    said = quantity(scene, number)
    limits = Range(low=number.value if above else None, high=None if above else number.value)
    return Spread(limits, said.unit, number.first - 1, said.last)


def _decade(scene: Scene, number: Number) -> tuple[int, float, float, int, str | None] | None:
    """ "160s", "in the 200s": the ten or hundred numbers that begin with it."""
    attached = scene.word(number.last) == "s" and scene.joined(number.last - 1) == ""
    if not attached or number.value < 20 or number.value % 10:
        return None
    width = 100 if number.value % 100 == 0 else 10
    return number.first, number.value, number.value + width - 1, number.last + 1, None


def _pair(scene: Scene, number: Number) -> tuple[int, float, float, int, str | None] | None:
    """First token, low, high, the token after, and the unit of two numbers that are joined as a range."""
    one = quantity(scene, number)
    led = scene.word(number.first - 1)
    link = scene.word(one.last) if scene.word(one.last) in _TO else ""
    dash = scene.joined(one.last - 1) in _DASHES
    fits = (led == "between" and link == "and") or (led == "from" and link == "to") or link == "to" or dash
    other = scene.number_at.get(one.last + bool(link and not dash)) if fits else None
    if other is None or other.loose or number.loose:
        return None
    two = quantity(scene, other)
    if one.unit and two.unit and one.unit != two.unit:
        return None
    first = number.first - (led in ("between", "from"))
    return first, number.value, other.value, two.last, two.unit or one.unit
