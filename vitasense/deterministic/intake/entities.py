"""From findings to entities, each with the tag that stands for it where intents are read."""

from collections.abc import Iterator, Mapping

from vitasense.deterministic.intake.context import Context
from vitasense.deterministic.intake.details import Period
from vitasense.deterministic.intake.doses import Dose
from vitasense.deterministic.intake.findings import Findings
from vitasense.deterministic.intake.frequency import together
from vitasense.deterministic.intake.intents import Tag
from vitasense.deterministic.intake.lexicon import answering_codes, class_names
from vitasense.deterministic.intake.mentions import Mention
from vitasense.deterministic.intake.people import relatives
from vitasense.deterministic.intake.portions import portion
from vitasense.deterministic.intake.results import Result
from vitasense.deterministic.intake.schemas import Entity, EntityType
from vitasense.deterministic.intake.values import Valued

_NEAR, _AFTER_DOSE = 8, 6
_NO_RESULT = Result()

Made = tuple[Entity, Tag]


def entities_of(text: str, found: Findings) -> tuple[tuple[Entity, ...], list[Tag]]:
    """The entities of a text by their place, and their tags."""
    made = [*_measured(text, found), *_dosed(text, found), *_named(text, found)]
    made.sort(key=lambda pair: (pair[0].start, pair[0].end))
    taken = {place for _, tag in made for place in range(tag.first, tag.last)}
    # How often a medicine is taken is no wish: "twice" of "twice a day" is no slip.
    often = [
        Tag(one.first, one.last, "<often>")
        for one in found.often
        if one.first in found.regimen.claimed and taken.isdisjoint(range(one.first, one.last))
    ]
    return tuple(entity for entity, _ in made), [*(tag for _, tag in made), *often]


def _entity(text: str, found: Findings, kind: EntityType, first: int, last: int, **fields: object) -> Entity:
    start, end = found.scene.tokens[first].start, found.scene.tokens[last - 1].end
    return Entity.model_validate({"type": kind, "text": text[start:end], "start": start, "end": end, **fields})


def _doubt(own: str | None, period: Period | None) -> str | None:
    return own or (period.doubt if period else None)


def _owned(found: Findings, context: Context, first: int, last: int) -> dict[str, object]:
    if context.experiencer == "patient":
        return {}
    return {"experiencer": context.experiencer, "owner": found.owners.of(first, last)}


def _measured(text: str, found: Findings) -> Iterator[Made]:
    for place, one in enumerate(found.valued):
        context = _context_of(found, one)
        vital = one.measure.category == "vitals"
        kind = EntityType.VITAL if vital else EntityType.LAB
        when, result = found.measured_at.get(place), found.results.get(place, _NO_RESULT)
        exact = one.said if one.said and not one.spread else None
        entity = _entity(
            text,
            found,
            kind,
            one.first,
            one.last,
            name=one.measure.name,
            code=one.measure.code,
            codes=answering_codes(one.measure),
            value=exact.value if exact else None,
            second_value=exact.second if exact else None,
            unit=one.said.unit if one.said else None,
            range=one.spread,
            reference=result.reference,
            flag=result.flag,
            circumstances=found.circumstances.get(place) if one.said else None,
            when=when,
            temporality="hypothetical" if one.said and found.aimed[place] else "recent",
            doubt=_doubt(one.doubt, when if one.said else None),
            **_owned(found, context, one.first, one.last),
        )
        yield entity, Tag(one.first, one.last, f"<{kind.value}{'#' if one.said else ''}>")


def _context_of(found: Findings, one: Valued) -> Context:
    """The context of the measure's mention; a number alone is of whom the words before it in the sentence are."""
    own = next((found.contexts[place] for place in range(one.first, one.last) if place in found.contexts), None)
    if own:
        return own
    sentence = found.scene.sentence
    for place in range(one.first - 1, max(-1, one.first - _NEAR), -1):
        if sentence[place] != sentence[one.first]:
            break
        if place in found.contexts:
            return found.contexts[place]
    return Context()


def _dosed(text: str, found: Findings) -> Iterator[Made]:
    for dose in found.doses:
        drug = found.regimen.taken.get(dose.drug.first) if dose.drug else None
        context = found.contexts[dose.drug.first] if dose.drug else Context()
        entity = _entity(
            text,
            found,
            EntityType.DOSE,
            dose.first,
            dose.last,
            name=dose.drug.meaning.name if dose.drug else "dose",
            value=dose.value,
            unit=dose.per or dose.unit,
            range=dose.spread,
            quantity=dose.count,
            per_day=drug.per_day if drug else _per_day(found, dose),
            doubt=dose.doubt,
            **_owned(found, context, dose.first, dose.last),
        )
        yield entity, Tag(dose.first, dose.last, "<dose>")


def _per_day(found: Findings, dose: Dose) -> float | None:
    after = [often for often in found.often if dose.last <= often.first <= dose.last + _AFTER_DOSE]
    frequency = together(after)
    return frequency.per_day if frequency else None


def _named(text: str, found: Findings) -> Iterator[Made]:
    inside = {place for one in found.valued for place in range(one.first, one.last)}
    for mention in found.scene.mentions:
        hidden = mention.meaning.measure is not None or mention.first in inside
        if hidden or (mention.type is EntityType.CATEGORY and mention.first in found.regimen.places):
            continue
        entity = _mentioned(text, found, mention)
        yield entity, Tag(mention.first, mention.last, _tag(entity, found))


def _mentioned(text: str, found: Findings, mention: Mention) -> Entity:
    context = found.contexts[mention.first]
    owned = {} if mention.type is EntityType.PERSON else _owned(found, context, mention.first, mention.last)
    fields: dict[str, object] = {
        "name": mention.meaning.name,
        "negated": context.negated,
        "experiencer": context.experiencer,
        "temporality": context.temporality,
        "when": found.times.get(mention.first),
        "variant": found.variants.get(mention.first),
        **owned,
        **_said_of(found, mention),
    }
    entity = _entity(text, found, mention.type, mention.first, mention.last, **fields)
    place = found.located.get(mention.first) if mention.type is EntityType.VARIANT else None
    if place is None:
        return entity
    # A variant may begin or end with a mark that is no token ("*2").
    return entity.model_copy(update={"start": place.start, "end": place.end, "text": text[place.start : place.end]})


def _said_of(found: Findings, mention: Mention) -> Mapping[str, object]:
    when = found.times.get(mention.first)
    if mention.type is EntityType.FOOD:
        said = portion(found.scene, mention)
        amount = {"quantity": said.count, "portion": said.portion, "value": said.value, "unit": said.unit}
        return amount | {"doubt": _doubt(None, when)}
    if mention.type is EntityType.DRUG:
        taken = found.regimen.taken[mention.first]
        amount = {"value": taken.value, "unit": taken.unit, "quantity": taken.count, "per_day": taken.per_day}
        amount |= {"range": taken.range}
        return amount | {"dosage": taken.dosage, "doubt": _doubt(taken.doubt, when)}
    complaint = found.complaints.get(mention.first)
    if complaint:
        doubt = _doubt(complaint.doubt, when)
        return {"name": complaint.name, "course": complaint.course, "site": complaint.site, "doubt": doubt}
    return {}


def _tag(entity: Entity, found: Findings) -> str:
    if entity.type is EntityType.CATEGORY:
        return f"<{entity.name}>"
    if entity.type is EntityType.PERSON and entity.name not in relatives():
        return "<stranger>"
    if entity.negated and entity.type in (EntityType.SYMPTOM, EntityType.CONDITION):
        return "<absent>"
    if entity.type is EntityType.DRUG and entity.name in class_names():
        return "<class>"
    if entity.type is EntityType.VARIANT:
        # A variant beside its gene is read with it; alone it stands for it.
        return "" if found.gene_named else "<gene>"
    amount = entity.type is EntityType.FOOD and (entity.quantity is not None or entity.value is not None)
    return f"<{entity.type.value}{'#' if amount else ''}>"
