"""What only releases name, found by words when no list of our own has it."""

from sqlalchemy.ext.asyncio import AsyncSession

from vitasense.deterministic.knowledge.facts import NodeKind
from vitasense.deterministic.knowledge.names import normalise
from vitasense.deterministic.knowledge.releases import repository
from vitasense.deterministic.knowledge.releases.schemas import Named
from vitasense.deterministic.knowledge.schemas import Explanation
from vitasense.deterministic.platform.findings import Evidence

_CALLED = {
    NodeKind.DRUG: "a product",
    NodeKind.INGREDIENT: "a medicine",
    NodeKind.CLASS: "a kind of medicine",
    NodeKind.ENZYME: "an enzyme",
    NodeKind.TRANSPORTER: "a transporter",
    NodeKind.GENE: "a gene",
    NodeKind.CONDITION: "a condition",
    NodeKind.SYMPTOM: "a symptom",
    NodeKind.LAB: "a test",
    NodeKind.FOOD: "a food",
    NodeKind.NUTRIENT: "a nutrient",
}


async def released(tx: AsyncSession, words: str, most: int) -> list[Explanation]:
    """What releases in force call by all of these words, the shortest name first: what it is, and who names it."""
    found = await repository.named(tx, normalise(words), most)
    return [_explanation(each) for each in found]


def _explanation(found: Named) -> Explanation:
    kind = NodeKind(found.key.partition(":")[0])
    ref = f"knowledge/{found.book.name}#{found.key.partition(':')[2]}"
    source = Evidence(kind="knowledge", ref=ref, version=found.book.version, label=found.name, source=found.book.source)
    text = f"{found.name} is {_CALLED[kind]}. It is named in {found.book.source}."
    return Explanation(key=f"{kind}/{ref}", name=found.name, names=found.names, text=text, evidence=source)
