"""Noticed: what a longer stretch shows, before anything is decided about it."""

from dataclasses import dataclass
from datetime import datetime

from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding

VERSION = "2026.11"


@dataclass(frozen=True, slots=True)
class Noticed:
    """`key` names it, so that it is told once; it began at `since`. `rule` is unique in one event.

    `category` is what it is shared as: the one that a reader must be allowed to see for every word of it.
    `confidence` is that of the samples behind it.
    """

    key: str
    rule: str
    title: str
    advice: str
    finding: Finding
    category: Category
    since: datetime
    confidence: float
