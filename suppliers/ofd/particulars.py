"""What an OFD file says of itself in data: who made it when, its custom data, tags and attachments (GB/T 33190-2016 7.4, 16, 20).

E-licences and e-invoices carry their fields there a second time, for machines. Nothing here is
believed more than the page: both are only what the file says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element

from suppliers.ofd.der import moment
from suppliers.ofd.documents import Document, Files
from suppliers.ofd.errors import OfdTrouble
from suppliers.ofd.markup import attribute, child, children, folder_of, local, words
from suppliers.ofd.text import Words

MOST_PARTICULARS: Final = 300
_LONGEST: Final = 500
_DEEPEST: Final = 8
_MOST_ATTACHED: Final = 2 << 20


def meta(document: Document) -> dict[str, str | None]:
    """Producer, creator, and when it was made and changed, as ISO strings; None where the file does not say."""
    info = document.info
    program = " ".join(filter(None, (words(child(info, "Creator")), words(child(info, "CreatorVersion")))))
    return {
        "producer": program[:200] or None,
        "creator": words(child(info, "Author"))[:200] or None,
        "created": _date(words(child(info, "CreationDate"))),
        "modified": _date(words(child(info, "ModDate"))),
    }


def _date(text: str) -> str | None:
    """A date stays a date, a moment a moment."""
    found = moment(text)
    if found is None:
        return None
    return found.date().isoformat() if len(text.strip()) <= 10 else found.isoformat()


def particulars(files: Files, documents: list[Document], seen: Words) -> list[dict[str, Any]]:
    """``name``, ``text``, ``page``, ``box`` and ``source`` (custom, tag or attachment) of each field. A tag points
    at objects of a page and takes their words; page and box are None for what no page shows."""
    found: list[dict[str, Any]] = []
    for document in documents:
        for each in (*_custom(document), *_tags(files, document, seen), *_attached(files, document)):
            if each["name"] and each["text"]:
                found.append(each)
            if len(found) >= MOST_PARTICULARS:
                return found
    return found


def attachments(files: Files, document: Document) -> Iterator[tuple[str, str]]:
    """Name and file of each attachment."""
    there = files.named(None, words(child(document.root, "Attachments")), folder_of(document.name))
    if there is None or local(there[1]) != "Attachments":
        return
    for each in children(there[1], "Attachment"):
        name = files.part(words(child(each, "FileLoc")) or attribute(each, "FileLoc"), folder_of(there[0]), folder_of(document.name))
        if name:
            yield attribute(each, "Name") or name, name


def _entry(name: str, text: str, source: str, page: int | None = None, box: list[float] | None = None) -> dict[str, Any]:
    return {"name": name[:100], "text": text.strip()[:_LONGEST], "page": page, "box": box, "source": source}


def _custom(document: Document) -> Iterator[dict[str, Any]]:
    for each in children(child(document.info, "CustomDatas"), "CustomData"):
        yield _entry(attribute(each, "Name"), words(each), "custom")


def _tags(files: Files, document: Document, seen: Words) -> Iterator[dict[str, Any]]:
    folder = folder_of(document.name)
    there = files.named(None, words(child(document.root, "CustomTags")), folder)
    if there is None or local(there[1]) != "CustomTags":
        return
    for each in children(there[1], "CustomTag"):
        try:
            own = files.named(None, words(child(each, "FileLoc")), folder_of(there[0]), folder)
        except OfdTrouble:  # tags are an extra: broken ones say nothing, and the page is read without them
            continue
        if own:
            yield from _leaves(own[1], "tag", document, seen, 0)


def _attached(files: Files, document: Document) -> Iterator[dict[str, Any]]:
    """The leaves of attached XML; another attachment is only a name."""
    for name, file in attachments(files, document):
        yield _entry("attachment", name, "attachment")
        content = files.package.read(file)
        if len(content) <= _MOST_ATTACHED and content[:200].lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<":
            try:
                yield from _leaves(files.xml(file), "attachment", document, None, 0)
            except OfdTrouble:
                continue


def _leaves(element: Element, source: str, document: Document, seen: Words | None, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    targets = list(children(element, "ObjectRef", "ObjectData"))
    if targets and seen is not None:
        pages = {page.id: page.number for page in document.pages}
        keys = [(pages.get(attribute(target, "PageRef"), 0), words(target)) for target in targets]
        parts = [(key[0], *seen.objects[key]) for key in keys if key in seen.objects]
        if parts:
            yield _entry(local(element), "".join(part[1] for part in parts), source, parts[0][0], parts[0][2])
    elif len(element) == 0:
        yield _entry(attribute(element, "name") or attribute(element, "Name") or local(element), words(element), source)
    for inner in element:
        if inner not in targets:
            yield from _leaves(inner, source, document, seen, depth + 1)
