"""AgentSpec: a specialist is a declaration."""

from dataclasses import dataclass
from importlib.resources import files

from vitasense.deterministic.intake import IntentName
from vitasense.tools.tool import AnyTool


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """A specialist: what it answers (`intents`), what it may use (`tools`), what it listens to (`reacts_to`)."""

    name: str
    title: str
    description: str
    tools: tuple[AnyTool, ...]
    prompt: str
    reacts_to: tuple[str, ...] = ()

    @property
    def intents(self) -> frozenset[IntentName]:
        """Every intent that one of its tools answers."""
        return frozenset(intent for tool in self.tools for intent in tool.intents)


def prompt(name: str) -> str:
    """The text of `agents/prompts/<name>.md`."""
    return (files("vitasense.agents") / "prompts" / f"{name}.md").read_text()
