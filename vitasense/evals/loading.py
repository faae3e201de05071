"""`python -m vitasense.evals.loading`: loads the gates and the reading, and writes the megabytes that they added."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

STATUS = Path("/proc/self/status")
KILOBYTES_PER_MEGABYTE = 1024


def main() -> None:
    """Write `added_mb`: null where the system does not tell the resident set."""
    before = _resident_mb()
    _load()
    after = _resident_mb()
    added = None if before is None or after is None else round(after - before, 1)
    sys.stdout.write(json.dumps({"added_mb": added}))


def _load() -> None:
    # What is measured is what these imports and first calls add.
    from vitasense.deterministic.intake import drug_names, gene_names, read  # noqa: PLC0415
    from vitasense.guardrails import KnownIdentifier, PersonFacts, Redactor, screen, verify  # noqa: PLC0415

    message = "I am Ann Example, 5 Main Street. Can I take ibuprofen with lisinopril, and what was my LDL in May?"
    screen(message, person=PersonFacts())
    read(message, now=datetime.now(UTC))
    verify("Your LDL was 148 mg/dL.", [], drugs=drug_names(), genes=gene_names())
    Redactor([KnownIdentifier("person", "Ann Example")]).redact(message)


def _resident_mb() -> float | None:
    if not STATUS.exists():
        return None
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / KILOBYTES_PER_MEGABYTE


if __name__ == "__main__":
    sys.exit(main())
