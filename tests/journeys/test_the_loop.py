"""The whole loop in one story, through HTTP and a real browser: codes printed and read back, a
phone's scan, a supplier's paper, an alert on the board that holds the lot, a member who joined,
a recall that reaches her. Pictures of every page are kept in artefacts/ (SUYUAN_ARTEFACTS).
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.demo import PASSWORD, Batch, Home, line_with_a_dip, make_lot, wait_for
from app.house import open_database
from kernel.unit import system
from suppliers import trust
from tests.conftest import shared_data
from tests.journeys.conftest import CHROMIUM, FLAGS

playwright = pytest.importorskip("playwright.sync_api")
if CHROMIUM is None:
    pytest.skip("no browser: apt-get install -y chromium fonts-noto-cjk", allow_module_level=True)

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
DESK = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"}


@pytest.fixture(scope="module")
def browser(home: Home) -> Iterator[Any]:
    """After the house: Playwright keeps an event loop running, in which planting could not sign its papers."""
    with playwright.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def told(home: Home, browser: Any, artefacts: Path) -> Iterator[Story]:
    story = Story(browser, home, artefacts)
    yield story
    story.close()


class Story:
    """Who takes part: a consumer's phone, and at desks the plant, quality, the brand and a supplier."""

    def __init__(self, browser: Any, home: Home, artefacts: Path) -> None:
        self.home, self.artefacts = home, artefacts
        desks = dict.fromkeys(("plant", "quality", "brand_admin", "supplier"), DESK)
        self.contexts = {name: browser.new_context(**size) for name, size in {"phone": PHONE, **desks}.items()}
        self.pages = {name: context.new_page() for name, context in self.contexts.items()}
        self.foreign: set[str] = set()
        for page in self.pages.values():
            page.on("request", self._note)
        for role in ("plant", "quality", "brand_admin", "supplier"):
            self.pages[role].goto(home.url + home.planted.logins[role])
        self.lot: Batch | None = None

    def _note(self, request: Any) -> None:
        if not request.url.startswith((self.home.url, "data:")):
            self.foreign.add(request.url)

    def keep(self, who: str, name: str) -> None:
        """A picture, for people to look at."""
        self.pages[who].screenshot(path=self.artefacts / f"loop-{name}.png", full_page=True)

    def fair(self, who: str) -> list[str]:
        """What axe-core finds on the page now, serious or worse."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.pages[who]).response["violations"]
        return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found if each["impact"] in ("serious", "critical")]

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()


def test_1_a_lot_is_made_and_its_printed_codes_are_read_back(told: Story) -> None:
    import pypdfium2
    import zxingcpp

    told.lot = make_lot(told.home, name="LOOP-1", minutes=25, count=100, bound=60)
    sheet = pypdfium2.PdfDocument(io.BytesIO(told.home.machine.get(f"/orders/{told.lot.order_id}/files/pdf")))
    read = {
        code.text
        for page in sheet
        for code in zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil(), formats=zxingcpp.BarcodeFormat.QRCode)
    }
    assert read == set(told.lot.links)


def test_2_a_phone_sees_verdict_product_lot_origin_papers_and_journey(told: Story) -> None:
    phone, (bottle, *_) = told.pages["phone"], told.lot.links
    began = time.perf_counter()
    phone.goto(told.home.url + told.home.here(bottle))
    assert time.perf_counter() - began < 10
    text = phone.inner_text("main")
    for expected in ("首次查询", "岚牧鲜牛奶", "LOOP-1", "生牛乳", "青原示例牧场有限公司", "检验合格"):
        assert expected in text
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), "sideways scrolling"
    top = phone.locator(".verdict").bounding_box()
    assert top["y"] + top["height"] / 2 < 844, "the verdict is on the first screen"
    told.keep("phone", "1-first-scan")
    assert told.fair("phone") == []
    phone.goto(told.home.url + told.home.here(bottle))
    assert phone.locator("[data-verdict]").get_attribute("data-verdict") == "seen_before"
    told.keep("phone", "2-second-scan")
    phone.click("nav.languages a")
    assert "checked" in phone.inner_text("main").lower()
    assert phone.locator("[data-verdict]").get_attribute("data-verdict") == "seen_before"
    told.keep("phone", "3-in-english")
    phone.click("nav.languages a")


def test_3_a_guessed_code_is_answered_calmly(told: Story) -> None:
    phone = told.pages["phone"]
    answer = phone.goto(told.home.url + told.home.here(told.lot.links[0])[:-4] + "0000")
    assert answer.status == 404
    assert phone.locator("[data-verdict]").get_attribute("data-verdict") == "unknown"
    told.keep("phone", "4-unknown")
    assert told.fair("phone") == []


def test_4_a_supplier_hands_in_a_changed_paper_and_is_told_what_is_wrong(told: Story) -> None:
    folder = shared_data("certificates") / "synthetic_pades"
    database = open_database(told.home.settings)
    with database.begin(system(told.home.planted.brand_id)) as unit:
        trust.add_anchor(unit, name="loop", pem=(folder / "root.cert.pem").read_text(), crl=(folder / "root.crl.der").read_bytes())
    database.engine.dispose()
    page = told.pages["supplier"]
    page.goto(told.home.url + "/portal")
    told.keep("supplier", "5-portal")
    assert told.fair("supplier") == []
    page.set_input_files("#file", folder / "annotation_added_after_signing.pdf")  # sent at once, then read
    page.wait_for_selector(".words-form", timeout=60_000)
    told.keep("supplier", "5-what-was-read")
    page.select_option("#kind", "inspection_report")
    for name, value in {
        "number": "LOOP-77",
        "holder_name": "青原示例牧场有限公司",
        "issuer_name": "厦门示例检测技术有限公司",
        "lots": "QY-77",
        "issued_on": "2026-11-01",
    }.items():
        page.evaluate("document.querySelectorAll('.words-form details').forEach(fold => fold.open = true)")
        page.fill(f".words-form [name={name}]", value)
    page.click(".words-form [type=submit]")
    page.wait_for_selector("#checks .notice:not(.busy), #checks .chips.come", timeout=60_000)
    playwright.expect(page.locator("main")).to_contain_text("签名之后", timeout=30_000)
    told.keep("supplier", "6-paper-rejected")
    assert told.fair("supplier") == []


def test_5_a_visitor_joins_with_the_code_from_the_post(told: Story) -> None:
    phone = told.pages["phone"]
    phone.goto(told.home.url + told.home.here(told.lot.links[1]))
    phone.click("form[action='/join/open'] button")
    told.keep("phone", "7-join")
    assert told.fair("phone") == []
    before = len(told.home.letters())
    phone.fill("[name=phone]", "138 0013 9999")
    phone.check("[name=membership]")
    phone.click("form[action='/join'] button")
    letter = wait_for(lambda: told.home.letters()[before:])[-1]
    told.keep("phone", "8-code")
    phone.fill("[name=code]", re.findall(r"\d{6}", letter["text"])[0])
    phone.click("form[action='/join/code'] button")
    assert "LOOP-1" in phone.inner_text("main")
    told.keep("phone", "9-my-page")
    assert told.fair("phone") == []


def test_6_a_dip_of_the_line_shows_on_the_live_board_and_changes_every_page_of_the_lot(told: Story) -> None:
    board, phone = told.pages["plant"], told.pages["phone"]
    board.goto(told.home.url + "/board")
    before = board.locator("article.alert").count()
    for body in line_with_a_dip(minutes=15, dip_after=8, seed_number=9):
        told.home.machine.post("/telemetry", body)
    began = time.perf_counter()
    wait_for(lambda: told.home.machine.get(f"/lots/{told.lot.lot_id}")["standing"] == "held")
    assert time.perf_counter() - began < 5
    playwright.expect(board.locator("article.alert")).to_have_count(before + 1, timeout=15_000)  # by itself, without a reload
    playwright.expect(board.locator("section.alerts")).to_contain_text("LOOP-1", timeout=15_000)
    told.keep("plant", "10-board")
    assert told.fair("plant") == []
    for link in told.lot.links[:3]:
        phone.goto(told.home.url + told.home.here(link))
        assert phone.locator("[data-verdict]").get_attribute("data-verdict") == "on_hold"
    told.keep("phone", "11-on-hold")


def test_7_quality_sees_it_and_two_persons_recall_the_lot(told: Story) -> None:
    desk, second = told.pages["quality"], told.pages["brand_admin"]
    for page in (desk, second):
        page.goto(told.home.url + "/account/password")
        page.fill("[name=new]", PASSWORD)
        page.fill("[name=again]", PASSWORD)
        page.click("main form button[type=submit]")
    desk.goto(told.home.url + "/desk")
    assert "LOOP-1" in desk.inner_text("main")
    told.keep("quality", "12-desk")
    assert told.fair("quality") == []
    desk.goto(f"{told.home.url}/desk/lots/{told.lot.lot_id}")
    told.keep("quality", "13-lot")
    assert told.fair("quality") == []
    desk.click("text=召回演练与召回")
    told.keep("quality", "14-recall-reach")
    assert told.fair("quality") == []
    desk.fill("[name=reason]", "杀菌温度低于临界限")
    desk.fill("[name=advice]", "请勿饮用,凭瓶身二维码到门店退款。")
    desk.check("[name=agreed]")
    desk.fill("#password", PASSWORD)
    desk.click("button.danger")
    second.goto(desk.url)
    told.keep("brand_admin", "15-second-person")
    assert told.fair("brand_admin") == []
    second.check("[name=agreed]")
    second.fill("#password", PASSWORD)
    before = len(told.home.letters())
    second.click("button.danger")
    letters = wait_for(lambda: told.home.letters()[before:])
    assert [letter["to"] for letter in letters] == ["+8613800139999"]
    told.keep("brand_admin", "15-recalled")


def test_8_the_page_and_the_member_know_of_the_recall(told: Story) -> None:
    phone = told.pages["phone"]
    phone.goto(told.home.url + told.home.here(told.lot.links[0]))
    assert phone.locator("[data-verdict]").get_attribute("data-verdict") == "recalled"
    assert "请勿饮用" in phone.inner_text("main")
    told.keep("phone", "16-recalled")
    assert told.fair("phone") == []
    phone.goto(told.home.url + "/me")
    assert "杀菌温度低于临界限" in phone.inner_text("main")
    told.keep("phone", "17-notice")
    assert told.fair("phone") == []


def test_9_the_brands_pages_of_codes_show_a_proof_an_order_and_where_everything_is(told: Story) -> None:
    desk, order = told.pages["brand_admin"], f"/desk/orders/{told.lot.order_id}"
    desk.goto(told.home.url + "/desk/orders/new")
    desk.fill("#size_mm", "5")
    desk.select_option("#dpi", "300")
    desk.click("#proof [data-set='#dpi']")  # what would work, as the refusal says
    playwright.expect(desk.locator("#proof svg[width$=mm]")).to_be_visible()
    assert desk.input_value("#dpi") == "600"
    told.keep("brand_admin", "18-proof")
    assert told.fair("brand_admin") == []
    for place, path in enumerate(("/desk/orders", "/desk/orders/import", order, f"{order}/inspection", "/desk/packs", "/desk/codes"), 19):
        desk.goto(told.home.url + path)
        desk.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
        told.keep("brand_admin", f"{place}-codes")
        assert told.fair("brand_admin") == [], path


def test_10_no_page_asked_anybody_else_for_anything(told: Story) -> None:
    assert told.foreign == set()
