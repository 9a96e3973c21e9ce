"""Many values, as many at once as a statement may well name. Pure.

SQLite takes 250,000 parameters and PostgreSQL 65,535; the list of a hundred thousand lots fits in neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeVar

Value = TypeVar("Value", bound=Any)
AT_ONCE: Final = 500


def batched(values: Iterable[Value], most: int = AT_ONCE) -> Iterator[list[Value]]:
    """The values once each and sorted, in lists of at most ``most``."""
    ordered = sorted(set(values))
    return (ordered[at : at + most] for at in range(0, len(ordered), most))
