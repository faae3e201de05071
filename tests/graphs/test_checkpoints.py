"""An interrupted turn survives a restart; what is kept of it is sealed and belongs to one person."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from tests.graphs.conftest import Talk, assistant_of
from tests.people import access_of
from vitasense.deterministic.platform.access import Principal, own_purpose
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import NotFound
from vitasense.graphs.checkpoints import SealedSerializer
from vitasense.graphs.state import Said
from vitasense.graphs.turn import Answer, Ask

MEAL = "I had two eggs and toast for breakfast"
BOTH = "I had two eggs for breakfast. Please log my blood pressure 131/84."
TABLES = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")

Talking = Callable[..., Talk]


async def count(database: Database, person: Principal, table: str) -> int:
    """Rows that the person can see."""
    async with database.transaction(access_of(person)) as tx:
        return (await tx.execute(text(f"select count(*) from phi.{table}"))).scalar_one()


async def test_a_confirmation_is_answered_after_a_restart(
    database: Database, tmp_path: Path, patient: Principal
) -> None:
    asked = await Talk(assistant_of(database, tmp_path), patient).say(MEAL)
    restarted = Talk(assistant_of(database, tmp_path), patient)
    done = await restarted.answer(asked, approved=True)
    assert "food diary" in done.reply.text
    assert await count(database, patient, "meal") == 1


async def test_two_confirmations_of_one_message_are_answered_one_by_one(
    database: Database, tmp_path: Path, patient: Principal
) -> None:
    talk = Talk(assistant_of(database, tmp_path), patient)
    first = await talk.say(BOTH)
    second = await talk.answer(first, approved=True)
    assert first.confirmation and second.confirmation
    assert {first.confirmation.tool, second.confirmation.tool} == {"log_meal", "log_measurement"}
    done = await Talk(assistant_of(database, tmp_path), patient).answer(second, approved=True)
    assert done.confirmation is None
    assert (await count(database, patient, "meal"), await count(database, patient, "sample")) == (1, 2)


async def test_answering_twice_writes_once(database: Database, talk: Talking, patient: Principal) -> None:
    conversation = talk(patient)
    asked = await conversation.say(MEAL)
    await conversation.answer(asked, approved=True)
    with pytest.raises(Exception, match="no longer open"):
        await conversation.answer(asked, approved=True)
    assert await count(database, patient, "meal") == 1


async def test_nothing_of_a_conversation_is_stored_in_clear(
    database: Database, admin_url: str, talk: Talking, patient: Principal
) -> None:
    await talk(patient).say("I had two zucchini canaries and toast for breakfast")
    async with database.transaction(access_of(patient)) as tx:
        for table in TABLES:
            rows = (await tx.execute(text(f"select to_jsonb(t)::text from phi.{table} t"))).scalars().all()
            assert rows
            assert not any("canaries" in row or b"canar".hex() in row for row in rows), table


async def test_checkpoints_of_one_person_are_closed_to_another(
    database: Database, talk: Talking, patient: Principal, provider: Principal
) -> None:
    asked = await talk(patient).say(MEAL)
    for table in TABLES:
        assert await count(database, provider, table) == 0
    with pytest.raises(NotFound):
        await talk(provider, patient.account_id).answer(asked, approved=True)
    assert await count(database, patient, "meal") == 0


async def test_another_patient_cannot_use_a_thread_even_with_its_id(
    database: Database, talk: Talking, patient: Principal, maria: Principal
) -> None:
    mine = await talk(patient).say("hello")
    with pytest.raises(NotFound):
        await talk(maria).say("hello", mine.thread.id)


def test_a_value_that_was_not_sealed_is_not_read() -> None:
    serializer = SealedSerializer(b"k" * 32)
    with pytest.raises(ValueError, match="not encrypted"):
        serializer.loads_typed(("msgpack", b"\x80"))


def test_a_sealed_value_needs_its_key_and_its_type() -> None:
    kind, data = SealedSerializer(b"k" * 32).dumps_typed({"a": 1})
    for key, told in ((b"x" * 32, kind), (b"k" * 32, kind.replace("msgpack", "json"))):
        with pytest.raises(InvalidTag):
            SealedSerializer(key).loads_typed((told, data))


def test_only_listed_types_come_back() -> None:
    serializer = SealedSerializer(b"k" * 32)
    said = Said.model_validate({"text": "hello", "turn_id": "01a20677-baad-7197-991c-1383b8237058"})
    assert serializer.loads_typed(serializer.dumps_typed(said)) == said
    assert not isinstance(serializer.loads_typed(serializer.dumps_typed(Path("/etc/passwd"))), Said)


async def test_an_answer_that_was_cut_off_can_be_given_again(
    database: Database, tmp_path: Path, patient: Principal
) -> None:
    asked = await Talk(assistant_of(database, tmp_path), patient).say(MEAL)
    assert asked.confirmation is not None
    answer = Answer(asked.confirmation.id, approved=True)
    ask = Ask(patient, own_purpose(patient), patient.account_id, answer=answer, thread_id=asked.thread.id)
    cut_off = assistant_of(database, tmp_path).turn(ask)
    await anext(cut_off)
    await cut_off.aclose()
    done = await Talk(assistant_of(database, tmp_path), patient).answer(asked, approved=True)
    assert "food diary" in done.reply.text
    assert await count(database, patient, "meal") == 1
