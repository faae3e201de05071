"""Numbers as they are written: digits or words, with a unit, in pairs, ranges and lists."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vitasense.guardrails.grounding.dates import Moment, date_at
from vitasense.guardrails.grounding.lexicon import rules, units

# A rounded number may be off by this share of the stated one at most: 5.4 may not become 5.
_MOST_ROUNDING = 0.05
_MOST_MEMBERS = 20  # of a list, so that the work stays linear
_PLAIN = re.compile(r"\d+|\d*[.,]\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NO_NUMBER_AFTER = frozenset({"this", "that", "the", "which", "each", "no", "any", "another", "every", "last", "first", "next"})  # fmt: skip
# What may be told of a list: some of its members, in their order.
_MEMBERS = {"list": ("one", "list"), "pairs": ("pair", "pairs")}
_JOINTS = frozenset({"/", "over", "of", "in", "out"})
_OR_MORE = {"more": ">=", "higher": ">=", "above": ">=", "over": ">=", "greater": ">=", "less": "<=", "lower": "<=", "below": "<=", "under": "<=", "fewer": "<="}  # fmt: skip


@dataclass(slots=True)
class Amount:
    """Numbers that belong together.

    `form`: one; pair ("142/88"); of ("27 of 30"); span ("3.5 to 5.1", also "from 3.5 … to 5.1"); list ("3, 4 and 5");
    pairs (a list of pairs).
    `decimals` are the digits after the point of each number, `unit` is "" when none is written, `bound` one of
    "", >=, <=, ~, <~ and >~. `reference` is True for a limit, range or goal. `nouns` are the words that it counts.
    `whole` is True behind "of": the number of all there are. `days` are the dates of the two ends of a span, where they are written beside them.
    """

    form: str
    numbers: tuple[float, ...]
    decimals: tuple[int, ...]
    unit: str = ""
    bound: str = ""
    reference: bool = False
    nouns: frozenset[str] = frozenset()
    counts: str = ""
    days: tuple[Moment | None, Moment | None] = (None, None)
    lead: str = ""
    spread: bool = False
    whole: bool = False


def number_at(tokens: Sequence[str], i: int) -> tuple[float, int, int] | None:
    """The number that begins at token `i`, in digits or words, its decimals, and the token after it."""
    if tokens[i].isdecimal():
        return float(tokens[i]), 0, i + 1
    token = tokens[i].removeprefix("-")
    if token[:1].isdecimal() or token[:1] == ".":
        if not _PLAIN.fullmatch(token):
            return None
        sign = -1 if token != tokens[i] else 1
        written = token.replace(",", "") if _THOUSANDS.fullmatch(token) else token.replace(",", ".")
        return sign * float(written), len(written.partition(".")[2]), i + 1
    return _spelled(tokens, i) if token in rules().spelled else None


def amount_at(tokens: Sequence[str], i: int, *, between: bool = False) -> tuple[Amount, int] | None:
    """The numbers that begin at token `i`, and the token after them and their unit; `between` goes before a span."""
    first = number_at(tokens, i)
    if first is None:
        return None
    amount, after = _joined(tokens, first)
    unit, after = unit_at(tokens, after)
    amount.unit = unit
    if amount.form == "one":
        amount, after = _ranged(tokens, amount, after, ("and",) if between else ("to", "-"))
    amount, after = _listed(tokens, amount, after)
    if _get(tokens, after) in ("or", "and") and _get(tokens, after + 1) in _OR_MORE:
        amount.bound, after = _OR_MORE[tokens[after + 1]], after + 2
    return amount, after


def unit_at(tokens: Sequence[str], i: int) -> tuple[str, int]:
    """The name of the unit that begins at token `i`, "" for none, and the token after it."""
    if i >= len(tokens):
        return "", i
    j = i + 1 if tokens[i] == "-" and _get(tokens, i + 1).isalpha() else i
    for rest, name in units().get(tokens[j], ()):
        if not rest or tuple(tokens[j + 1 : j + 1 + len(rest)]) == rest:
            return name, j + 1 + len(rest)
    return "", i


def same_amount(said: Amount, known: Amount) -> bool:
    """True when `said` gives the numbers of `known`, or some of a list, in its unit (or none), rounded fairly."""
    if said.unit != known.unit and (said.unit or (said.counts and known.unit)):
        return False
    if said.reference != known.reference or {said.lead, known.lead} == {"from", "to"}:
        return False
    if not known.unit and said.nouns and known.nouns and not said.nouns & known.nouns:
        return False
    return _same_bound(said, known) and _same_numbers(said, known)


def _same_bound(said: Amount, known: Amount) -> bool:
    if said.bound == known.bound:
        return True
    if said.bound == "~":
        return known.spread or (said.numbers != known.numbers and said.form == known.form)
    return (known.reference and not said.bound) or (not said.bound and known.spread and known.bound == "~")


def _same_numbers(said: Amount, known: Amount) -> bool:
    if said.form == known.form and len(said.numbers) == len(known.numbers):
        return all(_near(said, known, i, i) for i in range(len(said.numbers)))
    if said.form not in _MEMBERS.get(known.form, ()):
        return False
    width = 2 if known.form == "pairs" else 1
    place = 0
    for i in range(0, len(said.numbers), width):
        starts = range(place, len(known.numbers), width)
        found = next((k for k in starts if all(_near(said, known, i + n, k + n) for n in range(width))), None)
        if found is None:
            return False
        place = found + width
    return True


def _near(said: Amount, known: Amount, i: int, k: int) -> bool:
    one, other = said.numbers[i], known.numbers[k]
    if one == other:
        return True
    if said.decimals[i] >= known.decimals[k] or (one < 0) != (other < 0):
        return False
    off = abs(one - other)
    return off <= 0.5 * 10 ** -said.decimals[i] + 1e-9 and off <= _MOST_ROUNDING * abs(other)


def _joined(tokens: Sequence[str], first: tuple[float, int, int]) -> tuple[Amount, int]:
    """A pair ("142/88", "142 over 88"), a part of a whole ("27 of 30", "7 out of 10"), or the one number."""
    number, decimals, after = first
    if _get(tokens, after) not in _JOINTS:
        return Amount("one", (number,), (decimals,)), after
    for form, words in (("pair", ("/",)), ("pair", ("over",)), ("of", ("of",)), ("of", ("in",)), ("of", ("out", "of"))):
        rest = after + len(words)
        if tuple(tokens[after:rest]) == words and rest < len(tokens) and (second := number_at(tokens, rest)):
            if form == "of" and date_at(tokens, rest):
                continue
            return Amount(form, (number, second[0]), (decimals, second[1])), second[2]
    return Amount("one", (number,), (decimals,)), after


def _ranged(tokens: Sequence[str], amount: Amount, after: int, joints: tuple[str, ...]) -> tuple[Amount, int]:
    if _get(tokens, after) not in joints or after + 1 >= len(tokens):
        return amount, after
    second = number_at(tokens, after + 1)
    span = _span(tokens, amount, second) if second and not date_at(tokens, after + 1) else None
    return span or (amount, after)


def _span(tokens: Sequence[str], amount: Amount, second: tuple[float, int, int]) -> tuple[Amount, int] | None:
    unit, after = unit_at(tokens, second[2])
    if amount.unit and unit and amount.unit != unit:
        return None
    numbers = (amount.numbers[0], second[0])
    return Amount("span", numbers, (amount.decimals[0], second[1]), unit or amount.unit), after


def _listed(tokens: Sequence[str], amount: Amount, after: int) -> tuple[Amount, int]:
    """A list when three numbers, or two with "and" or "or" between them, follow one another with one unit."""
    if amount.form not in ("one", "pair") or _get(tokens, after) not in (",", "and", "or"):
        return amount, after
    members, last, end = [amount], amount, after
    joined = False
    while (
        len(members) < _MOST_MEMBERS
        and (step := _separator(tokens, end))
        and (following := _member(tokens, step[0], last))
    ):
        joined = joined or step[1]
        last, end = following
        members.append(last)
        if step[1]:
            break
    if len(members) < 2 or not joined or any(each.unit not in ("", last.unit) for each in members):
        return amount, after
    numbers = tuple(number for each in members for number in each.numbers)
    decimals = tuple(decimals for each in members for decimals in each.decimals)
    return Amount("list" if amount.form == "one" else "pairs", numbers, decimals, last.unit), end


def _separator(tokens: Sequence[str], i: int) -> tuple[int, bool] | None:
    comma = _get(tokens, i) == ","
    joined = _get(tokens, i + comma) in ("and", "or")
    return (i + comma + joined, joined) if comma or joined else None


def _member(tokens: Sequence[str], i: int, before: Amount) -> tuple[Amount, int] | None:
    if i >= len(tokens) or date_at(tokens, i) or (number := number_at(tokens, i)) is None:
        return None
    amount, after = _joined(tokens, number)
    unit, after = unit_at(tokens, after)
    return (replace(amount, unit=unit), after) if amount.form == before.form else None


def _spelled(tokens: Sequence[str], i: int) -> tuple[float, int, int] | None:
    spelled, total, current, j = rules().spelled, 0, 0, i
    last = i
    while (word := _get(tokens, j)) in spelled or (word in ("and", "-") and _get(tokens, j + 1) in spelled and j > i):
        if word in spelled:
            current, total = _added(spelled[word], current, total)
            last = j + 1
        elif word == "and" and current < 100 and total == 0:
            break
        j += 1
    if last == i + 1 and tokens[i] == "one" and not _counts_one(tokens, i):
        return None
    return float(total + current), 0, last


def _added(value: int, current: int, total: int) -> tuple[int, int]:
    if value == 100:
        return max(current, 1) * 100, total
    if value > 100:
        return 0, total + max(current, 1) * value
    # "one forty five" is said for 145.
    return (current * 100 + value if 0 < current < 10 and value >= 10 else current + value), total


def _counts_one(tokens: Sequence[str], i: int) -> bool:
    following = _get(tokens, i + 1)
    before = tokens[i - 1] if i else ""
    return following.isalpha() and following not in ("of", "or", "is", "was", "by") and before not in _NO_NUMBER_AFTER


def _get(tokens: Sequence[str], i: int) -> str:
    return tokens[i] if 0 <= i < len(tokens) else ""
