"""Review over HTTP, for administrators: documents in, candidates out, and what is decided on each."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile

from vitasense.api.bootstrap import Services
from vitasense.api.deps import Caller, Service, own_access
from vitasense.api.materials import Described, review_of, take_file, take_text
from vitasense.api.review_views import (
    Acceptance,
    CandidateDetail,
    CandidatePage,
    CandidateView,
    Edit,
    Materials,
    MaterialView,
    Refusal,
)
from vitasense.deterministic.knowledge.review import MaterialKind, Proposal, State, known
from vitasense.deterministic.platform.access import Access, Role
from vitasense.deterministic.platform.problems import InvalidInput, NotAllowed

router = APIRouter(prefix="/v1/knowledge", tags=["knowledge"])
uploads = APIRouter(prefix="/v1/knowledge", tags=["knowledge"])

Title = Annotated[str | None, Form(max_length=120, description="The name of the file unless given.")]
SourceWords = Annotated[str | None, Form(max_length=400, description="Who published it, and when.")]
LabelOf = Annotated[
    list[str] | None, Form(description="The medicines that the document is the label of; leave out for any other text.")
]
Kind = Annotated[MaterialKind | None, Form(description="label when `label_of` is given, else article.")]
Text = Annotated[str | None, Form(description="The text itself, in place of a file.")]
Upload = Annotated[UploadFile | None, File(description="Text, Markdown, PDF with text, or one label of openFDA.")]


def reviewer_of(request: Request, caller: Caller) -> Access:
    """The access of an administrator; NotAllowed for anybody else, before anything of theirs is read."""
    if caller.role is not Role.ADMIN:
        raise NotAllowed("Only an administrator reads documents and decides on what they say.")
    return own_access(request, caller)


Reviewer = Annotated[Access, Depends(reviewer_of)]


@uploads.post("/materials", status_code=201)
async def read_material(
    access: Reviewer,
    services: Service,
    file: Upload = None,
    text: Text = None,
    title: Title = None,
    source: SourceWords = None,
    label_of: LabelOf = None,
    kind: Kind = None,
) -> MaterialView:
    """Read a published document into candidates, for administrators; never a document of a patient's record.

    The same words are read once. Nothing counts as known before somebody accepts it.
    """
    if (file is None) == (text is None):
        raise InvalidInput("Send either a file or a text.")
    described = Described(title, source, label_of or (), kind)
    if text is not None:
        material, found = await take_text(services, access, text, described)
    else:
        assert file is not None
        with TemporaryDirectory() as folder:
            path = Path(folder) / "upload"
            path.write_bytes(await file.read())
            material, found = await take_file(services, access, path, described, name=file.filename or "")
    return MaterialView.of(material, {State.PROPOSED: len(found)} if found else {})


@router.get("/materials")
async def list_materials(access: Reviewer, services: Service) -> Materials:
    """Every document that was read, for administrators."""
    found = await review_of(services).materials(access)
    return Materials(items=[MaterialView.of(*each) for each in found])


@router.get("/candidates")
async def list_candidates(
    access: Reviewer,
    services: Service,
    state: State | None = None,
    material_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
) -> CandidatePage:
    """Candidates with their sentences, for administrators, and how each stands to what is known."""
    found = await review_of(services).proposals(access, state=state, material=material_id, after=cursor, most=limit)
    following = found[-1].id if len(found) == limit else None
    return CandidatePage(items=[_view(services, each) for each in found], next=following)


@router.get("/candidates/{candidate_id}")
async def read_candidate(candidate_id: UUID, access: Reviewer, services: Service) -> CandidateDetail:
    """One candidate with every decision on it, for administrators."""
    found, history = await review_of(services).proposal(access, candidate_id)
    return CandidateDetail.of(_view(services, found), history)


@router.post("/candidates/{candidate_id}/accept")
async def accept_candidate(candidate_id: UUID, body: Acceptance, access: Reviewer, services: Service) -> CandidateView:
    """Let it become an edge as it was read, for administrators; the same decision again changes nothing.

    The edge is checked, taken in a release named after the document, and can be taken back with it.
    """
    [found] = await review_of(services).accept(access, [candidate_id], seen=body.version)
    return _view(services, found)


@router.post("/candidates/{candidate_id}/edit")
async def edit_candidate(candidate_id: UUID, body: Edit, access: Reviewer, services: Service) -> CandidateView:
    """Let it become an edge with changes, for administrators; what was read stays beside it."""
    library = services.shelf.current
    found = await review_of(services).edit(access, candidate_id, body.changes, library, seen=body.version)
    return _view(services, found)


@router.post("/candidates/{candidate_id}/refuse")
async def refuse_candidate(candidate_id: UUID, body: Refusal, access: Reviewer, services: Service) -> CandidateView:
    """Refuse it, for administrators; an edge that came of it is taken out again."""
    [found] = await review_of(services).refuse(access, [candidate_id], body.reason, seen=body.version)
    return _view(services, found)


def _view(services: Services, proposal: Proposal) -> CandidateView:
    return CandidateView.of(proposal, known(proposal, services.shelf.current))
