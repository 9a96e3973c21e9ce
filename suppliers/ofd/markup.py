"""The XML inside an OFD file and its simple types (GB/T 33190-2016 7.3): locations, boxes, numbers.

A document type declaration is refused, so there is nothing to expand and nothing to fetch. Names
are compared without their namespace: writers of early drafts use other ones, and what counts is
what the seal covers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final, cast
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Defused

from suppliers.ofd.errors import OfdTrouble

MOST_XML: Final = 12 << 20
MOST_TAGS: Final = 250_000

Box = tuple[float, float, float, float]
"""Left, top, width, height in millimetres."""


def parse(content: bytes) -> Element:
    """The root element; OfdTrouble for markup that is broken, too much, or declares a document type."""
    if len(content) > MOST_XML or content.count(b"<") > MOST_TAGS:
        raise OfdTrouble("ofd.too_large")
    try:
        return cast(Element, Defused.fromstring(content, forbid_dtd=True))
    except (DefusedXmlException, SyntaxError, ValueError, LookupError):
        raise OfdTrouble("ofd.markup") from None


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """The children of these names, in order."""
    return (child for child in (element if element is not None else ()) if local(child) in names)


def child(element: Element | None, *path: str) -> Element | None:
    """The first child along ``path``, or None."""
    for name in path:
        element = next(children(element, name), None)
    return element


def words(element: Element | None) -> str:
    """The element's own text, trimmed."""
    return (element.text or "").strip() if element is not None else ""


def attribute(element: Element, name: str) -> str:
    """The attribute, whether or not it bears the namespace; "" when it is not there."""
    if name in element.attrib:
        return element.attrib[name].strip()
    return next((value.strip() for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def numbers(text: str, most: int = 100_000) -> list[float]:
    """Numbers with blanks between them; what is no finite number ends the list."""
    found: list[float] = []
    for word in text.split()[:most]:
        try:
            number = float(word)
        except ValueError:
            break
        if not math.isfinite(number) or abs(number) > 1e7:
            break
        found.append(number)
    return found


def box(text: str) -> Box | None:
    """ST_Box: left, top, width and height, or None."""
    four = numbers(text, 4)
    return (four[0], four[1], four[2], four[3]) if len(four) == 4 and four[2] >= 0 and four[3] >= 0 else None


def matrix(text: str) -> tuple[float, float, float, float, float, float]:
    """CTM: a b c d e f with x' = a·x + c·y + e, y' = b·x + d·y + f; the unit matrix where none is given."""
    six = numbers(text, 6)
    return (six[0], six[1], six[2], six[3], six[4], six[5]) if len(six) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def located(text: str, *folders: str) -> Iterator[str]:
    """The names in the package that ST_Loc ``text`` may mean: from the root if it begins with /, else from each
    of ``folders`` in turn, and from the root at last, as careless writers mean it. None climbs out."""
    path = text.strip().replace("\\", "/")
    for folder in ("",) if path.startswith("/") else (*folders, ""):
        parts: list[str] = []
        for part in [*folder.split("/"), *path.split("/")]:
            if part == "..":
                if not parts:
                    break
                parts.pop()
            elif part not in ("", "."):
                parts.append(part)
        else:
            if parts:
                yield "/".join(parts)


def folder_of(name: str) -> str:
    return name.rpartition("/")[0]
