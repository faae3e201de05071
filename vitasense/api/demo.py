"""The demo of the first run: three invented patients with their records, a provider, an administrator.

Killed half-way, the next start completes it: the passwords come from a seed that is kept until they were shown.
"""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from vitasense.api.bootstrap import Services
from vitasense.api.demo_streams import watched
from vitasense.api.importing import take
from vitasense.deterministic import consent
from vitasense.deterministic.auth import STREAMED, SYSTEM
from vitasense.deterministic.devices import Delivery
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Access, Action, Category, Principal, Purpose, Role
from vitasense.deterministic.platform.problems import Conflict
from vitasense.deterministic.platform.settings import Settings

CONSONANTS = "bdfghklmnprstvz"
VOWELS = "aeiou"
SHARED = frozenset(
    {
        *(Category.VITALS, Category.LABS, Category.MEDICATIONS),
        *(Category.CONDITIONS, Category.ALLERGIES, Category.ENCOUNTERS),
    }
)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo; `record` is the file of a patient's record."""

    email: str
    name: str
    role: Role
    record: str | None = None


PATIENT_WHO_SHARES = DemoPerson("maria@example.org", "Maria Alvarez", Role.PATIENT, "maria-alvarez.json")
PROVIDER = DemoPerson("provider@example.org", "Dr. Amara Singh", Role.PROVIDER)
PEOPLE = (
    PATIENT_WHO_SHARES,
    DemoPerson("james@example.org", "James Okafor", Role.PATIENT, "james-okafor.json"),
    DemoPerson("lena@example.org", "Lena Fischer", Role.PATIENT, "lena-fischer.json"),
    PROVIDER,
    DemoPerson("admin@example.org", "Administrator", Role.ADMIN),
)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo with its password, to be shown once."""

    email: str
    role: Role
    password: str = field(repr=False)


async def seed_demo(services: Services) -> list[DemoAccount] | None:
    """The accounts of the demo when this start made or completed it, else None. Their passwords are for showing once.

    Made only in development, when the demo is wanted and there is no account yet.
    """
    settings = services.settings
    if not settings.demo or settings.environment != "development":
        return None
    place = _seed_file(settings)
    if not place.exists() and await services.accounts.list(SYSTEM):
        return None
    seed = _seed(place)
    made = [await _account(services, person, seed) for person in PEOPLE]
    principals = {person: await services.auth.principal_for_email(person.email) for person in PEOPLE}
    for person, principal in principals.items():
        if person.record is not None:
            await _import(services, principal, person.record)
    await _measure(services, principals[PATIENT_WHO_SHARES])
    await _share(services, principals[PATIENT_WHO_SHARES], principals[PROVIDER])
    return made


def forget_seed(settings: Settings) -> None:
    """The passwords were shown: nobody can make them again."""
    _seed_file(settings).unlink(missing_ok=True)


def _seed_file(settings: Settings) -> Path:
    return settings.home / "demo.seed"


def _seed(place: Path) -> str:
    """Written before the first account: its presence says that the demo is not complete or was not shown."""
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        unfinished = place.with_suffix(".new")
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(place)
    return place.read_text()


def _password(seed: str, email: str) -> str:
    """Four pronounceable words and a number, about 60 bits: `mizo-kalu-tepa-ruvi-473`."""
    number = int.from_bytes(sha256(f"{seed}/{email}".encode()).digest())
    letters: list[str] = []
    for place in range(16):
        number, index = divmod(number, len(CONSONANTS if place % 2 == 0 else VOWELS))
        letters.append((CONSONANTS if place % 2 == 0 else VOWELS)[index])
    words = ["".join(letters[start : start + 4]) for start in range(0, 16, 4)]
    return "-".join([*words, f"{number % 1000:03}"])


async def _account(services: Services, person: DemoPerson, seed: str) -> DemoAccount:
    password = _password(seed, person.email)
    with suppress(Conflict):  # made by a start that was killed, with the same password
        await services.accounts.create(SYSTEM, person.email, person.name, person.role, password)
    return DemoAccount(person.email, person.role, password)


async def _import(services: Services, patient: Principal, file: str) -> None:
    """The same file again changes nothing, so that a second start may do it again."""
    bundle = json.loads((files("vitasense.demo") / "patients" / file).read_bytes())
    access = Access(patient, Purpose.SELF, "demo", patient.account_id, ALL_CATEGORIES, ALL_CATEGORIES)
    await take(services, access, patient.account_id, [bundle])


async def _measure(services: Services, patient: Principal) -> None:
    access = Access(patient, Purpose.SELF, "demo", patient.account_id, STREAMED, STREAMED)
    rows = watched(services.clock(), ZoneInfo(services.settings.timezone))
    await services.ingest.take(access, rows, Delivery("demo", "file"))


async def _share(services: Services, patient: Principal, provider: Principal) -> None:
    access = Access(patient, Purpose.SELF, "demo", patient.account_id)
    terms = consent.Terms(provider.account_id, SHARED, frozenset({Action.READ}), frozenset({Purpose.TREATMENT}))
    async with services.database.transaction(access) as tx:
        if not await consent.given(tx, patient):
            await consent.grant(tx, patient, terms, services.new_id)
