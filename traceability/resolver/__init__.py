"""Where a Digital Link leads: the links of a thing at its levels, and the one that fits a request best.

``levels`` says which sets of keys may have links, ``choosing`` takes one of them, ``linkset`` and
``describing`` write them down for machines, ``linktypes`` names the sorts of links there are.
Pure: it knows no rows, no host and no HTTP beyond the words of three header fields, and not who
owns a thing. ``Target`` and ``Level`` are what its rooms hand to each other.

Source: GS1-Conformant Resolver Standard 1.2.1.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """One link. ``link_type``: a name of ``linktypes``; ``href``: an absolute http(s) address.

    ``language`` is a tag of BCP 47, ``media_type`` a type of IANA, ``context`` a word such as a country's
    code; None says nothing of the matter, and so fits every request a little. Of the defaults of a level
    the first without any of the three is *the* default, else the first; the others of its type are its
    variants. ``passes_query``: the query of a request goes along.
    """

    link_type: str
    href: str
    title: str
    language: str | None = None
    media_type: str | None = None
    context: str | None = None
    is_default: bool = False
    passes_query: bool = True

    @property
    def is_plain(self) -> bool:
        """Says nothing of language, media type or context."""
        return self.language is None and self.media_type is None and self.context is None


@dataclass(frozen=True, slots=True)
class Level:
    """The links of one set of keys. ``anchor``: the absolute address of the thing; ``description``: what it is, in a few words."""

    anchor: str
    description: str
    targets: tuple[Target, ...]

    def default(self) -> Target | None:
        """*The* default of this level, if it has one."""
        defaults = [target for target in self.targets if target.is_default]
        return next((target for target in defaults if target.is_plain), defaults[0] if defaults else None)

    def variants(self) -> tuple[Target, ...]:
        """The defaults, of the default's type, that a language, media type or context tells apart."""
        default = self.default()
        if default is None:
            return ()
        return tuple(
            target for target in self.targets if target.is_default and target.link_type == default.link_type and not target.is_plain
        )
