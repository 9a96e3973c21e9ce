"""The pictures of the pages: those that lie in them, and previews of the pages themselves.

Knows which and how many; how a page is drawn is the matter of sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from xml.etree.ElementTree import Element

from suppliers.ofd.documents import Files, Page
from suppliers.ofd.drawing import Pen, Thing, apply
from suppliers.ofd.markup import attribute
from suppliers.ofd.sheet import Imprint, Sheet, corners

MOST_PREVIEWS: Final = 10
MOST_IMAGES: Final = 20
MOST_BYTES: Final = 12 << 20
_MEDIA: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def images(files: Files, pages: Sequence[Page], notes: dict[int, list[Element]]) -> list[dict[str, Any]]:
    """JPEG and PNG pictures on the pages as they are in the file: ``page box media_type content``. Some may bear symbols."""
    pen, found, left = Pen(), [], MOST_BYTES
    for page in pages:
        for thing in pen.things(page, notes.get(page.number, ())):
            if thing.kind != "picture" or thing.hidden:
                continue
            name = page.resources.pictures.get(attribute(thing.element, "ResourceID"))
            content = files.package.read(name) if name else b""
            media = next((kind for magic, kind in _MEDIA.items() if content.startswith(magic)), None)
            if media is None or len(content) > left:
                continue
            left -= len(content)
            found.append({"page": page.number, "box": _share(thing, page), "media_type": media, "content": content})
            if len(found) >= MOST_IMAGES:
                return found
    return found


def previews(files: Files, pages: Sequence[Page], notes: dict[int, list[Element]], imprints: dict[int, list[Imprint]]) -> list[bytes]:
    """The first pages as PNG, at most 1,400 pixels long; ``imprints`` by number of the page."""
    pen, drawn = Pen(), []
    for page in pages[:MOST_PREVIEWS]:
        sheet = Sheet(files, page)
        for thing in pen.things(page, notes.get(page.number, ())):
            if not thing.hidden:
                sheet.draw(thing)
        for imprint in imprints.get(page.number, ()):
            sheet.stamp(imprint)
        drawn.append(sheet.png())
    return drawn


def _share(thing: Thing, page: Page) -> list[float]:
    first, second = corners(thing, lambda thing, x, y: apply(thing.at, x, y))
    left, top, width, height = page.area
    across, down = sorted((first[0], second[0])), sorted((first[1], second[1]))
    edges = ((across[0] - left) / width, (down[0] - top) / height, (across[1] - left) / width, (down[1] - top) / height)
    return [round(min(1.0, max(0.0, edge)), 5) for edge in edges]
