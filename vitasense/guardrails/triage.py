"""How urgent a message is: red flags from published criteria, found in lay words, deterministically."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vitasense.deterministic.platform.findings import Urgency, most_urgent
from vitasense.guardrails.resemblance import CRISIS_KEY, resemblance
from vitasense.guardrails.rulebook import Numbers, RedFlag, RedFlags, VitalFlag, numbers_for, red_flags
from vitasense.guardrails.rulebook import flags as all_flags
from vitasense.guardrails.seeing import KNOWN, Seen, see

_SYMPTOM = "symptom"
_RELATION = "@"


@dataclass(frozen=True, slots=True)
class Flag:
    """One red flag: what to do now, the place in the text that raised it, and the publication behind it."""

    key: str
    level: Urgency
    advice: str
    start: int
    end: int
    source: str


@dataclass(frozen=True, slots=True)
class Triage:
    """The level of the most urgent flag; without a flag routine for a symptom, else self_care.

    `self_harm` is True when the person, or someone they speak of, may want to die or hurt themselves.
    """

    level: Urgency
    flags: tuple[Flag, ...]
    self_harm: bool


def triage(
    text: str,
    *,
    age: float | None = None,
    sex: str | None = None,
    pregnant: bool | None = None,
    history: Sequence[str] = (),
    country: str | None = None,
) -> Triage:
    """The red flags of a message, most urgent first, with advice for `country` (ISO 3166-1 alpha-2).

    `age` in years, `sex` as FHIR administrative gender, `history` the names of known illnesses and medicines.
    Denied, past and hypothetical mentions do not count.
    Sources: `rules/flags.yaml` and `rules/combinations.yaml`, one per flag; `rules/likeness.yaml`.
    """
    seen = see(text, age, sex, pregnant, history)
    numbers = numbers_for(country)
    rules = red_flags()
    flags = [_flag(rule, place, rules, numbers) for rule, place in _fired(seen, rules)]
    level = most_urgent(*(flag.level for flag in flags))
    if level is not Urgency.EMERGENCY and (found := resemblance(text, judged=level is Urgency.URGENT)):
        flags.append(_flag(*found, rules, numbers))
    flags.sort(key=lambda flag: -flag.level.rank)
    floor = Urgency.ROUTINE if _SYMPTOM in seen.signs else Urgency.SELF_CARE
    harm = {CRISIS_KEY, *(rule.key for rule in all_flags() if rule.self_harm)}
    level = most_urgent(floor, *(flag.level for flag in flags))
    return Triage(level, tuple(flags), any(flag.key in harm for flag in flags))


def advice_for(key: str, country: str | None) -> str:
    """The advice text `key` of the rule file, with the numbers of the country. Raises KeyError."""
    return _advice(red_flags().advice[key], numbers_for(country))


def _fired(seen: Seen, rules: RedFlags) -> Iterator[tuple[RedFlag | VitalFlag, tuple[int, int]]]:
    fired: set[str] = set()
    for rule in all_flags():
        place = _place(rule, seen)
        if place is not None:
            yield rule, place
    for vital in rules.vitals:
        place = _vital_place(vital, seen)
        if place is not None and vital.key not in fired:
            fired.add(vital.key)
            yield vital, place


def _place(rule: RedFlag, seen: Seen) -> tuple[int, int] | None:
    if not _fits(rule, seen):
        return None
    for line in rule.any:
        signs = line.split(" + ")
        if all(sign in seen.signs for sign in signs):
            for sentence, place in seen.signs[signs[0]].items():
                if not _excused(rule.unless, seen, sentence):
                    return place if sentence != KNOWN else _said(signs, seen)
    return None


def _said(signs: Sequence[str], seen: Seen) -> tuple[int, int]:
    """Where the message says one of the signs, when the first is only known of the person."""
    places = (place for sign in signs for sentence, place in seen.signs[sign].items() if sentence != KNOWN)
    return next(places, (0, 0))


def _excused(unless: Sequence[str], seen: Seen, sentence: int) -> bool:
    """Whether a harmless explanation stands beside the sign: one of a named sign anywhere, of a relation in its sentence."""
    return any(sentence in seen.signs[sign] or not sign.startswith(_RELATION) for sign in unless if sign in seen.signs)


def _fits(rule: RedFlag, seen: Seen) -> bool:
    if rule.age_below_months is not None:
        return seen.age_months is not None and seen.age_months < rule.age_below_months
    # Who speaks may not be who is ill, so the account's sex never silences a flag that pregnancy words raise.
    return rule.sex is None or seen.sex in (None, rule.sex, "other", "unknown") or "pregnant" in seen.signs


def _vital_place(rule: VitalFlag, seen: Seen) -> tuple[int, int] | None:
    if rule.with_any and not any(sign in seen.signs for sign in rule.with_any):
        return None
    if any(sign in seen.signs for sign in rule.unless):
        return None
    if rule.pregnant and not seen.pregnant and "pregnant" not in seen.signs:
        return None
    if rule.age_below_months is not None and not (seen.age_months or 1e9) < rule.age_below_months:
        return None
    for vital in seen.vitals:
        beyond = (rule.below is not None and vital.number <= rule.below) or (
            rule.above is not None and vital.number >= rule.above
        )
        if vital.metric == rule.metric and beyond:
            return vital.start, vital.end
    return None


def _flag(rule: RedFlag | VitalFlag, place: tuple[int, int], rules: RedFlags, numbers: Numbers) -> Flag:
    return Flag(rule.key, rule.level, _advice(rules.advice[rule.advice], numbers), *place, rule.source)


def _advice(template: str, numbers: Numbers) -> str:
    poison = f" or the poison line {numbers.poison}" if numbers.poison else ""
    return template.format(
        emergency=numbers.emergency, crisis=numbers.crisis, crisis_name=numbers.crisis_name, poison=poison
    )


def red_flags_version() -> str:
    """The version of the red flags, for the evidence of an advice."""
    return red_flags().version
