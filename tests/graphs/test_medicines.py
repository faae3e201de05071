"""A person asks about medicines without a model: everything that is known is held against them, and silence says why."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.graphs.conftest import Talk
from tests.people import access_of, new_principal
from vitasense.deterministic.intake import drug_names, gene_names
from vitasense.deterministic.platform.access import Category, Principal, Role
from vitasense.deterministic.platform.clock import system_clock
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.findings import Status, Urgency
from vitasense.deterministic.records import import_bundle
from vitasense.graphs.turn import Done
from vitasense.guardrails import verify

Talking = Callable[..., Talk]
LOINC = "http://loinc.org"


def resource(kind: str, own_id: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": kind, "id": own_id, "subject": {"reference": "Patient/p"}} | more


def medicine(name: str) -> dict[str, Any]:
    return resource(
        "MedicationStatement", name.replace(" ", "-"), status="active", medicationCodeableConcept={"text": name}
    )


def creatinine(value: float) -> dict[str, Any]:
    code = {"coding": [{"system": LOINC, "code": "2160-0", "display": "Creatinine"}]}
    category = [{"coding": [{"code": "laboratory"}]}]
    quantity = {"value": value, "unit": "mg/dL", "system": "http://unitsofmeasure.org", "code": "mg/dL"}
    at = system_clock().isoformat()
    return resource(
        "Observation",
        "creatinine",
        status="final",
        code=code,
        category=category,
        valueQuantity=quantity,
        effectiveDateTime=at,
    )


@pytest.fixture
async def person(database: Database) -> Principal:
    """A woman of 70 with lisinopril, simvastatin and kidneys that work less."""
    somebody = new_principal(Role.PATIENT)
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1956-02-03", "gender": "female"}
    entries = [patient, medicine("lisinopril 10 mg"), medicine("simvastatin 40 mg"), creatinine(2.4)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in entries]}
    async with database.transaction(access_of(somebody)) as tx:
        await import_bundle(tx, somebody.account_id, bundle, now=system_clock())
    return somebody


def supported(done: Done) -> None:
    for finding in done.reply.findings:
        assert not finding.kind.endswith(".failed"), finding
        assert finding.evidence or finding.status is not Status.FOUND, finding
        assert finding.reason or finding.status is not Status.NOT_EVALUATED, finding
    checked = verify(done.reply.text, done.reply.findings, drugs=drug_names(), genes=gene_names())
    assert checked.supported, checked.unsupported


async def test_a_medicine_is_held_against_the_others_the_kidneys_and_the_age(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("Can I take ibuprofen with my lisinopril?")
    supported(done)
    text = done.reply.text.lower()
    assert "lisinopril" in text
    assert "kidney" in text
    kinds = {finding.kind for finding in done.reply.findings if finding.status is Status.FOUND}
    assert {"drug_interaction", "drug_laboratory"} <= kinds


async def test_grapefruit_every_day_is_held_against_what_is_taken(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("I drink grapefruit juice every day")
    supported(done)
    assert done.reply.urgency is Urgency.URGENT
    assert "simvastatin" in done.reply.text.lower()


async def test_somebody_elses_medicines_are_checked_as_said_and_not_with_the_record(
    talk: Talking, person: Principal
) -> None:
    done = await talk(person).say("My mother takes warfarin, can she have St John's wort?")
    supported(done)
    text = done.reply.text.lower()
    assert done.reply.urgency is Urgency.URGENT
    assert "did not use your record" in text
    assert "simvastatin" not in text
    assert "lisinopril" not in text


async def test_a_question_about_the_kidneys_goes_on_about_the_medicine_before(talk: Talking, person: Principal) -> None:
    first = await talk(person).say("Can I take ibuprofen?")
    done = await talk(person).say("Is it safe with my kidneys?", first.thread.id)
    supported(done)
    assert "ibuprofen" in done.reply.text.lower()
    assert any(finding.kind == "drug_laboratory" for finding in done.reply.findings)


async def test_why_shows_the_path(talk: Talking, person: Principal) -> None:
    first = await talk(person).say("Can I take clarithromycin with my simvastatin?")
    done = await talk(person).say("Why?", first.thread.id)
    supported(done)
    assert "simvastatin is cleared by CYP3A" in done.reply.text
    assert "clarithromycin strongly inhibits CYP3A" in done.reply.text


async def test_the_reasons_lead_through_no_other_medicine(talk: Talking, person: Principal) -> None:
    first = await talk(person).say("I drink grapefruit juice every day")
    done = await talk(person).say("Why?", first.thread.id)
    supported(done)
    assert "Grapefruit moderately inhibits CYP3A4".lower() in done.reply.text.lower()
    assert "step by step" not in done.reply.text


async def test_why_not_with_the_kidneys_is_the_rule_with_its_source(talk: Talking, person: Principal) -> None:
    first = await talk(person).say("Can I take ibuprofen?")
    await talk(person).say("Is it safe with my kidneys?", first.thread.id)
    done = await talk(person).say("Why?", first.thread.id)
    supported(done)
    assert "kidney" in done.reply.text.lower()
    refs = [each.ref for finding in done.reply.findings for each in finding.evidence]
    assert any(ref.startswith("medications/") for ref in refs)


async def test_why_a_medicine_and_an_illness_that_are_named(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("Why is propranolol bad for asthma?")
    supported(done)
    assert "tighten the airways" in done.reply.text


async def test_an_effect_is_told_with_how_common_it_is_and_its_source(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("Can lisinopril cause a cough?")
    supported(done)
    assert "can cause a cough" in done.reply.text
    assert all(finding.kind == "effect" for finding in done.reply.findings)


async def test_whether_a_symptom_comes_from_an_own_medicine_is_the_lists_and_the_time(
    talk: Talking, person: Principal
) -> None:
    done = await talk(person).say("Could my cough be from one of my medicines?")
    supported(done)
    assert "Lisinopril can cause a cough" in done.reply.text
    assert "simvastatin" in done.reply.text
    assert "not told of it here" in done.reply.text


async def test_the_effects_of_what_is_taken_are_those_of_each_medicine(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("What are the side effects of my medicines?")
    supported(done)
    assert "What lisinopril can cause" in done.reply.text
    assert "What simvastatin can cause" in done.reply.text


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ("What are the side effects of isotretinoin in pregnancy?", "drug_pregnancy", "should not be taken"),
        ("Can ibuprofen cause problems in pregnancy?", "drug_pregnancy", "pregnan"),
        ("What are the side effects of metformin with alcohol?", "drug_alcohol", "lcohol"),
        ("Does ibuprofen cause bleeding while I take warfarin?", "drug_interaction", "bleeding"),
        ("Can ibuprofen make my asthma worse?", "drug_condition", "asthma"),
    ],
)
async def test_a_question_about_effects_keeps_no_check_from_being_made(
    talk: Talking, person: Principal, words: str, kind: str, said: str
) -> None:
    done = await talk(person).say(words)
    supported(done)
    told = [each for each in done.reply.findings if each.kind == kind and each.status is Status.FOUND]
    assert any(said in each.text for each in told), [each.kind for each in done.reply.findings]
    assert "pregnancy as an effect" not in done.reply.text


async def test_an_effect_in_words_that_only_the_lists_know_is_told(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("Can sertraline cause suicidal thoughts?")
    supported(done)
    (only,) = done.reply.findings
    assert only.status is Status.FOUND
    assert "crisis line" in only.text


async def test_what_no_list_names_is_not_ruled_out_and_what_it_is_for_is_said(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("Does simvastatin lower potassium?")
    supported(done)
    assert "rules nothing out" in done.reply.text
    assert "LDL cholesterol" in done.reply.text


async def test_what_could_not_be_checked_is_said_first(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("Can I take blorbixol and clarithromycin with my simvastatin?")
    supported(done)
    assert "could not check" in done.reply.text.split("\n\n")[0]
    assert "clarithromycin" in done.reply.text.lower()


async def test_the_kidneys_that_were_asked_about_are_told_of_first(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("Are any of my medicines bad for my kidneys?")
    supported(done)
    kinds = [each.kind for each in done.reply.findings]
    assert kinds[0] == "drug_laboratory"
    assert "kidney value" in done.reply.text.split("\n\n")[0]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("can I take 1000 mg of paracetamol 5 times a day", Status.FOUND, "5000 mg a day, more than the limit of 4000"),
        ("can I take two 500 mg paracetamol tablets every 4 hours", Status.FOUND, "6000 mg a day"),
        ("is 2 g of paracetamol in 24 hours too much", Status.NOT_FOUND, "2000 mg of 4000 mg"),
    ],
)
async def test_a_dose_that_was_said_is_held_against_the_most(
    talk: Talking, person: Principal, words: str, status: Status, said: str
) -> None:
    done = await talk(person).say(words)
    supported(done)
    told = [each for each in done.reply.findings if each.kind == "maximum_dose"]
    assert [each.status for each in told] == [status]
    assert said in told[0].text


async def test_the_most_a_day_is_told_first_with_its_label_and_the_check_beside(
    talk: Talking, person: Principal
) -> None:
    done = await talk(person).say("how much ibuprofen can I take in a day?")
    supported(done)
    first = done.reply.findings[0]
    assert "at most 1200 mg of ibuprofen" in done.reply.text
    assert any(each.kind == "maximum_dose" and each.evidence for each in done.reply.findings), first
    assert "drug_laboratory" in {each.kind for each in done.reply.findings}
    assert "was not said" not in done.reply.text


@pytest.mark.parametrize(
    "words",
    ["Any duplications?", "Are the medicines ok together?", "Is there anything on my list that shouldn't be mixed?"],
)
async def test_the_list_is_checked_in_other_words_too(talk: Talking, person: Principal, words: str) -> None:
    done = await talk(person).say(words)
    supported(done)
    assert "the same thing taken twice" in done.reply.text


@pytest.mark.parametrize("words", ["I'm pregnant", "hello, I think I might be pregnant", "I am 12 weeks pregnant"])
async def test_a_pregnancy_that_is_only_said_is_held_against_what_is_taken(
    talk: Talking, person: Principal, words: str
) -> None:
    done = await talk(person).say(words)
    supported(done)
    assert done.reply.urgency is Urgency.URGENT
    assert "Lisinopril should not be taken in pregnancy" in done.reply.text


async def test_an_illness_that_is_only_said_is_held_against_what_is_taken(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("I have gout")
    supported(done)
    assert {each.kind for each in done.reply.findings} == {"drug_condition"}
    assert "gout" in done.reply.text


async def test_what_is_said_of_oneself_also_concerns_the_medicines_that_are_not_asked_about(
    talk: Talking, person: Principal
) -> None:
    done = await talk(person).say("I'm pregnant, can I take paracetamol?")
    supported(done)
    assert "Lisinopril should not be taken in pregnancy" in done.reply.text


@pytest.mark.parametrize(
    ("words", "kind", "said"),
    [
        ("My son has asthma. Can he take ibuprofen?", "drug_condition", "asthma"),
        ("my wife is pregnant, can she take ibuprofen", "drug_pregnancy", "should not be taken"),
        ("is ibuprofen safe for my pregnant wife?", "drug_pregnancy", "should not be taken"),
    ],
)
async def test_what_was_said_of_another_counts_for_them_and_the_own_record_does_not(
    talk: Talking, person: Principal, words: str, kind: str, said: str
) -> None:
    done = await talk(person).say(words)
    supported(done)
    assert "did not use your record" in done.reply.text
    assert "lisinopril" not in done.reply.text.lower()
    assert "the patient" not in done.reply.text
    told = [each.text for each in done.reply.findings if each.kind == kind and each.status is Status.FOUND]
    assert any(said in each for each in told), done.reply.text


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("My eGFR is 25, can my mother take metformin?", "drug_laboratory"),
        ("I'm allergic to penicillin, can my son take amoxicillin?", "drug_allergy"),
        ("I have asthma, can my wife take ibuprofen?", "drug_condition"),
    ],
)
async def test_what_the_writer_has_is_not_held_against_another(
    talk: Talking, person: Principal, words: str, kind: str
) -> None:
    done = await talk(person).say(words)
    supported(done)
    assert "did not use your record" in done.reply.text
    assert not [each for each in done.reply.findings if each.kind == kind and each.status is Status.FOUND]


async def test_a_baby_is_told_no_limit_of_adults_as_its_own(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("how much paracetamol can my baby have in a day?")
    supported(done)
    assert "never for a child" in done.reply.text


async def test_what_another_takes_counts_on_in_the_next_message_and_not_for_oneself(
    talk: Talking, person: Principal
) -> None:
    first = await talk(person).say("My mother takes warfarin, can she have St John's wort?")
    hers = await talk(person).say("And can she take ibuprofen?", first.thread.id)
    assert any(
        each.kind == "drug_interaction" and "arfarin and ibuprofen" in each.text for each in hers.reply.findings
    ), hers.reply.text
    own = await talk(person).say("And can I take ibuprofen?", first.thread.id)
    supported(own)
    assert "warfarin" not in own.reply.text.lower()
    assert "lisinopril" in own.reply.text.lower()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("My potassium is 5.9, is lisinopril still ok?", "potassium was 5.9 mmol/L"),
        ("My eGFR is 25, can I take metformin?", "eGFR) was 25"),
    ],
)
async def test_a_value_that_is_said_with_the_question_counts_and_nothing_is_written(
    talk: Talking, person: Principal, words: str, said: str
) -> None:
    done = await talk(person).say(words)
    supported(done)
    assert done.confirmation is None
    assert done.reply.urgency is Urgency.URGENT
    assert said in done.reply.text


async def test_nobody_is_told_not_to_take_what_they_take(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("My potassium is 5.9, is lisinopril still ok?")
    assert "nobody should stop a prescribed medicine alone" in done.reply.text
    assert "lisinopril a day it would be was not said" not in done.reply.text


async def test_another_dose_of_what_is_taken_is_told_with_what_the_record_has(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("can I take 90 mg of lisinopril a day?")
    supported(done)
    assert "The record has lisinopril 10 mg" in done.reply.text
    assert "more than the limit of 80 mg" in done.reply.text


@pytest.mark.parametrize(
    "words", ["Is my ACE inhibitor ok with ibuprofen?", "Can I take ibuprofen with my statin and ACE inhibitor?"]
)
async def test_a_kind_of_medicine_is_the_one_that_is_taken(talk: Talking, person: Principal, words: str) -> None:
    done = await talk(person).say(words)
    supported(done)
    assert "Lisinopril and ibuprofen can affect each other" in done.reply.text
    assert "I do not know" not in done.reply.text


async def test_a_kind_of_which_nothing_is_taken_must_be_named(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("Can I take a triptan?")
    supported(done)
    (only,) = done.reply.findings
    assert only.status is Status.NOT_EVALUATED
    assert "kind of medicine" in only.text


@pytest.mark.parametrize(
    "words",
    [
        "I was prescribed clarithromycin 500 mg twice a day for 7 days. Is that ok with what I take?",
        "They gave me clarithromycin. Does it go with everything I take?",
        "What interacts with clarithromycin?",
        "Would clarithromycin 500 mg bid be a problem?",
        "What happens if clarithromycin is added?",
    ],
)
async def test_that_stands_for_the_medicine_that_was_just_named(talk: Talking, person: Principal, words: str) -> None:
    done = await talk(person).say(words)
    supported(done)
    assert done.reply.urgency is Urgency.URGENT
    assert "imvastatin and clarithromycin" in done.reply.text


async def test_what_interacts_with_a_medicine_is_its_list_and_what_is_taken(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("what interacts with warfarin?")
    supported(done)
    assert "should not be taken together with" in done.reply.text
    assert "Warfarin and simvastatin" in done.reply.text


async def test_a_question_about_an_illness_goes_on_about_the_medicine_before(talk: Talking, person: Principal) -> None:
    first = await talk(person).say("Can I take Sudafed?")
    done = await talk(person).say("what about my blood pressure?", first.thread.id)
    supported(done)
    assert "seudoephedrine" in done.reply.text


async def test_what_is_in_a_food_is_told_with_what_it_does_to_a_medicine(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("Can I have grapefruit?")
    supported(done)
    assert done.reply.urgency is Urgency.URGENT
    assert "simvastatin" in done.reply.text.lower()
    assert "kcal" in done.reply.text
    plain = await talk(person).say("Can I have rice?")
    assert {each.kind.partition(".")[0] for each in plain.reply.findings} == {"nutrition"}


async def test_a_lot_of_something_is_held_against_what_is_taken(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("I eat a lot of liquorice")
    supported(done)
    assert "iquorice raises blood pressure" in done.reply.text


async def test_a_food_that_no_rule_names_is_said_to_be_unchecked(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("Is it ok to eat mango with lisinopril?")
    supported(done)
    assert "do not name mango" in done.reply.text
    assert "Did you mean" not in done.reply.text


async def test_a_pregnancy_that_is_said_counts(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("I'm pregnant, can I take isotretinoin?")
    supported(done)
    assert any(f.kind == "drug_pregnancy" and f.urgency is Urgency.URGENT for f in done.reply.findings)


async def test_a_child_is_somebody_else(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("Can my 3 year old have aspirin?")
    supported(done)
    text = done.reply.text.lower()
    assert "did not use your record" in text
    assert any(f.kind == "drug_child" and f.status is Status.FOUND for f in done.reply.findings)


async def test_an_allergy_that_is_said_in_the_same_breath_counts(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("I'm allergic to penicillin, can I take amoxicillin?")
    assert any(f.kind == "drug_allergy" and f.urgency is Urgency.URGENT for f in done.reply.findings)


async def test_a_question_that_is_not_understood_is_checked_and_says_so(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("I was handed a script for fluconazole. Thoughts?")
    supported(done)
    assert "not sure that I understood" in done.reply.text
    assert "simvastatin" in done.reply.text.lower()


async def test_what_a_medicine_costs_is_not_answered_with_a_check(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("How much does Ozempic cost without insurance?")
    assert done.reply.findings == ()


async def test_a_dose_beside_a_question_is_no_dose_to_write_down(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("I took ibuprofen this morning, can I still take my lisinopril tonight?")
    assert done.confirmation is None
    assert "ibuprofen" in done.reply.text.lower()


async def test_who_asks_what_a_medicine_is_is_told_what_interrupts(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("What is clarithromycin?")
    supported(done)
    assert done.reply.urgency is Urgency.URGENT
    assert "simvastatin" in done.reply.text.lower()


async def test_what_is_taken_is_not_told_to_be_taken_twice(talk: Talking, person: Principal) -> None:
    done = await talk(person).say("What is simvastatin?")
    assert "both contain" not in done.reply.text


@pytest.mark.parametrize("question", ["What medicines should I avoid?", "Which foods should I avoid?", "I have gout"])
async def test_what_is_told_because_of_the_medicines_counts_as_theirs(
    talk: Talking, person: Principal, question: str
) -> None:
    done = await talk(person).say(question)
    supported(done)
    told = [finding for finding in done.reply.findings if "simvastatin" in finding.text.lower()]
    assert told
    assert all(Category.MEDICATIONS in finding.categories for finding in told)
