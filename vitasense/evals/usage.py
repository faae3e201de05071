"""What a case cost: seconds of its turns and calls of the language model, counted where they happen."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One answered call of a model: its name as the provider tells it, tokens, and seconds."""

    model: str
    tokens_in: int
    tokens_out: int
    seconds: float


@dataclass(slots=True)
class Usage:
    """Turns (seconds of each) and calls of a model; `measured` is False where nobody sees the calls, as by URL.

    `failed` counts calls that ended in an error, and `by_model` the turns whose reply the model wrote.
    """

    calls: list[ModelCall] = field(default_factory=list[ModelCall])
    turns: list[float] = field(default_factory=list[float])
    failed: int = 0
    by_model: int = 0
    measured: bool = True

    def add(self, other: "Usage") -> None:
        """Count what another usage counted too."""
        self.calls.extend(other.calls)
        self.turns.extend(other.turns)
        self.failed += other.failed
        self.by_model += other.by_model
        self.measured = self.measured and other.measured

    @property
    def tokens_in(self) -> int:
        """Tokens that were sent."""
        return sum(call.tokens_in for call in self.calls)

    @property
    def tokens_out(self) -> int:
        """Tokens that came back."""
        return sum(call.tokens_out for call in self.calls)


_SPENT: ContextVar[Usage | None] = ContextVar("what the present case cost", default=None)


@contextmanager
def metered() -> Generator[Usage]:
    """What the turns inside cost, in this task and the tasks that it starts."""
    usage = Usage()
    token = _SPENT.set(usage)
    try:
        yield usage
    finally:
        _SPENT.reset(token)


def spend(usage: Usage) -> None:
    """Count it for the present case, if there is one."""
    if (case := _SPENT.get()) is not None:
        case.add(usage)
