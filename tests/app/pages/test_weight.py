"""What the page of an item weighs before pictures, with everything on it that a demo item has: a phone in a
cellar gets it too. And it asks no stranger for anything, nor needs a script."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest

from suppliers.checks import CHECKS
from suppliers.models import CheckOutcome
from tests.app.conftest import Web
from tests.factories.dairy import a_batch, a_delivery, a_material, a_paper, a_product, a_supplier
from tests.monitoring.plant import a_line, samples, send
from traceability import codes, gs1, lots, moves
from traceability.models import LotPaper

MOST = 60_000
VALUES = {
    "pasteuriser_outlet": (72.6, "Cel"),
    "homogeniser_pressure": (181.0, "bar"),
    "filler_flow": (96.0, "l/min"),
    "cold_store": (3.2, "Cel"),
}


@pytest.fixture
def item(web: Web) -> str:
    """The path of an item of a lot with four curves, a dip, three deliveries and six papers."""
    house = web.house
    since = house.now - timedelta(hours=2)
    with house.begin("brand_admin") as unit:
        a_line(unit)
        product = a_product(unit)
        lot = a_batch(unit, "L261122-01", product, since)
        used = []
        for place, name in enumerate(("MILK", "BOTTLE", "CAP")):
            supplier = a_supplier(unit, f"青原示例供应商有限公司{place}", f"91150100MA0N00001{place}")
            delivery = a_delivery(unit, f"{name}-261122", material=a_material(unit, name), supplier=supplier, came=since)
            used.append((delivery.id, Decimal(500)))
            for kind in ("business_licence", "inspection_report"):
                paper = a_paper(unit, supplier, kind)
                paper.valid_from, paper.judged_at = date(2026, 5, 6), unit.now
                unit.session.add(LotPaper(id=unit.new_id(), lot_id=delivery.id, certificate_id=paper.id))
                for check in CHECKS:
                    outcome = {"name": check, "result": "passed", "because": f"check.{check}.missing", "at": unit.now, "evidence": {}}
                    unit.session.add(CheckOutcome(id=unit.new_id(), certificate_id=paper.id, **outcome))
        order = codes.order(unit, product_id=product.id, count=10, reference="O-1")
        moves.printed(unit, order_id=order.id)
        moves.commission(unit, order_id=order.id, lot_id=lot.id, start=0, count=10)
        lots.finish(unit, lot_id=lot.id, inputs=used, finished_at=since + timedelta(minutes=60))
        lots.release(unit, lot_id=lot.id)
        link = gs1.parse(codes.links(unit, order.id)[0])
    for tag, (value, uom) in VALUES.items():
        wave = [value + 0.001 * (second % 97) for second in range(3600)]
        if tag == "pasteuriser_outlet":
            wave[1800:1840] = [69.8] * 40
        send(house, samples(since, wave, tag, uom), now=house.now)
    house.drain()
    return f"/01/{link.gtin}/21/{link.serial}"


def _loaded(web: Web, page: str) -> dict[str, int]:
    """Every file that a browser fetches for a page and its bytes; pictures are not counted, icons are."""
    wanted = re.findall(r'<(?:link|script|img|source|iframe)\b[^>]*?\b(?:href|src)="([^"]+)"', page)
    found: dict[str, int] = {}
    while wanted:
        address = unescape(wanted.pop())
        assert not urlsplit(address).netloc, address
        if address in found:
            continue
        answer = web.client.get(address)
        assert answer.status_code == 200, address
        found[address] = len(answer.data)
        if answer.mimetype == "text/css":
            nested = re.findall(r"""url\(["']?([^"')]+)|@import ["']([^"']+)""", answer.text)
            wanted += [urljoin(address, one or other) for one, other in nested]
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_whole_page_weighs_less_than_sixty_kilobytes_and_runs_no_script(web: Web, item: str, language: str) -> None:
    page = web.client.get(f"{item}?lang={language}", follow_redirects=True)
    assert page.status_code == 200
    assert page.text.count("<figure") == 4
    assert page.text.count('class="incident') == 1
    assert page.text.count("<table") == 4
    assert "<script" not in page.text
    loaded = _loaded(web, page.text)
    assert any(address.split("?")[0].endswith("scan.css") for address in loaded)
    assert len(page.data) + sum(loaded.values()) < MOST, (len(page.data), loaded)


def test_the_page_of_what_is_nobodys_and_of_a_product_are_light_too(web: Web, item: str) -> None:
    for path in (item[:-4] + "0000", "/about/" + item.split("/")[2]):
        page = web.client.get(path, follow_redirects=True)
        assert len(page.data) + sum(_loaded(web, page.text).values()) < MOST, path
