"""The one error of this room: a file that no honest issuer writes, or that is too much to look into."""

from __future__ import annotations


class OfdTrouble(Exception):
    """``args[0]`` is the code that the reading gives as its trouble: ofd.archive, ofd.bomb, ofd.encrypted,
    ofd.markup, ofd.too_large or ofd.broken."""

    @property
    def code(self) -> str:
        return str(self.args[0])
