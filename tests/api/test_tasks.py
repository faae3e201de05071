"""What a person is asked to do, over HTTP: listed, answered, done, set aside."""

from tests.api.conftest import SignIn
from tests.api.measuring import share
from tests.api.test_alarms import ask_one
from tests.api.test_shell import problem
from vitasense.deterministic.alarms import TaskKind
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id
from vitasense.deterministic.platform.database import Database

QUESTION = {"kind": TaskKind.QUESTION, "key": "dizzy", "text": "Are you dizzy?", "metric": None}


async def test_a_question_is_done_by_its_answer_and_leaves_the_open_list(sign_in: SignIn, database: Database) -> None:
    patient = await sign_in(Role.PATIENT)
    task = await ask_one(database, patient, **QUESTION)
    [seen] = (await patient.client.get("/v1/tasks")).json()["items"]
    assert (seen["id"], seen["kind"], seen["state"], seen["answer"]) == (str(task.id), "question", "open", None)
    place = f"/v1/tasks/{task.id}"
    assert problem(await patient.client.post(f"{place}/done"), 409)
    for wrong in ({}, {"answer": ""}, {"answer": "a" * 2001}, {"answer": "\u200b"}):
        assert problem(await patient.client.post(f"{place}/answer", json=wrong), 422)
    done = (await patient.client.post(f"{place}/answer", json={"answer": " No. "})).json()
    assert (done["state"], done["answer"]) == ("done", "No.")
    assert (await patient.client.post(f"{place}/answer", json={"answer": "No."})).json() == done
    assert problem(await patient.client.post(f"{place}/answer", json={"answer": "Yes."}), 409)
    assert (await patient.client.get("/v1/tasks")).json() == {"items": []}
    assert (await patient.client.get("/v1/tasks", params={"state": "all"})).json() == {"items": [done]}


async def test_a_task_is_done_or_set_aside_once(sign_in: SignIn, database: Database) -> None:
    patient = await sign_in(Role.PATIENT)
    one, two = await ask_one(database, patient), await ask_one(database, patient, key="other")
    assert (await patient.client.post(f"/v1/tasks/{one.id}/done")).json()["state"] == "done"
    assert (await patient.client.post(f"/v1/tasks/{one.id}/done")).json()["state"] == "done"
    assert problem(await patient.client.post(f"/v1/tasks/{one.id}/dismiss"), 409)
    assert problem(await patient.client.post(f"/v1/tasks/{one.id}/answer", json={"answer": "145"}), 409)
    assert (await patient.client.post(f"/v1/tasks/{two.id}/dismiss")).json()["state"] == "dismissed"
    assert problem(await patient.client.post(f"/v1/tasks/{new_id()}/done"), 404)


async def test_tasks_of_another_are_seen_by_grant_and_changed_by_leave(sign_in: SignIn, database: Database) -> None:
    patient, other, provider = await sign_in(Role.PATIENT), await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    task, whose = await ask_one(database, patient), {"patient_id": str(patient.id)}
    assert problem(await other.client.post(f"/v1/tasks/{task.id}/done"), 404)
    assert problem(await provider.client.get("/v1/tasks", params=whose), 403)
    await share(patient, provider, "vitals")
    assert len((await provider.client.get("/v1/tasks", params=whose)).json()["items"]) == 1
    assert problem(await provider.client.post(f"/v1/tasks/{task.id}/done", params=whose), 403)
    await share(patient, provider, "labs", write=True)
    assert problem(await provider.client.post(f"/v1/tasks/{task.id}/done", params=whose), 403)
    await share(patient, provider, "vitals", write=True)
    assert (await provider.client.post(f"/v1/tasks/{task.id}/done", params=whose)).json()["state"] == "done"
