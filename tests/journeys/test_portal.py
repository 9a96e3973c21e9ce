"""A supplier drops a file, confirms the words that were read on it, and sees the verdict: in a real browser, through real
processes, on a phone and at a desk, every page looked at by axe-core."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app import demo_papers, seed
from app.demo import Home
from app.house import open_database
from kernel.unit import system
from suppliers import trust
from tests.journeys.conftest import CHROMIUM, FLAGS

playwright = pytest.importorskip("playwright.sync_api")
if CHROMIUM is None:
    pytest.skip("no browser: apt-get install -y chromium fonts-noto-cjk", allow_module_level=True)

LOOKS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "locale": "zh-CN"},
    "desk": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark", "locale": "en-GB"},
}
HOLDER = "青原示例牧场有限公司"


@pytest.fixture(scope="module")
def documents(home: Home) -> dict[str, bytes]:
    """A report for each look, signed by a laboratory on the brand's trust list."""
    lab = demo_papers.make_body("旅途示例检测有限公司")
    database = open_database(home.settings)
    with database.begin(system(home.planted.brand_id)) as unit:
        trust.add_anchor(unit, name=lab.name, pem=lab.pem, crl=lab.crl)
        trust.add_issuer(unit, name=lab.name)
    database.engine.dispose()
    today = date.today()
    ends = {"valid_from": today - timedelta(days=3), "valid_until": today + timedelta(days=300)}
    return {
        look: demo_papers.make_paper(lab, title="营业执照", number=seed.uscc("meadow"), holder=HOLDER, lines=(look,), **ends)
        for look in LOOKS
    }


@pytest.fixture(scope="module")
def browser(documents: dict[str, bytes]) -> Iterator[Any]:
    """After the papers: Playwright keeps an event loop running, in which pyHanko could not sign."""
    with playwright.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def session(home: Home, browser: Any) -> Any:
    """The link of the letter works once; its cookie is shared by both looks."""
    context = browser.new_context()
    context.new_page().goto(home.url + home.planted.logins["supplier"])
    kept = context.storage_state()
    context.close()
    return kept


@pytest.mark.parametrize("look", LOOKS)
def test_a_file_becomes_a_paper_with_a_verdict(
    home: Home, documents: dict[str, bytes], browser: Any, session: Any, artefacts: Path, look: str
) -> None:
    context = browser.new_context(**LOOKS[look], storage_state=session)
    page = context.new_page()
    page.goto(home.url + "/portal")
    assert wrong(page) == []
    page.set_input_files("#file", {"name": f"{look}.pdf", "mimeType": "application/pdf", "buffer": documents[look]})  # sent at once
    page.wait_for_selector(".words-form", timeout=60_000)
    assert re.search(r"/portal/uploads/\w+$", page.url)
    assert page.input_value("#number") == seed.uscc("meadow")
    assert page.input_value("#holder_name") == HOLDER
    assert page.locator(".page img").evaluate("image => image.naturalWidth") > 200
    page.focus("#number")
    assert page.locator("rect.here").get_attribute("data-of") == "number"
    if look == "phone":
        assert page.locator('[data-field="number"] .strip').bounding_box()["height"] > 40
    page.screenshot(path=artefacts / f"portal-confirm-{look}.png", full_page=True)
    assert wrong(page) == []
    page.select_option("#kind", "business_licence")
    page.click(".words-form [type=submit]")
    page.wait_for_selector("#checks .notice:not(.busy), #checks .chips.come", timeout=60_000)
    assert page.locator("#checks .chips .state.busy").count() == 0
    assert page.locator("#standing .state.busy").count() == page.locator("#checks .notice.busy").count()
    assert page.locator(".page img").count() == 1
    page.screenshot(path=artefacts / f"portal-paper-{look}.png", full_page=True)
    assert wrong(page) == []
    context.close()


def test_several_files_are_sent_one_by_one_and_listed(home: Home, browser: Any, session: Any) -> None:
    context = browser.new_context(storage_state=session)
    page = context.new_page()
    page.goto(home.url + "/portal")
    files = [{"name": f"several-{one}.pdf", "mimeType": "application/pdf", "buffer": f"%PDF-1.7 {one}".encode()} for one in ("a", "b")]
    page.set_input_files("#file", files)
    for file in files:
        page.wait_for_selector(f".on-their-way a:has-text('{file['name']}')", timeout=30_000)
    context.close()


def test_without_a_script_it_works_as_well(home: Home, browser: Any, session: Any) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=session)
    page = context.new_page()
    page.goto(home.url + "/portal")
    page.set_input_files("#file", {"name": "no-script.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 nothing at all"})
    page.click(".send [type=submit]")
    page.wait_for_selector(".notice.stop", timeout=60_000)
    context.close()


def wrong(page: Any) -> list[str]:
    """What axe-core finds, with every fold open, and whether the page is wider than the screen."""
    from axe_playwright_python.base import AXE_SCRIPT
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    axe = Axe("" if page.evaluate("'axe' in window") else AXE_SCRIPT)
    found = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in axe.run(page).response["violations"]]
    return found + (["wider than the screen"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else [])
