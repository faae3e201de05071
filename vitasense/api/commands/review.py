"""`vitasense knowledge read | candidates | accept | edit | refuse`: new material, and what is decided on its sentences."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar
from uuid import UUID

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import busy, say, with_services
from vitasense.deterministic.platform.problems import InvalidInput, NotFound

if TYPE_CHECKING:
    from vitasense.api.bootstrap import Services
    from vitasense.deterministic.knowledge import Library
    from vitasense.deterministic.knowledge.review import Proposal, Review
    from vitasense.deterministic.platform.access import Access

T = TypeVar("T")
Kind = Literal["label", "guideline", "article"]
State = Literal["proposed", "accepted", "edited", "refused"]
Severity = Literal["contraindicated", "major", "moderate", "minor"]
Strength = Literal["strong", "moderate", "weak", "sensitive"]
app = typer.Typer(help="New material: read, and decided on sentence by sentence.")

_PAGE = 200
_REOPEN = typer.Option(False, "--reopen", help="Decide again on what was decided already; the decisions stay listed.")
_IDS = typer.Argument(..., metavar="ID…", help="As `vitasense knowledge candidates` shows them.")


@app.command()
def read(
    file: Path = typer.Argument(
        ..., help="A label, guideline or article: .txt, .md, .pdf, or one label of openFDA as .json."
    ),
    title: str | None = typer.Option(None, help="The name of the file unless given. It names the release."),
    source: str | None = typer.Option(None, help="Who published it, and when."),
    label_of: list[str] | None = typer.Option(
        None, metavar="DRUG", help="The medicine it is the label of; can be repeated."
    ),
    kind: Kind | None = typer.Option(None, help="label with --label-of, else article, unless given."),
) -> None:
    """Read a published document into candidates. Nothing counts as known before it is accepted.

    Documents of a patient's record are refused, and so is a document that was read before.
    """
    known_as = load.knowledge.review.MaterialKind(kind) if kind else None
    described = load.materials.Described(title, source, label_of or (), known_as)

    async def work(services: Services) -> tuple[list[Proposal], Library]:
        await services.shelf.refresh()
        with busy("Reading"):
            access = load.auth.system_access("vitasense knowledge read")
            _, found = await load.materials.take_file(services, access, file, described)
        return found, services.shelf.current

    found, library = with_services(work)
    say(f"{file}: {len(found):,} candidates.")
    for proposal in found:
        _say(proposal, library)


@app.command()
def candidates(
    state: State | None = typer.Option(None, help="All unless given."),
    material: str | None = typer.Option(None, help="The title of a document, or its beginning."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """List candidates with their sentences, and how each stands to what is known."""

    async def work(services: Services) -> tuple[list[Proposal], Library]:
        await services.shelf.refresh()
        review, access = load.materials.review_of(services), load.auth.system_access("vitasense knowledge candidates")
        return await _listed(review, access, state, material), services.shelf.current

    found, library = with_services(work)
    if as_json:
        view = load.review_views.CandidateView
        known = load.knowledge.review.known
        say(json.dumps([view.of(each, known(each, library)).model_dump(mode="json") for each in found], indent=2))
        return
    for proposal in found:
        _say(proposal, library)
    if not found:
        say("There is no such candidate.")


@app.command()
def accept(ids: list[UUID] = _IDS, reopen: bool = _REOPEN) -> None:
    """Let candidates become edges as they were read: all of them, or none."""
    found = _reviewed("accept", lambda review, access, _: review.accept(access, ids, seen=None if reopen else 0))
    _say_decided(found)


@app.command()
def edit(
    candidate_id: UUID = typer.Argument(..., metavar="ID", help="As `vitasense knowledge candidates` shows it."),
    source: str | None = typer.Option(None, help="The medicine, kind of medicine or food at which the edge begins."),
    target: str | None = typer.Option(None, help="What it leads to."),
    severity: Severity | None = typer.Option(None, help="How much it matters."),
    what: str | None = typer.Option(None, help="What happens, in plain words."),
    advice: str | None = typer.Option(None, help="What to do, in plain words."),
    strength: Strength | None = typer.Option(None, help="Of a role at an enzyme or transporter."),
    reopen: bool = _REOPEN,
) -> None:
    """Let a candidate become an edge with changes; what was read stays beside it."""
    rated = load.knowledge.Severity(severity) if severity else None
    changes = load.knowledge.review.Changes(source, target, rated, what, advice, strength)

    async def work(review: Review, access: Access, library: Library) -> list[Proposal]:
        return [await review.edit(access, candidate_id, changes, library, seen=None if reopen else 0)]

    _say_decided(_reviewed("edit", work))


@app.command()
def refuse(
    ids: list[UUID] = _IDS, reason: str = typer.Option(..., help="Why, for whoever asks later."), reopen: bool = _REOPEN
) -> None:
    """Refuse candidates; an edge that came of one is taken out again."""
    seen = None if reopen else 0
    _say_decided(_reviewed("refuse", lambda review, access, _: review.refuse(access, ids, reason, seen=seen)))


def _reviewed(command: str, work: Callable[[Review, Access, Library], Awaitable[T]]) -> T:
    """What is done by the operator, in the service's own name."""

    async def main(services: Services) -> T:
        await services.shelf.refresh()
        review, access = load.materials.review_of(services), load.auth.system_access(f"vitasense knowledge {command}")
        return await work(review, access, services.shelf.current)

    return with_services(main)


async def _listed(review: Review, access: Access, state: State | None, title: str | None) -> list[Proposal]:
    wanted = load.knowledge.review.State(state) if state else None
    chosen = await _material(review, access, title) if title else None
    found: list[Proposal] = []
    while True:
        after = found[-1].id if found else None
        page = await review.proposals(access, state=wanted, material=chosen, after=after, most=_PAGE)
        found += page
        if len(page) < _PAGE:
            return found


async def _material(review: Review, access: Access, title: str) -> UUID:
    """The document with this title, else the only one whose title begins so."""
    every = [each for each, _ in await review.materials(access) if each.title.lower().startswith(title.lower())]
    exact = [each for each in every if each.title.lower() == title.lower()]
    found = exact or every
    if not found:
        raise NotFound(f"No document was read whose title begins with “{title}”.")
    if len(found) > 1:
        raise InvalidInput(f"Several titles begin so: {', '.join(each.title for each in found)}.")
    return found[0].id


def _say(proposal: Proposal, library: Library) -> None:
    edge, known = proposal.edge, load.knowledge.review.known(proposal, library)
    read_as = f"{edge.source_name} {edge.relation} {edge.target_name}"
    rated = f", {edge.severity}" if edge.severity else ""
    known_as = f" ({known.severity or 'not rated'})" if known.standing in ("same", "other") else ""
    denied = ", denied" if proposal.candidate.is_absent else ""
    away = ", taken back" if proposal.state in ("accepted", "edited") and not proposal.is_in_force else ""
    say(f"{proposal.id}  {proposal.state}{away}  {read_as}{rated}{denied}  known: {known.standing}{known_as}")
    say(f"  “{proposal.candidate.sentence}” ({proposal.material.title})")
    if proposal.reason:
        say(f"  refused: {proposal.reason}")


def _say_decided(found: list[Proposal]) -> None:
    for each in found:
        say(f"{each.id}: {each.state}. {each.edge.says if each.is_in_force else 'It is no edge.'}")
    for release in sorted({str(each.release_id) for each in found if each.release_id}):
        say(f"`vitasense knowledge revert {release}` takes this back.")
