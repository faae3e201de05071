"""Emergencies found and ordinary messages left in peace, on the project's own sets and on public vignettes."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from vitasense.deterministic.platform.findings import Urgency
from vitasense.evals import corpora
from vitasense.evals.edits import EDITS, typed_badly
from vitasense.evals.figures import Figure, share
from vitasense.guardrails import red_flags_version, triage

_VIGNETTES = "08_triage_safety/triage/avey_vignettes.jsonl"
_MOST_ALARMS = 0.10
_MOST_FIRED = 0.01


def figures(data: Path) -> Iterator[Figure]:
    """Found and alarmed on tuned and untouched sets, under edits, and on denied findings."""
    note = f"tuned; rules {red_flags_version()}"
    dangerous = [text for name in corpora.TUNED for text in corpora.emergencies(name)]
    peaceful = [text for name in corpora.TUNED for text in corpora.ordinary(name)]
    yield _found("Emergencies found", dangerous, goal=1.0, note=note)
    yield _found("… under edits that must not lower them", list(_edited(dangerous)), goal=0.99, note=note)
    yield _alarmed("Ordinary called emergency", peaceful, note=note)
    for name in corpora.UNTOUCHED:
        yield _found(f"Emergencies found, {name} set", corpora.emergencies(name), goal=None, note="untouched")
        yield _alarmed(f"Ordinary called emergency, {name} set", corpora.ordinary(name), note="untouched")
    yield from _denied(data / _VIGNETTES)


def is_emergency(text: str) -> bool:
    """Whether the gate calls the message an emergency."""
    return triage(text).level is Urgency.EMERGENCY


def _found(measure: str, texts: Sequence[str], *, goal: float | None, note: str) -> Figure:
    hits = sum(map(is_emergency, texts))
    return share(measure, f"{len(texts):,} own messages", hits, len(texts), goal=goal, note=note)


def _alarmed(measure: str, texts: Sequence[str], *, note: str) -> Figure:
    hits = sum(map(is_emergency, texts))
    cases = f"{len(texts):,} own messages"
    return share(measure, cases, hits, len(texts), goal=_MOST_ALARMS, goal_is="below", note=note)


def _edited(texts: Sequence[str]) -> Iterator[str]:
    from_edits = (edit(text) for text in texts for edit in EDITS)
    yield from from_edits
    yield from (typed for text in texts for typed in typed_badly(text))


def _denied(file: Path) -> Iterator[Figure]:
    if not file.exists():
        return
    texts = [json.loads(line)["absent_findings"] for line in file.read_text("utf-8").splitlines()]
    fired = sum(triage(text).level.rank >= Urgency.URGENT.rank for text in texts)
    cases = f"Avey vignettes, absent findings alone, {len(texts)}"
    yield share("Red flags fired by denied findings", cases, fired, len(texts), goal=_MOST_FIRED, goal_is="below")
