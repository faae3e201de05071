"""How many general signs of danger stand together: what no single red flag names is still not missed."""

from collections.abc import Mapping

from vitasense.deterministic.platform.findings import Urgency
from vitasense.guardrails.rulebook import Danger, RedFlag, danger

_KEY = "danger_signs_together"
_ADVICE = "together"
_ADVICE_URGENT = "today"

Place = tuple[int, int]


def danger_flag(signs: Mapping[str, Place]) -> tuple[RedFlag, Place] | None:
    """The flag that the present signs raise together and the place of the heaviest, or None below both limits."""
    rules = danger()
    heaviest = {family: _heaviest(weights, signs) for family, weights in rules.families.items()}
    counted = [found for found in heaviest.values() if found is not None]
    if not counted:
        return None
    points = sum(weight for weight, _ in counted) - _made_less(rules, signs)
    place = max(counted)[1]
    if points >= rules.emergency:
        return _flag(Urgency.EMERGENCY, _ADVICE, rules.source), place
    return (_flag(Urgency.URGENT, _ADVICE_URGENT, rules.source), place) if points >= rules.urgent else None


def _heaviest(weights: Mapping[str, float], signs: Mapping[str, Place]) -> tuple[float, Place] | None:
    return max(((weight, signs[sign]) for sign, weight in weights.items() if sign in signs), default=None)


def _made_less(rules: Danger, signs: Mapping[str, Place]) -> float:
    return sum(weight for sign, weight in rules.less.items() if sign in signs)


def _flag(level: Urgency, advice: str, source: str) -> RedFlag:
    return RedFlag(key=_KEY, level=level, advice=advice, any=(), source=source)
