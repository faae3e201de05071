"""`vitasense knowledge …`: releases of knowledge in and out, what is wrong with them, and how two things hang together."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import typer

from vitasense.api.commands import loader as load
from vitasense.api.commands.console import busy, say, table, warn, with_services
from vitasense.deterministic.platform.problems import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vitasense.api.bootstrap import Services
    from vitasense.deterministic.knowledge import Library
    from vitasense.deterministic.knowledge.releases import Changes, Incoming, Plan, Release
    from vitasense.deterministic.platform.findings import Finding
    from vitasense.memory import Recalled

app = typer.Typer(no_args_is_help=True, help="Knowledge: releases in and out, checks, paths. Nothing of any patient.")

COLUMNS = ("id", "kind", "name", "version", "nodes", "edges", "state", "taken")
_EXAMPLES = 5
_RERATED = 20


@app.command("import")
def import_release(
    kind: str = typer.Argument(..., help="What the file is: rxnorm, atc, ansm, openfda, cpic, csv."),
    file: Path = typer.Argument(..., help="The file, folder or zip of the release."),
    name: str | None = typer.Option(None, help="Tells several releases of a kind apart; the kind unless given."),
    version: str | None = typer.Option(None, help="As the publisher calls it; the name of the file unless given."),
    yes: bool = typer.Option(False, "--yes", "-y", help="Take it. Without this only the difference is shown."),
) -> None:
    """Show what a release would change, compared with the one in force; with --yes take it, whole or not at all.

    A release that contradicts itself, or names what nobody has, is refused with all reasons.
    """
    with busy("Reading"):
        found = load.knowledge.releases.read_release(kind, file, name=name, version=version)
    _say_read(found)

    async def work(services: Services) -> tuple[Plan, Release | None]:
        releases = load.knowledge.releases
        access = load.auth.system_access("vitasense knowledge import")
        with busy("Comparing"):
            async with services.database.transaction(access) as tx:
                planned = await releases.plan(tx, found)
                if not yes or planned.reasons:
                    return planned, None
                actor = access.principal.account_id
                taken = await releases.take(tx, planned, now=services.clock(), ids=services.new_id, actor=actor)
                return planned, taken

    planned, taken = with_services(work)
    _say_difference(planned)
    if planned.reasons:
        for reason in planned.reasons:
            warn(f"  {reason}")
        raise InvalidInput(f"The release was refused: {len(planned.reasons)} reasons. Nothing was changed.")
    if taken:
        say(f"Taken as {taken.id}. `vitasense knowledge revert {taken.id}` takes it back.")
    else:
        say("Nothing was changed yet: with --yes the release is taken.")


@app.command("releases")
def list_releases(as_json: bool = typer.Option(False, "--json", help="Print JSON.")) -> None:
    """List every release that was taken, the oldest first."""

    async def work(services: Services) -> list[Release]:
        async with services.database.transaction(load.auth.system_access("vitasense knowledge releases")) as tx:
            return await load.knowledge.releases.releases(tx)

    found = with_services(work)
    if as_json:
        say(json.dumps([_as_json(each) for each in found], indent=2))
    elif found:
        table(COLUMNS, [_row(each) for each in found])
    else:
        say("No release was taken yet; the rule files alone are known.")


@app.command()
def revert(release_id: UUID = typer.Argument(..., help="As `vitasense knowledge releases` shows it.")) -> None:
    """Take a release back: the one before it, if there is one, is in force again."""

    async def work(services: Services) -> Release | None:
        access = load.auth.system_access("vitasense knowledge revert")
        async with services.database.transaction(access) as tx:
            return await load.knowledge.releases.revert(
                tx, release_id, now=services.clock(), ids=services.new_id, actor=access.principal.account_id
            )

    before = with_services(work)
    again = f"Version {before.version} is in force again." if before else "There is none before it."
    say(f"Reverted. {again}")


@app.command()
def export(
    form: str = typer.Argument(..., help="graphml, jsonld or csv."),
    path: Path = typer.Argument(..., help="The file to write."),
) -> None:
    """Write everything that is known, rules and releases in force, to a file."""

    async def work(services: Services) -> Library:
        library = await _library(services)
        with busy("Writing"):
            await asyncio.to_thread(load.knowledge.export, library, form, path)
        return library

    library = with_services(work)
    say(f"{path}: {library.node_count:,} nodes and {library.edge_count:,} edges.")


@app.command()
def check() -> None:
    """Check rules and releases in force: dangling nodes and codes, contradictions, circles. Exit code 1 for any."""

    async def work(services: Services) -> list[str]:
        async with services.database.transaction(load.auth.system_access("vitasense knowledge check")) as tx:
            return await load.knowledge.releases.check(tx)

    found = with_services(work)
    for problem in found:
        warn(problem)
    if found:
        raise typer.Exit(1)
    say("Nothing is wrong with what is known.")


@app.command("path")
def show_path(
    one: str = typer.Argument(..., help="A medicine, kind of medicine, enzyme, condition …"),
    two: str = typer.Argument(..., help="Another."),
) -> None:
    """Show how two things hang together, each step with its source. What was worked out says so."""

    async def work(services: Services) -> Sequence[Finding]:
        return load.knowledge.why(one, two, await _library(services))

    for finding in with_services(work):
        say(finding.text)
        for evidence in finding.evidence:
            say(f"  {evidence.source} (version {evidence.version}, {evidence.ref})")


@app.command("search")
def search_words(
    words: list[str] = typer.Argument(..., help="A name, a description, or what documents speak of."),
) -> None:
    """Show what is explained by these words, and what documents say that were read and accepted, word for word."""
    asked = " ".join(words)

    async def work(services: Services) -> tuple[Recalled, list[Finding]]:
        access = load.auth.system_access("vitasense knowledge search")
        library, question = await _library(services), load.memory.Question(asked)
        await services.shelf.refresh()
        await load.upkeep.literature_loader_of(services).step()  # the service does it, but need not be running
        vectors = await services.memories.embed([asked], query=True)
        store = services.memories.shared(services.database, access)
        setting = services.memories.threshold
        meant = await load.memory.nearest(store, asked, vectors, kinds=frozenset(), limit=_EXAMPLES, setting=setting)
        looked = await load.memory.look(services.memories, services.database, access, question, library)
        return meant, load.memory.literature_findings(looked, question)

    meant, findings = with_services(work)
    named = load.knowledge.named(asked, _EXAMPLES)
    told = {each.key: (each.name, each.text) for each in named}
    told |= {str(each.key): (load.memory.called(each)[0], load.memory.explained(each)) for each in meant.entries}
    for name, explanation in told.values():
        say(f"{name}: {explanation}")
    for finding in findings:
        say(finding.text)


async def _library(services: Services) -> Library:
    shelf = load.knowledge.Shelf(services.database, load.auth.system_access, services.clock, load.medications.volumes)
    await shelf.refresh()
    return shelf.current


def _say_read(found: Incoming) -> None:
    say(f"{found.kind} {found.version}: {len(found.nodes):,} nodes and {len(found.edges):,} edges were read.")
    if found.flaw_count:
        warn(f"{found.flaw_count:,} places of the file were left out or read otherwise than they stand, such as:")
        for flaw in found.flaws[:_EXAMPLES]:
            warn(f"  {flaw.place}: {flaw.reason} {flaw.content}".rstrip())


def _say_difference(planned: Plan) -> None:
    against = f"version {planned.before.version}" if planned.before else "nothing, since none of its kind is in force"
    say(f"Compared with {against}:")
    changes = planned.difference
    for what, found in (("nodes", changes.nodes), ("edges", changes.edges)):
        _say_changes(what, found)
    say(f"  severities: {len(changes.rerated):,} changed")
    for each in changes.rerated[:_RERATED]:
        say(f"    {each.pair}: {each.before or 'not rated'} is now {each.after or 'not rated'}")


def _say_changes(what: str, found: Changes) -> None:
    say(f"  {what}: {len(found.added):,} added, {len(found.changed):,} changed, {len(found.removed):,} removed")
    for sign, words in (("+", found.added), ("~", found.changed), ("-", found.removed)):
        for each in words[:_EXAMPLES]:
            say(f"    {sign} {each}")


def _row(release: Release) -> tuple[str, ...]:
    counts = (f"{release.nodes:,}", f"{release.edges:,}", release.state.value)
    return (str(release.id), release.kind, release.name, release.version, *counts, f"{release.taken_at:%Y-%m-%d %H:%M}")


def _as_json(release: Release) -> dict[str, object]:
    return {
        "id": str(release.id),
        "kind": release.kind,
        "name": release.name,
        "version": release.version,
        "source": release.source,
        "sha256": release.digest.hex(),
        "nodes": release.nodes,
        "edges": release.edges,
        "state": release.state.value,
        "taken_at": release.taken_at.isoformat(),
        "reverted_at": release.reverted_at.isoformat() if release.reverted_at else None,
    }
