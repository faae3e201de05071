"""Variants with their gene: which notation belongs to which gene, and how many copies were said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from vitasense.deterministic.intake.attach import Place, nearest
from vitasense.deterministic.intake.details import Variant, Zygosity
from vitasense.deterministic.intake.lexicon import Meaning, load
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.notations import Notation
from vitasense.deterministic.intake.phrases import Phrases
from vitasense.deterministic.intake.scene import Scene
from vitasense.deterministic.intake.schemas import EntityType
from vitasense.deterministic.intake.tokens import Token, ends_sentence, phrase

_APOE, _EPSILON = "APOE", ("e2", "e3", "e4")
_REACH, _ADJACENT, _AFTER = 8, 4, 3
_ALONE = frozenset({"rsid", "hgvs"})


@cache
def _genes_of_rsids() -> Mapping[str, str]:
    rows = cast("Mapping[str, Sequence[str]]", load("variants")["rsids"])
    return {rsid: gene for gene, rsids in rows.items() for rsid in rsids}


@cache
def _in_one() -> Mapping[tuple[str, ...], Variant]:
    rows = cast("Sequence[Mapping[str, str | Sequence[str]]]", load("variants")["named"])
    made: dict[tuple[str, ...], Variant] = {}
    for row in rows:
        alleles = (cast("str", row["allele"]),) if "allele" in row else ()
        variant = Variant(
            kind="named", gene=cast("str", row["gene"]), rsid=cast("str | None", row.get("rsid")), alleles=alleles
        )
        made |= {phrase(word): variant for word in row["words"]}
    return made


@cache
def _zygosity() -> Phrases[Zygosity]:
    rows = cast("Mapping[Zygosity, Sequence[str]]", load("variants")["zygosity"])
    return Phrases((word, value) for value, words in rows.items() for word in words)


@cache
def _only_with_variant() -> frozenset[str]:
    return frozenset(cast("Sequence[str]", load("variants")["only_with_variant"]))


@dataclass(frozen=True, slots=True)
class Located:
    """A variant with its gene at tokens `[first, last)`; `start` and `end` are its characters."""

    variant: Variant
    name: str
    start: int
    end: int
    first: int
    last: int


def locate(
    text: str, tokens: Sequence[Token], mentions: Sequence[Mention], notations: Sequence[Notation]
) -> tuple[tuple[Located, ...], tuple[Mention, ...]]:
    """The notations that are variants, each with its gene; and genes that only the variant beside them tells apart."""
    genes = {mention.last: mention for mention in mentions if mention.type is EntityType.GENE}
    located: list[Located] = []
    further: list[Mention] = []
    within = {place for gene in genes.values() for place in range(gene.first, gene.last)}
    for one in notations:
        if within.issuperset(range(one.first, one.last)):
            continue
        symbol = _symbol_before(text, tokens, one)
        gene = _gene_of(tokens, genes, one) or symbol or _genes_of_rsids().get(one.name)
        if gene is None and one.kind not in _ALONE and not (one.kind == "star" and len(one.alleles) > 1):
            continue
        if symbol and gene == symbol:
            further.append(Mention(Meaning(EntityType.GENE, symbol), one.first - 1, one.first))
        located.append(_located(one, gene))
    return tuple(located), tuple(further)


def _gene_of(tokens: Sequence[Token], genes: Mapping[int, Mention], one: Notation) -> str | None:
    """The gene named last before a notation in its sentence, or right after it; `genes` are by their last token + 1."""
    if one.kind == "rsid" and one.name in _genes_of_rsids():
        return None
    reach = _ADJACENT if one.kind == "named" else _REACH
    for place in range(one.last, max(0, one.first - reach) - 1, -1):
        if place in genes:
            symbol = genes[place].meaning.name
            return symbol if symbol == _APOE or not one.name.startswith(_EPSILON) else None
        if place and place <= one.first and ends_sentence(tokens[place - 1]) and tokens[place - 1].raw != ";":
            break
    if one.kind == "star":
        return None
    ahead = (genes[place] for place in range(one.last + 1, one.last + _AFTER + 2) if place in genes)
    near = next(ahead, None)
    return near.meaning.name if near and not one.name.startswith(_EPSILON) else None


def _symbol_before(text: str, tokens: Sequence[Token], one: Notation) -> str | None:
    if not one.first or one.kind == "rsid":
        return None
    token = tokens[one.first - 1]
    said = text[token.start : token.end]
    return said if said in _only_with_variant() else None


def _located(one: Notation, gene: str | None) -> Located:
    variant = Variant(
        kind=one.kind,
        gene=gene,
        rsid=one.name if one.kind == "rsid" else None,
        hgvs=one.name if one.kind == "hgvs" else None,
        alleles=one.alleles,
    )
    name = one.name if one.kind == "rsid" or gene is None else f"{gene} {one.name}"
    return Located(variant, name, one.start, one.end, one.first, one.last)


def variants_of(scene: Scene, located: Sequence[Located]) -> Mapping[int, Variant]:
    """First token of each variant, and of each gene whose name says one ("factor V Leiden"), → the variant."""
    found: dict[int, tuple[Variant, Place]] = {one.first: (one.variant, one) for one in located}
    for mention in scene.mentions:
        words = tuple(token.word for token in scene.tokens[mention.first : mention.last])
        variant = _in_one().get(words) if mention.type is EntityType.GENE else None
        if variant:
            found[mention.first] = (variant, mention)
    if not found:
        return {}
    order = sorted(found)
    made = {place: found[place][0] for place in order}
    for hit in _zygosity().find(scene):
        near = nearest(scene, hit, [found[place][1] for place in order], _REACH)
        if near is not None and made[order[near]].zygosity is None:
            made[order[near]] = made[order[near]].model_copy(update={"zygosity": hit.meaning})
    return made
