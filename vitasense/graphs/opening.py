"""Puts the assistant together: specialists, tools, graph, and the model if one is configured."""

from vitasense.agents import AGENTS
from vitasense.deterministic import genomics, knowledge, medications, nutrition
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.intake import EntityType, read
from vitasense.deterministic.knowledge import Shelf
from vitasense.deterministic.platform.clock import Clock, NewId, system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics
from vitasense.graphs.assistant import Assistant
from vitasense.graphs.checkpoints import SealedSerializer
from vitasense.graphs.conversation import build
from vitasense.graphs.model import LanguageModel
from vitasense.guardrails import PersonFacts, Redactor, find_instructions, screen, verify
from vitasense.guardrails.injection import RESEMBLING
from vitasense.memory import Memories, statements
from vitasense.memory.embeddings import Embedder, LexicalEmbedder
from vitasense.memory.stores.replica import Replica
from vitasense.memory.stores.spaces import Spaces
from vitasense.tools.registry import Registry


def open_memories(
    embedder: Embedder, new_id: NewId, *, threshold: float | None = None, replica: Replica | None = None
) -> Memories:
    """What remembers: words that read like an instruction are never kept."""
    return Memories(embedder, _instructs, new_id, Spaces(), threshold, replica)


def open_assistant(
    settings: Settings,
    database: Database,
    metrics: Metrics,
    clock: Clock,
    new_id: NewId,
    *,
    memories: Memories | None = None,
    shelf: Shelf | None = None,
) -> Assistant:
    """The assistant over all specialists; without a configured model the embedded planner does everything.

    `memories` is what the service remembers with; without it the embedder that needs nothing. `shelf` holds what is known
    of medicines; without it one of its own.
    """
    registry = Registry(tuple(tool for spec in AGENTS for tool in spec.tools), metrics)
    model = LanguageModel(settings, metrics) if settings.model else None
    return Assistant(
        build(AGENTS, registry, model),
        database,
        SealedSerializer(settings.keys.derive("checkpoints")),
        metrics,
        clock,
        new_id,
        country=settings.country,
        timezone=settings.timezone,
        hides=settings.hides_identifiers,
        tells_model=model is not None,
        memories=memories or open_memories(LexicalEmbedder(), new_id),
        shelf=shelf or Shelf(database, system_access, clock, medications.volumes),
    )


def _instructs(words: str) -> bool:
    """Whether the words name an instruction; to be merely like one is common in what people tell of themselves."""
    return any(found.key != RESEMBLING for found in find_instructions(words))


def warm(*, hides: bool = False) -> None:
    """Load every rule file once, so that the first person does not wait for it (about a second of work).

    With `hides` also what finds identifiers (another second), which only a remote model needs.
    """
    now = system_clock()
    screen("hello", person=PersonFacts())
    # "ibuprofin" is meant: it loads what reads misspelt names.
    reading = read("Can I take ibuprofin with lisinopril after two eggs? What is my eGFR, and CYP2C19?", now=now)
    medications.volumes()
    knowledge.interactions([entity.name for entity in reading.of_type(EntityType.DRUG)])
    statements(reading)
    knowledge.explain("eGFR")
    genomics.drug_response("clopidogrel", [])
    nutrition.food_facts("egg")
    nutrition.intake_for(nutrition.Nutrient.FIBRE, "female", 40)
    verify("", [])
    _ = LexicalEmbedder().space  # reads every list of synonyms
    if hides:
        Redactor(()).redact("hello")
