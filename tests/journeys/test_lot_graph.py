"""A person walks about in the family of a lot: unfolds, follows with the keyboard, searches, prints; on a phone and on a desk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from werkzeug.serving import make_server

from app.auth import credentials
from tests.app.conftest import Web, web  # noqa: F401  (the fixture)
from tests.factories.dairy import a_batch, a_delivery, a_material, a_product, a_supplier
from tests.journeys.conftest import CHROMIUM, FLAGS
from traceability import holds, lots

playwright = pytest.importorskip("playwright.sync_api")
if CHROMIUM is None:
    pytest.skip("no browser: apt-get install -y chromium fonts-noto-cjk", allow_module_level=True)

LOOKS = (
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "en-GB", "has_touch": True, "is_mobile": True},
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light", "locale": "zh-CN", "reduced_motion": "reduce"},
)
SMALL = """[...document.querySelectorAll('.family-map a[href], .family :is(button, summary, input), .pill .reach')].filter(each => {
  const box = each.getBoundingClientRect();
  const scale = each.closest('.lots') ? document.querySelector('.lot').getBoundingClientRect().height / 64 : 1;
  return box.width && (box.width < 43.9 * scale || box.height < 43.9 * scale);
}).map(each => each.outerHTML.slice(0, 100))"""
COUNT = "[...document.querySelectorAll('.lot')].length"


@pytest.fixture
def paths(web: Web) -> dict[str, str]:  # noqa: F811
    """farms F0…F29 → milk → fresh milk P0…P39 → shop S, and a door into the house."""
    with web.house.begin("brand_admin") as unit:
        supplier, material, product = a_supplier(unit), a_material(unit), a_product(unit)
        farms = [a_delivery(unit, f"F{place}", material=material, supplier=supplier) for place in range(30)]
        milk = a_batch(unit, "MILK", product)
        unit.session.flush()
        lots.finish(unit, lot_id=milk.id, inputs=[(farm.id, Decimal(5)) for farm in farms], quantity=Decimal(1000))
        made = []
        for place in range(40):
            made.append(a_batch(unit, f"P{place}", product, web.house.now - timedelta(minutes=40 - place)))
            unit.session.flush()
            lots.finish(unit, lot_id=made[-1].id, inputs=[(milk.id, Decimal(3))])
        shop = a_batch(unit, "SHOP", product)
        unit.session.flush()
        lots.finish(unit, lot_id=shop.id, inputs=[(made[0].id, Decimal(1)), (made[39].id, Decimal(2))])
        credentials.add_account(unit, email="q@example.org", name="林", role="quality", supplier_id=None)
        unit.session.flush()
        links = [f"/once/{credentials.make_link(unit, email='q@example.org')}" for _ in LOOKS]
        found = {"milk": f"/desk/lots/{milk.id}", "shop": f"/desk/lots/{shop.id}", "first": f"/desk/lots/{made[0].id}"}
        held = made[0].id
    with web.house.begin() as unit:
        holds.place(unit, lot_id=held, cause="person", cause_id="x", reason="抽检")
    return found | {f"in{place}": link for place, link in enumerate(links)}


@pytest.fixture
def url(web: Web) -> Iterator[str]:  # noqa: F811
    server = make_server("127.0.0.1", 0, web.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_a_person_walks_about_in_a_family(url: str, paths: dict[str, str]) -> None:
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for number, look in enumerate(LOOKS):
            context = browser.new_context(**look)
            page = context.new_page()
            wrong: list[str] = []
            page.on("pageerror", lambda error, wrong=wrong: wrong.append(str(error)))
            page.on("console", lambda told, wrong=wrong: wrong.append(told.text) if told.type == "error" else None)
            page.goto(url + paths[f"in{number}"])
            page.goto(url + paths["milk"])
            page.wait_for_selector("[data-ready]")
            assert not page.locator(".graph").is_visible(), "the map has taken the place of the still drawing"
            assert (_seen(page), page.evaluate(SMALL)) == ((26, 72), [])  # twelve on each side, itself, and the shop after the first
            assert wrong == []
            assert _wrong(page) == []
            wrong.clear()  # the examiner itself writes styles, which the policy forbids
            _unfolds(page)
            _walks(page)
            _finds(page, url + paths["first"])
            assert wrong == []
            context.close()
        browser.close()


def test_paper_has_all_that_is_shown_and_its_table(url: str, paths: dict[str, str]) -> None:
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 390, "height": 600}).new_page()
        page.goto(url + paths["in0"])
        page.goto(url + paths["milk"])
        page.wait_for_selector("[data-ready]")
        page.locator("[data-act=all]").click()
        page.wait_for_timeout(400)
        shown = _seen(page)[0]
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        assert page.evaluate(COUNT) == shown
        assert page.locator("[data-part=table] table").is_visible()
        assert not page.locator(".family-bar").is_visible()
        page.emulate_media(media="screen")
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(COUNT) < shown, "and on the screen again only what is in view"
        browser.close()


def _seen(page: Any) -> tuple[int, int]:
    """Lots on the map and in the family, as the page says itself."""
    numbers = "".join(letter if letter.isdigit() else " " for letter in page.locator("[data-part=shown]").inner_text()).split()
    return int(numbers[0]), int(numbers[1])


def _unfolds(page: Any) -> None:
    before = _seen(page)[0]
    page.locator(".stage").scroll_into_view_if_needed()
    page.locator('.pill[data-side="after"]').first.dispatch_event("pointerdown", {"pointerId": 1, "button": 0, "clientX": 1, "clientY": 1})
    page.locator(".stage").dispatch_event("pointerup", {"pointerId": 1, "button": 0, "clientX": 1, "clientY": 1})
    page.wait_for_function("(before) => document.querySelector('[data-part=shown]').textContent.match(/\\d+/)[0] > before", arg=before)
    page.locator("[data-act=all]").click()
    page.wait_for_timeout(400)
    assert _seen(page) == (72, 72)
    page.locator("[data-act=all]").click()
    page.wait_for_timeout(400)
    assert _seen(page) == (26, 72)


def _walks(page: Any) -> None:
    """Home, left to a farm, down to the next, back right to the milk, on to what was made of it; minus folds."""
    told = lambda: page.evaluate("document.activeElement.getAttribute('aria-label')")  # noqa: E731
    page.locator("[data-act=home]").click()
    assert "MILK" in told()
    page.wait_for_selector(".labels text", state="attached")  # what is looked at says how much went where
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    assert " F" in told()
    page.keyboard.press("ArrowRight")
    assert "MILK" in told()
    page.keyboard.press("ArrowRight")
    assert " P" in told()
    page.keyboard.press("Home")
    page.keyboard.press("-")
    page.wait_for_timeout(300)
    assert _seen(page)[0] == 1
    page.keyboard.press("+")
    page.wait_for_timeout(300)
    assert _seen(page)[0] == 13


def _finds(page: Any, first: str) -> None:
    page.fill("#family-find", "nowhere")
    page.press("#family-find", "Enter")
    assert page.locator(".family-find.missed").count() == 1
    page.fill("#family-find", "shop")
    page.press("#family-find", "Enter")
    assert "SHOP" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.fill("#family-find", "P0")
    page.press("#family-find", "Enter")
    assert page.locator(".lot.stop.on").count() == 1
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    page.wait_for_url(first)


def _wrong(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in Axe().run(page).response["violations"]]
    return found + (["wider than the screen"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else [])
