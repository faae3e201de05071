"""The food diary over HTTP: meals open from evidence, are counted and listed, and only where they are shared."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.api.conftest import Person, SignIn
from tests.api.test_record import share
from tests.api.test_shell import problem
from tests.people import access_of, new_principal
from vitasense.api.bootstrap import Services
from vitasense.deterministic import nutrition
from vitasense.deterministic.nutrition import FoodItem
from vitasense.deterministic.platform.access import Role
from vitasense.deterministic.platform.clock import new_id

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def eat(services: Services, person: Person, *days: int) -> list[UUID]:
    principal = replace(new_principal(Role.PATIENT), account_id=person.id)
    access = access_of(principal)
    ids = [new_id() for _ in days]
    items = [FoodItem(name="egg", quantity=2), FoodItem(name="zorblax", quantity=1)]
    async with services.database.transaction(access) as tx:
        for meal_id, day in zip(ids, days, strict=True):
            at, now = NOON + timedelta(days=day), NOON + timedelta(days=90)
            await nutrition.log_meal(tx, person.id, meal_id=meal_id, items=items, eaten_at=at, source="test", now=now)
    return ids


async def test_a_meal_opens_like_every_other_evidence(services: Services, sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    [meal_id] = await eat(services, patient, 0)
    opened = (await patient.client.get(f"/v1/record/items/Meal/{meal_id}")).json()
    assert (opened["item"]["label"], opened["item"]["category"]) == ("2 eggs, 1 zorblax", "nutrition")
    assert "at least" in opened["item"]["detail"]
    egg, unknown = opened["resource"]["items"]
    assert (egg["counted_as"], egg["grams"], unknown["gap"]) == ("boiled egg", 100, "unknown_food")
    assert [one["version"] for one in opened["versions"]] == [1]


async def test_meals_are_counted_and_come_in_pages_newest_first(services: Services, sign_in: SignIn) -> None:
    patient = await sign_in(Role.PATIENT)
    ids = await eat(services, patient, 0, 1, 1, 2)
    assert (await patient.client.get("/v1/record")).json()["counts"]["nutrition"] == 4
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        asked = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await patient.client.get("/v1/record/nutrition", params=asked)).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next"]
    assert (seen[0], seen[-1], cursor) == (str(ids[3]), str(ids[0]), None)
    assert len(set(seen)) == 4
    assert problem(await patient.client.get("/v1/record/nutrition", params={"cursor": "meal|now|x"}), 422)


async def test_a_provider_sees_meals_only_when_they_are_shared(services: Services, sign_in: SignIn) -> None:
    patient, provider = await sign_in(Role.PATIENT), await sign_in(Role.PROVIDER)
    [meal_id] = await eat(services, patient, 0)
    whose = {"patient_id": str(patient.id)}
    await share(patient, provider, "vitals")
    assert problem(await provider.client.get(f"/v1/record/items/Meal/{meal_id}", params=whose), 404)
    assert "nutrition" not in (await provider.client.get("/v1/record", params=whose)).json()["counts"]
    await share(patient, provider, "nutrition")
    opened = await provider.client.get(f"/v1/record/items/Meal/{meal_id}", params=whose)
    assert opened.json()["item"]["label"] == "2 eggs, 1 zorblax"
