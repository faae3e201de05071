"""Importing the room is quick: it loads no unit library and reads no table before the first question."""

import subprocess
import sys


def _asked(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_no_unit_library_is_loaded() -> None:
    code = (
        "import sys; from vitasense.deterministic.units import convert; convert(1, '[in_i]', 'cm'); "
        "print(sorted({'pint', 'ucumvert', 'lark'} & set(sys.modules)))"
    )
    assert _asked(code) == "[]"


def test_no_table_is_read_before_it_is_needed() -> None:
    code = (
        "from vitasense.deterministic.units import tables; "
        "print(tables.atoms.cache_info().currsize + tables.codes.cache_info().currsize)"
    )
    assert _asked(code) == "0"
