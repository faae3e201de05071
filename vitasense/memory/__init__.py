"""What the assistant remembers, and where it came from."""

from vitasense.memory.conversations.summaries import Recall, episode_findings
from vitasense.memory.documents.passages import after_import
from vitasense.memory.documents.quoting import Quote
from vitasense.memory.documents.search import HELD_IN, Search, document_findings
from vitasense.memory.knowledge import called, explained, named, nearest
from vitasense.memory.literature.search import Looked, Question, look
from vitasense.memory.literature.telling import literature_findings, quotation
from vitasense.memory.schemas import Entry, Kind, Where
from vitasense.memory.service import ABOUT, CATEGORIES, Memories, Recalled, Vectors, forms, newest_first
from vitasense.memory.statements.changes import Change, Told, denies
from vitasense.memory.statements.habits import told_about_food, told_allergies
from vitasense.memory.statements.reading import ALLERGY, LONGEST, NO, Statement, statements
from vitasense.memory.statements.telling import on_day, told
from vitasense.memory.statements.wishes import ALL_BUT, Subject, about, asked, unwanted
from vitasense.memory.stores.postgres import PostgresStore
from vitasense.memory.upkeep import one_at_a_time

__all__ = [
    "ABOUT",
    "ALLERGY",
    "ALL_BUT",
    "CATEGORIES",
    "HELD_IN",
    "LONGEST",
    "NO",
    "Change",
    "Entry",
    "Kind",
    "Looked",
    "Memories",
    "PostgresStore",
    "Question",
    "Quote",
    "Recall",
    "Recalled",
    "Search",
    "Statement",
    "Subject",
    "Told",
    "Vectors",
    "Where",
    "about",
    "after_import",
    "asked",
    "called",
    "denies",
    "document_findings",
    "episode_findings",
    "explained",
    "forms",
    "literature_findings",
    "look",
    "named",
    "nearest",
    "newest_first",
    "on_day",
    "one_at_a_time",
    "quotation",
    "statements",
    "told",
    "told_about_food",
    "told_allergies",
    "unwanted",
]
