"""What import-linter cannot say: a room is entered by its front door."""

import ast
from collections.abc import Iterator
from pathlib import Path

import vitasense

SOURCE = Path(vitasense.__file__).parent
ROOMS = SOURCE / "deterministic"
GROUND = "platform"


def test_nothing_behind_the_front_door_of_a_room_is_imported_from_outside() -> None:
    """A folder of a room that has a front door of its own (`knowledge.review`) may be entered by it.

    Evals measure the parts by themselves and may look inside.
    """
    assert [f"{path.relative_to(SOURCE)} imports {name}" for path, name in imports() if passes_by(path, name)] == []


def test_the_rooms_are_found() -> None:
    names = {name for path, name in imports() if path.is_relative_to(SOURCE / "api")}
    assert {"vitasense.deterministic.records", "vitasense.deterministic.knowledge"} <= names


def imports() -> Iterator[tuple[Path, str]]:
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                yield path, node.module
            elif isinstance(node, ast.Import):
                yield from ((path, alias.name) for alias in node.names)


def passes_by(path: Path, name: str) -> bool:
    floor, (room, *inside) = name.split(".")[:2], name.split(".")[2:] or [GROUND]
    if floor != ["vitasense", "deterministic"] or room == GROUND or not inside:
        return False
    if path.is_relative_to(ROOMS / room) or path.is_relative_to(SOURCE / "evals"):
        return False
    return not (ROOMS / room).joinpath(*inside, "__init__.py").exists()
