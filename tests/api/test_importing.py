"""Documents that come in over HTTP can be asked about at once, and a refused import leaves nothing of them."""

from typing import Any

from tests.api.conftest import SignIn
from tests.api.test_record import files
from tests.memory.letters import bundle, letter
from vitasense.deterministic.platform.access import Role

QUESTION = {"message": "What does my discharge letter say about blood thinners?"}
SEEN = "Continue apixaban 5 mg twice daily."


async def ask(person: Any) -> str:
    answer = await person.client.post("/v1/chat", json=QUESTION)
    assert answer.status_code == 200
    return answer.json()["reply"]


async def test_an_imported_letter_answers(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    report = await patient.client.post("/v1/imports", files=files(bundle(letter(SEEN))))
    assert report.status_code == 200
    assert SEEN in await ask(patient)
    items = (await patient.client.get("/v1/memories", params={"kind": "passage"})).json()["items"]
    assert [item["text"] for item in items] == [SEEN]
    assert items[0]["source"]["ref"].startswith("DocumentReference/")


async def test_of_several_files_one_that_is_refused_leaves_no_passage_of_the_others(sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    refused = await patient.client.post("/v1/imports", files=files(bundle(letter(SEEN)), {"resourceType": 1}))
    assert refused.status_code >= 400
    assert (await patient.client.get("/v1/memories", params={"kind": "passage"})).json()["items"] == []
    assert "holds no document" in await ask(patient)
