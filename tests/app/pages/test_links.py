"""Links at the desk: added, tried, changed, brought in by the table after a look, and the hosts they may lead to."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.app.conftest import Web
from tests.factories.dairy import GTIN, a_product
from traceability import link_hosts, links

HERE = "/desk/links"
WWW = "https://www.lanmu.example"
FORM = {"thing": GTIN, "link_type": "recipeInfo", "href": f"{WWW}/milk", "title": "做法", "passes_query": "yes"}


@pytest.fixture
def client(web: Web) -> FlaskClient:
    """The quality person of a dairy with a product and a host."""
    with web.house.begin("brand_admin") as unit:
        a_product(unit)
        link_hosts.allow(unit, host="www.lanmu.example")
    return web.sign_in("quality")


def living(web: Web) -> list[Any]:
    with web.house.look() as unit:
        return links.every(unit)


def table(*rows: str) -> dict[str, Any]:
    text = "\n".join(["key,link_type,href,title,default", *rows])
    return {"file": (io.BytesIO(text.encode()), "links.csv")}


def test_an_empty_desk_says_what_links_are_for(web: Web, client: FlaskClient) -> None:
    assert "还没有自己的链接" in client.get(HERE).text
    assert "没有符合的链接" in client.get(f"{HERE}?type=pip").text


def test_a_link_is_added_changed_and_ended(web: Web, client: FlaskClient) -> None:
    made = web.post(client, f"{HERE}/new", {**FORM, "thing": f"(01){GTIN}(10)A/B"})
    assert made.status_code == 303
    (link,) = living(web)
    page = client.get(made.location).text
    assert f"(01){GTIN}(10)A/B" in page
    assert f"{WWW}/milk" in page
    here = f"{HERE}/{link.id}"
    assert web.post(client, here, {**FORM, "title": "新做法", "language": "zh-Hans"}).status_code == 303
    shown = client.get(here).text
    assert "新做法" in shown
    assert shown.count("<li class=") >= 2  # the history has both
    assert web.post(client, f"{here}/end", page=here).status_code == 303
    assert living(web) == []
    ended = client.get(here)
    assert "已停用" in ended.text
    assert web.post(client, here, FORM, page=f"{HERE}/new").status_code == 409


def test_a_wrong_form_keeps_what_was_typed_and_says_where_it_is_wrong(web: Web, client: FlaskClient) -> None:
    answer = web.post(client, f"{HERE}/new", {**FORM, "href": "https://brand.cn.evil.com/x", "language": "chinese", "context": "a b"})
    assert answer.status_code == 422
    for name in ("href", "language", "context"):
        assert f'id="{name}-error"' in answer.text
    assert "还不允许链接到 brand.cn.evil.com" in answer.text
    assert "https://brand.cn.evil.com/x" in answer.text
    assert web.post(client, f"{HERE}/new", {**FORM, "thing": "(01)09521234500018"}).status_code == 422
    assert living(web) == []


def test_a_thing_shows_its_levels_and_what_a_scan_would_be_led_to(web: Web, client: FlaskClient) -> None:
    with web.house.begin() as unit:
        for language in ("zh", "en"):
            links.add(unit, thing=GTIN, link_type="recipeInfo", href=f"{WWW}/{language}", title=language, language=language)
        links.add(unit, thing=f"(01){GTIN}(10)A", link_type="recipeInfo", href=f"{WWW}/lot", title="这一批")
    here = f"{HERE}/thing?of=01/{GTIN}"
    page = client.get(here).text
    assert "平台自带" in page
    assert f"(01){GTIN}(10)A" in page  # beside it
    tried = client.get(f"{here}&type=recipeInfo&lang_of_visitor=en").text
    assert f'<p class="address">{WWW}/en</p>' in tried
    assert f'<p class="address">{WWW}/zh</p>' in client.get(f"{here}&type=recipeInfo&lang_of_visitor=zh-CN").text
    lot = client.get(f"{HERE}/thing?of=01/{GTIN}/10/A/21/1&type=recipeInfo")
    assert lot.status_code == 404  # no place for links of its own
    assert f'<p class="address">{WWW}/lot</p>' in client.get(f"{HERE}/thing?of=01/{GTIN}/10/A&type=recipeInfo").text
    assert "没有这一种链接" in client.get(f"{here}&type=faqs").text
    for strange in ("", "milk", "01/09521234500018", "(00)069012340000000012"):
        assert client.get(f"{HERE}/thing", query_string={"of": strange}).status_code == 404


def test_the_list_is_narrowed_paged_and_shows_what_is_broken_in_red(web: Web, client: FlaskClient) -> None:
    with web.house.begin() as unit:
        for place in range(60):
            link = links.add(unit, thing=GTIN, link_type="pip", href=f"{WWW}/{place}", title=f"第{place}个")
        link.health, link.failures = "gone", 3
    page = client.get(f"{HERE}?product={GTIN}").text
    assert page.count('class="wraps"') == 50
    older = re.search(r'href="([^"]*before=[^"]*)"', page)
    assert older
    assert client.get(older[1].replace("&amp;", "&")).text.count('class="wraps"') == 10
    broken = client.get(f"{HERE}?health=broken").text
    assert broken.count('class="wraps"') == 1
    assert 'class="state stop"' in broken
    assert client.get(f"{HERE}?health=nonsense&type=nonsense").status_code == 200


def test_a_page_that_moved_shows_its_new_address(web: Web, client: FlaskClient) -> None:
    from kernel.ports import Answer
    from traceability import link_checks
    from traceability.facts import LinksDue

    with web.house.begin() as unit:
        link = links.add(unit, thing=GTIN, link_type="pip", href=f"{WWW}/old", title="x")
        unit.session.flush()
        link_checks.on_links_due(unit, LinksDue([link.id]), {link.href: Answer(200, "https://new.example/<b>")})
    for path in (HERE, f"{HERE}/{link.id}", f"{HERE}/thing?of=01/{GTIN}"):
        page = client.get(path).text
        assert "https://new.example/&lt;b&gt;" in page
        assert "https://new.example/<b>" not in page


def test_a_table_is_looked_at_before_it_is_brought_in(web: Web, client: FlaskClient) -> None:
    here = f"{HERE}/import"
    seen = web.post(client, here, table(f"{GTIN},pip,{WWW}/a,牛奶,yes", f"{GTIN},faqs,{WWW}/b,问答,"))
    assert living(web) == []
    ticket = re.search(r'name="waiting" value="([0-9a-f]+)"', seen.text)
    assert ticket
    assert web.post(client, f"{here}/confirm", {"waiting": ticket[1]}, page=here).status_code == 303
    assert {link.href for link in living(web)} == {f"{WWW}/a", f"{WWW}/b"}
    again = web.post(client, here, table(f"{GTIN},pip,{WWW}/a,牛奶,yes"))
    assert "没有要改的" in again.text
    changed = web.post(client, here, table(f"{GTIN},pip,{WWW}/new,牛奶,yes")).text
    assert f"{WWW}/new" in changed
    assert f"{WWW}/a" in changed  # what it was
    exported = client.get(f"{HERE}/export")
    assert exported.data.startswith(b"\xef\xbb\xbfkey,")


def test_a_wrong_table_names_each_line_and_cannot_be_brought_in(web: Web, client: FlaskClient) -> None:
    here = f"{HERE}/import"
    seen = web.post(client, here, table(f"{GTIN},pip,{WWW}/a,牛奶,", f"{GTIN},pip,https://evil.com/,<b>,", "milk,x,,,"))
    assert seen.status_code == 422
    assert 'name="waiting"' not in seen.text
    assert "还不允许链接到 evil.com" in seen.text
    assert web.post(client, here, {}).status_code == 422
    assert web.post(client, here, {"file": (io.BytesIO(b"a,b\n"), "x.csv")}).status_code == 422
    assert living(web) == []


def test_what_waits_is_one_brands_own(web: Web, client: FlaskClient) -> None:
    here = f"{HERE}/import"
    seen = web.post(client, here, table(f"{GTIN},pip,{WWW}/a,牛奶,"))
    ticket = re.search(r'name="waiting" value="([0-9a-f]+)"', seen.text)
    assert ticket
    away = web.sign_in("quality", brand_id=web.house.other_brand_id)
    for forged in (ticket[1], ticket[1][:64], ticket[1][:-1] + "x", "", "中" * 128):
        assert web.post(away, f"{here}/confirm", {"waiting": forged}, page=here).status_code == 422
    assert web.post(client, f"{here}/confirm", {"waiting": ticket[1][:64] + "0" * 64}, page=here).status_code == 422
    assert living(web) == []


def test_hosts_are_the_brand_admins(web: Web, client: FlaskClient) -> None:
    here = f"{HERE}/hosts"
    assert "www.lanmu.example" in client.get(here).text
    assert web.post(client, here, {"host": "evil.com"}, page=f"{HERE}/import").status_code == 403
    admin = web.sign_in("brand_admin")
    wrong = web.post(admin, here, {"host": "*.cn"})
    assert wrong.status_code == 422
    assert 'id="host-error"' in wrong.text
    assert web.post(admin, here, {"host": "*.lanmu.example"}).status_code == 303
    web.post(admin, f"{HERE}/new", FORM)
    assert web.post(admin, f"{here}/remove", {"host": "*.lanmu.example"}, page=here).status_code == 303
    assert web.post(admin, f"{here}/remove", {"host": "www.lanmu.example"}, page=here).status_code == 303
    assert "还有 1 个链接指向" in admin.get(here).text
    with web.house.look() as unit:
        assert [each.host for each in link_hosts.every(unit)] == ["www.lanmu.example"]


def test_links_are_for_two_roles_and_each_brands_own(web: Web, client: FlaskClient) -> None:
    web.post(client, f"{HERE}/new", FORM)
    (link,) = living(web)
    assert web.sign_in("plant").get(HERE).status_code == 403
    away = web.sign_in("quality", brand_id=web.house.other_brand_id)
    assert "做法" not in away.get(HERE).text
    assert away.get(f"{HERE}/{link.id}").status_code == 404
    assert away.get(f"{HERE}/thing?of=01/{GTIN}").status_code == 404
    assert web.post(away, f"{HERE}/{link.id}/end", page=f"{HERE}/new").status_code == 404
    assert len(living(web)) == 1
