"""A removal: one piece of the project's code, what stands instead, and the tests that must notice."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent.parent
SQLITE, POSTGRESQL = "sqlite", "postgresql"
BOTH = (SQLITE, POSTGRESQL)


class NothingToTakeAway(Exception):
    """The row names code that does not exist, or text that stands there never or more than once."""


@dataclass(frozen=True)
class Removal:
    """One row of the table.

    ``where`` is an address as in docs/invariants.md: ``path`` or ``path::Class.function``. Without ``old``
    the body of the function becomes ``new``; with it, that text inside the definition (or the file) does.
    """

    name: str
    where: str
    tests: tuple[str, ...]
    new: str = "return None"
    old: str = ""
    databases: tuple[str, ...] = (SQLITE,)

    @property
    def path(self) -> str:
        """The file, from the project's folder."""
        return self.where.partition("::")[0]

    @property
    def module(self) -> str:
        """The name under which the file is imported."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def edit(self, source: str) -> str:
        """Return the file's source with the piece taken away; NothingToTakeAway when it has none."""
        lines = source.splitlines(keepends=True)
        definition = self._find_definition(source)
        if not self.old:
            if not isinstance(definition, ast.FunctionDef):
                raise NothingToTakeAway(f"{self.name}: {self.where} is no function")
            first, last = definition.body[0], definition.body[-1]
            indent = " " * first.col_offset
            body = [f"{indent}{line}\n" for line in self.new.splitlines()]
            return "".join([*lines[: first.lineno - 1], *body, *lines[last.end_lineno :]])
        start, end = (definition.lineno - 1, definition.end_lineno) if definition else (0, len(lines))
        text = "".join(lines[start:end])
        if text.count(self.old) != 1:
            raise NothingToTakeAway(f"{self.name}: {text.count(self.old)} times in {self.where}: {self.old}")
        return "".join([*lines[:start], text.replace(self.old, self.new), *lines[end:]])

    def _find_definition(self, source: str):
        _path, has_name, names = self.where.partition("::")
        if not has_name:
            return None
        node = ast.parse(source)
        for name in names.split("."):
            found = [part for part in node.body if getattr(part, "name", None) == name]
            if len(found) != 1:
                raise NothingToTakeAway(f"{self.name}: {self.where} is not defined")
            node = found[0]
        return node


def trigger(name: str, *tests: str) -> Removal:
    """Return the removal of one trigger of ``moderation.evidence.triggers``, on both databases."""
    return Removal(
        f"trigger: {name}",
        "moderation/evidence/triggers.py::install_all",
        tests,
        old="triggers = get_triggers(connection.vendor)",
        new=f'triggers = [found for found in get_triggers(connection.vendor) if found.name != "{name}"]',
        databases=BOTH,
    )


def notes(name: str, pattern: str, *tests: str) -> Removal:
    """Return the removal of the notes of ``home.pagecache.triggers`` whose whole name fits the pattern."""
    return Removal(
        f"page cache: {name}",
        "home/pagecache/triggers.py::install_all",
        tests,
        old="notes = get_notes(connection.vendor)",
        new=f'import re; notes = [n for n in get_notes(connection.vendor) if not re.fullmatch(r"{pattern}", n.name)]',
        databases=BOTH,
    )


def get_pattern(removal: Removal) -> re.Pattern:
    """Return which notes a removal of ``notes`` takes away."""
    return re.compile(re.search(r're\.fullmatch\(r"(.*?)"', removal.new).group(1))
