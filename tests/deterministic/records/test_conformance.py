"""Public FHIR bundles: nothing lost, nothing twice, every number accounted for."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text

from tests.deterministic.records.resources import UCUM
from tests.people import access_of
from vitasense.deterministic.platform.access import Principal
from vitasense.deterministic.platform.database import Database
from vitasense.deterministic.platform.problems import Conflict
from vitasense.deterministic.records import ImportReport, import_bundle

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FOLDER = "01_fhir_records/fhir_r4_bundles"
FILES = (
    "IPS-bundle-01.json",
    "cigna_syntheticuser05-everything.json",
    "synthea_Carl856_Powlowski563_49e4037a-b643-4acf-bbfe-e29ca79b97a1.json",
    "synthea_Christia477_Hermann103_3815b8af-23b0-45b7-ba24-235307622f15.json",
    "synthea_Willian804_Moen819_439b24b4-6f25-4093-b101-47a39bd061ca.json",
)
Bundle = dict[str, Any]


async def imported(database: Database, patient: Principal, bundle: Bundle) -> ImportReport:
    async with database.transaction(access_of(patient)) as tx:
        return await import_bundle(tx, patient.account_id, bundle, now=NOW)


async def counted(database: Database, patient: Principal, table: str) -> int:
    async with database.transaction(access_of(patient)) as tx:
        return (await tx.execute(text(f"select count(*) from phi.{table}"))).scalar_one()


def quantities(bundle: Bundle) -> int:
    """Numbers with a UCUM unit, counted without any code of the service."""
    found = 0
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Observation":
            for part in (resource, *resource.get("component", [])):
                found += part.get("valueQuantity", {}).get("system") == UCUM
    return found


@pytest.mark.parametrize("name", FILES)
async def test_a_public_bundle_is_imported_once_however_often_it_is_sent(
    name: str, database: Database, patient: Principal, shared_data: Callable[[str], Path]
) -> None:
    bundle: Bundle = json.loads(shared_data(f"{FOLDER}/{name}").read_text())
    entries = len(bundle["entry"])
    first = await imported(database, patient, bundle)
    assert first.imported + first.skipped == entries
    assert first.skipped == len({one.entry for one in first.problems if "not in the series" not in one.reason})
    tables = ("resource", "resource_version", "sample")
    counts = [await counted(database, patient, table) for table in tables]
    assert counts == [first.imported, first.imported, quantities(bundle)]
    second = await imported(database, patient, bundle)
    assert (second.imported, second.updated, second.unchanged) == (0, 0, first.imported)
    assert second.by_type == first.by_type
    assert [await counted(database, patient, table) for table in tables] == counts


@pytest.mark.parametrize("name", FILES)
async def test_every_resource_of_a_public_bundle_is_stored_as_it_was_but_for_ids_and_references(
    name: str, database: Database, patient: Principal, shared_data: Callable[[str], Path]
) -> None:
    bundle: Bundle = json.loads(shared_data(f"{FOLDER}/{name}").read_text())
    report = await imported(database, patient, bundle)
    places = {one.entry for one in report.problems if "not in the series" not in one.reason}
    sent = [e["resource"] for i, e in enumerate(bundle["entry"]) if f"entry[{i}].resource" not in places]
    async with database.transaction(access_of(patient)) as tx:
        rows = (await tx.execute(text("select content from phi.resource"))).scalars().all()
    assert sorted(map(anonymous, rows)) == sorted(map(anonymous, sent))
    own = {f"{row['resourceType']}/{row['id']}" for row in rows}
    urns = [one for row in rows for one in referenced(row) if one.startswith("urn:uuid:")]
    assert urns == []  # what the bundle names by urn is in the bundle
    assert any(one in own for row in rows for one in referenced(row))


async def test_somebody_elses_bundle_is_refused_as_a_whole(
    database: Database, patient: Principal, shared_data: Callable[[str], Path]
) -> None:
    first, other = (json.loads(shared_data(f"{FOLDER}/{name}").read_text()) for name in FILES[2:4])
    await imported(database, patient, first)
    before = await counted(database, patient, "resource")
    with pytest.raises(Conflict, match="another person"):
        await imported(database, patient, other)
    assert await counted(database, patient, "resource") == before


def anonymous(resource: Bundle) -> str:
    """The resource without its id and with every reference blanked."""

    def blank(node: object) -> object:
        if isinstance(node, dict):
            members = cast("dict[str, object]", node)
            return {k: "…" if k == "reference" and isinstance(v, str) else blank(v) for k, v in members.items()}
        return [blank(each) for each in cast("list[object]", node)] if isinstance(node, list) else node

    return json.dumps(blank({k: v for k, v in resource.items() if k != "id"}), sort_keys=True)


def referenced(node: object) -> list[str]:
    if isinstance(node, dict):
        members = cast("dict[str, object]", node)
        own = [v for k, v in members.items() if k == "reference" and isinstance(v, str)]
        return own + [one for v in members.values() for one in referenced(v)]
    return [one for each in cast("list[object]", node) for one in referenced(each)] if isinstance(node, list) else []
