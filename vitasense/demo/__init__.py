"""Demo patients, their accounts and what they share."""

import json
from importlib.resources import files
from typing import Any


def record(name: str) -> dict[str, Any]:
    """The FHIR bundle of one invented patient, such as `maria-alvarez`."""
    return json.loads((files("vitasense.demo") / "patients" / f"{name}.json").read_bytes())
