"""Reads the TOML beside this file, once, and says clearly what is wrong with it.

Knows how tables are written; what they mean is for kinds.py and matrix.py.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from suppliers.requirements.shapes import Malformed, Words

Table = Mapping[str, Any]


@cache
def content(name: str) -> Table:
    """One file of this room, such as ``ladders.toml``."""
    return tomllib.loads(files("suppliers.requirements").joinpath(name).read_text("utf-8"))


@cache
def all_in(folder: str) -> tuple[tuple[str, Table], ...]:
    """Every file of a folder with its name, in the order of the names."""
    names = sorted(each.name for each in files("suppliers.requirements").joinpath(folder).iterdir() if each.name.endswith(".toml"))
    return tuple((f"{folder}/{name}", content(f"{folder}/{name}")) for name in names)


class Row:
    """A table of TOML (or a brand's own row) being read: every value is asked for by name and by sort,
    and whatever nobody asked for is a mistake."""

    def __init__(self, where: str, values: object) -> None:
        if not isinstance(values, Mapping):
            raise Malformed(f"{where}: a table is wanted")
        self.where, self._values, self._asked = where, values, set[str]()

    def _take(self, name: str) -> Any:
        self._asked.add(name)
        return self._values.get(name)

    def _wrong(self, name: str, wanted: str) -> Malformed:
        return Malformed(f"{self.where}: {name}: {wanted}")

    def text(self, name: str) -> str:
        value = self._take(name)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(name, "a text is wanted")
        return value

    def text_or_none(self, name: str) -> str | None:
        return None if self._take(name) in (None, "") else self.text(name)

    def one_of(self, name: str, choices: tuple[str, ...], default: str | None = None) -> str:
        value = self._take(name)
        if value is None and default is not None:
            return default
        if value not in choices:
            raise self._wrong(name, f"{value!r} is none of {', '.join(choices)}")
        return str(value)

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._take(name)
        value = [] if value is None else value
        if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) and each for each in value):
            raise self._wrong(name, "a list of texts is wanted")
        return tuple(value)

    def number_or_none(self, name: str) -> int | None:
        value = self._take(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise self._wrong(name, "a whole number is wanted")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self._take(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, "true or false is wanted")
        return default if value is None else value

    def day_or_none(self, name: str) -> date | None:
        """A date, as TOML has it or as ISO 8601 text."""
        value = self._take(name)
        try:
            value = date.fromisoformat(value) if isinstance(value, str) and value else value or None
        except ValueError:
            raise self._wrong(name, "a date is wanted") from None
        if value is not None and type(value) is not date:
            raise self._wrong(name, "a date is wanted")
        return value

    def words(self, name: str) -> Words:
        """``name_zh`` and ``name_en``."""
        return Words(self.text(f"{name}_zh"), self.text(f"{name}_en"))

    def words_or_none(self, name: str) -> Words | None:
        both = self._take(f"{name}_zh"), self._take(f"{name}_en")
        return None if both == (None, None) else self.words(name)

    def rows(self, name: str) -> Iterator[Row]:
        value = self._take(name)
        for place, each in enumerate(value if isinstance(value, (list, tuple)) else ()):
            yield Row(f"{self.where}: {name} {place + 1}", each)

    def pass_over(self, *names: str) -> None:
        """These may stand there and mean nothing."""
        self._asked.update(names)

    def done(self) -> None:
        """Nothing may be left over: a misspelt name would otherwise be a rule that is silently not there."""
        unknown = sorted(set(self._values) - self._asked)
        if unknown:
            raise Malformed(f"{self.where}: unknown: {', '.join(map(str, unknown))}")
