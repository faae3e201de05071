"""How what a release names becomes a node: our own ingredient where name or RxNorm number is known, else a new one."""

import re
from collections.abc import Iterable
from functools import cache

from vitasense.deterministic.knowledge.facts import NodeFact, NodeKind, key_of
from vitasense.deterministic.knowledge.names import drug, drug_names, normalise
from vitasense.deterministic.knowledge.rulebook import rulebook
from vitasense.deterministic.knowledge.schemas import Drug

_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_KEPT = frozenset({"ACE", "ARB", "ARBS", "COMT", "HIV", "HMG", "IM", "IV", "MAO", "MAOI", "NSAID", "NSAIDS", "TNF"})
_NUMERAL = re.compile(r"(?:I|II|III|IV)[A-C]?")


def slug(name: str) -> str:
    """A name as the last part of a key: lower case, words joined by underscores."""
    return normalise(name).replace(" ", "_")


def key(kind: NodeKind, name: str) -> str:
    """The key of a node of this kind and name."""
    return f"{kind}:{slug(name)}"


def ingredient(name: str, *, rxnorm: str = "", atc: Iterable[str] = (), loose: bool = True) -> NodeFact:
    """The node of an active substance. ValueError when neither name nor number says which one it is.

    Known are our own medicines, by name (with `loose` also with a salt or form in it) or by RxNorm number; they keep
    our key. Foods are nodes of their own kind.
    """
    known = _by_name(name, loose=loose) or by_rxnorm(rxnorm)
    called = known.name if known else quiet(name)
    if not slug(called):
        raise ValueError("a substance without a name")
    codes = {"rxnorm": tuple(filter(None, [rxnorm])), "atc": tuple(dict.fromkeys(atc))}
    return NodeFact(
        key=key_of(known) if known else key(NodeKind.INGREDIENT, called),
        name=called,
        names=() if normalise(name) in ("", normalise(called)) else (quiet(name),),
        codes={system: found for system, found in codes.items() if found},
    )


class Nodes(dict[str, NodeFact]):
    """Nodes by key, each once, with all names and codes that a release gives it."""

    def add(self, node: NodeFact) -> NodeFact:
        """The node as it is now."""
        held = self.get(node.key)
        if held is not None:
            others = tuple(dict.fromkeys(name for name in (*held.names, node.name, *node.names) if name != held.name))
            codes = {
                system: tuple(dict.fromkeys((*held.codes.get(system, ()), *node.codes.get(system, ()))))
                for system in (*held.codes, *node.codes)
            }
            node = NodeFact(held.key, held.name, others, codes)
        self[node.key] = node
        return node


def own(name: str) -> Drug | None:
    """Our own medicine of exactly this name; None when there is none, or when the name stands for several."""
    return _by_name(name, loose=False)


def by_rxnorm(number: str) -> Drug | None:
    """Our own medicine with this RxNorm number; None when there is none."""
    return _numbers().get(number)


def quiet(name: str) -> str:
    """A name that a release writes in capitals, in lower case; abbreviations and numbers such as CYP3A4 stay."""
    text = " ".join(name.split())
    words = _WORD.findall(text)
    if sum(word.isupper() for word in words) <= len(words) / 2:
        return text
    return _WORD.sub(lambda word: _quiet(word.group()), text)


def _quiet(word: str) -> str:
    stays = word in _KEPT or _NUMERAL.fullmatch(word) or _DIGIT.search(word) or (len(word) == 1 and word != "A")
    return word if stays or not word.isupper() else word.lower()


def _by_name(name: str, *, loose: bool) -> Drug | None:
    if loose:
        return drug(name) if name.strip() else None
    keys = drug_names().get(normalise(name), ())
    return rulebook().drugs[keys[0]] if len(keys) == 1 else None


@cache
def _numbers() -> dict[str, Drug]:
    return {each.rxcui: each for each in rulebook().drugs if each.rxcui}
