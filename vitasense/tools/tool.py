"""A tool: what it does, what it may read and write, and how a reading fills its arguments."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from vitasense.deterministic.intake import IntentName, Reading
from vitasense.deterministic.platform.access import Category
from vitasense.deterministic.platform.findings import Finding
from vitasense.tools.context import Call, Proposal, RunContext


class Arguments(BaseModel):
    """Base of every tool's arguments: unknown ones are refused, and none is an identity."""

    model_config = ConfigDict(frozen=True, extra="forbid")


A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tool(Generic[A]):
    """What every tool declares. It must be allowed to see `needs`, and uses the rest of `reads` when it is granted.

    `plan` is what a reading asks of it; a model may ask for that, and of a tool that reads for what it `admits` too.
    `prepare` is what has to be made before a transaction begins, such as vectors; it is given on as `Call.prepared`.
    """

    name: str
    description: str
    arguments: type[A]
    intents: frozenset[IntentName]
    plan: Callable[[Reading], Sequence[A]]
    reads: frozenset[Category] = frozenset()
    needs: frozenset[Category] = frozenset()
    prepare: Callable[[RunContext, A], Awaitable[object]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTool(_Tool[A]):
    """A tool that reads: `run` returns Findings and changes nothing.

    `admits` says whether arguments that a model chose hold no word, number or day of its own: only names that the
    person said or that our lists know, and no other time than the person's.
    """

    run: Callable[[Call, A], Awaitable[Sequence[Finding]]]
    admits: Callable[[A, Reading], bool] = lambda arguments, _: not type(arguments).model_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteTool(_Tool[A]):
    """A tool that changes the record, only after the person confirmed the proposal.

    `propose` returns what will be written, or findings that say why nothing can be. `write` is idempotent by the
    id it is given and returns the reference of what it wrote (`Observation/<id>`), which `read_back` tells.
    """

    writes: frozenset[Category]
    propose: Callable[[Call, A], Awaitable[Proposal | Sequence[Finding]]]
    write: Callable[[Call, A, UUID], Awaitable[str]]
    read_back: Callable[[Call, str], Awaitable[Sequence[Finding]]]


AnyTool = ReadTool[Any] | WriteTool[Any]


class Nothing(Arguments):
    """A tool that needs no argument."""


def once(_: Reading) -> Sequence[Nothing]:
    """Plan of a tool without arguments: call it one time."""
    return (Nothing(),)
