"""SQL by hand, handed to the driver as it is.

For the few statements that run thousands of times a second, where building a statement, its
result's columns and its rows' types costs ten times what the database does. Everything else
is written with SQLAlchemy's own expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine


class Prepared:
    """One statement, for each dialect its own words; ``:name`` marks a parameter. Values go in and
    come out as the driver has them: see ``driver_value`` and ``own_value``."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words
        self._compiled: dict[str, tuple[str, tuple[str, ...] | None]] = {}

    def run(self, connection: Connection, given: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Run it once; the rows, if it gives any. Raises SQLAlchemy's errors, as every statement does."""
        dialect = connection.dialect
        statement, names = self._compiled.get(dialect.name) or self._for(dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(statement, tuple(given[name] for name in names) if names else dict(given))
            return cursor.fetchall() if cursor.description else ()
        except dialect.loaded_dbapi.Error as error:
            raise DBAPIError.instance(statement, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect) from error
        finally:
            cursor.close()

    def _for(self, dialect: Dialect) -> tuple[str, tuple[str, ...] | None]:
        compiled = text(self._words[dialect.name]).compile(dialect=dialect)
        names = getattr(compiled, "positiontup", None)
        self._compiled[dialect.name] = (str(compiled), tuple(names) if names else None)
        return self._compiled[dialect.name]


@cache
def driver_value(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """How a value of this type is given to the driver."""
    return kind.dialect_impl(dialect).bind_processor(dialect) or _same


@cache
def own_value(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any]:
    """How a value of this type is understood when it comes from the driver."""
    return kind.dialect_impl(dialect).result_processor(dialect, None) or _same


def _same(value: Any) -> Any:
    return value
