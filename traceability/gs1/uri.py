"""Element strings as a GS1 Digital Link URI, with every key, qualifier and attribute. Pure.

``read`` goes by the letter of the standard, as GS1's own syntax engine does: GTINs have 14 digits,
keys are digits, no slash ends the path. At a door two things are forgiven: one slash at the end, and
a GTIN of 8, 12 or 13 digits, as old bar codes have them. ``read_decoded`` is for a server that
hands on no more than a path whose escapes are gone.

Sources: GS1 Digital Link URI Syntax 1.4, 4 (structure), 4.11 (canonical form); GS1-Conformant
Resolver 1.2.1 (trailing slash); RFC 3986.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import quote, unquote_to_bytes

from kernel.errors import flaw
from traceability.gs1 import joining
from traceability.gs1.elements import LONGEST, Elements
from traceability.gs1.identifiers import Identifier
from traceability.gs1.keys import GTIN, NotALink
from traceability.gs1.table import AIS

CANONICAL: Final = "https://id.gs1.org"
_LETTERS: Final = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
_URI: Final = re.compile(
    r"(?:https?|HTTPS?)://(?:[A-Za-z0-9\-._]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?"
    r"(?P<path>/[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?"
)


class Said(NamedTuple):
    """What a URI said: ``elements``, and ``others``, parameters of its query that are not GS1's, as they stood."""

    elements: Elements
    others: tuple[str, ...]


def read(text: str, *, at_door: bool = False) -> Said:
    """The elements in path order, then query order. Raises NotALink, or NotGS1 for values.

    The path is parted before it is decoded, so ``%2F`` stays inside its value; a ``%`` that
    begins no escape stands for itself; in the query ``+`` is a blank. ``at_door`` forgives.
    """
    found = _URI.fullmatch(text) if len(text) <= LONGEST and _LETTERS.fullmatch(text) else None
    if not found:
        raise _no("url", "a Digital Link is an http or https address with a host and a path")
    parts = found["path"].split("/")[1:]
    path = [(ai, _decoded(value)) for ai, value in _path(_without_last_slash(parts) if at_door else parts)]
    return _said(_forgiven(path) if at_door else path, found["query"] or "")


def read_decoded(path: str, query: str) -> Said:
    """The same of a path whose escapes were decoded before it came here, and of a raw ``query``, as at a door.

    A slash may then be one that parts or one that stood in a value as ``%2F``. What reads as keys each
    with a value that fits it is taken as it stands, so wrong order and a date in the path stay wrong;
    otherwise neighbours are joined again, as few as make a Digital Link. So a value that itself looks
    like the rest of a link (lot ``A/21/B``) reads as that rest, and a slash that ends a value is lost:
    who can see the raw path should ``read`` it. Raises NotALink, NotGS1.
    """
    if len(path) + len(query) > LONGEST or not path.startswith("/") or not path.isprintable():
        raise _no("url", "the path is too long, or holds what no address may hold")
    parts = _without_last_slash(path.split("/")[1:])
    return _said(_forgiven(joining.fewest(parts) or _path(parts)), query)


def write(elements: Elements, base_url: str = CANONICAL) -> str:
    """The URI under ``base_url``; by default the canonical one. What is said twice is written once. Raises NotALink."""
    said = dict(elements.pairs)
    for key, order in _arrangements(said):
        path = [key, *(ai for ai in order if ai in said)]
        query = [ai for ai in said if ai not in path]
        if all(AIS[ai].query for ai in query):
            break
    else:
        raise _no("key", "no key of a Digital Link can bear all of these")
    link = base_url.rstrip("/") + "".join(f"/{ai}/{quote(said[ai], safe='')}" for ai in path)
    return link + ("?" + "&".join(f"{ai}={quote(said[ai], safe='')}" for ai in query) if query else "")


def _said(path: list[tuple[str, str]], query: str) -> Said:
    attributes, others = [], []
    for parameter in filter(None, re.split("[&;]", query)):
        key, _, value = parameter.partition("=")
        if re.fullmatch("[0-9]+", key):
            attributes.append((key, _decoded(value.replace("+", " "))))
        else:
            others.append(parameter)
    _check_query([ai for ai, _ in path], [ai for ai, _ in attributes])
    return Said(Elements((*path, *attributes)), tuple(others))


def _without_last_slash(parts: list[str]) -> list[str]:
    return parts[:-1] if len(parts) > 1 and not parts[-1] else parts


def _forgiven(path: list[tuple[str, str]]) -> list[tuple[str, str]]:
    (key, value), *qualifiers = path
    short = key == GTIN and len(value) in (8, 12, 13) and value.isascii() and value.isdigit()
    return [(key, value.zfill(14) if short else value), *qualifiers]


def _path(parts: list[str]) -> list[tuple[str, str]]:
    """The key that stands last, and its qualifiers, as they stand."""
    for start in range(len(parts) - 2, -1, -2):
        key = AIS.get(parts[start])
        if key and key.path is not None:
            qualifiers = parts[start + 2 :: 2]
            if not any(_follows(qualifiers, order) for order in key.path):
                raise _no("path-order", f"these cannot follow ({key.ai}) in this order", key.ai)
            return [*zip(parts[start::2], parts[start + 1 :: 2], strict=True)]
    if parts and parts[-1] in AIS:
        raise _no("gs1-short", f"({parts[-1]}) has no value", parts[-1])
    raise _no("key", "there is no GS1 key with a value in the path")


def _check_query(path: list[str], attributes: list[str]) -> None:
    key = AIS[path[0]]
    for place, ai in enumerate(attributes):
        identifier = AIS.get(ai)
        if identifier is None:
            raise _no("gs1-ai", f"({ai}) is no application identifier", ai)
        if ai in path or ai in attributes[:place]:
            raise _no("twice", f"({ai}) is given twice", ai)
        if not identifier.query or _belongs_to_path(identifier, key, path[1:]):
            raise _no("query", f"({ai}) does not belong into the query", ai)


def _belongs_to_path(identifier: Identifier, key: Identifier, qualifiers: list[str]) -> bool:
    return any(identifier.ai in order and set(qualifiers) <= set(order) for order in key.path or ())


def _arrangements(said: dict[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Keys in the order said, each with its orders of qualifiers, the fullest first."""
    for ai in said:
        orders = AIS[ai].path or ()
        yield from ((ai, order) for order in sorted(orders, key=lambda order: -sum(other in said for other in order)))


def _follows(qualifiers: list[str], order: tuple[str, ...]) -> bool:
    """Whether ``qualifiers`` are some of ``order``, in its order."""
    left = iter(order)
    return all(ai in left for ai in qualifiers)


def _decoded(raw: str) -> str:
    return unquote_to_bytes(raw).decode("latin-1")


def _no(rule: str, detail: str, ai: str = "link") -> NotALink:
    return NotALink(errors=[flaw(f"/{ai}", rule, detail)])
