"""What a page shows, one thing after the other in the order of drawing (GB/T 33190-2016 7.7, 8, 10, 11).

Walks layers, blocks, templates, compound drawings and annotations, and turns everything into
millimetres of the page. Things that are not shown (invisible, wholly transparent) are told as hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from suppliers.ofd.documents import Page, Resources
from suppliers.ofd.errors import OfdTrouble
from suppliers.ofd.markup import attribute, box, child, children, local, matrix, numbers, words

MOST_THINGS = 60_000
_DEEPEST = 12
Matrix = tuple[float, float, float, float, float, float]
UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Thing:
    """``kind`` text, picture or path; ``at`` turns its own millimetres into those of the page."""

    kind: str
    id: str
    element: Element
    at: Matrix
    width: float
    height: float
    resources: Resources
    hidden: bool


@dataclass(frozen=True)
class Letter:
    """A letter with the left end of its base line, the advance to the next one, and the size, in its own millimetres."""

    sign: str
    x: float
    y: float
    advance: float
    size: float


class Pen:
    """Walks through pages and counts what it meets, over all pages together."""

    def __init__(self) -> None:
        self._left = MOST_THINGS

    def things(self, page: Page, annotations: Sequence[Element] = ()) -> Iterator[Thing]:
        """All that the page shows, from the back to the front."""
        for layers in (*page.under, page.content, *page.over):
            for layer in children(child(layers, "Content"), "Layer"):
                yield from self._inside(layer, UNIT, page.resources, False, 0)
        for annotation in annotations:
            look = child(annotation, "Appearance")
            where = box(attribute(look, "Boundary")) if look is not None else None
            if look is not None:
                hidden = attribute(annotation, "Visible") == "false"
                yield from self._inside(look, (1, 0, 0, 1, *where[:2]) if where else UNIT, page.resources, hidden, 0)

    def _inside(self, parent: Element, at: Matrix, resources: Resources, hidden: bool, depth: int) -> Iterator[Thing]:
        if depth > _DEEPEST:
            raise OfdTrouble("ofd.too_large")
        for element in parent:
            name = local(element)
            self._left -= 1
            if self._left < 0:
                raise OfdTrouble("ofd.too_large")
            if name in ("PageBlock", "Content"):
                yield from self._inside(element, at, resources, hidden, depth + 1)
            elif name in ("TextObject", "ImageObject", "PathObject", "CompositeObject"):
                yield from self._thing(element, name, at, resources, hidden, depth)

    def _thing(self, element: Element, name: str, at: Matrix, resources: Resources, hidden: bool, depth: int) -> Iterator[Thing]:
        where = box(attribute(element, "Boundary")) or (0.0, 0.0, 0.0, 0.0)
        inner = combine(matrix(attribute(element, "CTM")), combine((1, 0, 0, 1, where[0], where[1]), at))
        unseen = hidden or attribute(element, "Visible") == "false" or attribute(element, "Alpha") == "0"
        if name == "CompositeObject":
            unit = resources.drawings.get(attribute(element, "ResourceID"))
            if unit is not None:
                yield from self._inside(unit, inner, resources, unseen, depth + 1)
            return
        kind = {"TextObject": "text", "ImageObject": "picture", "PathObject": "path"}[name]
        yield Thing(kind, attribute(element, "ID"), element, inner, where[2], where[3], resources, unseen)


def combine(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does ``first`` and ``then`` after it."""
    a, b, c, d, e, f = first
    k, m, n, o, p, q = then
    return (a * k + b * n, a * m + b * o, c * k + d * n, c * m + d * o, e * k + f * n + p, e * m + f * o + q)


def apply(at: Matrix, x: float, y: float) -> tuple[float, float]:
    return at[0] * x + at[2] * y + at[4], at[1] * x + at[3] * y + at[5]


def letters(text: Element) -> Iterator[list[Letter]]:
    """The letters of each TextCode of a text object (11.3)."""
    size = next(iter(numbers(attribute(text, "Size"))), 0.0)
    scale = next(iter(numbers(attribute(text, "HScale"))), 1.0) or 1.0
    if size <= 0:
        return
    x = y = 0.0
    for code in children(text, "TextCode"):
        x = next(iter(numbers(attribute(code, "X"))), x)
        y = next(iter(numbers(attribute(code, "Y"))), y)
        content = (code.text or "").strip("\r\n\t") if (code.text or "").strip() else ""
        across, down = deltas(attribute(code, "DeltaX"), len(content)), deltas(attribute(code, "DeltaY"), len(content))
        run: list[Letter] = []
        at_x, at_y = x, y
        for index, sign in enumerate(content):
            width = _width(sign) * size * scale
            step = across[index] if index < len(across) else (0.0 if down else width)
            run.append(Letter(sign, at_x, at_y, min(width, abs(step)) if 0 < abs(step) < 3 * width else width, size))
            at_x += step
            at_y += down[index] if index < len(down) else 0.0
        if run:
            yield run


def deltas(text: str, most: int) -> list[float]:
    """DeltaX or DeltaY: numbers with blanks between them; ``g n v`` stands for n times v. At most ``most`` of them."""
    found: list[float] = []
    parts = text.split()[: 4 * most + 4]
    at = 0
    while at < len(parts) and len(found) < most:
        if parts[at] == "g" and at + 2 < len(parts):
            times, value = numbers(parts[at + 1]), numbers(parts[at + 2])
            if not times or not value:
                break
            found += value * int(min(max(times[0], 0), most - len(found)))
            at += 3
            continue
        value = numbers(parts[at])
        if not value:
            break
        found += value
        at += 1
    return found


def colour(element: Element | None) -> Colour | None:
    """A colour by its values, as RGB; None where none is named by values."""
    if element is None:
        return None
    values = [int(part[1:], 16) if part.startswith("#") and len(part) in (2, 3) else part for part in attribute(element, "Value").split()]
    try:
        three = [max(0, min(255, int(float(value)))) for value in values]
    except (ValueError, OverflowError):
        return None
    if len(three) == 1:
        return three[0], three[0], three[0]
    return (three[0], three[1], three[2]) if len(three) == 3 else None


def path(element: Element) -> Iterator[tuple[str, list[float]]]:
    """The strokes of AbbreviatedData: S M L Q B A C with their numbers (9.3)."""
    sizes = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
    parts = words(child(element, "AbbreviatedData")).split()[:60_000]
    at = 0
    while at < len(parts) and parts[at] in sizes:
        count = sizes[parts[at]]
        values = numbers(" ".join(parts[at + 1 : at + 1 + count]))
        if len(values) != count:
            return
        yield parts[at], values
        at += 1 + count


def _width(sign: str) -> float:
    """How wide a letter is as a share of its size, where nothing says so."""
    return 1.0 if ord(sign) >= 0x2E80 else 0.5
