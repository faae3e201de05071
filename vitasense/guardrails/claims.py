"""Judgements ("higher", "normal", "safe") and absences ("no interactions") in a reply, and what supports them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from vitasense.deterministic.platform.findings import Finding, Status, Value
from vitasense.guardrails.facts import Facts, grounding_rules, sentences, states, texts

_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|isn['’]t|aren['’]t|wasn['’]t|weren['’]t|cannot|can['’]t)\b(?:\s+\w+){0,2}\s*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-zA-Z][\w'’-]*|\d+")
_TOPIC_WORDS = 6
_SPEAKER = re.compile(r"\b(?:i|we)\s+(?:\w+\s+)?$", re.IGNORECASE)
_FREE = re.compile(r"\b\w+-free\b", re.IGNORECASE)
_NEGATIVE_WORD = re.compile(r"\b(?:no|not|none|never|nothing|without|negative|n['’]t)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A judgement of one family, or an absence (`family` is None), at a place in a text."""

    family: str | None
    negated: bool
    start: int
    end: int
    topics: frozenset[str]
    sentence: str
    at: int
    about_me: bool = False


def judgements(text: str) -> Iterator[Claim]:
    """Every judgement in `text` that is neither asked nor conditional."""
    for start, sentence in sentences(text):
        if sentence.rstrip().endswith("?"):
            continue
        for match in _claim_pattern().finditer(sentence):
            before = sentence[: match.start()]
            if not _conditional().search(before) and not _excused(sentence, match):
                negated = bool(_NEGATION.search(before))
                family = _families()[_squeeze(match.group())]
                yield Claim(
                    family, negated, start + match.start(), start + match.end(), frozenset(), sentence, match.start()
                )


def absences(text: str) -> Iterator[Claim]:
    """Every claim in `text` that something is not there."""
    for start, sentence in sentences(text):
        if sentence.rstrip().endswith("?"):
            continue
        last = -1
        for match in _absence_pattern().finditer(sentence):
            if match.start() < last or _excused(sentence, match) or _conditional().search(sentence[: match.start()]):
                continue
            last = match.end()
            topics = _topics(sentence, match)
            about_me = bool(_SPEAKER.search(sentence[: match.start()]))
            yield Claim(
                None, True, start + match.start(), start + match.end(), topics, sentence, match.start(), about_me
            )


def supported(claim: Claim, facts: Facts) -> bool:
    """True when some finding that concluded something says the same."""
    if claim.family is None:
        return any(_supports_absence(finding, claim) for finding in facts.findings)
    name = facts.names.nearest(claim.sentence, claim.at)
    return any(_supports_judgement(finding, claim, name, facts) for finding in facts.findings if states(finding))


def _supports_judgement(finding: Finding, claim: Claim, name: str | None, facts: Facts) -> bool:
    said = "\n".join(texts(finding))
    if name is not None and finding.values and not _is_about(finding, name, facts):
        return False
    over_time = bool(_earlier().search(claim.sentence[claim.at :]))
    implied = () if over_time else grounding_rules().implied.get(claim.family or "", ())
    families = {claim.family or "", *implied}
    told = {(other.family or "", other.negated) for other in judgements(said)}
    if any((family, claim.negated) in told for family in families):
        return True
    opposite = grounding_rules().opposite.get(claim.family or "")
    if claim.negated and opposite and (opposite, False) in told:
        return True
    return not claim.negated and claim.family in _directions(finding.values, name)


def _is_about(finding: Finding, name: str, facts: Facts) -> bool:
    said = " ".join(texts(finding))
    return any(
        owner == name and re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", said, re.IGNORECASE)
        for phrase, owner in facts.names.by_phrase.items()
    ) or any(" ".join(value.name.replace("_", " ").split()).casefold() == name for value in finding.values)


def _directions(values: Sequence[Value], name: str | None) -> frozenset[str]:
    """How the newest value stands to an older one of the same name and unit."""
    found: set[str] = set()
    dated = sorted((v for v in values if v.at is not None and v.number is not None), key=lambda v: str(v.at))
    for newest in dated[::-1]:
        older = [v for v in dated if v.name == newest.name and v.unit == newest.unit and v.at != newest.at]
        plain = " ".join(newest.name.replace("_", " ").split()).casefold()
        later = [v for v in older if str(v.at) > str(newest.at)]
        if older and not later and name in (None, plain):
            change = (newest.number or 0.0) - (older[-1].number or 0.0)
            found.add("up" if change > 0 else "down" if change < 0 else "same")
    return frozenset(found)


def _supports_absence(finding: Finding, claim: Claim) -> bool:
    words = _stems(" ".join((*texts(finding), finding.kind.replace(".", " ").replace("_", " "))))
    topics = claim.topics - _missing_words()
    shared = not topics or bool(topics & words)
    missing = claim.about_me or bool(claim.topics & _missing_words())
    if finding.status is Status.NOT_FOUND:
        return shared
    if finding.status is Status.NOT_EVALUATED:
        return missing and bool(topics) and bool(topics & words)
    return bool(topics & words) and any(
        _NEGATIVE_WORD.search(sentence) and topics & _stems(sentence) for _, sentence in sentences(finding.text)
    )


def _topics(sentence: str, match: re.Match[str]) -> frozenset[str]:
    after = _stems(" ".join(_WORD.findall(sentence[match.end() :])[:_TOPIC_WORDS]))
    if after:
        return after
    return _stems(match.group()[:-5] if match.group().lower().endswith("-free") else sentence[: match.start()])


def _stems(text: str) -> frozenset[str]:
    ignored = grounding_rules().ignored_topics
    return frozenset(_stem(word.casefold()) for word in _WORD.findall(text) if word.casefold() not in ignored)


def _stem(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _excused(sentence: str, match: re.Match[str]) -> bool:
    near = sentence[max(0, match.start() - 30) : match.end() + 30]
    offset = match.start() - max(0, match.start() - 30)
    return any(
        found.start() <= offset + len(match.group()) - 1 and found.end() > offset
        for found in _excuse_pattern().finditer(near)
    )


def _squeeze(written: str) -> str:
    return " ".join(written.lower().replace("’", "'").split())


@cache
def _families() -> dict[str, str]:
    return {phrase.lower(): family for family, phrases in grounding_rules().claims.items() for phrase in phrases}


@cache
def _claim_pattern() -> re.Pattern[str]:
    return _any_of(tuple(_families()))


@cache
def _absence_pattern() -> re.Pattern[str]:
    return re.compile(f"{_any_of(grounding_rules().absence).pattern}|{_FREE.pattern}", re.IGNORECASE)


@cache
def _excuse_pattern() -> re.Pattern[str]:
    return _any_of(grounding_rules().not_absence)


@cache
def _conditional() -> re.Pattern[str]:
    return _any_of(grounding_rules().conditional)


@cache
def _earlier() -> re.Pattern[str]:
    return _any_of(grounding_rules().earlier)


@cache
def _missing_words() -> frozenset[str]:
    return frozenset(_stem(word) for word in grounding_rules().missing)


def _any_of(phrases: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    written = "|".join(re.escape(phrase).replace(r"\ ", r"\s+").replace("'", "['’]") for phrase in longest_first)
    return re.compile(rf"(?<![\w-])(?:{written})(?![\w-])", re.IGNORECASE)
