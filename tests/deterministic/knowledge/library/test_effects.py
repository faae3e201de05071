"""What the rule files say that medicines cause, lower and raise, and by which genes they go."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.deterministic.knowledge.making import beside_rules, edge, node
from vitasense.deterministic.knowledge import library, rulebook
from vitasense.deterministic.knowledge.facts import EdgeFact, NodeFact, NodeKind, Relation
from vitasense.deterministic.knowledge.formats import cpic
from vitasense.deterministic.knowledge.library.effects import effect_volumes
from vitasense.deterministic.knowledge.rulebook import Book, Rulebook
from vitasense.deterministic.knowledge.schemas import Change, Effect, HowOften

CAUSED = [
    ("lisinopril", "cough"),
    ("lisinopril", "swelling of the face"),
    ("amlodipine", "leg swelling"),
    ("Zocor", "muscle pain"),
    ("atorvastatin", "rhabdomyolysis"),
    ("warfarin", "bleeding"),
    ("metformin", "diarrhea"),
    ("metformin", "lactic acidosis"),
    ("glipizide", "low blood sugar"),
    ("empagliflozin", "genital yeast infection"),
    ("semaglutide", "nausea"),
    ("ibuprofen", "stomach ulcer"),
    ("naproxen", "heart attack"),
    ("oxycodone", "constipation"),
    ("morphine", "slow breathing"),
    ("sertraline", "sexual problems"),
    ("clozapine", "low blood cell counts"),
    ("lorazepam", "sleepiness"),
    ("zolpidem", "sleepwalking"),
    ("lithium", "tremor"),
    ("carbamazepine", "severe skin reaction"),
    ("ciprofloxacin", "torn tendon"),
    ("amoxicillin", "rash"),
    ("montelukast", "thoughts of suicide"),
    ("albuterol", "tremor"),
    ("prednisone", "osteoporosis"),
    ("alendronate", "jaw bone damage"),
    ("tamsulosin", "trouble with ejaculation"),
    ("sildenafil", "long erection"),
    ("rifampin", "red urine"),
    ("hydroxychloroquine", "damage to the retina"),
]
NOT_LISTED = [
    ("losartan", "hair loss"),
    ("metformin", "leg swelling"),
    ("cetirizine", "torn tendon"),
    ("levothyroxine", "constipation"),
    ("acetaminophen", "bleeding"),
    ("amoxicillin", "leg swelling"),
    ("simvastatin", "sexual problems"),
    ("sertraline", "stained teeth"),
    ("insulin lispro", "lactic acidosis"),
    ("sildenafil", "jaw bone damage"),
    ("alendronate", "sexual problems"),
]
CHANGED = [
    ("metformin", "nutrient:vitamin_b12", "lower"),
    ("omeprazole", "lab:magnesium_blood", "lower"),
    ("hydrochlorothiazide", "lab:potassium", "lower"),
    ("hydrochlorothiazide", "lab:calcium_blood", "raise"),
    ("lisinopril", "lab:potassium", "raise"),
    ("trimethoprim", "lab:potassium", "raise"),
    ("citalopram", "lab:sodium", "lower"),
    ("atorvastatin", "lab:alt", "raise"),
    ("prednisone", "lab:glucose", "raise"),
    ("phenytoin", "nutrient:vitamin_d", "lower"),
    ("isoniazid", "nutrient:vitamin_b6", "lower"),
    ("orlistat", "nutrient:vitamin_a", "lower"),
    ("methotrexate", "nutrient:folate", "lower"),
    ("finasteride", "lab:psa", "lower"),
]
GUIDED = [
    ("clopidogrel", "CYP2C19"),
    ("warfarin", "VKORC1"),
    ("abacavir", "HLA-B"),
    ("azathioprine", "NUDT15"),
    ("capecitabine", "DPYD"),
    ("simvastatin", "SLCO1B1"),
    ("tacrolimus", "CYP3A5"),
    ("gentamicin", "MT-RNR1"),
    ("codeine", "CYP2D6"),
    ("rasburicase", "G6PD"),
]


DANGEROUS = {
    *(
        "severe_allergic_reaction",
        "face_swelling",
        "slow_breathing",
        "bleeding",
        "stroke",
        "heart_attack",
        "blood_clot",
    ),
    *("seizure", "long_qt", "irregular_heartbeat", "slow_heartbeat", "fainting", "heart_failure", "suicidal_thoughts"),
    *("severe_skin_reaction", "hypersensitivity_syndrome", "liver_injury", "kidney_injury", "pancreatitis"),
    *("low_blood_cells", "haemolysis", "low_blood_sugar", "lactic_acidosis", "ketoacidosis", "muscle_breakdown"),
    *("serotonin_syndrome", "neuroleptic_malignant_syndrome", "lung_damage", "retina_damage", "optic_nerve_damage"),
    *("eye_pressure", "stomach_ulcer", "blood_in_stool", "blood_in_urine", "aortic_tear", "harm_to_unborn"),
}


def stated(medicine: str, thing: str) -> list[EdgeFact]:
    """What is said of a medicine and everything of that name, or the node of that key."""
    known = library()
    one = known.find(medicine)
    others = [known.place(thing)] if ":" in thing else known.called(thing)
    assert one is not None and others, (medicine, thing)
    return [known.edge(each) for two in others if two is not None for each in known.stated(one, two)]


def of(relation: Relation, medicine: str, thing: str) -> list[EdgeFact]:
    return [each for each in stated(medicine, thing) if each.relation is relation]


@pytest.mark.parametrize(("medicine", "thing"), CAUSED)
def test_what_is_well_known_is_listed(medicine: str, thing: str) -> None:
    found = of(Relation.CAUSES, medicine, thing)
    assert found
    assert all(" can cause " in each.says for each in found)


@pytest.mark.parametrize(("medicine", "thing"), NOT_LISTED)
def test_what_a_medicine_is_not_known_for_is_not_listed(medicine: str, thing: str) -> None:
    assert not of(Relation.CAUSES, medicine, thing)


@pytest.mark.parametrize(("medicine", "key", "verb"), CHANGED)
def test_what_changes_in_the_body_is_listed_with_its_direction(medicine: str, key: str, verb: str) -> None:
    (found,) = of(Relation.CHANGES, medicine, key)
    assert f" can {verb} " in found.says


@pytest.mark.parametrize(("medicine", "gene"), GUIDED)
def test_genes_guide_by_guideline(medicine: str, gene: str) -> None:
    (found,) = of(Relation.GUIDED_BY, medicine, gene)
    assert found.level == "guideline"
    assert f"goes by the gene {gene}: it " in found.says


def test_a_kind_is_one_edge_that_says_how_often_and_what_to_do() -> None:
    (cough,), (swelling,) = stated("lisinopril", "cough"), stated("lisinopril", "swelling of the face")
    assert (cough.source, cough.says) == ("class:ace_inhibitor", "ACE inhibitors can cause a cough")
    assert (cough.strength, cough.advice, cough.level) == ("common", None, "label")
    assert swelling.strength == "rare"
    assert swelling.advice and swelling.advice.startswith("Get help at once")


def test_every_entry_names_its_own_source() -> None:
    book = rulebook()
    assert all(each.source != book.effects.source and each.source for each in book.effects)
    assert all(each.source != book.levels.source and each.source for each in book.levels)
    assert all(each.source and "CPIC guideline" in each.source for each in book.genes)


def test_members_are_known_and_every_symptom_and_nutrient_is_of_use() -> None:
    book = rulebook()
    assert all(book.members(each.members) for each in (*book.effects, *book.levels, *book.genes))
    assert {key for each in book.effects for key in each.symptoms} == set(book.symptoms.entries)
    changed = {name.removeprefix("nutrient:") for each in book.levels for name in each.of if "nutrient:" in name}
    assert changed == set(book.nutrients.entries)


def test_a_source_names_every_medicine_that_an_entry_names() -> None:
    drugs = rulebook().drugs
    for each in (*rulebook().effects, *rulebook().levels):
        said = (each.source or "").casefold()
        if "office of dietary supplements" not in said:  # its pages are those of nutrients
            for drug in [drugs[name] for name in each.members if ":" not in name]:
                assert any(name.casefold() in said for name in (drug.name, *drug.names)), (each.key, drug.key)


def test_a_symptom_that_is_a_condition_is_called_as_the_condition() -> None:
    book = rulebook()
    conditions = [each for each in book.symptoms if each.condition]
    assert conditions
    for each in conditions:
        assert each.condition and (term := book.terms[each.condition]).kind == "condition"
        assert each.name in (term.name, *term.names)


def test_no_medicine_has_two_frequencies_for_one_symptom_or_two_directions_for_one_value() -> None:
    book = rulebook()
    often, directions = defaultdict[object, set[str]](set), defaultdict[object, set[str]](set)
    for each in book.effects:
        for medicine in book.members(each.members):
            for symptom in each.symptoms:
                often[medicine, symptom].add(each.how_often)
    for each in book.levels:
        for medicine in book.members(each.members):
            for name in each.of:
                directions[medicine, name].add(each.direction)
    assert [pair for pair, found in often.items() if len(found) > 1] == []
    assert [pair for pair, found in directions.items() if len(found) > 1] == []


def test_what_is_serious_says_what_to_do_and_nothing_else_does() -> None:
    effect = Effect(key="x", members=("warfarin",), symptoms=("cough",), how_often=HowOften.RARE)
    with pytest.raises(ValidationError, match="what is serious"):
        Effect.model_validate(effect.model_dump() | {"serious": True})
    with pytest.raises(ValidationError, match="what is serious"):
        Effect.model_validate(effect.model_dump() | {"advice": "Get help."})


def test_what_is_dangerous_is_never_told_without_what_to_do() -> None:
    book = rulebook()
    assert set(book.symptoms.entries) >= DANGEROUS
    assert [each.key for each in book.effects if not each.serious and DANGEROUS & set(each.symptoms)] == []


@pytest.mark.parametrize("broken", [{"members": ("blorbixol",)}, {"symptoms": ("blue_nose",)}])
def test_a_dangling_name_of_an_effect_is_refused(broken: dict[str, object]) -> None:
    entry = Effect(key="x", members=("warfarin",), symptoms=("cough",), how_often=HowOften.RARE)
    effects = replace(rulebook().effects, entries={"x": entry.model_copy(update=broken)})
    with pytest.raises(KeyError):
        effect_volumes(replace(rulebook(), effects=effects))


@pytest.mark.parametrize("name", ["lab:blorb", "lab:gout", "nutrient:blorb", "zinc"])
def test_a_dangling_name_of_what_changes_is_refused(name: str) -> None:
    entry = Change(key="x", members=("warfarin",), of=(name,), direction="lowers")
    with pytest.raises(KeyError):
        effect_volumes(_with_levels(replace(rulebook().levels, entries={"x": entry})))


def _with_levels(levels: Book[Change]) -> Rulebook:
    return replace(rulebook(), levels=levels)


def test_the_graph_has_symptoms_nutrients_and_genes() -> None:
    kinds = Counter(each.kind for each in library().nodes())
    relations = Counter(each.relation for each in library().edges())
    assert kinds[NodeKind.SYMPTOM] >= 150
    assert kinds[NodeKind.NUTRIENT] == len(rulebook().nutrients.entries)
    assert kinds[NodeKind.GENE] == len({each.gene for each in rulebook().genes})
    assert relations[Relation.CAUSES] >= 2500
    assert relations[Relation.CHANGES] >= 300
    assert relations[Relation.GUIDED_BY] >= 70


def test_an_imported_gene_and_symptom_is_the_same_node(tmp_path: Path) -> None:
    table = tmp_path / "pairs.csv"
    table.write_text("Gene,Drug,Guideline,CPIC Level\nCYP2C19,clopidogrel,https://cpicpgx.org/g,A\nABCB1,digoxin,,C\n")
    facts = list(cpic.read(table))
    nodes, edges = [each for each in facts if isinstance(each, NodeFact)], list(_edges(facts))
    rash = edge("ingredient:warfarin", Relation.CAUSES, "symptom:skin_rash")
    found = beside_rules([*edges, rash], [*nodes, node("ingredient:warfarin"), node("symptom:skin_rash", "skin rash")])
    genes = [each.key for each in found.nodes() if each.kind is NodeKind.GENE]
    assert (genes.count("gene:cyp2c19"), len(genes)) == (1, len({each.gene for each in rulebook().genes}) + 1)
    assert found.place("symptom:skin_rash") == found.place("symptom:rash") is not None
    clopidogrel, gene = found.find("clopidogrel"), found.place("gene:cyp2c19")
    assert clopidogrel is not None and gene is not None
    assert len(found.stated(clopidogrel, gene)) == 2


def _edges(facts: list[NodeFact | EdgeFact]) -> Iterator[EdgeFact]:
    return (each for each in facts if isinstance(each, EdgeFact))
