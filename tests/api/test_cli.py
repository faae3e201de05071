"""The commands as people and scripts run them: what they say, what they change, and their exit codes."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.api.command import Command, until
from vitasense.deterministic.platform.database import EmbeddedPostgres
from vitasense.deterministic.platform.database.binaries import find_binaries
from vitasense.deterministic.platform.settings import Settings

ANNA, OTTO, DOCTOR = "anna@example.org", "otto@example.org", "doctor@example.org"
PASSWORD = "correct horse battery"


def fresh_home(prefix: str) -> Path:
    home = Path(tempfile.mkdtemp(prefix=prefix))
    home.chmod(0o755)
    return home


@pytest.fixture(scope="module")
def command() -> Iterator[Command]:
    home = fresh_home("vitasense-cli-")
    command = Command(home)
    postgres = EmbeddedPostgres(home, Settings(home=home).keys.password("superuser"))
    postgres.start()  # kept running: starting it takes longer than most commands
    for email, role in ((ANNA, "patient"), (OTTO, "patient"), (DOCTOR, "provider")):
        words = ("user", "create", email, "--name", email.split("@")[0].title(), "--role", role, "--ask-password")
        made = command.run(*words, words=PASSWORD + "\n")
        assert made.returncode == 0, made.stderr
    yield command
    postgres.stop()
    command.end()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with one result that can be taken and one entry that cannot."""
    weight = {
        "resourceType": "Observation",
        "id": "weight",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7", "display": "Body weight"}]},
        "effectiveDateTime": "2026-10-01T08:00:00Z",
        "valueQuantity": {"value": 70.5, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
    }
    entries = [{"resource": weight}, {"resource": {"resourceType": "Nonsense"}}]
    file = tmp_path_factory.mktemp("files") / "bundle.json"
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    return file


def contents(file: Path) -> str:
    """The table of contents of a backup."""
    program = find_binaries(file.parent, None, None) / "pg_restore"
    return subprocess.run([program, "--list", file], capture_output=True, text=True).stdout


def test_help_answers_at_once_and_names_the_exit_codes(tmp_path: Path) -> None:
    command = Command(tmp_path)
    said = command.run("--help")
    assert said.returncode == 0
    assert "Exit codes: 0 done" in said.stdout
    for name in (
        "serve",
        "worker",
        "ask",
        "import",
        "user",
        "consent",
        "audit",
        "db",
        "events",
        "eval",
        "check",
        "version",
    ):
        assert name in said.stdout
    assert list(tmp_path.iterdir()) == []
    program = [sys.executable, "-X", "importtime", "-m", "vitasense", "--help"]
    loaded = subprocess.run(program, capture_output=True, text=True).stderr
    for heavy in (
        "sqlalchemy",
        "fastapi",
        "langchain_core",
        "langgraph",
        "pydantic",
        "uvicorn",
        "inspect_ai",
        "jinja2",
    ):
        assert f" {heavy}\n" not in loaded


def test_settings_that_cannot_be_used_are_named_without_their_value(tmp_path: Path) -> None:
    said = Command(tmp_path, VITASENSE_PORT="soon").run("check")
    assert said.returncode == 2
    assert "VITASENSE_PORT" in said.stderr
    assert "Traceback" not in said.stderr
    production = Command(tmp_path, VITASENSE_ENVIRONMENT="production", VITASENSE_SECRET="too-short").run("check")
    assert production.returncode == 2
    assert "VITASENSE_SECRET must be set" in production.stderr
    assert "too-short" not in production.stderr


def test_production_does_not_start_without_secret_and_address(tmp_path: Path) -> None:
    said = Command(tmp_path, VITASENSE_ENVIRONMENT="production").run("serve")
    assert (said.returncode, said.stdout) == (2, "")
    for name in ("VITASENSE_SECRET must be set", "VITASENSE_PUBLIC_URL must be the https address"):
        assert name in said.stderr
    assert "Traceback" not in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_check_on_a_new_machine_looks_and_creates_nothing(tmp_path: Path) -> None:
    said = Command(tmp_path).run("check", "--json")
    assert said.returncode == 0, said.stderr
    found = {each["name"]: each for each in json.loads(said.stdout)}
    assert found["database"]["verdict"] == "off"
    assert "serve" in found["database"]["words"]
    assert list(tmp_path.iterdir()) == []


def test_check_says_what_is_missing_and_fails(tmp_path: Path) -> None:
    said = Command(tmp_path, VITASENSE_POSTGRES_BIN=str(tmp_path)).run("check")
    assert said.returncode == 0
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    said = Command(tmp_path, VITASENSE_DATABASE_URL=url, VITASENSE_DATABASE_ADMIN_URL=url).run("check")
    assert said.returncode == 1
    assert "MISSING" in said.stdout
    assert "Missing: database" in said.stderr


def test_accounts_are_created_listed_disabled_and_get_a_link_to_a_new_password(command: Command) -> None:
    assert command.run("user", "create", ANNA, "--name", "Anna").returncode == 5
    assert command.run("user", "create", "not an address", "--name", "Anna").returncode == 2
    assert command.run("user", "reset-password", "nobody@example.org").returncode == 4
    assert command.run("user", "reset-password", ANNA).returncode == 0
    letters = [file.read_text() for file in (command.home / "mail").glob("*.eml")]
    assert any(f"To: {ANNA}" in letter for letter in letters)
    assert command.run("user", "create", "gone@example.org", "--name", "Gone").returncode == 0
    refused = command.run("user", "disable", "gone@example.org")
    assert (refused.returncode, "--yes" in refused.stderr) == (3, True)
    assert command.run("user", "disable", "gone@example.org", "--yes").returncode == 0
    listed = json.loads(command.run("user", "list", "--json").stdout)
    assert {each["email"]: each["active"] for each in listed} == {
        ANNA: True,
        OTTO: True,
        DOCTOR: True,
        "gone@example.org": False,
    }


def test_import_takes_what_can_be_taken_and_says_what_not(command: Command, bundle: Path) -> None:
    said = command.run("import", str(bundle.parent), "--as", ANNA)
    assert said.returncode == 1
    assert "1 new" in said.stdout
    assert "entry[1]" in said.stderr
    again = command.run("import", str(bundle), "--as", ANNA)
    assert "0 new, 0 updated, 1 unchanged, 1 not taken" in again.stdout
    assert command.run("import", str(bundle), "--as", DOCTOR).returncode == 3
    assert command.run("import", str(bundle), "--as", "nobody@example.org").returncode == 4
    assert command.run("import", "no such file", "--as", ANNA).returncode == 4


def test_import_of_something_else_goes_on_with_the_next_file(command: Command, bundle: Path) -> None:
    other = bundle.parent.parent / "broken.json"
    other.write_text("{")
    said = command.run("import", str(other), str(bundle), "--as", OTTO)
    assert said.returncode == 1
    assert "nothing was taken" in said.stderr
    assert "1 new" in said.stdout


def test_a_change_is_made_only_when_confirmed(command: Command) -> None:
    meal = ("ask", "I had two eggs and toast for breakfast", "--as", OTTO)
    refused = command.run(*meal)
    assert refused.returncode == 3
    assert "2 eggs" in refused.stderr
    assert command.sql("select count(*) from phi.meal") == [(0,)]
    done = command.run(*meal, "--yes")
    assert done.returncode == 0, done.stderr
    assert "This rests on" in done.stdout
    assert command.sql("select count(*) from phi.meal") == [(1,)]


def test_a_provider_asks_while_the_patient_shares_and_no_longer(command: Command) -> None:
    question = ("ask", "Which allergies are there?", "--as", DOCTOR)
    assert command.run(*question).returncode == 2
    assert command.run(*question, "--patient", "nobody@example.org").returncode == 4
    refused = command.run(*question, "--patient", ANNA)
    assert (refused.returncode, refused.stdout) == (3, "")
    given = command.run("consent", "grant", DOCTOR, "--as", ANNA, "--category", "allergies", "--category", "vitals")
    assert given.returncode == 0, given.stderr
    assert "allergies, vitals" in command.run("consent", "list", "--as", DOCTOR).stdout
    assert command.run(*question, "--patient", ANNA).returncode == 0
    grant = command.run("consent", "list", "--as", ANNA).stdout.splitlines()[1].split()[0]
    assert command.run("consent", "revoke", grant, "--as", OTTO).returncode == 4
    assert command.run("consent", "revoke", grant, "--as", ANNA).returncode == 0
    assert command.run(*question, "--patient", ANNA).returncode == 3
    assert command.run("consent", "grant", OTTO, "--as", ANNA, "--category", "vitals").returncode == 4


def test_an_emergency_is_answered_and_the_worker_notes_it(command: Command) -> None:
    said = command.run("ask", "I have crushing chest pain", "--as", ANNA, "--json")
    assert json.loads(said.stdout)["urgency"] == "emergency"
    noted = "select count(*) from audit.entry where body->>'verb' = 'raised' and body->>'object' = 'emergency'"
    assert command.sql(noted) == [(0,)]
    with command.working() as worker:
        until(lambda: command.sql(noted) == [(1,)], 60)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0


def test_an_event_that_was_given_up_is_listed_and_tried_again(command: Command) -> None:
    assert "No event" in command.run("events", "list").stdout
    unknown = command.run("events", "replay", "0199f3f2-6d5b-7c3a-9d0e-3a1f5b0c2d4e")
    assert (unknown.returncode, "events list" in unknown.stderr) == (4, True)
    assert command.run("events", "replay", "the last one").returncode == 2
    [[event]] = command.sql(
        "update app.inbox i set handled_at = null, parked_at = now(), attempts = 8, last_error = 'ValueError' "
        "from app.event e where e.id = i.event_id and e.type = 'conversation.emergency_raised' "
        "and i.consumer = 'emergency_notes' returning e.id"
    )
    assert str(event) in command.run("events", "list").stdout
    [told] = json.loads(command.run("events", "list", "--json").stdout)
    assert (told["event_id"], told["consumer"], told["error"]) == (str(event), "emergency_notes", "ValueError")
    assert "emergency_notes" in command.run("events", "replay", str(event)).stdout
    with command.working():
        until(lambda: command.sql("select 1 from app.inbox where handled_at is null or attempts > 1") == [])
    assert "No event" in command.run("events", "list").stdout


def test_the_audit_log_verifies_until_somebody_changes_it(command: Command) -> None:
    assert command.run("audit", "verify").returncode == 0
    change = 'update audit.entry set body = body || \'{"verb": "nothing"}\' where seq = 1 and subject_id = '
    subject = f"(select id from app.account where email = '{DOCTOR}')"
    [[words]] = command.sql(f"select body::text from audit.entry where seq = 1 and subject_id = {subject}")
    command.sql(change + subject)
    said = command.run("audit", "verify")
    assert said.returncode == 1
    assert "entry 1: its words" in said.stderr
    command.sql(f"update audit.entry set body = '{words}' where seq = 1 and subject_id = {subject}")
    assert command.run("audit", "verify").returncode == 0


def test_a_removed_end_of_the_audit_log_is_noticed(command: Command) -> None:
    subject = f"(select id from app.account where email = '{DOCTOR}')"
    command.sql(f"create table public.kept as select * from audit.entry where subject_id = {subject}")
    command.sql(f"delete from audit.entry where subject_id = {subject}")
    said = command.run("audit", "verify")
    command.sql("insert into audit.entry select * from public.kept")
    command.sql("drop table public.kept")
    assert said.returncode == 1
    assert "is broken at" in said.stderr
    assert command.run("audit", "verify").returncode == 0


def test_a_backup_comes_back_whole_and_only_under_its_secret(command: Command, bundle: Path) -> None:
    assert command.run("import", str(bundle), "--as", ANNA).returncode == 1
    file = bundle.parent.parent / "all.backup"
    said = command.run("db", "backup", str(file))
    assert said.returncode == 0, said.stderr
    assert str(command.home / "secret.key") in said.stdout
    assert file.stat().st_mode & 0o077 == 0
    assert command.run("db", "backup", str(file)).returncode == 5
    assert "TABLE DATA phi resource" in contents(file)
    assert "TABLE DATA sec signing_key" not in contents(file)
    query = "select patient_id, id, content::text from phi.resource order by 1, 2"
    command.sql("update app.event set xid = '9000000000'")  # as on a server that has run for years
    command.sql("insert into app.relay values ('emergency_notes', '9000000000') on conflict do nothing")
    before = command.sql(query)
    refused = command.run("db", "restore", str(file))
    assert (refused.returncode, "--replace" in refused.stderr) == (5, True)
    assert command.run("db", "restore", str(file), "--replace").returncode == 3
    command.sql("delete from phi.resource")
    assert command.sql(query) == []
    restored = command.run("db", "restore", str(file), "--replace", "--yes")
    assert restored.returncode == 0, restored.stderr
    assert command.sql(query) == before
    assert command.run("audit", "verify").returncode == 0
    assert ANNA in command.run("user", "list").stdout
    other = Command(fresh_home("vitasense-other-"))
    try:
        wrong = other.run("db", "restore", str(file))
        assert wrong.returncode == 5
        assert "another secret" in wrong.stderr
        assert other.sql("select count(*) from app.account") == [(0,)]
        shutil.copy(command.home / "secret.key", other.home / "secret.key")
        shutil.rmtree(other.home / "postgres")
        right = other.run("db", "restore", str(file))
        assert right.returncode == 0, right.stderr
        assert other.sql(query) == before
        ahead = (
            "select 1 from app.event where xid >= pg_snapshot_xmin(pg_current_snapshot()) union select 2 from app.relay"
        )
        assert other.sql("select 1 from app.event limit 1") and other.sql(ahead) == []
        assert command.run("db", "restore", str(bundle)).returncode == 2
    finally:
        other.end()
        shutil.rmtree(other.home, ignore_errors=True)


def test_a_database_in_use_is_not_replaced(command: Command, bundle: Path) -> None:
    file = bundle.parent.parent / "used.backup"
    assert command.run("db", "backup", str(file)).returncode == 0
    postgres = EmbeddedPostgres(command.home, Settings(home=command.home).keys.password("superuser"))
    postgres.start()
    try:
        with psycopg.connect(postgres.url().replace("+psycopg", "")):
            said = command.run("db", "restore", str(file), "--replace", "--yes")
    finally:
        postgres.stop()
    assert said.returncode == 5
    assert "in use" in said.stderr
    assert ANNA in command.run("user", "list").stdout


def test_status_of_the_database(command: Command) -> None:
    assert command.run("db", "upgrade").returncode == 0
    said = command.run("db", "status")
    assert said.returncode == 0
    assert "revision" in said.stdout
