"""Checks over HTTP: what a misspelt name may be, and the override that keeps a finding quiet."""

import re
from typing import Any

import pytest

from tests.api.conftest import Person, SignIn
from tests.api.measuring import share
from tests.api.test_medications import PLACE, add
from vitasense.deterministic.platform.access import Role

REASON = "my doctor checks my blood every week"


async def thought_of(person: Person, *names: str, with_record: bool = False) -> list[dict[str, Any]]:
    body = {"medicines": [{"name": name} for name in names], "with_record": with_record}
    answer = await person.client.post(f"{PLACE}/check", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["findings"]


async def checked(person: Person, whose: Person | None = None) -> list[dict[str, Any]]:
    answer = await person.client.get(f"{PLACE}/check", params={"patient_id": str(whose.id)} if whose else {})
    assert answer.status_code == 200, answer.text
    return answer.json()["findings"]


def meant(findings: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The names as they were written and those that may be meant, in their order."""
    values = [value for finding in findings for value in finding["values"]]
    return [(each["name"], each["text"]) for each in values if each["name"] in ("written", "suggestion")]


def bleeding(findings: list[dict[str, Any]]) -> dict[str, Any]:
    pair = {"warfarin", "ibuprofen"}
    return next(
        each
        for each in findings
        if each["kind"] == "drug_interaction" and pair <= {value["text"] for value in each["values"]}
    )


async def test_a_name_that_was_read_as_another_one_is_answered_with_that_one(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    found = await thought_of(patient, "lisinoprl 10 mg", "ibuprofen 400 mg")
    assert meant(found) == [("written", "lisinoprl 10 mg"), ("suggestion", "lisinopril 10 mg")]
    (name,) = [each for each in found if each["kind"] == "drug_name"]
    assert (name["status"], name["text"]) == ("found", "I read “lisinoprl 10 mg” as lisinopril.")


async def test_an_unknown_name_is_answered_with_what_it_may_be_behind_its_own(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    found = await thought_of(patient, "lamictil 25 mg", "celebrexx", "blorfoxil")
    (unknown,) = [each for each in found if (each["reason"] or "").startswith("unknown medicine")]
    assert unknown["status"] == "not_evaluated"
    assert meant([unknown]) == [
        *(("written", "lamictil 25 mg"), ("suggestion", "Lamictal 25 mg")),
        *(("suggestion", "Lamisil 25 mg"), ("suggestion", "Largactil 25 mg")),
        *(("written", "celebrexx"), ("suggestion", "Celebrex")),
    ]


@pytest.mark.parametrize("name", ["lisinopril 10 mg", "blorfoxil"])
async def test_a_known_name_and_one_like_no_other_have_nothing_that_may_be_meant(sign_in: SignIn, name: str) -> None:
    assert meant(await thought_of(await sign_in(Role.PATIENT), name, with_record=True)) == []


async def test_a_quiet_finding_has_its_override_which_is_taken_back_by_its_id(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    for name in ("warfarin 5 mg", "ibuprofen 400 mg"):
        assert (await add(patient, name=name)).status_code == 201
    loud = bleeding(await checked(patient))
    assert (loud["urgency"], loud["override"]) == ("urgent", None)
    made = await patient.client.post(f"{PLACE}/overrides", json={"finding": loud, "reason": REASON})
    assert made.status_code == 201, made.text
    quiet = bleeding(await checked(patient))
    assert (quiet["urgency"], quiet["override"]) == ("self_care", made.json())
    ended = await patient.client.delete(f"{PLACE}/overrides/{quiet['override']['id']}")
    assert ended.json()["ended_at"]
    assert bleeding(await checked(patient)) == loud


async def test_what_is_thought_of_beside_the_record_has_its_override_too(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    assert (await add(patient, name="warfarin 5 mg")).status_code == 201
    loud = bleeding(await thought_of(patient, "ibuprofen 400 mg", with_record=True))
    made = await patient.client.post(f"{PLACE}/overrides", json={"finding": loud, "reason": REASON})
    assert bleeding(await thought_of(patient, "ibuprofen 400 mg", with_record=True))["override"] == made.json()
    assert bleeding(await thought_of(patient, "ibuprofen 400 mg", "warfarin 5 mg"))["override"] is None


async def test_a_provider_sees_the_override_with_the_medicines_and_not_without(sign_in: SignIn) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    for name in ("warfarin 5 mg", "ibuprofen 400 mg"):
        assert (await add(patient, name=name)).status_code == 201
    body = {"finding": bleeding(await checked(patient)), "reason": REASON}
    made = (await patient.client.post(f"{PLACE}/overrides", json=body)).json()
    await share(patient, provider, "labs")
    assert made["id"] not in str(await checked(provider, patient))
    await share(patient, provider, "medications")
    assert bleeding(await checked(provider, patient))["override"] == made


async def test_the_description_names_the_override_of_a_finding(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    schemas = (await patient.client.get("/openapi.json")).json()["components"]["schemas"]
    finding = next(each for name, each in schemas.items() if name.startswith("CheckedFinding"))
    assert {"$ref": "#/components/schemas/OverrideView"} in finding["properties"]["override"]["anyOf"]
    assert "suggestion" in finding["description"]


@pytest.mark.parametrize(
    "words",
    [
        "What are the side effects of the patient's medicines?",
        "Show the mechanism of ibuprofen",
        "Can he take ibuprofen?",
        "Check his medicines",
    ],
)
@pytest.mark.parametrize("shared", ["conditions", "vitals", "labs", "allergies"])
async def test_a_provider_who_may_not_see_medicines_is_told_so_and_nothing_of_them(
    sign_in: SignIn, words: str, shared: str
) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    assert (await add(patient, name="lisinopril 10 mg")).status_code == 201
    await share(patient, provider, shared)
    answer = await provider.client.post("/v1/chat", json={"message": words, "patient_id": str(patient.id)})
    assert answer.status_code == 200, answer.text
    told = answer.json()["reply"]
    assert "not shared" in told
    assert "lisinopril" not in answer.text.lower()


async def test_a_provider_who_sees_the_medicines_alone_gets_their_check_and_what_it_lacked(sign_in: SignIn) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    assert (await add(patient, name="lisinopril 10 mg")).status_code == 201
    await share(patient, provider, "medications")
    body = {"message": "Can he take ibuprofen?", "patient_id": str(patient.id)}
    answer = await provider.client.post("/v1/chat", json=body)
    assert answer.status_code == 200, answer.text
    told = answer.json()["reply"]
    assert "Lisinopril and ibuprofen can affect each other" in told
    assert "could not check everything" in told


async def test_what_is_told_of_a_patient_does_not_speak_to_whoever_treats_them(sign_in: SignIn) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    assert (await add(patient, name="lisinopril 10 mg")).status_code == 201
    await share(patient, provider, "medications")
    for words in ("Can he take ibuprofen?", "Patient is pregnant, are the medicines ok?"):
        body = {"message": words, "patient_id": str(patient.id)}
        told = (await provider.client.post("/v1/chat", json=body)).json()["reply"]
        assert "isinopril" in told
        assert not re.search(r"\byour?\b", told.replace("shared with you", "")), told


async def test_a_kind_of_medicine_is_not_said_to_be_absent_where_medicines_are_not_shared(sign_in: SignIn) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    assert (await add(patient, name="atorvastatin 40 mg")).status_code == 201
    await share(patient, provider, "labs")
    body = {"message": "Can he take a statin?", "patient_id": str(patient.id)}
    told = (await provider.client.post("/v1/chat", json=body)).json()["reply"]
    assert "not shared with you" in told
    assert "kind of medicine" in told and "I see none" not in told


async def test_for_another_who_is_asked_about_nothing_is_said_of_the_patient(sign_in: SignIn) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    await share(patient, provider, "medications")
    body = {"message": "His wife takes warfarin, can she take aspirin?", "patient_id": str(patient.id)}
    told = (await provider.client.post("/v1/chat", json=body)).json()["reply"]
    assert "their allergies are not known" in told
    assert "the patient's allergies" not in told
