"""A person of the desk goes through papers with the keyboard: rows, places on the page, decisions; looked at by axe-core."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from werkzeug.serving import make_server

from app.auth import credentials
from suppliers import certificates, directory, messages, rules
from suppliers.certificates import Inspection
from tests.app.conftest import Web, web  # noqa: F401  (the fixture)
from tests.journeys.conftest import CHROMIUM, FLAGS
from tests.suppliers import shelf

playwright = pytest.importorskip("playwright.sync_api")
if CHROMIUM is None:
    pytest.skip("no browser: apt-get install -y chromium fonts-noto-cjk", allow_module_level=True)

LOOKS = (
    {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "en-GB", "has_touch": True, "is_mobile": True},
    {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light", "locale": "zh-CN", "reduced_motion": "reduce"},
)
CHANGED = [{"page": 2, "share": 0.1, "box": [0.2, 0.8, 0.6, 0.9]}]
PAPERS = {"first": shelf.CLEAN, "second": shelf.CLEAN, "changed": shelf.SIGNED | {"changed": CHANGED}}
UNFOLD = "[...document.querySelectorAll('details:not([open])')].map(fold => fold.open = true).length"


@pytest.fixture
def paths(web: Web) -> dict[str, str]:  # noqa: F811
    """Two papers that wait for a person, one that was changed after it was signed, and a door into the house."""
    house, who = web.house, shelf.supplier(web.house)
    page = BytesIO()
    Image.new("RGB", (400, 560), "white").save(page, "PNG")
    with house.begin("brand_admin") as unit:
        key = unit.outside.vault.put(page.getvalue())
        powder = directory.add_material(unit, code="M1", name_zh="乳粉", name_en="Milk powder", category="dairy")
        directory.list_supply(unit, supplier_id=who.id, material_id=powder.id)
        directory.add_site(unit, supplier_id=who.id, name="一号厂", address="示例路 1 号")
        day = date(2027, 1, 1)
        asked = {"market": "CN", "supplier_kinds": ["manufacturer"], "categories": ["dairy"], "kinds": ["haccp"], "effective_from": day}
        rules.add_row(unit, **asked, citation="品牌手册", why="须有 HACCP")
        credentials.add_account(unit, email="q@example.org", name="林", role="quality", supplier_id=None)
        unit.session.flush()
        links = [f"/once/{credentials.make_link(unit, email='q@example.org')}" for _ in LOOKS]
    with house.begin("supplier", supplier_id=who.id) as unit:
        messages.say(unit, who.id, "你好", by_name="王")
    found = {}
    for place, (name, seen) in enumerate(PAPERS.items()):
        paper = shelf.hand_in(house, who, at=house.now - timedelta(minutes=9 - place), content=shelf.PDF + name.encode())
        fields: dict[str, Any] = shelf.read_as(paper)
        fields["number"] |= {"value": "SC10531011200176", "page": 2, "box": [0.1, 0.7, 0.5, 0.75]}
        shelf.check(house, paper, Inspection(seen, fields, [key, key]))
        found[name] = f"/desk/papers/{paper.id}"
    with house.begin() as unit:
        certificates.record_lookup(
            unit, certificate_id=found["second"][-26:], register="gsxt", result="unreachable", asked_on=unit.now.date()
        )
    return found | {"supplier": f"/desk/suppliers/{who.id}"} | {f"in{place}": link for place, link in enumerate(links)}


@pytest.fixture
def url(web: Web) -> Iterator[str]:  # noqa: F811
    server = make_server("127.0.0.1", 0, web.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_every_page_of_the_desk_is_accessible_with_every_fold_open(url: str, paths: dict[str, str]) -> None:
    pages = ["/desk", "/desk/papers", "/desk/papers?standing=all", "/desk/papers?standing=refused", paths["first"], paths["second"]]
    pages += [paths["changed"], "/desk/suppliers", paths["supplier"], "/desk/trust", "/desk/requirements?day=2027-03-01", "/requirements"]
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for number, look in enumerate(LOOKS):
            page = browser.new_context(**look).new_page()
            wrong: list[str] = []
            page.on("pageerror", lambda error, wrong=wrong: wrong.append(str(error)))
            page.goto(url + paths[f"in{number}"])
            for path in pages:
                page.goto(url + path)
                assert (path, _wrong(page)) == (path, [])
                page.evaluate(UNFOLD)
                assert (path, _wrong(page)) == (path, [])
            assert wrong == []
        browser.close()


def test_papers_are_gone_through_and_decided_with_the_keyboard(url: str, paths: dict[str, str], web: Web) -> None:  # noqa: F811
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(**LOOKS[1]).new_page()
        page.goto(url + paths["in1"])
        page.goto(url + "/desk/papers")
        for key in "jjk":
            page.keyboard.press(key)
        assert page.locator("tr.at").count() == 1
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url(url + paths["second"])
        _places(page)
        page.keyboard.press("s")
        assert page.locator("details[data-key][open]").count() == 0, "what is not possible has no key"
        page.keyboard.press("r")
        page.keyboard.press("Escape")
        assert page.locator("details[data-key][open]").count() == 0
        page.keyboard.press("a")
        page.keyboard.type("as registered")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-key=s]")
        browser.close()
    with web.house.look() as unit:
        assert certificates.get(unit, paths["second"][-26:]).standing == "verified"


def _places(page: Any) -> None:
    """A word shows its place on the second page, and the page can be made larger."""
    page.locator('a[href="#at-number"]').click()
    assert page.locator("#at-number.on").is_visible()
    assert page.evaluate("document.querySelector('.pane').scrollTop") > 100
    width = page.locator(".sheet").first.bounding_box()["width"]
    page.locator('[data-zoom="1"]').click()
    assert page.locator(".sheet").first.bounding_box()["width"] > width * 1.3


def _wrong(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in Axe().run(page).response["violations"]]
    return found + (["wider than the screen"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else [])
