"""XML that means harm, or is none, is refused before anything is made of it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kernel.errors import Invalid
from traceability.events.documents.xml import elements
from traceability.events.documents.xml.elements import parse

_LAUGHS = "".join(f'<!ENTITY {more} "{10 * ("&" + one + ";")}">' for one, more in pairwise("abcdefghi"))


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml-dtd"),
        (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.com/x.dtd"> %x;]><a/>', "xml-dtd"),
        (b'<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>', "xml-dtd"),
        (b'<!DOCTYPE a PUBLIC "-//X//Y" "http://example.com/a.dtd"><a/>', "xml-dtd"),
        (f'<!DOCTYPE a [<!ENTITY a "ha">{_LAUGHS}]><a>&i;</a>'.encode(), "xml-dtd"),
        (b'<!DOCTYPE a [<!ATTLIST a b CDATA "c">]><a/>', "xml-dtd"),
        (b"<a>&x;</a>", "xml"),
        (b"<a>" * 129 + b"</a>" * 129, "depth"),
        (b'<a xmlns="urn:' + b"x" * 3_000 + b'"/>', "xml-size"),
        (b"", "xml"),
        (b"not XML", "xml"),
        (b'{"type": "EPCISDocument"}', "xml"),
        (b"<a><b></a>", "xml"),
        (b"<a/><a/>", "xml"),
        (b'<a b="1" b="2"/>', "xml"),
        (b"<unbound:a/>", "xml"),
        (b"<a>\x00</a>", "xml"),
        ('<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode("latin-1"), "xml"),
        (b'<?xml version="1.0" encoding="UTF-16"?><a/>', "xml-encoding"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "xml-encoding"),
        (b'<?xml version="1.0" encoding="gb2312"?><a>\xff\xff</a>', "xml-encoding"),
    ],
)
def test_what_is_refused(body: bytes, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(body)
    assert [flaw["rule"] for flaw in refused.value.errors] == [rule]


def test_a_mistake_is_told_with_its_line_and_column() -> None:
    with pytest.raises(Invalid) as refused:
        parse(b"<a>\n  <b>\n  </c>\n</a>")
    (flaw,) = refused.value.errors
    assert (flaw["line"], flaw["column"]) == (3, 5)
    assert flaw["detail"] == "line 3, column 5: mismatched tag"


def test_more_elements_than_any_honest_document_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "MOST_ELEMENTS", 10)
    assert len(parse(b"<a>" + b"<b/>" * 9 + b"</a>").children) == 9
    with pytest.raises(Invalid) as refused:
        parse(b"<a>" + b"<b/>" * 10 + b"</a>")
    assert refused.value.errors[0]["rule"] == "xml-size"


def test_a_document_type_that_is_only_a_name_does_no_harm() -> None:
    assert parse(b"<!DOCTYPE project><a>text</a>").text == "text"


@pytest.mark.parametrize(
    ("name", "codec"), [("UTF-8", "utf-8"), ("UTF-16", "utf-16"), ("GB2312", "gb2312"), ("GBK", "gbk"), ("gb18030", "gb18030")]
)
def test_encodings_that_suppliers_write(name: str, codec: str) -> None:
    assert parse(f'<?xml version="1.0" encoding="{name}"?><a>批号</a>'.encode(codec)).text == "批号"


def test_names_keep_namespace_and_prefix_apart() -> None:
    root = parse(b'<p:a xmlns:p="urn:one" xmlns="urn:two"><b p:c="1" d="2"/></p:a>')
    (inner,) = root.children
    assert (root.space, root.prefix, root.name, root.said) == ("urn:one", "p", "a", "p:a")
    assert (inner.space, inner.prefix, inner.name, inner.said) == ("urn:two", "", "b", "b")
    assert (inner.attributes, inner.foreign) == ({"d": "2"}, [("urn:one", "p", "c", "1")])
    assert root.declared == {"p": "urn:one", "": "urn:two"}


def test_text_is_whole_whatever_remarks_stand_in_it() -> None:
    assert parse(b"<a>one<!-- remark --> two<![CDATA[ <three>]]></a>").text == "one two <three>"


def test_children_are_numbered_where_several_have_one_name() -> None:
    root = parse(b"<a><b/><c/><b/></a>")
    assert [place for _, place in root.placed("/a")] == ["/a/b[1]", "/a/c", "/a/b[2]"]
