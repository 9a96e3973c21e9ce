"""Links as a table: all or nothing, twice the same, and out again."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from kernel.errors import Invalid
from kernel.unit import Unit
from tests.conftest import House
from tests.factories.dairy import GTIN, a_product
from traceability import link_cells, link_files, link_hosts, links, packing
from traceability.link_rules import Wanted

HEAD = "key,link_type,href,title"
KEY = f"01/{GTIN}"
WWW = "https://www.lanmu.example"


@pytest.fixture
def dairy(house: House) -> House:
    with house.begin("brand_admin") as unit:
        a_product(unit)
        link_hosts.allow(unit, host="www.lanmu.example")
    return house


def file(*rows: str, head: str = HEAD, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([head, *rows, ""]).encode(encoding)


def brought(house: House, *rows: str, head: str = HEAD, minute: int = 0) -> dict[str, int]:
    """What bringing it in did, of which the dry run had said the same."""
    with house.look() as unit:
        said = link_files.dry_run(unit, file(*rows, head=head)).counts
    with house.begin(now=house.now + timedelta(minutes=minute)) as unit:
        did = link_files.bring_in(unit, content=file(*rows, head=head)).counts
    assert said == did
    return {outcome: count for outcome, count in did.items() if count}


def wrong(house: House, content: bytes) -> set[tuple[str, str]]:
    """The flaws of a file, of which nothing is brought in; the dry run tells them too, or cannot read the file either."""
    with house.begin() as unit, pytest.raises(Invalid) as trouble:
        link_files.bring_in(unit, content=content)
    with house.look() as unit:
        assert links.every(unit) == []
        assert _told(unit, content) == trouble.value.errors
    return {(each["pointer"], each["rule"]) for each in trouble.value.errors}


def _told(unit: Unit, content: bytes) -> list[dict[str, Any]]:
    try:
        return link_files.dry_run(unit, content).flaws
    except Invalid as trouble:
        return trouble.errors


def now(house: House) -> list[tuple[Any, ...]]:
    with house.look() as unit:
        return sorted((link.anchor, link.link_type, link.href, link.title, link.is_default) for link in links.every(unit))


def test_a_file_twice_changes_nothing_and_a_new_address_changes_the_link(dairy: House) -> None:
    head = HEAD + ",language,default"
    rows = [f"(01){GTIN},gs1:pip,{WWW}/a,鲜牛奶,zh-Hans,", f"{GTIN},pip,{WWW}/d,鲜牛奶,,yes", f"{KEY}/10/A,pip,{WWW}/a,A 批,,是"]
    assert brought(dairy, *rows, head=head) == {"added": 3}
    before = now(dairy)
    assert brought(dairy, *rows, head=head, minute=1) == {"same": 3}
    assert now(dairy) == before
    rows[0] = rows[0].replace("/a", "/new")
    assert brought(dairy, *rows, head=head, minute=2) == {"changed": 1, "same": 2}
    with dairy.look() as unit:
        (changed,) = (link for link in links.every(unit) if link.href.endswith("/new"))
        assert [each.change for each in links.history(unit, changed.id)] == ["changed", "added"]


def test_links_alike_in_all_but_their_address_are_each_meant_by_it(dairy: House) -> None:
    a, b = f"{GTIN},certificationInfo,{WWW}/a,甲", f"{GTIN},certificationInfo,{WWW}/b,乙"
    assert brought(dairy, a, b) == {"added": 2}
    assert brought(dairy, b.replace("乙", "新"), a) == {"changed": 1, "same": 1}
    assert brought(dairy, f"{GTIN},certificationInfo,{WWW}/c,丙") == {"added": 1}
    ends = HEAD + ",action"
    with dairy.look() as unit:
        plan = link_files.dry_run(unit, file(f"{GTIN},certificationInfo,,,end", head=ends))
    assert [(each["pointer"], each["rule"]) for each in plan.flaws] == [("/rows/0/href", "link-which")]
    assert brought(dairy, f"{GTIN},certificationInfo,{WWW}/a,,end", head=ends) == {"ended": 1}
    assert brought(dairy, f"{GTIN},certificationInfo,{WWW}/a,,end", head=ends) == {"same": 1}
    assert len(now(dairy)) == 2


def test_a_link_that_might_not_be_added_any_more_can_be_ended(dairy: House) -> None:
    brought(dairy, f"{GTIN},pip,{WWW}/a,a")
    with dairy.begin() as unit:
        (link,) = links.every(unit)
        link.href = "https://lost.example/a"
    assert brought(dairy, f"{GTIN},pip,https://lost.example/a,,END", head=HEAD + ",action") == {"ended": 1}


def test_a_default_moves_by_file_and_two_of_one_thing_are_wrong(dairy: House) -> None:
    head = HEAD + ",default,language"
    assert brought(dairy, f"{GTIN},pip,{WWW}/a,a,yes,", f"{GTIN},pip,{WWW}/en,a,yes,en", head=head) == {"added": 2}
    with dairy.look() as unit:
        plan = link_files.dry_run(unit, file(f"{GTIN},recipeInfo,{WWW}/r,r,yes,", head=head))
        assert plan.displaced == 2
    assert brought(dairy, f"{GTIN},recipeInfo,{WWW}/r,r,yes,", head=head) == {"added": 1}
    assert [row[1] for row in now(dairy) if row[4]] == ["recipeInfo"]
    # The other way round in one file, whatever the order of its rows.
    rows = (f"{GTIN},pip,{WWW}/en,a,yes,en", f"{GTIN},pip,{WWW}/a,a,1,", f"{GTIN},recipeInfo,{WWW}/r,r,no,")
    assert brought(dairy, *rows, head=head) == {"changed": 3}
    assert brought(dairy, *rows, head=head) == {"same": 3}
    with dairy.look() as unit:
        plan = link_files.dry_run(unit, file(f"{GTIN},pip,{WWW}/1,x,yes,", f"{GTIN},faqs,{WWW}/2,x,yes,", head=head))
        assert [(each["pointer"], each["rule"]) for each in plan.flaws] == [("/rows/1/default", "default-twice")]
        plan = link_files.dry_run(unit, file(f"{GTIN},faqs,{WWW}/2,x,yes,fr", head=head))
        assert [(each["pointer"], each["rule"]) for each in plan.flaws] == [("/rows/0/default", "default-type")]


def test_what_a_file_has_no_column_for_stays(dairy: House) -> None:
    with dairy.begin() as unit:
        links.add(unit, thing=GTIN, link_type="pip", href=f"{WWW}/a", title="a", is_default=True, passes_query=False)
    assert brought(dairy, f"{GTIN},pip,{WWW}/a,b") == {"changed": 1}
    with dairy.look() as unit:
        (link,) = links.every(unit)
        assert (link.title, link.is_default, link.passes_query) == ("b", True, False)


def test_each_wrong_cell_is_named_and_nothing_is_brought_in(dairy: House) -> None:
    rows = (
        f"{GTIN},pip,{WWW}/a,right,,,",
        "06901234567908,pip,https://evil.com/,title,,,",
        f"(01){GTIN}(21)1(10)A,nonsense,,,xx-yy-zz,,",
        f"{GTIN},pip,{WWW}/b,b,,maybe,delete",
        f"{GTIN},pip,{WWW}/a,again,,,",
    )
    assert wrong(dairy, file(*rows, head=HEAD + ",language,default,action")) == {
        ("/rows/1/key", "not-our-product"),
        ("/rows/1/href", "href-host"),
        ("/rows/2/key", "anchor-level"),
        ("/rows/2/link_type", "link-type"),
        ("/rows/2/href", "blank"),
        ("/rows/2/title", "blank"),
        ("/rows/2/language", "language"),
        ("/rows/3/default", "flag"),
        ("/rows/3/action", "choice"),
        ("/rows/4/key", "row-twice"),
    }


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "csv-head"),
        (b"\xef\xbb\xbf", "csv-head"),
        (b"key,href,title\n", "csv-head"),
        (b"key,key,link_type,href,title\n", "csv-head"),
        (b"\xff\xfe\x00", "csv"),
        (b'key,link_type,href,title\n"open', "csv"),
        (b'key,link_type,href,title\n"a"b,c,d,e', "csv"),
        (b"x" * (link_cells.MOST_BYTES + 1), "csv-bytes"),
        (HEAD.encode() + b"\n" + b"a,b,c,d\n" * (link_cells.MOST + 1), "most"),
    ],
)
def test_what_is_no_table_of_links_is_refused(dairy: House, content: bytes, rule: str) -> None:
    assert wrong(dairy, content) == {("/file", rule)}


def test_a_comma_too_many_is_told(dairy: House) -> None:
    assert wrong(dairy, file(f"{GTIN},pip,{WWW}/a,milk, fresh")) == {("/rows/0", "csv-cells")}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_it_is_read_as_spreadsheets_write_it(dairy: House, encoding: str) -> None:
    with dairy.begin() as unit:
        link_files.bring_in(unit, content=file(f"{GTIN},pip,{WWW}/a,岚牧鲜牛奶", ",,,", encoding=encoding))
    assert [row[3] for row in now(dairy)] == ["岚牧鲜牛奶"]


def test_what_is_written_out_can_be_brought_in_again(dairy: House) -> None:
    titles = ["=1+1", "+86 571", "-5 °C", "@home", "'=quoted", "''-twice", "a,b", 'say "milk"', "plain", "'tis"]
    with dairy.begin() as unit:
        for place, title in enumerate(titles):
            links.add(unit, thing=f"(01){GTIN}(10)'=/{place}", link_type="pip", href=f"{WWW}/{place}", title=title, is_default=True)
        more = {"language": "zh-CN", "media_type": "text/html", "context": "a-b", "passes_query": False}
        links.add(unit, thing=GTIN, link_type="faqs", href=f"{WWW}/?a=1&b=2", title="x", **more)
    with dairy.look() as unit:
        content = link_files.written(unit)
        plan = link_files.dry_run(unit, content)
        before = {link.anchor: Wanted.of(link) for link in links.every(unit)}
    assert plan.counts == {"added": 0, "changed": 0, "same": 11, "ended": 0, "wrong": 0}
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")] == []
    assert "'=1+1" in cells
    with dairy.begin() as unit:
        for link in links.every(unit):
            links.end(unit, link_id=link.id)
    with dairy.begin() as unit:
        assert link_files.bring_in(unit, content=content).counts["added"] == 11
        assert {link.anchor: Wanted.of(link) for link in links.every(unit)} == before


def test_another_brands_key_is_told_by_its_row(dairy: House) -> None:
    with dairy.begin(brand_id=dairy.other_brand_id) as unit:
        link_hosts.allow(unit, host="www.lanmu.example")
        packing.set_prefix(unit, prefix="6905555")
        links.add(unit, thing="(8004)6905555A", link_type="pip", href=f"{WWW}/a", title="x")
        packing.set_prefix(unit, prefix="6906666")
    with dairy.begin() as unit:
        packing.set_prefix(unit, prefix="6905555")
    assert wrong(dairy, file(f"(8004)6905555B,pip,{WWW}/a,x", f"(8004)6905555A,pip,{WWW}/a,x")) == {("/rows/1/key", "anchor-taken")}
