"""What every kind of label file takes and gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Label:
    """``link`` goes into the symbol, ``human`` beside it."""

    link: str
    human: str


class Format(Protocol):
    """One kind of file. The same labels always give the same bytes."""

    @property
    def media_type(self) -> str: ...

    @property
    def suffix(self) -> str:
        """Of the file's name, without a dot."""
        ...

    def render(self, labels: Sequence[Label]) -> bytes:
        """The whole file, labels in the order given. There is at least one."""
        ...
