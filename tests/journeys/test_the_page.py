"""The pages that a consumer meets, in every verdict that an item can come to: looked at by axe-core in
a real browser, on a phone by day and on a desk by night, with every fold open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.app.conftest import Web, web  # noqa: F401  (the fixture)
from tests.conftest import House
from tests.factories.recalls import a_recall
from tests.journeys.conftest import CHROMIUM, FLAGS
from tests.members.goods import GTIN, lot_id, shelf
from tests.monitoring.plant import a_line, samples, send
from traceability import addresses, codes, gs1, holds, lots, moves, products

playwright = pytest.importorskip("playwright.sync_api")
if CHROMIUM is None:
    pytest.skip("no browser: apt-get install -y chromium fonts-noto-cjk", allow_module_level=True)

LOOKS = (
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "locale": "zh-CN"},
    {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark", "locale": "en-GB"},
)
LOTS = ("FINE", "OPEN", "HELD", "RECALLED", "EXPIRED")
SMALL = """[...document.querySelectorAll('a, button, summary, input:not([type=hidden])')].filter(each => {
  const box = each.getBoundingClientRect();
  return box.width && !each.matches('.skip') && (box.width < 44 || box.height < 44);
}).map(each => each.outerHTML.slice(0, 100))"""

UNFOLD = "[...document.querySelectorAll('details:not([open])')].map(fold => fold.open = true).length"


@pytest.fixture
def paths(house: House) -> dict[str, str]:
    """A page for every verdict, by its kind."""
    with house.begin("brand_admin") as unit:
        a_line(unit, "1")
    serials = shelf(house, **dict.fromkeys(LOTS, 2))
    with house.begin() as unit:
        addresses.add(unit, name="/DY")
        order = codes.order(unit, product_id=products.by_gtin(unit, GTIN).id, count=2, reference="CAPPED", inner=True, formats=())
        moves.printed(unit, order_id=order.id)
        moves.commission(unit, order_id=order.id, lot_id=lot_id(house, "FINE"))
        capped, gone = (gs1.parse(link).serial for link in codes.links(unit, order.id))
    with house.begin() as unit:
        for code in LOTS:
            lot = lots.get(unit, lot_id(house, code))
            lot.state = "open" if code == "OPEN" else "released"
            lot.started_at, lot.finished_at = unit.now - timedelta(hours=2), unit.now - timedelta(hours=1)
            lot.best_before = (unit.now + timedelta(days=-3 if code == "EXPIRED" else 9)).date()
        moves.inactivate(unit, order_id=order.id, start=1, count=1, reason="stolen")
    send(house, samples(house.now - timedelta(hours=2), [72.6] * 900 + [69.8] * 30 + [72.6] * 900), now=house.now, line_code="1")
    with house.begin() as unit:
        holds.place(unit, lot_id=lot_id(house, "HELD"), cause="person", cause_id="x", reason="温度")
        a_recall(unit, lot_ids=[lot_id(house, "RECALLED")], reason="温度偏低", advice="请带回店家退款。")
    kinds = zip(("first_check", "not_released", "on_hold", "recalled", "expired"), LOTS, strict=True)
    pages = {kind: f"/01/{GTIN}/21/{serials[code][0]}" for kind, code in kinds}
    pages |= {"ask_inner": f"/01/{GTIN}/21/{capped}", "void": f"/01/{GTIN}/21/{gone}"}
    return {**pages, "unknown": f"/01/{GTIN}/21/{serials['FINE'][1][::-1]}", "": f"/about/{GTIN}"}


@pytest.fixture
def url(web: Web) -> Iterator[str]:  # noqa: F811
    server = make_server("127.0.0.1", 0, web.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_every_page_of_a_consumer_is_accessible(url: str, paths: dict[str, str]) -> None:
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for number, look in enumerate(LOOKS):
            context = browser.new_context(**look)
            page = context.new_page()
            for kind, path in paths.items():
                page.goto(url + path)
                assert _verdict(page) == ("seen_before" if number and kind == "first_check" else kind)
                assert _wrong(page) == [], kind
                if page.evaluate(UNFOLD):
                    assert _wrong(page) == [], kind
            page.goto(url + paths["ask_inner"])
            page.fill("[name=code]", "0123 4567 89AB")
            page.press("[name=code]", "Enter")
            assert page.get_attribute("[name=code]", "aria-invalid") == "true"
            assert (_verdict(page), _wrong(page)) == ("ask_inner", [])
            context.close()
        browser.close()


def _verdict(page: Any) -> str:
    shown = page.locator("[data-verdict]")
    return str(shown.get_attribute("data-verdict")) if shown.count() else ""


def _wrong(page: Any) -> list[str]:
    from axe_playwright_python.base import AXE_SCRIPT
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe("" if page.evaluate("'axe' in window") else AXE_SCRIPT)  # half a megabyte, once a page
    found = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in axe.run(page).response["violations"]]
    sideways = ["wider than the screen"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
    return found + sideways + page.evaluate(SMALL)
