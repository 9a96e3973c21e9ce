"""XML from strangers, parsed into a small tree: nothing outside is fetched, nothing inside expands. Pure.

Refused are entities of the document's own (billion laughs), anything external (XXE), a DTD that says more than a
name, and documents that are deeper or larger than any honest one. Sources: XML 1.0, Namespaces in XML 1.0,
OWASP's cheat sheet on XML external entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.parsers.expat import ErrorString

from defusedxml import DefusedXmlException, ElementTree

from kernel.errors import Invalid, flaw

DEEPEST: Final = 128
"""How deep elements may lie in one another."""
MOST_ELEMENTS: Final = 500_000
LONGEST_NAMESPACE: Final = 2_048
"""A namespace is repeated with every name in it, so a long one would grow like an entity."""

_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_CHINESE: Final = frozenset({"gb2312", "gbk", "gb18030"})
_DTD: Final = "a document type definition is not read: no entities of the document's own, nothing from outside"
_OWN: Final = {"http://www.w3.org/XML/1998/namespace": "xml", "http://www.w3.org/2001/XMLSchema-instance": "xsi"}
_ENCODING_TROUBLES: Final = frozenset({18, 19})  # expat: unknown encoding, encoding given is not that of the text


class Element:
    """One element: its name in three parts, its attributes, its children, and its own text.

    ``attributes`` are those without a namespace and those of XML's own (``xsi:type``, ``xml:space``); ``foreign`` are
    the others, as (namespace, prefix, name, value). ``declared`` are the prefixes that it declares.
    """

    __slots__ = ("attributes", "children", "declared", "foreign", "line", "name", "prefix", "space", "text")

    def __init__(self, space: str, name: str, prefix: str, line: int) -> None:
        self.space = space
        self.name = name
        self.prefix = prefix
        self.attributes: dict[str, str] = {}
        self.foreign: list[tuple[str, str, str, str]] = []
        self.children: list[Element] = []
        self.declared: dict[str, str] = {}
        self.text = ""
        self.line = line

    @property
    def said(self) -> str:
        """The name as the document writes it, with its prefix."""
        return f"{self.prefix}:{self.name}" if self.prefix else self.name

    def child(self, name: str) -> Element | None:
        """The first child with this local name, in whatever namespace."""
        return next((one for one in self.children if one.name == name), None)

    def placed(self, place: str) -> Iterator[tuple[Element, str]]:
        """The children, each with its XPath; a number stands only where several have one name."""
        several: dict[str, int] = {}
        for one in self.children:
            several[one.said] = several.get(one.said, 0) + 1
        passed: dict[str, int] = {}
        for one in self.children:
            said = one.said
            if several[said] == 1:
                yield one, f"{place}/{said}"
            else:
                passed[said] = passed.get(said, 0) + 1
                yield one, f"{place}/{said}[{passed[said]}]"


def refuse(pointer: str, rule: str, detail: str, **more: Any) -> Invalid:
    """The document as a whole cannot be read."""
    return Invalid(errors=[flaw(pointer, rule, detail, **more)])


class _Builder:
    """Hears the parser and builds the tree."""

    def __init__(self) -> None:
        self.expat: Any = None
        self.root: Element | None = None
        self.open: list[Element] = []
        self.texts: list[list[str]] = []
        self.scopes: dict[str, list[str]] = {}
        self.prefixes: dict[str, list[str]] = {}
        self.declared: dict[str, str] = {}
        self.count = 0

    def start_ns(self, prefix: str, space: str) -> None:
        if len(space) > LONGEST_NAMESPACE:
            raise refuse("", "xml-size", f"a namespace has at most {LONGEST_NAMESPACE} characters", line=self.expat.CurrentLineNumber)
        self.scopes.setdefault(prefix, []).append(space)
        self.prefixes.setdefault(space, []).append(prefix)
        self.declared[prefix] = space

    def end_ns(self, prefix: str) -> None:
        self.prefixes[self.scopes[prefix].pop()].pop()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) >= DEEPEST or self.count > MOST_ELEMENTS:
            raise self._too_much()
        made = Element(*self._parts(tag), self.expat.CurrentLineNumber)
        for full, value in attributes.items():
            if full[0] != "{":
                made.attributes[full] = value
                continue
            space, name, prefix = self._parts(full)
            if space in _OWN:
                made.attributes[f"{_OWN[space]}:{name}"] = value
            else:
                made.foreign.append((space, prefix, name, value))
        if self.declared:
            made.declared, self.declared = self.declared, {}
        if self.open:
            self.open[-1].children.append(made)
        else:
            self.root = made
        self.open.append(made)
        self.texts.append([])

    def _parts(self, full: str) -> tuple[str, str, str]:
        """Namespace, local name and prefix of a name as the parser tells it."""
        if full[0] != "{":
            return "", full, ""
        space, _, name = full[1:].rpartition("}")
        return space, name, self.prefixes[space][-1] if space in self.prefixes else ""

    def _too_much(self) -> Invalid:
        line = self.expat.CurrentLineNumber
        if self.count > MOST_ELEMENTS:
            return refuse("", "xml-size", f"the document has more than {MOST_ELEMENTS} elements", line=line)
        return refuse("", "depth", f"the document nests more than {DEEPEST} deep", line=line)

    def data(self, text: str) -> None:
        self.texts[-1].append(text)

    def end(self, tag: str) -> None:
        self.open.pop().text = "".join(self.texts.pop())

    def close(self) -> Element | None:
        return self.root


def parse(body: bytes) -> Element:
    """The root of a document; raises Invalid, with line and column, when it is not XML or means harm."""
    builder = _Builder()
    body, encoding = _readable(body)
    parser = ElementTree.DefusedXMLParser(target=builder, encoding=encoding, forbid_entities=True, forbid_external=True)
    builder.expat = parser.parser
    builder.expat.StartDoctypeDeclHandler = _only_a_name
    builder.expat.buffer_text = True
    try:
        parser.feed(body)
        root: Element | None = parser.close()
    except DefusedXmlException:
        raise refuse("", "xml-dtd", _DTD, line=builder.expat.CurrentLineNumber) from None
    except ElementTree.ParseError as trouble:
        line, column = trouble.position
        rule = "xml-encoding" if trouble.code in _ENCODING_TROUBLES else "xml"
        why = f"line {line}, column {column + 1}: {ErrorString(trouble.code)}"
        raise refuse("", rule, why, line=line, column=column + 1) from None
    except (LookupError, ValueError) as trouble:
        raise refuse("", "xml-encoding", f"the encoding cannot be read: {trouble}") from None
    assert root is not None
    return root


def _only_a_name(name: str, system: str | None, public: str | None, inside: int) -> None:
    """``<!DOCTYPE name>`` means nothing and does no harm, and published documents have it; anything more is a DTD."""
    if system or public or inside:
        raise refuse("", "xml-dtd", _DTD)


def _readable(body: bytes) -> tuple[bytes, str | None]:
    """The body, and its encoding where the parser must be told: it reads no encoding of more bytes a character but Unicode's."""
    found = _DECLARED.match(body)
    if found is None or found[1].decode("ascii").lower() not in _CHINESE:
        return body, None
    try:
        return body.decode("gb18030").encode(), "utf-8"
    except UnicodeDecodeError as trouble:
        raise refuse("", "xml-encoding", f"this is not the GB 18030 that it says it is, from byte {trouble.start} on") from None
