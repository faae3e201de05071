"""Reading, Entity, Period and Intent: what the words of one message meant."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from vitasense.deterministic.intake.details import (
    Circumstances,
    Course,
    Dosage,
    Flag,
    Frozen,
    Period,
    Range,
    Site,
    Variant,
)

Experiencer = Literal["patient", "other"]
Temporality = Literal["recent", "historical", "hypothetical"]


class EntityType(StrEnum):
    """What a span of the text names."""

    VITAL = "vital"
    LAB = "lab"
    DRUG = "drug"
    DOSE = "dose"
    FOOD = "food"
    SYMPTOM = "symptom"
    CONDITION = "condition"
    GENE = "gene"
    VARIANT = "variant"
    PERSON = "person"
    ALLERGEN = "allergen"
    CATEGORY = "category"


class IntentName(StrEnum):
    """What a person wants done; the part before the dot is the subject."""

    MEASUREMENT_LATEST = "measurement.latest"
    MEASUREMENT_HISTORY = "measurement.history"
    MEASUREMENT_LOG = "measurement.log"
    LAB_LATEST = "lab.latest"
    LAB_HISTORY = "lab.history"
    ALLERGIES_LIST = "allergies.list"
    MEDICATIONS_LIST = "medications.list"
    MEDICATIONS_LOG = "medications.log"
    MEDICATIONS_STOP = "medications.stop"
    MEDICATIONS_TAKEN = "medications.taken"
    MEDICATIONS_ADHERENCE = "medications.adherence"
    MEDICATIONS_REFILL = "medications.refill"
    MEDICATIONS_SIDE_EFFECTS = "medications.side_effects"
    CONDITIONS_LIST = "conditions.list"
    IMMUNIZATIONS_LIST = "immunizations.list"
    ENCOUNTERS_LIST = "encounters.list"
    PROCEDURES_LIST = "procedures.list"
    DOCUMENTS_LIST = "documents.list"
    DOCUMENTS_SEARCH = "documents.search"
    RECORD_SUMMARY = "record.summary"
    RECORD_CHANGES = "record.changes"
    VISIT_PREPARE = "visit.prepare"
    GENOMICS_DRUG = "genomics.drug"
    GENOMICS_GENE = "genomics.gene"
    GENOMICS_RESULTS = "genomics.results"
    NUTRITION_LOG = "nutrition.log"
    NUTRITION_DAY = "nutrition.day"
    NUTRITION_FOOD = "nutrition.food"
    KNOWLEDGE_EXPLAIN = "knowledge.explain"
    KNOWLEDGE_NAME = "knowledge.name"
    KNOWLEDGE_DRUG = "knowledge.drug"
    KNOWLEDGE_INTERACTION = "knowledge.interaction"
    KNOWLEDGE_WHY = "knowledge.why"
    KNOWLEDGE_LITERATURE = "knowledge.literature"
    KNOWLEDGE_EFFECTS = "knowledge.effects"
    MEMORY_CONVERSATIONS = "memory.conversations"
    ACCESS_OTHER_RECORD = "access.other_record"
    ACCESS_WHO = "access.who"
    MEMORY_RECALL = "memory.recall"
    MEMORY_REMEMBER = "memory.remember"
    MEMORY_FORGET = "memory.forget"
    MEMORY_CORRECT = "memory.correct"
    TRACKING_COMPARE = "tracking.compare"
    TRACKING_TIREDNESS = "tracking.tiredness"
    TRACKING_TIMELINE = "tracking.timeline"
    TRACKING_GLUCOSE = "tracking.glucose"
    TRACKING_SCORE = "tracking.score"
    TRACKING_EARLY_WARNING = "tracking.early_warning"
    TRACKING_RANGE = "tracking.range"
    TRACKING_MONITORING = "tracking.monitoring"
    TRACKING_QUIET = "tracking.quiet"
    ALARMS_WHY = "alarms.why"
    ALARMS_LIST = "alarms.list"
    ALARMS_SNOOZE = "alarms.snooze"
    ALARMS_ACKNOWLEDGE = "alarms.acknowledge"
    TASKS_LIST = "tasks.list"
    TASKS_ANSWER = "tasks.answer"
    GOALS_SET = "goals.set"
    GOALS_PROGRESS = "goals.progress"
    GOALS_ACCEPT = "goals.accept"
    GOALS_REFUSE = "goals.refuse"
    GOALS_STOP = "goals.stop"
    SYMPTOMS_LOG = "symptoms.log"
    SYMPTOMS_LIST = "symptoms.list"
    SYMPTOMS_WITH_READINGS = "symptoms.with_readings"
    DEVICES_LIST = "devices.list"
    DEVICES_STATUS = "devices.status"
    DEVICES_QUALITY = "devices.quality"
    DEVICES_PRIORITY = "devices.priority"
    SMALLTALK_GREETING = "smalltalk.greeting"
    SMALLTALK_THANKS = "smalltalk.thanks"
    HELP_CAPABILITIES = "help.capabilities"


class Entity(Frozen):
    """One thing named in the text; `text[start:end]` is `Entity.text`.

    `name` is canonical: the metric's name, the generic drug, the food, the gene symbol, the variant with its gene, the
    platform Category value for a category, the generic drug a dose belongs to (`dose` when none is near).
    `code` is the primary LOINC code of a vital or lab and `codes` every LOINC code that answers it, primary
    first ("cholesterol" lists its panel); for other types they are empty.
    `value` and `second_value` (the diastolic pressure) are in `unit`, a UCUM code; a number without a spoken
    unit has `unit` None unless only one unit is possible or the locale has one. A `range` has no `value`. For a
    medicine they are the strength or dose of `dosage`, and a range without a unit is of tablets. `quantity` counts portions (`portion` "slice", "cup", None for
    pieces) or tablets; `per_day` is how often a dose is taken per day.
    `reference` and `flag` are what the laboratory printed beside a result. `when` is the time that was said of it.
    `owner` is the relative whose finding it is when `experiencer` is other and one was named.
    `doubt` says in words why the value, unit or date may be wrong; what was said is kept as it was said.
    """

    type: EntityType
    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    name: str
    code: str | None = None
    codes: tuple[str, ...] = ()
    value: float | None = None
    second_value: float | None = None
    unit: str | None = None
    range: Range | None = None
    reference: Range | None = None
    flag: Flag | None = None
    circumstances: Circumstances | None = None
    quantity: float | None = None
    portion: str | None = None
    per_day: float | None = None
    dosage: Dosage | None = None
    site: Site | None = None
    course: Course | None = None
    variant: Variant | None = None
    when: Period | None = None
    negated: bool = False
    experiencer: Experiencer = "patient"
    owner: str | None = None
    temporality: Temporality = "recent"
    doubt: str | None = None


class Intent(Frozen):
    """One wish; `confidence` is the share of such readings that were right when it was last measured.

    >= .8 has a clear cue and its entity, .5 to .8 one of them, below .5 is weak. The measurement is in
    rules/calibration.yaml.
    """

    name: IntentName
    confidence: float = Field(ge=0, le=1)


class Reading(Frozen):
    """What one message meant: intents by falling confidence, entities and periods by their place.

    `period` is the one that the message is about: the first of `periods` that is not in doubt and not to come.
    `question` is whether a sentence of it asks something.
    """

    text: str
    intents: tuple[Intent, ...] = ()
    entities: tuple[Entity, ...] = ()
    period: Period | None = None
    periods: tuple[Period, ...] = ()
    question: bool = False

    @property
    def top(self) -> Intent | None:
        """The most confident intent, or None when nothing was understood."""
        return self.intents[0] if self.intents else None

    def of_type(self, *types: EntityType) -> tuple[Entity, ...]:
        """The entities of these types, in the order of the text."""
        return tuple(entity for entity in self.entities if entity.type in types)


class Metric(Frozen):
    """A measurable thing of the lexicon: LOINC `code`, plain `name`, usual UCUM `unit`, and record category.

    `codes` are all LOINC codes that mean the same measurement, primary first; `members` are the primary codes
    of the parts when it is a panel (blood pressure: systolic 8480-6, diastolic 8462-4).
    """

    code: str
    name: str
    unit: str | None = None
    category: Literal["vitals", "labs"]
    codes: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
