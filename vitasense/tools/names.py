"""Which words a model may put into a tool: those of the person, and names that our own lists know.

What a tool does not know it repeats ("I do not know …"), so any other word would be the model's own in the reply.
"""

import re
from functools import cache

from vitasense.deterministic import knowledge, nutrition
from vitasense.deterministic.intake import Reading, drug_names, gene_names


def drug(name: str, reading: Reading) -> bool:
    """Whether the person said it, or it is a medicine of the lists."""
    return _said(name, reading) or _plain(name) in knowledge.drug_names() or _plain(name) in drug_names()


def gene(name: str, reading: Reading) -> bool:
    """Whether the person said it, or it is a gene of the lists."""
    return _said(name, reading) or name.upper() in gene_names()


def food(name: str, reading: Reading) -> bool:
    """Whether the person said it, or it is a food of the lists."""
    return _said(name, reading) or _plain(name) in nutrition.food_names()


def term(name: str, reading: Reading) -> bool:
    """Whether the person said it, or it is a word that can be explained."""
    return drug(name, reading) or _plain(name) in knowledge.term_names()


def node(name: str, reading: Reading) -> bool:
    """Whether the person said it, or it is a medicine, a kind of medicine or an enzyme of the graph."""
    return term(name, reading) or _plain(name) in _nodes()


def _said(name: str, reading: Reading) -> bool:
    """Letter for letter, as whole words: a name that is only like it may carry something else."""
    return bool(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", reading.text, re.IGNORECASE))


def _plain(name: str) -> str:
    return name.casefold()


@cache
def _nodes() -> frozenset[str]:
    return frozenset(node.name.casefold() for node in knowledge.library().nodes())
