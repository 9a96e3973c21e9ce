"""What a package holds: documents, their pages, resources, templates and annotations (GB/T 33190-2016 7 and 8).

Only finds things by the names they give each other. What the pages show is read elsewhere, and
so is who signed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from suppliers.ofd.errors import OfdTrouble
from suppliers.ofd.markup import Box, attribute, box, child, children, folder_of, local, located, parse, words
from suppliers.ofd.package import Package

MOST_PAGES = 1000
MOST_MILLIMETRES = 5000.0
_ENTRY = "OFD.xml"
_A4: Box = (0.0, 0.0, 210.0, 297.0)


@dataclass
class Resources:
    """Pictures (id to file name), fonts (id to file name or "") and compound drawings (id to element)."""

    pictures: dict[str, str] = field(default_factory=dict)
    fonts: dict[str, str] = field(default_factory=dict)
    drawings: dict[str, Element] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """``number`` counts from 1 through all documents of the file; ``area`` in millimetres."""

    number: int
    id: str
    name: str
    area: Box
    content: Element
    resources: Resources
    under: tuple[Element, ...]
    over: tuple[Element, ...]


@dataclass
class Document:
    """One DocBody. ``signatures``: the file it names for them, whether there or not; "" when it names none."""

    name: str
    info: Element | None
    root: Element
    signatures: str
    versions: int
    pages: list[Page] = field(default_factory=list)


class Files:
    """The package, with its XML parsed once. ``shown``: the files that the document is made of, as far as it was followed.

    One reading of names for everybody: what is shown and what is sealed must be the same file."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.shown: set[str] = {_ENTRY}
        self._parsed: dict[str, Element] = {}

    def find(self, text: str, *folders: str) -> str | None:
        """The file that a location means, or None when there is none."""
        return next(self._there(text, folders), None)

    def only(self, text: str, *folders: str) -> str | None:
        """The file that a location means whoever reads it; None when there is none, or when it may mean several."""
        there = set(self._there(text, folders))
        return there.pop() if len(there) == 1 else None

    def _there(self, text: str, folders: tuple[str, ...]) -> Iterator[str]:
        return (name for name in located(text, *folders) if name in self.package)

    def part(self, text: str, *folders: str) -> str | None:
        """The same as ``find`` for a file that the document shows or tells something with."""
        name = self.find(text, *folders) if text else None
        if name:
            self.shown.add(name)
        return name

    def xml(self, name: str) -> Element:
        if name not in self._parsed:
            self._parsed[name] = parse(self.package.read(name))
        return self._parsed[name]

    def named(self, root: str | None, text: str, *folders: str) -> tuple[str, Element] | None:
        """Name and markup of a part of the document. Its outermost element must be ``root`` (None: any), or a page
        could be a file that is something else and sealed by itself."""
        name = self.part(text, *folders)
        if name is None:
            return None
        if root is not None and local(self.xml(name)) != root:
            raise OfdTrouble("ofd.broken")
        return name, self.xml(name)


def documents(files: Files) -> list[Document]:
    """The documents of the file, in order, with all their pages."""
    if _ENTRY not in files.package:
        raise OfdTrouble("ofd.no_document")
    root = files.xml(_ENTRY)
    bodies = list(children(root, "DocBody"))
    if local(root) != "OFD" or not bodies or len(bodies) > 50:
        raise OfdTrouble("ofd.no_document")
    found: list[Document] = []
    for body in bodies:
        found.append(_document(files, body, sum(len(document.pages) for document in found)))
    return found


def _document(files: Files, body: Element, before: int) -> Document:
    there = files.named("Document", words(child(body, "DocRoot")))
    if there is None:
        raise OfdTrouble("ofd.broken")
    name, root = there
    told = words(child(body, "Signatures"))
    document = Document(
        name=name,
        info=child(body, "DocInfo"),
        root=root,
        signatures=(files.find(told) or told.lstrip("/")) if told else "",
        versions=len(list(children(child(body, "Versions"), "Version"))),
    )
    document.pages.extend(_pages(files, document, before))
    return document


def _pages(files: Files, document: Document, before: int) -> Iterator[Page]:
    folder, shared = folder_of(document.name), Resources()
    for each in children(child(document.root, "CommonData"), "PublicRes", "DocumentRes"):
        _resources(files, words(each), folder, shared)
    templates = _templates(files, document, folder)
    common = _area(child(document.root, "CommonData", "PageArea"))
    listed = list(children(child(document.root, "Pages"), "Page"))
    if before + len(listed) > MOST_PAGES:
        raise OfdTrouble("ofd.too_many_pages")
    for number, each in enumerate(listed, before + 1):
        there = files.named("Page", attribute(each, "BaseLoc"), folder)
        if there is None:
            raise OfdTrouble("ofd.broken")
        name, content = there
        own = (
            Resources(dict(shared.pictures), dict(shared.fonts), dict(shared.drawings)) if child(content, "PageRes") is not None else shared
        )
        for resource in children(content, "PageRes"):
            _resources(files, words(resource), folder_of(name), own, folder)
        used = [(attribute(use, "ZOrder"), templates.get(attribute(use, "TemplateID"))) for use in children(content, "Template")]
        yield Page(
            number=number,
            id=attribute(each, "ID"),
            name=name,
            area=_area(child(content, "Area")) or common or _A4,
            content=content,
            resources=own,
            under=tuple(template for order, template in used if template is not None and order != "Foreground"),
            over=tuple(template for order, template in used if template is not None and order == "Foreground"),
        )


def _templates(files: Files, document: Document, folder: str) -> dict[str, Element]:
    found = {}
    for each in children(child(document.root, "CommonData"), "TemplatePage"):
        there = files.named("Page", attribute(each, "BaseLoc"), folder)
        if there:
            found[attribute(each, "ID")] = there[1]
    return found


def _area(element: Element | None) -> Box | None:
    """The physical box of a page; one that no paper has is trouble."""
    found = box(words(child(element, "PhysicalBox")))
    if found is None or not found[2] or not found[3]:
        return None
    if found[2] > MOST_MILLIMETRES or found[3] > MOST_MILLIMETRES:
        raise OfdTrouble("ofd.page_size")
    return found


def _resources(files: Files, text: str, folder: str, into: Resources, *more: str) -> None:
    there = files.named("Res", text, folder, *more)
    if there is None:
        return
    name, root = there
    own = folder_of(name)
    base = attribute(root, "BaseLoc")
    folders = [*located(base, own), own] if base else [own]
    for media in children(child(root, "MultiMedias"), "MultiMedia"):
        into.pictures[attribute(media, "ID")] = files.part(words(child(media, "MediaFile")), *folders) or ""
    for font in children(child(root, "Fonts"), "Font"):
        told = words(child(font, "FontFile"))
        into.fonts[attribute(font, "ID")] = files.part(told, *folders) or ""
    for unit in children(child(root, "CompositeGraphicUnits"), "CompositeGraphicUnit"):
        into.drawings[attribute(unit, "ID")] = unit


def annotated(files: Files, document: Document) -> Iterator[tuple[Page, list[Element]]]:
    """The pages of a document that bear annotations, each with them."""
    noted: dict[str, list[Element]] = {}
    for page_id, annotation in _annotations(files, document):
        noted.setdefault(page_id, []).append(annotation)
    return ((page, noted[page.id]) for page in document.pages if page.id in noted)


def _annotations(files: Files, document: Document) -> Iterator[tuple[str, Element]]:
    there = files.named("Annotations", words(child(document.root, "Annotations")), folder_of(document.name))
    if there is None:
        return
    name, root = there
    for page in children(root, "Page"):
        own = files.named("PageAnnot", words(child(page, "FileLoc")), folder_of(name), folder_of(document.name))
        for annotation in children(own[1], "Annot") if own else ():
            yield attribute(page, "PageID"), annotation
