"""The resolver through its doors, by the statements of GS1-Conformant Resolver 1.2."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs
import pytest
from sqlalchemy import func, select

from tests.app.conftest import Web
from tests.app.pages.test_scan import _released
from tests.conftest import shared_data
from tests.members.goods import GTIN, lot_id
from traceability import addresses, holds, link_hosts, links
from traceability.models import ItemScans, Scan

HERE = "https://id.example"
LINKSET = "application/linkset+json"


@pytest.fixture
def serial(web: Web) -> str:
    """An item whose product has links of the brand's own: two certificates by language, a recipe, a lot's report."""
    serial = _released(web)[0]
    with web.house.begin("brand_admin") as unit:
        link_hosts.allow(unit, host="brand.example")
        said: list[dict[str, Any]] = [
            {
                "thing": f"01/{GTIN}",
                "link_type": "certificationInfo",
                "href": "https://brand.example/zh",
                "title": "证书",
                "language": "zh-CN",
            },
            {
                "thing": f"01/{GTIN}",
                "link_type": "certificationInfo",
                "href": "https://brand.example/en",
                "title": "Papers",
                "language": "en",
            },
            {"thing": f"01/{GTIN}", "link_type": "recipeInfo", "href": "https://brand.example/r?x=1#top", "title": "Recipes"},
            {"thing": f"01/{GTIN}/10/A%2FB", "link_type": "safetyInfo", "href": "https://brand.example/lot", "title": "Report"},
            {"thing": f"01/{GTIN}", "link_type": "review", "href": "https://brand.example/1", "title": "One"},
            {"thing": f"01/{GTIN}", "link_type": "review", "href": "https://brand.example/2", "title": "Two"},
        ]
        for each in said:
            links.add(unit, **{**each, "thing": f"https://id.example/{each['thing']}"})
    return serial


def _get(web: Web, path: str, **headers: str) -> Any:
    return web.client.get(path, base_url=HERE, headers=headers)


def _location(web: Web, path: str, **headers: str) -> str:
    answer = _get(web, path, **headers)
    assert answer.status_code == 307, (path, answer.status_code, answer.text[:300])
    return str(answer.headers["Location"])


def _valid(document: Any) -> None:
    for name in ("linkset-schema-1.2.x.json", "gs1-linkset-schema.json"):
        jsonschema_rs.validate(json.loads((shared_data("digital-link") / "linkset" / name).read_text()), document)


def test_an_item_is_led_to_its_page_and_a_product_to_its_own(web: Web, serial: str) -> None:
    assert re.fullmatch(rf"/see/{GTIN}/{serial}\?v=\w{{46}}", _location(web, f"/01/{GTIN}/21/{serial}"))
    assert _location(web, f"/01/{GTIN}") == f"{HERE}/about/{GTIN}"
    assert _location(web, f"/01/{GTIN}/10/A%2FB") == f"{HERE}/about/{GTIN}", "the default of a level above"
    assert web.client.get(f"/about/{GTIN}", base_url=HERE).status_code == 200


def test_head_says_the_same_and_options_what_may_be_asked(web: Web, serial: str) -> None:
    for path in (f"/01/{GTIN}", f"/01/{GTIN}/21/{serial}"):
        head = web.client.head(path, base_url=HERE)
        assert head.status_code == 307
        options = web.client.options(path, base_url=HERE)
        assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
        for answer in (head, options, _get(web, path), _get(web, path + "?linkType=linkset"), _get(web, "/01/123")):
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert "Link" in answer.headers["Access-Control-Expose-Headers"]
        assert web.client.post(path, base_url=HERE).status_code == 405


@pytest.mark.parametrize(
    ("path", "languages", "wanted"),
    [
        ("?linkType=gs1:certificationInfo", "en-GB,zh;q=0.5", "en"),
        ("?linkType=certificationInfo", "fr, zh-Hans-CN;q=0.8, en;q=0.3", "zh"),
        ("?linkType=https://ref.gs1.org/voc/certificationInfo", "en;q=0, zh", "zh"),
        ("?linkType=https://gs1.org/voc/certificationInfo", "en", "en"),
        ("/21/{serial}?linkType=gs1:certificationInfo", "en", "en"),
        ("/10/L1/21/{serial}?linkType=gs1:certificationInfo", "en", "en"),
    ],
)
def test_a_wanted_type_is_found_at_any_level_in_the_best_language(web: Web, serial: str, path: str, languages: str, wanted: str) -> None:
    query = path.partition("?")[2]
    where = _location(web, f"/01/{GTIN}" + path.format(serial=serial), **{"Accept-Language": languages})
    assert where == f"https://brand.example/{wanted}?{query}"


def test_the_whole_query_goes_along_in_front_of_the_fragment(web: Web, serial: str) -> None:
    where = _location(web, f"/01/{GTIN}?linkType=gs1:recipeInfo&17=261231&utm=a%20b")
    assert where == "https://brand.example/r?x=1&linkType=gs1:recipeInfo&17=261231&utm=a%20b#top"


def test_an_absent_type_is_404_and_an_undecidable_one_300_with_the_choices(web: Web, serial: str) -> None:
    for wish in ("gs1:smpc", "gs1:nonsense", "nonsense"):
        answer = _get(web, f"/01/{GTIN}?linkType={wish}", Accept="application/json")
        assert answer.status_code == 404
        assert answer.mimetype == "application/problem+json"
    answer = _get(web, f"/01/{GTIN}?linkType=gs1:review", Accept="application/json")
    assert answer.status_code == 300
    _valid(answer.json)
    (level,) = answer.json["linkset"]
    assert {link["href"] for link in level["https://ref.gs1.org/voc/review"]} == {"https://brand.example/1", "https://brand.example/2"}


@pytest.mark.parametrize("accept", [LINKSET, "application/json", "application/ld+json", "text/html", ""])
@pytest.mark.parametrize("path", [f"/01/{GTIN}", f"/01/{GTIN}/10/A%2FB", f"/01/{GTIN}/10/A%2FB/21/{{serial}}", f"/some/stem/01/{GTIN}/"])
def test_a_linkset_holds_every_level_in_the_words_asked_for(web: Web, serial: str, path: str, accept: str) -> None:
    answer = _get(web, path.format(serial=serial) + "?linkType=linkset", Accept=accept)
    assert answer.status_code == 200
    assert answer.mimetype == (accept or LINKSET)
    said = re.search(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    document = json.loads(said[1]) if said else answer.json
    if accept in ("application/ld+json", "text/html"):
        assert document.pop("@context") == f"{HERE}/linkset-context.jsonld"
    _valid(document)
    anchors = [level["anchor"] for level in document["linkset"]]
    wanted = [f"{HERE}/01/{GTIN}"]
    if "A%2FB" in path:
        wanted.insert(0, f"{HERE}/01/{GTIN}/10/A%2FB")
    if "21" in path:
        wanted.insert(0, f"{HERE}/01/{GTIN}/21/{serial}")
    assert anchors == wanted
    assert "https://ref.gs1.org/voc/defaultLink" in document["linkset"][-1]
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in answer.headers["Link"]


def test_a_redirect_says_where_the_linkset_is(web: Web, serial: str) -> None:
    link = _get(web, f"/01/{GTIN}/21/{serial}").headers["Link"]
    assert link == f'<{HERE}/01/{GTIN}/21/{serial}?linkType=linkset>; rel="linkset"; type="application/linkset+json"'
    answer = _get(web, f"/01/{GTIN}/21/{serial}", Accept=LINKSET)
    assert (answer.status_code, answer.mimetype) == (200, LINKSET)


def test_what_is_nobodys_is_404_and_what_is_no_link_400(web: Web, serial: str) -> None:
    for path in ("/01/09521234500018", "/01/09521234500018/21/ABC", "/00/095212345000000018", "/414/9521234500001"):
        assert _get(web, path).status_code == 404, path
    for path in (
        *("/01/09521234500017", "/01/ABC", "/01/" + GTIN + "/21/", f"/01/{GTIN}/21/{serial}/10/L1", f"/01/{GTIN}/17/261231"),
        *(f"/01/{GTIN}?17=999999", f"/01/{GTIN}?99999=1", f"/01/{GTIN}?10=L1", f"/01/{GTIN}/21/{'x' * 21}", "/01/" + "0" * 9000),
        *(f"/01/{GTIN}/21/a%0d%0aSet-Cookie:x", f"/01/{GTIN}/21/a%00"),
    ):
        answer = _get(web, path, Accept="application/json")
        assert answer.status_code == 400, (path, answer.status_code)
        assert answer.json["errors"], path


@pytest.mark.parametrize(
    "query",
    ["//evil.example", "linkType=//evil.example", "v=https://evil.example", "href=https://evil.example&lang=en", "v=%0d%0aLocation:%20x"],
)
def test_nothing_that_a_request_says_leads_elsewhere(web: Web, serial: str, query: str) -> None:
    for path in (f"/01/{GTIN}", f"/01/{GTIN}/21/{serial}", f"/see/{GTIN}/{serial}"):
        answer = _get(web, f"{path}?{query}")
        if answer.status_code == 307:
            assert answer.headers["Location"].startswith((f"/see/{GTIN}/", f"/01/{GTIN}/", f"{HERE}/about/"))
        for spelled in (f"//evil.example/01/{GTIN}", f"/\\evil.example/01/{GTIN}"):
            other = _get(web, spelled).headers.get("Location", "")
            assert not other or other.startswith(HERE + "/about/")


def test_a_host_of_the_brand_is_its_own_root_and_a_strange_one_is_not(web: Web, serial: str) -> None:
    with web.house.begin("brand_admin") as unit:
        addresses.add(unit, name="id.brand.cn")
    own = web.client.get(f"/01/{GTIN}?linkType=linkset", base_url="https://id.brand.cn").json
    assert own["linkset"][0]["anchor"] == f"https://id.brand.cn/01/{GTIN}"
    strange = web.client.get(f"/01/{GTIN}?linkType=linkset", base_url="https://evil.example").json
    assert strange["linkset"][0]["anchor"] == f"{HERE}/01/{GTIN}"


def test_the_resolver_describes_itself(web: Web) -> None:
    answer = _get(web, "/.well-known/gs1resolver")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    schema = json.loads((shared_data("digital-link") / "description-file-schema-1.2.0.json").read_text())
    jsonschema_rs.validate(schema, answer.json)
    context = _get(web, answer.json["jsonLdContextLocation"].removeprefix(HERE))
    assert (context.status_code, context.mimetype) == (200, "application/ld+json")
    assert "@context" in context.json


def test_epc_binary_is_read_and_said_to_be_the_same(web: Web) -> None:
    answer = _get(web, "/eh3074257BF7194E4000001A85")
    assert answer.status_code == 404, "GTIN 80614141123458 is nobody's here"
    assert f'<{HERE}/01/80614141123458/21/6789>; rel="owl:sameAs"' in answer.headers["Link"]
    assert _get(web, "/eh3074257BF7194E4000001A8").status_code in (400, 404)
    assert _get(web, "/eh0074257BF7194E4000001A85").status_code == 400


def test_an_item_that_a_brand_leads_elsewhere_is_looked_at_before_the_answer(web: Web, serial: str) -> None:
    with web.house.begin("brand_admin") as unit:
        said = {"link_type": "pip", "href": "https://brand.example/own", "title": "Own", "is_default": True}
        links.add(unit, thing=f"https://id.example/01/{GTIN}/21/{serial}", **said)
    for _ in range(2):
        assert _location(web, f"/01/{GTIN}/21/{serial}") == "https://brand.example/own"
    assert _location(web, f"/01/{GTIN}/21/{serial}?linkType=gs1:pip").startswith("https://brand.example/own")
    web.client.head(f"/01/{GTIN}/21/{serial}", base_url=HERE)
    with web.house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Scan)) == 2


def test_an_item_that_nobody_should_use_is_led_to_the_houses_page_and_counted_once(web: Web, serial: str) -> None:
    wrong = ("A" if serial[0] != "A" else "B") + serial[1:]
    with web.house.begin("brand_admin") as unit:
        said = {"link_type": "pip", "href": "https://brand.example/own", "title": "Own", "is_default": True}
        for each in (serial, wrong):
            links.add(unit, thing=f"https://id.example/01/{GTIN}/21/{each}", **said)
        holds.place(unit, lot_id=lot_id(web.house, "L1"), cause="person", cause_id="test", reason="温度")
    page = _location(web, f"/01/{GTIN}/21/{serial}")
    assert page.startswith(f"/see/{GTIN}/{serial}?v=")
    assert "暂停销售" in _get(web, page).text
    with web.house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Scan)) == 1
        assert list(unit.session.scalars(select(ItemScans.times))) == [1]
    assert _location(web, f"/01/{GTIN}/21/{serial}", **{"User-Agent": "Twitterbot/1.0"}) == "https://brand.example/own"
    assert _get(web, _location(web, f"/01/{GTIN}/21/{wrong}")).status_code == 404
    with web.house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Scan)) == 2


def test_a_link_that_only_begins_like_the_page_is_led_elsewhere(web: Web, serial: str) -> None:
    with web.house.begin("brand_admin") as unit:
        link_hosts.allow(unit, host="id.example")
        said = {"link_type": "pip", "href": f"{HERE}/see/{GTIN}/{serial}/more", "title": "Own", "is_default": True}
        links.add(unit, thing=f"https://id.example/01/{GTIN}/21/{serial}", **said)
    assert _location(web, f"/01/{GTIN}/21/{serial}") == f"{HERE}/see/{GTIN}/{serial}/more"


def test_a_query_is_escaped_on_its_way_to_the_page(web: Web, serial: str) -> None:
    place = web.app.extensions["suyuan.resolver"].to_item(GTIN, serial, query='a="<b>\r\n#')
    assert place.endswith("&a=%22%3Cb%3E%0D%0A%23")


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("path", ["/01/09521234500018", "/about/09521234500018"])
def test_who_asks_for_many_unknown_products_has_to_wait(web: Web, path: str, accept: str) -> None:
    assert [_get(web, path, Accept=accept).status_code for _ in range(21)] == [404] * 20 + [429]
    assert _get(web, "/eh3074257BF7194E4000001A85").status_code == 429
