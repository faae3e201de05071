"""Knowledge over HTTP: everybody who is signed in asks, administrators review, and what they accept is answered."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import Person, Rows, SignIn
from tests.api.test_shell import problem
from tests.deterministic.knowledge.reading.pdfs import pdf
from tests.deterministic.knowledge.review.reviewing import LABEL, LACTULOSE, LATANOPROST, reverted
from vitasense.api.bootstrap import Services
from vitasense.api.upkeep import literature_loader_of
from vitasense.deterministic import medications
from vitasense.deterministic.auth import system_access
from vitasense.deterministic.knowledge import interactions
from vitasense.deterministic.knowledge.review import Review
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.findings import Status, Urgency

READ = "/v1/knowledge/materials"
CANDIDATES = "/v1/knowledge/candidates"
Json = dict[str, Any]


def a_label(text: str = LABEL) -> Json:
    """A label as a form, with words and a title of its own."""
    title = f"Finasteride {uuid4().hex[:8]}"
    return {"text": f"{text}\nLabel {title}.", "title": title, "source": "Tester 2026", "label_of": ["finasteride"]}


async def read(person: Person, form: Json | None = None) -> Json:
    answer = await person.client.post(READ, data=form or a_label())
    assert answer.status_code == 201, answer.text
    return answer.json()


async def candidates(person: Person, material: Json, **asked: str) -> list[Json]:
    answer = await person.client.get(CANDIDATES, params={"material_id": material["id"], **asked})
    return answer.json()["items"]


@pytest.fixture
async def admin(sign_in: SignIn, services: Services) -> AsyncIterator[Person]:
    """An administrator, after whom everything that was accepted is taken back."""
    yield await sign_in(Role.ADMIN)
    review = Review(services.database, system_access, services.clock, new_id)
    for material, _ in await review.materials(system_access("test")):
        await reverted(services.database, material)


async def test_a_label_is_read_reviewed_answered_and_taken_back(admin: Person, services: Services) -> None:
    material = await read(admin)
    assert (material["kind"], material["candidates"], material["about"]) == ("label", {"proposed": 4}, ["finasteride"])
    found = await candidates(admin, material)
    first = found[LATANOPROST]
    assert first["sentence"].startswith("Avoid latanoprost together with finasteride")
    assert (first["draft"]["source"], first["draft"]["severity"]) == ("ingredient:finasteride", "major")
    assert (first["known"]["standing"], first["state"], first["version"]) == ("new", "proposed", 0)

    accepted = await admin.client.post(f"{CANDIDATES}/{first['id']}/accept", json={"version": 0})
    assert (accepted.json()["state"], accepted.json()["in_force"]) == ("accepted", True)
    mended = {"severity": "minor", "what": "they are often given together", "version": 0}
    edited = await admin.client.post(f"{CANDIDATES}/{found[LACTULOSE]['id']}/edit", json=mended)
    assert (edited.json()["draft"]["severity"], edited.json()["edited"]["severity"]) == ("moderate", "minor")
    refused = await admin.client.post(f"{CANDIDATES}/{found[2]['id']}/refuse", json={"reason": "It is denied."})
    assert refused.json()["state"] == "refused"
    assert [each["state"] for each in await candidates(admin, material)] == [
        "accepted",
        "proposed",
        "refused",
        "edited",
    ]
    assert len(await candidates(admin, material, state="proposed")) == 1

    await services.shelf.refresh()
    path = (await admin.client.get("/v1/knowledge/path", params={"from": "Proscar", "to": "latanoprost"})).json()
    assert (path["one"]["key"], path["two"]["name"]) == ("ingredient:finasteride", "latanoprost")
    [finding] = path["findings"]
    assert "“Avoid latanoprost together with finasteride" in finding["evidence"][0]["label"]
    assert material["title"] in finding["evidence"][0]["source"]
    [told, *_] = medications.check(["Proscar", "latanoprost"], library=services.shelf.current)
    assert (told.urgency, told.evidence[0].label) == (Urgency.URGENT, finding["evidence"][0]["label"])
    node = (await admin.client.get("/v1/knowledge/node", params={"name": "latanoprost", "limit": 500})).json()
    [edge] = [each for each in node["edges"] if each["level"] == "reviewed"]
    assert (edge["other"]["name"], edge["sentence"]) == ("finasteride", first["sentence"])

    listed = (await admin.client.get("/v1/knowledge/releases")).json()["items"]
    assert [(each["version"], each["state"]) for each in listed if each["name"] == material["title"]] == [
        ("1", "superseded"),
        ("2", "active"),
    ]


async def test_what_was_taken_back_is_known_no_more(admin: Person, services: Services) -> None:
    material = await read(admin)
    [first, *_] = await candidates(admin, material)
    await admin.client.post(f"{CANDIDATES}/{first['id']}/accept", json={})
    await services.shelf.refresh()
    pair = ["finasteride", "latanoprost"]
    assert interactions(pair, services.shelf.current)[0].status is Status.FOUND
    [(kept, _)] = [
        each
        for each in await Review(services.database, system_access, services.clock, new_id).materials(system_access("x"))
        if str(each[0].id) == material["id"]
    ]
    await reverted(services.database, kept)
    await services.shelf.refresh()
    assert interactions(pair, services.shelf.current)[0].status is Status.NOT_FOUND
    detail = (await admin.client.get(f"{CANDIDATES}/{first['id']}")).json()
    assert (detail["candidate"]["state"], detail["candidate"]["in_force"]) == ("accepted", False)
    assert [each["state"] for each in detail["history"]] == ["accepted"]


async def test_deciding_again_needs_the_version_that_was_seen(admin: Person) -> None:
    [first, *_] = await candidates(admin, await read(admin))
    accept, refuse = f"{CANDIDATES}/{first['id']}/accept", f"{CANDIDATES}/{first['id']}/refuse"
    once = await admin.client.post(accept, json={})
    assert (await admin.client.post(accept, json={})).json() == once.json()
    told = await admin.client.post(refuse, json={"reason": "No."})
    assert problem(told, 409)["version"] == 1
    assert (await admin.client.post(refuse, json={"reason": "No.", "version": 1})).json()["version"] == 2


async def test_two_administrators_at_once_decide_once(admin: Person, sign_in: SignIn) -> None:
    other = await sign_in(Role.ADMIN)
    [first, *_] = await candidates(admin, await read(admin))
    answers = await asyncio.gather(
        admin.client.post(f"{CANDIDATES}/{first['id']}/accept", json={}),
        other.client.post(f"{CANDIDATES}/{first['id']}/refuse", json={"reason": "No."}),
    )
    assert sorted(each.status_code for each in answers) == [200, 409]
    detail = (await admin.client.get(f"{CANDIDATES}/{first['id']}")).json()
    assert len(detail["history"]) == 1


async def test_candidates_come_in_pages(admin: Person) -> None:
    material = await read(admin)
    seen: list[str] = []
    asked: dict[str, str] = {"material_id": material["id"], "limit": "3"}
    while True:
        page = (await admin.client.get(CANDIDATES, params=asked)).json()
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]
    assert seen == [each["id"] for each in await candidates(admin, material)]
    listed = (await admin.client.get(READ)).json()["items"]
    assert material in listed


@pytest.mark.parametrize("role", [Role.PATIENT, Role.PROVIDER])
async def test_nobody_but_an_administrator_reviews(admin: Person, sign_in: SignIn, rows: Rows, role: Role) -> None:
    material = await read(admin)
    [first, *_] = await candidates(admin, material)
    client, one = (await sign_in(role)).client, f"{CANDIDATES}/{first['id']}"
    file = {"file": ("x.pdf", b"%PDF-1.4 broken", "application/pdf")}
    for attempt in (
        client.post(READ, data=a_label()),
        client.post(READ, files=file),
        client.get(READ),
        client.get(CANDIDATES),
        client.get(one),
        client.post(f"{one}/accept", json={}),
        client.post(f"{one}/edit", json={"severity": "minor"}),
        client.post(f"{one}/refuse", json={"reason": "No."}),
    ):
        assert problem(await attempt, 403)
    assert rows("select state, decisions from app.knowledge_candidate where id = :id", id=first["id"]) == [
        ("proposed", 0)
    ]


async def test_everybody_who_is_signed_in_asks_and_nobody_else(sign_in: SignIn, client: httpx.AsyncClient) -> None:
    patient = (await sign_in(Role.PATIENT)).client
    asked: tuple[tuple[str, dict[str, str]], ...] = (
        ("path", {"from": "simvastatin", "to": "clarithromycin"}),
        ("search", {"q": "warf"}),
        ("node", {"name": "ingredient:warfarin"}),
        ("releases", {}),
    )
    for name, params in asked:
        assert (await patient.get(f"/v1/knowledge/{name}", params=params)).status_code == 200
        assert problem(await client.get(f"/v1/knowledge/{name}", params=params), 401)


async def test_a_path_is_told_with_its_steps_and_the_reasons(sign_in: SignIn) -> None:
    client = (await sign_in(Role.PROVIDER)).client
    asked = {"from": "Zocor", "to": "clarithromycin"}
    path = (await client.get("/v1/knowledge/path", params=asked)).json()
    assert path["one"] == {"key": "ingredient:simvastatin", "kind": "ingredient", "name": "simvastatin"}
    assert {each["status"] for each in path["findings"]} == {"found"}
    assert path["reasons"]
    unknown = (await client.get("/v1/knowledge/path", params={"from": "blorbixol", "to": "warfarin"})).json()
    assert (unknown["one"], unknown["findings"][0]["status"]) == (None, "not_evaluated")


async def test_a_node_is_found_by_name_brand_or_key_and_its_edges_come_in_pages(sign_in: SignIn) -> None:
    client = (await sign_in(Role.PATIENT)).client
    node = (await client.get("/v1/knowledge/node", params={"name": "Coumadin", "limit": 2})).json()
    assert (node["key"], node["codes"]["rxnorm"], len(node["edges"]), node["next"]) == (
        "ingredient:warfarin",
        ["11289"],
        2,
        2,
    )
    rest = (await client.get("/v1/knowledge/node", params={"name": "warfarin", "limit": 500, "start": 2})).json()
    assert (len(rest["edges"]), rest["next"]) == (node["total"] - 2, None)
    assert {each["via"]["key"] for each in rest["edges"] if each["via"]} == {"class:vitamin_k_antagonist"}
    assert problem(await client.get("/v1/knowledge/node", params={"name": "blorbixol"}), 404)
    assert "lisinopril" in str(
        problem(await client.get("/v1/knowledge/node", params={"name": "lisinopirl"}), 404)["detail"]
    )


async def test_a_search_finds_names_by_their_beginning(sign_in: SignIn) -> None:
    client = (await sign_in(Role.PATIENT)).client
    found = (await client.get("/v1/knowledge/search", params={"q": "warf"})).json()["items"]
    assert (found[0]["name"], found[0]["node"], found[0]["how"]) == ("warfarin", "ingredient:warfarin", "name")
    several = (await client.get("/v1/knowledge/search", params={"q": "blood pressure", "limit": 3})).json()["items"]
    assert len(several) == 3
    assert several[0]["name"] == "blood pressure"
    assert problem(await client.get("/v1/knowledge/search", params={"q": ""}), 422)
    assert problem(await client.get("/v1/knowledge/search", params={"q": "x" * 201}), 422)


async def test_a_search_quotes_documents_of_which_something_was_accepted(
    admin: Person, sign_in: SignIn, services: Services
) -> None:
    client = (await sign_in(Role.PATIENT)).client
    asked = {"q": "an enlarged prostate"}
    material = await read(admin)
    assert (await client.get("/v1/knowledge/search", params=asked)).json()["passages"] == []
    first = (await candidates(admin, material))[LATANOPROST]
    await admin.client.post(f"{CANDIDATES}/{first['id']}/accept", json={})
    waiting = (await client.get("/v1/knowledge/search", params=asked)).json()
    assert (waiting["passages"], waiting["not_searched"]) == ([], [material["title"]])
    await services.shelf.refresh()
    await literature_loader_of(services).step()
    found = (await client.get("/v1/knowledge/search", params=asked)).json()
    assert found["not_searched"] == []
    [passage] = found["passages"]
    assert passage["quotation"] == "Finasteride is taken once a day against an enlarged prostate."
    assert (passage["title"], passage["heading"]) == (material["title"], "INDICATIONS")
    assert passage["evidence"]["ref"] == f"knowledge/literature#{material['id']}"
    await admin.client.post(f"{CANDIDATES}/{first['id']}/refuse", json={"reason": "No.", "version": 1})
    assert (await client.get("/v1/knowledge/search", params=asked)).json()["passages"] == []


HOSTILE = {
    "empty text": ("x.txt", b""),
    "empty PDF": ("x.pdf", b""),
    "damaged PDF": ("x.pdf", pdf(["Warfarin must not be given with aspirin."])[:80]),
    "binary called text": ("x.txt", bytes(range(256)) * 20),
    "binary called PDF": ("x.pdf", b"\x7fELF" + bytes(500)),
    "a program": ("x.exe", b"MZ" + bytes(100)),
    "no suffix": ("x", b"Warfarin and aspirin."),
    "a record": ("x.json", b'{"resourceType": "Bundle", "entry": []}'),
    "a letter": ("x.txt", b"Patient name: Maria Alvarez\nTakes warfarin."),
    "no JSON": ("x.json", b"{" * 5000),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_cannot_be_read_is_refused_in_plain_words_and_not_kept(admin: Person, name: str) -> None:
    before = (await admin.client.get(READ)).json()
    file, content = HOSTILE[name]
    answer = await admin.client.post(READ, files={"file": (file, content)}, data={"title": f"Hostile {name}"})
    assert "Traceback" not in str(problem(answer, 422)["detail"])
    assert (await admin.client.get(READ)).json() == before


async def test_five_megabytes_are_refused_as_too_large(admin: Person) -> None:
    file = {"file": ("x.txt", b"Warfarin must not be given with aspirin. " * 125_000)}
    assert problem(await admin.client.post(READ, files=file), 413)
    almost = {"file": ("x.txt", b"Warfarin must not be given with aspirin. " * 90_000)}
    assert "in parts" in str(problem(await admin.client.post(READ, files=almost), 413)["detail"])


async def test_a_name_that_nobody_knows_is_told(admin: Person) -> None:
    told = problem(await admin.client.post(READ, data=a_label() | {"label_of": ["Blorbixol"]}), 422)
    assert "Blorbixol" in str(told["detail"])
    found = await candidates(admin, await read(admin))
    asked = {"target": "Blorbixol"}
    told = problem(await admin.client.post(f"{CANDIDATES}/{found[1]['id']}/edit", json=asked), 422)
    assert "Blorbixol" in str(told["detail"])


async def test_a_file_is_read_under_its_name_and_the_same_words_once(admin: Person) -> None:
    word = uuid4().hex[:8]
    lines = ["DRUG INTERACTIONS", "", "Avoid latanoprost together with finasteride.", f"Label {word}."]
    file = {"file": (f"Leaflet {word}.pdf", pdf(lines), "application/pdf")}
    answer = await admin.client.post(READ, files=file, data={"label_of": ["finasteride"]})
    assert (answer.status_code, answer.json()["title"]) == (201, f"Leaflet {word}"), answer.text
    assert answer.json()["candidates"] == {"proposed": 1}
    assert problem(await admin.client.post(READ, files=file, data={"title": "Another"}), 409)


async def test_a_request_names_one_document(admin: Person) -> None:
    assert problem(await admin.client.post(READ, data={"title": "Nothing"}), 422)
    both = await admin.client.post(READ, data=a_label(), files={"file": ("x.txt", b"Words.")})
    assert problem(both, 422)


async def test_two_files_at_once_are_both_read(admin: Person) -> None:
    words = [uuid4().hex[:8] for _ in range(2)]
    files = [(f"{word}.pdf", pdf(["Avoid latanoprost together with finasteride.", f"Label {word}."])) for word in words]
    answers = await asyncio.gather(*(admin.client.post(READ, files={"file": each}) for each in files))
    assert [each.status_code for each in answers] == [201, 201]
    assert sorted(each.json()["title"] for each in answers) == sorted(words)
