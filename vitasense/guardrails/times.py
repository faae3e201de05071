"""Which words of a message speak of the past: each clause is dated by its own cues, or by the clause beside it."""

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from itertools import pairwise

from vitasense.guardrails.clauses import clauses
from vitasense.guardrails.phrases import Matcher, matcher_of
from vitasense.guardrails.rulebook import Rule, language, load
from vitasense.guardrails.words import Word

_FIRST_YEAR, _LAST_YEAR = 1900, 2029
_YOUTH, _OLDEST = 13, 100
_NUMBERS: Mapping[str, tuple[str, ...]] = {
    "year": tuple(str(year) for year in range(_FIRST_YEAR, _LAST_YEAR + 1)),
    "youth_age": tuple(str(age) for age in range(1, _YOUTH)),
    "age": tuple(str(age) for age in range(_YOUTH, _OLDEST)),
}
YEARS = _NUMBERS["year"]
_AGES = frozenset(_NUMBERS["age"])
_PAST, _PRESENT, _LATER, _RECURS = "past", "present", "later", "recurs"
_AGED, _MY_AGE, _GROWN = "aged", "my_age", "grown"
_SHORTEST_PAST = 4
_SINCE = ("since", "then", "that")


class Times(Rule):
    """`rules/times.yaml`."""

    version: str
    source: str
    words: Mapping[str, tuple[str, ...]]
    past: tuple[str, ...]
    present: tuple[str, ...]
    later: tuple[str, ...]
    aged: tuple[str, ...]
    my_age: tuple[str, ...]
    grown: tuple[str, ...]
    points: frozenset[str]
    recurs: tuple[str, ...]
    back: frozenset[str]
    dating: frozenset[str]
    measured: frozenset[str]
    units: frozenset[str]
    joins: frozenset[str]
    turns: frozenset[str]
    past_verbs: frozenset[str]
    not_verbs: frozenset[str]
    present_verbs: frozenset[str]


class Tense(Enum):
    """When a clause is, as far as it says so."""

    PAST = "past"
    PRESENT = "present"
    UNSAID = "unsaid"


class Clause:
    """A run of words of one sentence; `joined` when it goes on from the clause before it, `cues` by the place in it.

    It `compares` when it begins with "like": "like in 2019".
    """

    def __init__(self, words: Sequence[Word], places: range, cues: Mapping[int, set[str]]) -> None:
        first = places.start
        self.places = places
        self.texts = [words[place].text for place in places]
        self.sentence = words[first].sentence
        self.joined = first > 0 and words[first].sentence == words[first - 1].sentence
        self.compares = words[first].filler == "like"
        self.cues = {place - first: cues[place] for place in places if place in cues}
        self.tense = Tense.UNSAID

    def says(self, cue: str) -> bool:
        """Whether the clause holds a cue of this kind."""
        return any(cue in names for names in self.cues.values())


def past_places(words: Sequence[Word]) -> frozenset[int]:
    """The places of the words that tell of the past. Linear in the words.

    Source: `rules/times.yaml`.
    """
    rules = times()
    cues: dict[int, set[str]] = {}
    for match in _matcher().find(words):
        cues.setdefault(match.last, set()).add(match.name)
    told = [Clause(words, places, cues) for places in clauses(words, lambda place: _begins(words, place, rules))]
    grown = {clause.sentence for clause in told if any(map(clause.says, (_LATER, _PAST, _GROWN)))}
    for clause in told:
        clause.tense = _own(clause, rules, grown=clause.sentence in grown)
    for spread in (_date_back, _go_on, _date_between, _date_what_led_there, _bring_back):
        spread(told, rules)
    return frozenset(place for clause in told if clause.tense is Tense.PAST for place in clause.places)


def cue_words() -> frozenset[str]:
    """Every word of the rules, so that none of them is mended into another."""
    rules = times()
    listed = frozenset(word for words in rules.words.values() for word in words)
    return listed | rules.back | rules.dating | rules.measured | rules.joins | rules.past_verbs | rules.not_verbs


def _begins(words: Sequence[Word], place: int, rules: Times) -> bool:
    word, before = words[place], words[place - 1]
    if word.sentence != before.sentence or (word.comma and not (word.text.isdigit() and before.text.isdigit())):
        return True
    following = words[place + 1] if place + 1 < len(words) else None
    last = following is None or following.comma or following.sentence != word.sentence
    return not last and (word.text in rules.joins or word.text in rules.turns)


def _own(clause: Clause, rules: Times, *, grown: bool) -> Tense:
    if clause.says(_PRESENT) or clause.says(_LATER):
        return Tense.PRESENT
    ages = ({_AGED} if grown else set[str]()) | ({_AGED, _MY_AGE} if "i" in clause.texts else set[str]())
    far = [place for place, names in clause.cues.items() if names & {_PAST, *ages}]
    far += [place for place in range(len(clause.texts)) if _is_date(clause, place, rules)]
    if not far or not rules.back.isdisjoint(clause.texts[max(far) + 1 :]):
        return Tense.UNSAID
    return Tense.PAST


def _is_date(clause: Clause, at: int, rules: Times) -> bool:
    """Whether the number there is a year, or an age at which something happened."""
    text, texts = clause.texts[at], clause.texts
    if not text.isdigit():
        return False
    before, after = texts[at - 1] if at else "", texts[at + 1] if at + 1 < len(texts) else ""
    if text in _years():
        dated = _tells(clause, rules) or _only_dates(clause, rules) or "in" in texts[:at]
        return dated and before not in ("at", "since", "about") and after not in rules.units
    return text in _AGES and before == "at" and not after and _tells(clause, rules) and rules.measured.isdisjoint(texts)


def _tells(clause: Clause, rules: Times) -> bool:
    """Whether a verb of the clause is in the past tense."""
    return any(_is_past(text, rules) for text in clause.texts)


def _is_past(text: str, rules: Times) -> bool:
    regular = text.endswith("ed") and len(text) >= _SHORTEST_PAST and text not in rules.not_verbs
    return regular or text in rules.past_verbs


def _only_dates(clause: Clause, rules: Times) -> bool:
    if clause.compares:
        return False
    points_back = len(clause.texts) > 1 and rules.points.issuperset(clause.texts[:2])
    return points_back or all(text in rules.dating or text.isdigit() for text in clause.texts)


def _date_back(told: Sequence[Clause], rules: Times) -> None:
    """A date, and what is joined by "and", dates the clause before it."""
    for at in range(len(told) - 1, 0, -1):
        before, clause = told[at - 1], told[at]
        if clause.joined and before.tense is Tense.UNSAID and _dates_back(before, clause, rules):
            before.tense = clause.tense


def _go_on(told: Sequence[Clause], rules: Times) -> None:
    """A clause that goes on from one of the past is past."""
    for before, clause in pairwise(told):
        if clause.joined and clause.tense is Tense.UNSAID and _goes_on(before, clause, rules):
            clause.tense = before.tense


def _date_between(told: Sequence[Clause], rules: Times) -> None:
    """What is told between two clauses of the past is past."""
    for before, clause, after in zip(told, told[1:], told[2:], strict=False):
        over = after.tense is Tense.PAST or after.texts[-1] == _SINCE[0]
        between = clause.joined and after.joined and before.tense is Tense.PAST and over
        if between and clause.tense is Tense.UNSAID and _tells(clause, rules):
            clause.tense = Tense.PAST


def _date_what_led_there(told: Sequence[Clause], rules: Times) -> None:
    """What a sentence tells before it says what became of the person is past."""
    came = False
    leads: list[int] = []
    for at in range(len(told) - 1, -1, -1):
        came = told[at].says(_LATER) or (came and told[at + 1].joined)
        if came and told[at].tense is Tense.UNSAID:
            leads.append(at)
    for at in reversed(leads):
        named = at > 0 and told[at - 1].tense is Tense.PAST and rules.present_verbs.isdisjoint(told[at].texts)
        if named or _tells(told[at], rules):
            told[at].tense = Tense.PAST


def _bring_back(told: Sequence[Clause], _: Times) -> None:
    """What was past is present when it is said to be there again."""
    again = max((at for at, clause in enumerate(told) if clause.says(_RECURS)), default=0)
    for clause in told[:again]:
        clause.tense = Tense.UNSAID


def _dates_back(before: Clause, clause: Clause, rules: Times) -> bool:
    if clause.tense is not Tense.PAST:
        return False
    if _only_dates(clause, rules):
        return True
    shared = clause.texts[0] == "and" and (not _tells(clause, rules) or _is_past(clause.texts[1], rules))
    return shared and _tells(before, rules)


def _goes_on(before: Clause, clause: Clause, rules: Times) -> bool:
    if before.tense is not Tense.PAST:
        return False
    opening = not before.joined and _only_dates(before, rules)
    shared = clause.texts[0] in rules.joins and any(_is_past(text, rules) for text in clause.texts[1:2])
    lasting = "since" in clause.texts[-2:] and clause.texts[-1] in _SINCE
    return lasting or shared or (opening and _tells(clause, rules))


@cache
def times() -> Times:
    """The cues, loaded once."""
    return load("times", Times)


@cache
def _years() -> frozenset[str]:
    return frozenset(YEARS)


@cache
def _matcher() -> Matcher:
    rules = times()
    lists = {**rules.words, **_NUMBERS}
    named = {
        _PAST: rules.past,
        _PRESENT: rules.present,
        _LATER: rules.later,
        _AGED: rules.aged,
        _MY_AGE: rules.my_age,
        _GROWN: rules.grown,
        _RECURS: rules.recurs,
    }
    return matcher_of(named, lists, language().fillers)
