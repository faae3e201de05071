"""The memory specialist."""

from vitasense.agents.spec import AgentSpec, prompt
from vitasense.tools.conversations import PAST_CONVERSATIONS
from vitasense.tools.memory import TOOLS

MEMORY = AgentSpec(
    name="memory",
    title="Memory",
    description="remembers what you tell about yourself, tells you what it remembers and what was said in earlier "
    "conversations, and corrects or forgets it",
    tools=(*TOOLS, PAST_CONVERSATIONS),
    prompt=prompt("memory"),
)
