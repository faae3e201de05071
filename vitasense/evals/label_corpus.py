"""Labels whose sentences are annotated with pairs that interact: the corpus of cardiovascular labels of the NLM.

Each label is a text and an XML of some of its sentences, with entities, and pairs marked `ddi`. An entity that only points
back ("they") counts as what it points to. A pair of the label's own medicine counts once for each partner in a sentence.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import parse

FOLDER = "05_drug_interactions/nlm_spl_corpus"
OWN = "labelDrug"
_THINGS = frozenset({"Drug", "Drug_Class", "Substance", "Biomedical_Entity", "Expression"})
_NAMED = ("entity", "anaphoraEntity")

Entity = Mapping[str, Any]


def labels(data: Path) -> Iterator[Mapping[str, Any]]:
    """Each label: its id, names, text, and annotated sentences with `at`, entities and pairs, all as JSON values."""
    for path in sorted((data / FOLDER).glob("*.xml")):
        root = cast(Element, parse(path).getroot())
        text = path.with_suffix(".txt").read_text("utf-8")
        names = [found.get("name", "") for name in ("labelDrug", "generic") if (found := root.find(name)) is not None]
        found = [_sentence(element, text) for element in root.iter("sentence")]
        yield {"id": path.stem, "names": names, "text": text, "sentences": [each for each in found if each]}


def _sentence(element: Element, text: str) -> Mapping[str, Any] | None:
    """A sentence with the character of the text at which each of its own characters stands; None when it is not there."""
    said = element.get("text", "").rstrip()
    places = _places(said, text)
    if places is None:
        return None
    entities = _entities(element)
    pairs = [(each.get("e1", ""), each.get("e2", "")) for each in element.iter("pair") if each.get("ddi") == "true"]
    back = _back(element)
    return {
        "text": said,
        "start": places[0],
        "end": places[-1] + 1,
        "entities": [_moved(each, places) for each in entities.values()],
        "pairs": [[_end(one, entities, back, places), _end(other, entities, back, places)] for one, other in pairs],
    }


def _places(said: str, text: str) -> list[int] | None:
    pattern = r"\s*".join(map(re.escape, "".join(said.split())))
    found = re.search(pattern, text)
    if found is None:
        return None
    places, at = list[int](), found.start()
    for letter in said:
        while not letter.isspace() and text[at].isspace():
            at += 1
        places.append(at)
        at += 0 if letter.isspace() else 1
    return places


def _entities(element: Element) -> dict[str, Entity]:
    """The entities by id; those of other sentences and mere references are left out."""
    found = dict[str, Entity]()
    here = [*element, *(each for relation in element.iter("anaphoraRelation") for each in relation)]
    for each in here:
        if each.tag in _NAMED and each.get("type") in _THINGS and each.get("charOffset"):
            found.setdefault(each.get("id", ""), _entity(each))
    return found


def _entity(each: Element) -> Entity:
    spans = [_span(span) for span in each.get("charOffset", "").split("|")]
    return {"text": each.get("text", ""), "type": each.get("type", ""), "spans": spans}


def _span(told: str) -> list[int]:
    start, end = re.split("[:-]", told)
    return [int(start), int(end)]


def _back(element: Element) -> dict[str, Sequence[Entity]]:
    """What words that point back mean, by their id: themselves, and what they point to where that is in the sentence."""
    found = dict[str, Sequence[Entity]]()
    for relation in element.iter("anaphoraRelation"):
        here = [each for each in relation if each.tag in ("anaphoraEntity", "antecedentEntity")]
        elsewhere = relation.find("antecedentSentence") is not None
        word = next((each for each in here if each.tag == "anaphoraEntity"), None)
        if word is not None:
            meant = [word] if elsewhere else here
            found[word.get("id", "")] = [_entity(each) for each in meant]
    return found


def _end(name: str, entities: Mapping[str, Entity], back: Mapping[str, Sequence[Entity]], places: Sequence[int]) -> Any:
    """One end of a pair: OWN, or the entities that it may be matched by."""
    if name == OWN:
        return OWN
    meant = ([entities[name]] if name in entities else []) + list(back.get(name, ()))
    return [_moved(each, places) for each in meant]


def _moved(entity: Entity, places: Sequence[int]) -> Entity:
    """The entity at the characters of the text instead of those of its sentence."""
    spans: list[list[int]] = entity["spans"]
    moved = [[places[start], places[min(end, len(places)) - 1] + 1] for start, end in spans if start < len(places)]
    return {**entity, "spans": moved}
