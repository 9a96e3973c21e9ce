"""Links of things: kept with their history, one default a thing."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from kernel.errors import Invalid, Missing
from kernel.unit import VISITOR, Unit
from tests.conftest import House
from tests.factories.dairy import GTIN, a_product
from traceability import addresses, gs1, link_anchors, link_hosts, links, packing
from traceability.models import Link
from traceability.resolver import levels

ITEM: dict[str, Any] = {"link_type": "gs1:pip", "href": "https://www.lanmu.example/milk", "title": "鲜牛奶"}
KEY = f"01/{GTIN}"


@pytest.fixture
def dairy(house: House) -> House:
    """With a product, a host and a company prefix."""
    with house.begin("brand_admin") as unit:
        a_product(unit)
        link_hosts.allow(unit, host="www.lanmu.example")
        packing.set_prefix(unit, prefix="6901234")
    return house


def flaws(trouble: Any) -> set[tuple[str, str]]:
    return {(each["pointer"], each["rule"]) for each in trouble.value.errors}


def said(link: Link) -> tuple[str, str, bool]:
    return link.link_type, link.href, link.is_default


def changes(unit: Unit, link_id: str) -> list[str]:
    return [each.change for each in links.history(unit, link_id)]


def later(house: House, minutes: int) -> Any:
    return house.now + timedelta(minutes=minutes)


def test_a_link_is_added_changed_and_ended_and_its_history_stays(dairy: House) -> None:
    with dairy.begin() as unit:
        link = links.add(unit, thing=f"(01){GTIN}(10)A/B", **ITEM, language="zh-Hans", media_type="Text/HTML", context="app-1")
        assert (link.key, link.anchor) == (KEY, f"{KEY}/10/A%2FB")
        assert (link.link_type, link.language, link.media_type, link.context) == ("pip", "zh-CN", "text/html", "app-1")
    with dairy.begin(now=later(dairy, 1)) as unit:
        links.change(unit, link_id=link.id, **ITEM | {"title": "岚牧鲜牛奶"})
    with dairy.begin(now=later(dairy, 2)) as unit:
        assert links.change(unit, link_id=link.id, **ITEM | {"title": "岚牧鲜牛奶"}).language is None  # nothing is new
        links.end(unit, link_id=link.id)
        links.end(unit, link_id=link.id)
        with pytest.raises(links.LinkEnded):
            links.change(unit, link_id=link.id, **ITEM)
    with dairy.look() as unit:
        told = links.history(unit, link.id)
        assert [each.change for each in told] == ["ended", "changed", "added"]
        assert [each.document["title"] for each in told] == ["岚牧鲜牛奶", "岚牧鲜牛奶", "鲜牛奶"]
        assert {each.by for each in told} == {"test-quality"}
        assert links.every(unit) == []
        assert links.get(unit, link.id).ended_at == later(dairy, 2)


def test_the_same_once_more_is_the_link_that_is_there(dairy: House) -> None:
    with dairy.begin() as unit:
        first = links.add(unit, thing=GTIN, **ITEM)
        assert links.add(unit, thing=f"https://x.example/01/{GTIN}", **ITEM).id == first.id
        assert links.add(unit, thing=GTIN, **ITEM | {"title": "另一个"}).id != first.id
        assert changes(unit, first.id) == ["added"]


def test_a_thing_has_one_plain_default_and_marking_another_moves_it(dairy: House) -> None:
    with dairy.begin() as unit:
        first = links.add(unit, thing=GTIN, **ITEM, is_default=True)
        variant = links.add(unit, thing=GTIN, **ITEM, language="en", is_default=True)
        lot = links.add(unit, thing=f"(01){GTIN}(10)A", **ITEM, is_default=True)
    with dairy.begin(now=later(dairy, 1)) as unit:
        same_type = links.add(unit, thing=GTIN, **ITEM | {"title": "新版"}, is_default=True)
        assert {link.id: link.is_default for link in links.every(unit, key=KEY)} == {
            first.id: False,
            variant.id: True,
            lot.id: True,
            same_type.id: True,
        }
        assert changes(unit, first.id) == ["changed", "added"]
    with dairy.begin(now=later(dairy, 2)) as unit:
        other = links.add(unit, thing=GTIN, **ITEM | {"link_type": "recipeInfo"})
        links.change(unit, link_id=other.id, **ITEM | {"link_type": "recipeInfo", "is_default": True})
        defaults = [link.id for link in links.every(unit, key=KEY) if link.is_default and link.anchor == KEY]
        assert defaults == [other.id]  # variants of another sort went with it
        with pytest.raises(Invalid) as trouble:
            links.add(unit, thing=GTIN, **ITEM | {"title": "x"}, language="fr", is_default=True)
        assert flaws(trouble) == {("/is_default", "default-type")}
        links.end(unit, link_id=other.id)  # the last default of a thing may go: the built-in pages are above it
        assert links.add(unit, thing=GTIN, **ITEM | {"title": "x"}, language="fr", is_default=True).is_default


@pytest.mark.parametrize(
    ("thing", "rule"),
    [
        ("", "thing"),
        (7, "text"),
        ("milk", "thing"),
        ("(400)A", "key"),
        (f"(01){GTIN}(21)1(10)A", "anchor-level"),
        (f"(01){GTIN}(21)1(22)V", "anchor-level"),
        (f"https://x.example/01/{GTIN}/10/A/21/1", "anchor-level"),
        (f"(01){GTIN}(17)261231", "anchor-query"),
        (f"https://x.example/01/{GTIN}?17=261231", "anchor-query"),
        (f"https://x.example/01/{GTIN}?from=shop", "anchor-query"),
        ("(01)06901234567891", "check-digit"),
        ("06901234567891", "check-digit"),
        ("(01)06901234567908", "not-our-product"),
        ("(8006)069012345679080102", "not-our-product"),
        (f"(00){gs1.sscc(0, '6909999', 1)}", "not-our-prefix"),
        ("(8004)6909999A", "not-our-prefix"),
        (f"https://x.example/01/{GTIN}//", "key"),
    ],
)
def test_only_a_thing_of_ours_can_have_links(dairy: House, thing: object, rule: str) -> None:
    with dairy.begin() as unit, pytest.raises(Invalid) as trouble:
        links.add(unit, thing=thing, **ITEM)
    assert flaws(trouble) == {("/thing", rule)}


@pytest.mark.parametrize(
    ("thing", "path"),
    [
        (GTIN, KEY),
        (GTIN[1:], KEY),
        (f"https://x.example/shop/01/{GTIN}/", KEY),
        (f" {KEY}/21/a%2Fb ", f"{KEY}/21/a%2Fb"),
        (f"(01){GTIN}(10)L(22)V", f"{KEY}/22/V/10/L"),
        (f"(01){GTIN}(235)X", f"{KEY}/235/X"),
        (f"https://id.gs1.org/8006/{GTIN}0102/10/A", f"8006/{GTIN}0102/10/A"),
        (f"(00){gs1.sscc(3, '6901234', 1)}", f"00/{gs1.sscc(3, '6901234', 1)}"),
        ("(8004)6901234A/1", "8004/6901234A%2F1"),
        ("(8004)6901234A/1(7040)1ABC", "8004/6901234A%2F1/7040/1ABC"),
    ],
)
def test_a_thing_is_read_in_each_way_it_is_written(dairy: House, thing: str, path: str) -> None:
    with dairy.begin() as unit:
        link = links.add(unit, thing=thing, **ITEM)
        assert link.anchor == path
        assert link_anchors.of_path(path).path == path
        assert link_anchors.read(link_anchors.of_path(path).bracketed).path == path
        assert [each.id for each in links.of_anchors(unit, link.key, [link.anchor])] == [link.id]
    with dairy.database.look(VISITOR) as unit:
        assert links.owner(unit, link.key) == dairy.brand_id


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("link_type", "gs1:nonsense", "link-type"),
        ("link_type", "defaultLink", "link-type"),
        ("link_type", 7, "link-type"),
        ("title", " ", "blank"),
        ("title", "x" * 201, "length"),
        ("title", "a\x00b", "characters"),
        ("language", "chinese", "language"),
        ("language", "zh-Latn", "language"),
        ("language", "z", "language"),
        ("media_type", "pdf", "media-type"),
        ("media_type", "text/html; charset=utf-8", "media-type"),
        ("context", "a b", "context"),
        ("context", "x" * 41, "context"),
        ("is_default", "yes", "flag"),
        ("passes_query", None, "flag"),
        ("href", "", "blank"),
        ("href", None, "text"),
    ],
)
def test_what_is_said_wrong_is_told_at_its_place(dairy: House, name: str, value: object, rule: str) -> None:
    with dairy.begin() as unit:
        with pytest.raises(Invalid) as trouble:
            links.add(unit, thing=GTIN, **ITEM | {name: value})
        assert flaws(trouble) == {(f"/{name}", rule)}
        link = links.add(unit, thing=GTIN, **ITEM)
        with pytest.raises(Invalid) as trouble:
            links.change(unit, link_id=link.id, **ITEM | {name: value})
        assert flaws(trouble) == {(f"/{name}", rule)}


def test_who_claims_a_key_first_has_it(dairy: House) -> None:
    key = "8004/6901234A"
    with dairy.begin() as unit:
        links.add(unit, thing=key, **ITEM)
    with dairy.begin() as unit:
        packing.set_prefix(unit, prefix="6905555")
    with dairy.begin(brand_id=dairy.other_brand_id) as unit:
        link_hosts.allow(unit, host="www.lanmu.example")
        packing.set_prefix(unit, prefix="6901234")
        with pytest.raises(link_anchors.AnchorTaken):
            links.add(unit, thing=key, **ITEM)


def test_a_key_without_a_prefix_is_nobodys_yet(dairy: House) -> None:
    with dairy.begin(brand_id=dairy.other_brand_id) as unit:
        with pytest.raises(Invalid) as trouble:
            links.add(unit, thing="(8004)6901234A", **ITEM)
        assert ("/thing", "no-prefix") in flaws(trouble)
        with pytest.raises(Invalid) as trouble:
            links.add(unit, thing=GTIN, **ITEM)
        assert ("/thing", "not-our-product") in flaws(trouble)


def test_another_brands_link_is_not_there(dairy: House) -> None:
    with dairy.begin() as unit:
        link = links.add(unit, thing=GTIN, **ITEM)
    with dairy.begin(brand_id=dairy.other_brand_id) as unit:
        assert links.of_anchors(unit, KEY, [KEY]) == links.every(unit) == []
        for ask in (links.get, links.history):
            with pytest.raises(Missing):
                ask(unit, link.id)
        with pytest.raises(Missing):
            links.end(unit, link_id=link.id)
        with pytest.raises(Missing):
            links.change(unit, link_id=link.id, **ITEM)
    with dairy.database.look(VISITOR) as unit:
        assert (links.owner(unit, KEY), links.owner(unit, "01/06901234567908"), links.owner(unit, "00/1")) == (dairy.brand_id, None, None)


def test_the_list_is_narrowed_and_paged(dairy: House) -> None:
    made = []
    for minute, kind in enumerate(("pip", "recipeInfo", "pip")):
        with dairy.begin(now=later(dairy, minute)) as unit:
            made.append(links.add(unit, thing=GTIN, **ITEM | {"link_type": kind, "title": str(minute)}).id)
    with dairy.begin() as unit:
        links.get(unit, made[0]).health, links.get(unit, made[0]).failures = "gone", 3
        links.get(unit, made[1]).health = "503"
    with dairy.look() as unit:
        assert [link.id for link in links.every(unit)] == made[::-1]
        assert [link.id for link in links.every(unit, link_type="pip")] == [made[2], made[0]]
        assert [link.id for link in links.every(unit, limit=1, before=made[2])] == [made[1]]
        asked = {health: [link.id for link in links.every(unit, health=health)] for health in links.HEALTH}
        assert {health: ids for health, ids in asked.items() if ids} == {
            "gone": [made[0]],
            "broken": [made[0]],
            "status": [made[1]],
            "unchecked": [made[2]],
        }
        assert links.every(unit, key="01/x") == []


def test_a_request_sees_the_links_of_its_levels(dairy: House) -> None:
    with dairy.begin() as unit:
        links.add(unit, thing=GTIN, **ITEM, is_default=True)
        links.add(unit, thing=f"(01){GTIN}(10)A", **ITEM)
        links.add(unit, thing=f"(01){GTIN}(10)B", **ITEM)
        pairs = (("01", GTIN), ("10", "A"), ("21", "1"))
        found = links.of_levels(
            links.of_anchors(unit, KEY, [levels.anchor(each) for each in levels.among(pairs)]),
            pairs,
            root="https://id.example",
            description="鲜牛奶",
        )
    assert [(level.anchor, [each.is_default for each in level.targets]) for level in found] == [
        (f"https://id.example/{KEY}/21/1", []),
        (f"https://id.example/{KEY}/10/A", [False]),
        (f"https://id.example/{KEY}", [True]),
    ]
    assert [level.anchor.removeprefix("https://id.example/") for level in found] == [levels.anchor(each) for each in levels.among(pairs)]


def test_two_who_mark_a_default_at_once_leave_one(dairy: House) -> None:
    failed: list[BaseException] = []
    there = threading.Barrier(2)

    def mark(title: str) -> None:
        there.wait()
        try:
            with dairy.begin() as unit:
                links.add(unit, thing=GTIN, **ITEM | {"title": title}, is_default=True)
        except BaseException as error:
            failed.append(error)

    both = [threading.Thread(target=mark, args=(title,)) for title in "ab"]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert failed == []
    with dairy.look() as unit:
        assert sorted(link.is_default for link in links.every(unit, key=KEY)) == [False, True]


def test_only_the_levels_asked_for_are_loaded_and_items_are_known_of(dairy: House) -> None:
    with dairy.begin() as unit:
        links.add(unit, thing=GTIN, **ITEM)
        lots = [links.add(unit, thing=f"(01){GTIN}(10)21/{name}", **ITEM) for name in "AB"]
        assert not links.has_items(unit, KEY)
        item = links.add(unit, thing=f"(01){GTIN}(21)1", **ITEM)
        assert links.has_items(unit, KEY)
        assert [each.id for each in links.of_anchors(unit, KEY, [lots[0].anchor, item.anchor])] == [lots[0].id, item.id]
        links.end(unit, link_id=item.id)
        unit.session.flush()
        assert not links.has_items(unit, KEY)


@pytest.mark.parametrize(
    "href",
    [
        f"https://id.example/01/{GTIN}",
        f"https://ID.example/01/{GTIN}/21/ABC?linkType=pip",
        f"https://id.example/stem/01/{GTIN}/",
        "https://id.example/eh30340789000c0e42dfdc1c35",
        f"https://id.example:443/01/{GTIN}#x",
        f"https://s.lanmu.example/01/{GTIN}",
    ],
)
def test_a_link_does_not_lead_back_to_the_resolver(dairy: House, href: str) -> None:
    with dairy.begin() as unit:
        addresses.add(unit, name="s.lanmu.example")
        with pytest.raises(Invalid) as trouble:
            links.add(unit, thing=GTIN, **ITEM | {"href": href})
        assert flaws(trouble) == {("/href", "href-circle")}
        links.add(unit, thing=GTIN, **ITEM | {"href": f"https://www.lanmu.example/01/{GTIN}"})
        links.add(unit, thing=GTIN, **ITEM | {"href": f"https://id.example/about/{GTIN}"})


@pytest.mark.parametrize("text", [f"/01/{GTIN}", f"/01/{GTIN}/", f" 01/{GTIN}"])
def test_a_path_is_read_with_and_without_its_slash(text: str) -> None:
    assert link_anchors.read(text).path == KEY


@pytest.mark.parametrize("text", ["/", f"//01/{GTIN}", f"/{GTIN}", "/x/01"])
def test_what_only_begins_like_a_path_is_no_thing(text: str) -> None:
    with pytest.raises(Invalid):
        link_anchors.read(text)
