"""All SQL of materials, proposals and decisions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.knowledge.reading import Candidate
from vitasense.deterministic.knowledge.releases import repository as stored
from vitasense.deterministic.knowledge.review.schemas import (
    Decision,
    Draft,
    Material,
    MaterialKind,
    Proposal,
    State,
    Work,
)

_MATERIAL = ("id", "kind", "title", "source", "about", "digest", "length", "added_at", "added_by")
_OWN = "id, material_id, place, start_at, end_at, sentence, candidate, draft, added_by, state"
_DECIDED = ("state", "decisions", "edited", "reason", "decided_by", "decided_at", "release_id")
_MATERIALS = ", ".join(_MATERIAL)
_OF_MATERIAL = ", ".join(f"m.{name} as m_{name}" for name in _MATERIAL)
_OF_DECISION = ", ".join(f"c.{name}" for name in _DECIDED)

# No statement below holds anything but constants.
_ADD_MATERIAL = text(
    f"insert into app.knowledge_material ({_MATERIALS}) values ({', '.join(f':{name}' for name in _MATERIAL)}) "  # noqa: S608
    "on conflict do nothing returning id"
)
_ADD = text(
    f"insert into app.knowledge_candidate ({_OWN}) values (:id, :material_id, :place, :start, :end, :sentence, "  # noqa: S608
    ":candidate, :draft, :added_by, 'proposed')"
).bindparams(bindparam("candidate", type_=JSONB), bindparam("draft", type_=JSONB))
_ADD_TEXT = text("insert into app.knowledge_text (material_id, body, added_by) values (:id, :body, :added_by)")
_TEXT = text("select body from app.knowledge_text where material_id = :id")
_WORKS = text("select id, kind, title, source, about, added_at, has_text from app.literature()")
_ALL_MATERIALS = text(f"select {_MATERIALS} from app.knowledge_material order by added_at, id")  # noqa: S608
_SAME = text(
    f"select {_MATERIALS} from app.knowledge_material where digest = :digest or lower(title) = lower(:title) "  # noqa: S608
    "order by digest = :digest desc limit 1"
)
_SELECT = (
    f"select c.id, c.place, c.candidate, c.draft, {_OF_DECISION}, {_OF_MATERIAL}, "  # noqa: S608
    "exists (select from app.knowledge_edge e join app.knowledge_release r on r.id = e.release_id "
    "where e.level = 'reviewed' and e.ref = c.id::text and r.state = 'active' and r.kind = :kind and r.name = m.title) "
    "as is_in_force from app.knowledge_candidate c join app.knowledge_material m on m.id = c.material_id "
)
_CHOSEN = text(f"{_SELECT} where c.id = any(:ids)")
_ONE = text(f"{_SELECT} where c.id = :id")
_PAGE = text(
    f"{_SELECT} where (cast(:state as text) is null or c.state = :state) "  # noqa: S608
    "and (cast(:material as uuid) is null or c.material_id = :material) "
    "and (cast(:after as uuid) is null or (m.added_at, m.id, c.place) > "
    "(select m.added_at, m.id, c.place from app.knowledge_candidate c join app.knowledge_material m "
    "on m.id = c.material_id where c.id = :after)) "
    "order by m.added_at, m.id, c.place limit :most"
)
_COUNTS = text("select material_id, state, count(*) from app.knowledge_candidate group by material_id, state")
_DECIDE = text(
    f"update app.knowledge_candidate set {', '.join(f'{name} = :{name}' for name in _DECIDED)} where id = :id"  # noqa: S608
).bindparams(bindparam("edited", type_=JSONB(none_as_null=True)))
_KEEP = text(
    "insert into app.knowledge_decision (candidate_id, number, state, edge, reason, decided_by, decided_at, release_id) "
    "values (:id, :decisions, :state, :edge, :reason, :decided_by, :decided_at, :release_id)"
).bindparams(bindparam("edge", type_=JSONB(none_as_null=True)))
_HISTORY = text(
    "select number, state, edge, reason, decided_by, decided_at, release_id from app.knowledge_decision "
    "where candidate_id = :id order by number"
)


async def add(tx: AsyncSession, material: Material, body: str, proposals: Sequence[Proposal]) -> bool:
    """Write a material with its text and proposals; False, and nothing written, when its words or title are there already."""
    added = (await tx.execute(_ADD_MATERIAL, _columns(material))).scalar()
    if added is None:
        return False
    await tx.execute(_ADD_TEXT, {"id": material.id, "body": body, "added_by": material.added_by})
    if proposals:
        await tx.execute(_ADD, [_row(each) for each in proposals])
    return True


async def materials(tx: AsyncSession) -> list[Material]:
    """Every document that was read, the oldest first."""
    return [_material(row) for row in await _rows(tx, _ALL_MATERIALS)]


async def works(tx: AsyncSession) -> list[Work]:
    """Documents of which something counts now, the last that was read first."""
    return [
        Work(row.id, MaterialKind(row.kind), row.title, row.source, tuple(row.about), row.added_at, row.has_text)
        for row in await tx.execute(_WORKS)
    ]


async def body(tx: AsyncSession, material_id: UUID) -> str | None:
    """What a document says; None when that was not kept, or is not for whoever asks."""
    return (await tx.execute(_TEXT, {"id": material_id})).scalar()


async def lock(tx: AsyncSession) -> None:
    """Until the end of the transaction nobody else decides, and nobody takes or reverts a release."""
    await stored.lock(tx)


async def same(tx: AsyncSession, digest: bytes, title: str) -> Material | None:
    """The material with these words, else the one with this title."""
    return next(map(_material, await _rows(tx, _SAME, digest=digest, title=title)), None)


async def counts(tx: AsyncSession) -> dict[UUID, dict[State, int]]:
    """How many proposals of each material are in each state."""
    found: dict[UUID, dict[State, int]] = {}
    for material, state, number in await tx.execute(_COUNTS):
        found.setdefault(material, {})[State(state)] = number
    return found


async def chosen(tx: AsyncSession, ids: Sequence[UUID], kind: str) -> list[Proposal]:
    """The proposals with these ids, in any order."""
    return [_proposal(row) for row in await _rows(tx, _CHOSEN, ids=list(ids), kind=kind)]


async def proposal(tx: AsyncSession, proposal_id: UUID, kind: str) -> Proposal | None:
    """One proposal; `kind` is that of the releases in which its edge may be in force."""
    return next(map(_proposal, await _rows(tx, _ONE, id=proposal_id, kind=kind)), None)


async def page(
    tx: AsyncSession, kind: str, state: State | None, material: UUID | None, after: UUID | None, most: int
) -> list[Proposal]:
    """Proposals in order of their materials and places, those that follow the one with the id `after`."""
    rows = await _rows(tx, _PAGE, kind=kind, state=state, material=material, after=after, most=most)
    return [_proposal(row) for row in rows]


async def decide(tx: AsyncSession, decided: Proposal) -> None:
    """Write where a proposal stands now, and keep the decision beside those before it."""
    values = {name: getattr(decided, name) for name in _DECIDED} | {"id": decided.id, "state": decided.state.value}
    values["edited"] = decided.edited.as_json() if decided.edited else None
    await tx.execute(_DECIDE, values)
    values["edge"] = None if decided.state is State.REFUSED else decided.edge.as_json()
    await tx.execute(_KEEP, values)


async def history(tx: AsyncSession, proposal_id: UUID) -> list[Decision]:
    """What was decided on a proposal, the first decision first."""
    return [
        Decision(number, State(state), Draft.of_json(edge) if edge else None, *rest)
        for number, state, edge, *rest in await tx.execute(_HISTORY, {"id": proposal_id})
    ]


async def _rows(tx: AsyncSession, statement: TextClause, **values: object) -> list[dict[str, Any]]:
    return [dict(row) for row in (await tx.execute(statement, values)).mappings()]


def _columns(material: Material) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(material, name) for name in _MATERIAL}
    return values | {"kind": material.kind.value, "about": list(material.about)}


def _row(proposal: Proposal) -> dict[str, object]:
    candidate = proposal.candidate
    return {
        "id": proposal.id,
        "material_id": proposal.material.id,
        "place": proposal.place,
        "start": candidate.start,
        "end": candidate.end,
        "sentence": candidate.sentence,
        "candidate": candidate.as_json(),
        "draft": proposal.draft.as_json(),
        "added_by": proposal.material.added_by,
    }


def _material(columns: Mapping[str, Any], start: str = "") -> Material:
    values: dict[str, Any] = {name: columns[f"{start}{name}"] for name in _MATERIAL}
    values |= {"kind": MaterialKind(values["kind"]), "digest": bytes(values["digest"]), "about": tuple(values["about"])}
    return Material(**values)


def _proposal(columns: Mapping[str, Any]) -> Proposal:
    values: dict[str, Any] = {name: columns[name] for name in (*_DECIDED, "id", "place", "is_in_force")}
    values |= {
        "material": _material(columns, "m_"),
        "candidate": Candidate.of_json(columns["candidate"]),
        "draft": Draft.of_json(columns["draft"]),
        "state": State(columns["state"]),
        "edited": Draft.of_json(columns["edited"]) if columns["edited"] else None,
    }
    return Proposal(**values)
