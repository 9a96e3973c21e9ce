"""A phone reads a code in the page: through its camera, from a chosen picture, and what it does not follow."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from PIL import Image, ImageFilter

from app.demo import Home
from tests.journeys.conftest import CHROMIUM, FLAGS

playwright = pytest.importorskip("playwright.sync_api")
if CHROMIUM is None:
    pytest.skip("no browser: apt-get install -y chromium fonts-noto-cjk", allow_module_level=True)

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True, "locale": "zh-CN"}
KNOWN = "[data-verdict]:not([data-verdict=unknown])"


def photograph(text: str, kind: str) -> bytes:
    """A small, soft symbol on a grey table: 2 pixels a module."""
    drawn = io.BytesIO()
    segno.make(text, micro=False).save(drawn, kind="png", scale=2, border=4)
    table = Image.new("RGB", (640, 480), (128, 128, 128))
    table.paste(Image.open(drawn).convert("RGB"), (280, 200))
    taken = io.BytesIO()
    table.filter(ImageFilter.GaussianBlur(0.7)).save(taken, kind, quality=90)
    return taken.getvalue()


@pytest.fixture(scope="module")
def browser(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser whose camera looks at the demo's item."""
    film = tmp_path_factory.mktemp("film") / "item.mjpeg"
    film.write_bytes(photograph(home.planted.scan_link, "JPEG"))
    camera = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    with playwright.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *camera])
        yield chromium
        chromium.close()


@pytest.fixture
def phone(browser: Any, home: Home) -> Iterator[Any]:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert [url for url in asked if not url.startswith((home.url, "data:", "blob:"))] == []


def choose(phone: Any, text: str) -> None:
    phone.set_input_files("[data-part=file]", {"name": "code.png", "mimeType": "image/png", "buffer": photograph(text, "PNG")})


def _page(home: Home) -> str:
    """Where the item's link leads, without its view."""
    _, _, gtin, _, serial = home.here(home.planted.scan_link).split("/")
    return f"/see/{gtin}/{serial}?v="


def test_a_chosen_picture_leads_to_the_items_page(phone: Any, home: Home) -> None:
    phone.goto(home.url + "/scan")
    choose(phone, home.planted.scan_link)
    phone.wait_for_selector(KNOWN)
    assert phone.url.startswith(home.url + _page(home))


def test_an_allowed_camera_leads_there_by_itself(phone: Any, home: Home) -> None:
    phone.context.grant_permissions(["camera"], origin=home.url)
    phone.goto(home.url + "/scan")
    phone.wait_for_selector(KNOWN)
    assert phone.url.startswith(home.url + _page(home))


def test_without_the_camera_the_page_teaches_and_stays_fair(phone: Any, home: Home, artefacts: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    phone.goto(home.url + "/scan")
    stage = phone.locator(".stage").bounding_box()
    phone.focus("[data-part=start]")
    phone.keyboard.press("Enter")
    phone.wait_for_selector("[data-scene=denied]:visible")
    assert phone.locator(".stage").bounding_box() == stage, "the page jumps"
    assert all(button.bounding_box()["height"] >= 44 for button in phone.locator("main button:visible").all())
    found = Axe().run(phone).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    phone.screenshot(path=artefacts / "reader-denied.png", full_page=True)


def test_a_strange_link_is_shown_and_never_followed(phone: Any, home: Home, artefacts: Path) -> None:
    phone.goto(home.url + "/scan")
    choose(phone, "https://elsewhere.example/01/09521234500018/21/ABC")
    phone.wait_for_selector("[data-scene=foreign]:visible")
    assert phone.locator("[data-part=text]").inner_text() == "https://elsewhere.example/01/09521234500018/21/ABC"
    assert phone.locator("[data-scene=foreign] a").count() == 0
    assert phone.url == home.url + "/scan"
    phone.screenshot(path=artefacts / "reader-foreign.png", full_page=True)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{HOST}/01/09521234500018/21/ABC", "/01/09521234500018/21/ABC"),
        ("HTTP://{HOST}/0Y7S9287E892?seen=1", "/0Y7S9287E892?seen=1"),
        ("http://{HOST}//elsewhere.example/x", "//elsewhere.example/x"),
        ("http://{HOST}.elsewhere.example/x", None),
        ("http://{HOST}@elsewhere.example/x", None),
        ("ftp://{HOST}/x", None),
        ("javascript:alert(1)//{HOST}", None),
        ("a text", None),
    ],
)
def test_only_links_of_this_house_are_its_own(phone: Any, home: Home, text: str, path: str | None) -> None:
    phone.goto(home.url + "/scan")
    followed = phone.evaluate("(text) => window.suyuanReader.ours(text)", text.replace("{HOST}", home.url.removeprefix("http://")))
    assert followed == (home.url + path if path else None)


def test_what_is_no_picture_is_said_to_be_none(phone: Any, home: Home) -> None:
    phone.goto(home.url + "/scan")
    phone.set_input_files("[data-part=file]", {"name": "code.png", "mimeType": "image/png", "buffer": b"not a picture"})
    phone.wait_for_selector("[data-scene=notpicture]:visible")
