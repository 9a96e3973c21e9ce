"""Codes from the command line: the same use cases, said in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from tests.conftest import House
from tests.factories.dairy import GTIN, a_product
from tests.traceability.labels.some import pictures
from traceability import codes, moves, printing
from traceability.labels import layout
from traceability.labels.planner import Wish


@pytest.fixture(autouse=True)
def environment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command opens the house of the environment."""
    for name in ("home", "database_url", "public_url", "root_key", "vault_url"):
        monkeypatch.setenv({"home": "SUYUAN_HOME"}.get(name, name.upper()), getattr(house.settings, name))
    with house.begin("brand_admin") as unit:
        a_product(unit)


def suyuan(*words: str, code: int = 0) -> Result:
    answer = CliRunner().invoke(main, words)
    assert answer.exit_code == code, answer.output
    return answer


def test_an_order_and_its_books(house: House) -> None:
    words = ("codes", "order", "--gtin", GTIN, "--count", "1200", "--reference", "PO-1")
    said = suyuan(*words).output
    assert suyuan(*words).output == said, "the same reference is the same order"
    with house.look() as unit:
        (order,) = codes.orders(unit)
        assert codes.links(unit, order.id, count=1)[0] in said
    with house.begin() as unit:
        moves.printed(unit, order_id=order.id, count=1000)
    books = dict(line.split() for line in suyuan("codes", "balance", "PO-1").output.splitlines())
    assert (books["ordered"], books["printed"], books["open"], books["closed"]) == ("1,200", "1,000", "1,000", "no")


def test_a_plan_or_what_would_work() -> None:
    assert "version 1-" in suyuan("codes", "plan", "--scheme", "compact", "--host", "s.cn", "--size", "5").output
    refused = suyuan("codes", "plan", "--host", "id.example.cn", "--dpi", "300", "--size", "5", code=2)
    assert "would work: 600 dpi" in refused.output


def test_what_is_wrong_ends_with_its_exit_code() -> None:
    assert "no order nothing" in suyuan("codes", "balance", "nothing", code=3).output
    assert "no brand next" in suyuan("codes", "balance", "x", "--brand", "next", code=3).output
    wrong = suyuan("codes", "order", "--gtin", GTIN[:-1] + "1", "--count", "1", "--reference", "x", code=2)
    assert "/gtin" in wrong.output


def test_a_sheet_is_checked_and_its_bad_label_scrapped(house: House, tmp_path: Path) -> None:
    with house.begin("brand_admin") as unit:
        product_id = a_product(unit, "06901234567908").id
        order = codes.order(unit, product_id=product_id, count=30, reference="PO-2", formats=())
        job = printing.ask(unit, order_id=order.id, format="png", wish=Wish(size_mm=5.0, page_mm=(70.0, 60.0)))
    house.drain()
    with house.begin() as unit:
        moves.printed(unit, order_id=order.id)
        page = pictures("png", printing.file(unit, job.id)[1].read(), 600)[0].copy()
        cells = layout.sheet(printing.roll(unit, job.id)[1])
    left, top = cells.cell(4)
    near, far = (cells.plan.dots * (cells.plan.quiet + modules) for modules in (8, cells.plan.modules))
    page.paste(255, (left + near, top + near, left + far, top + far))
    page.resize((page.width * 2 // 3, page.height * 2 // 3)).save(tmp_path / "page.png")
    words = ("codes", "check", str(tmp_path / "page.png"), "PO-2", "--format", "png")
    said = suyuan(*words).output
    grades = dict(line.split(maxsplit=1) for line in said.splitlines())
    assert (grades["A"], grades["F"]) == ("29", "1")
    assert "below C  5" in said
    assert "1 labels scrapped" in suyuan(*words, "--scrap").output
    assert "below C  none" in suyuan(*words).output, "what is scrapped is not offered again"
    assert "no pdf of order PO-2" in suyuan("codes", "check", str(tmp_path / "page.png"), "PO-2", code=3).output


def test_a_changed_root_key_is_followed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    suyuan("codes", "order", "--gtin", GTIN, "--count", "5", "--reference", "PO-1")
    monkeypatch.setenv("ROOT_KEY_OLD", house.settings.root_key)
    monkeypatch.setenv("ROOT_KEY", "ab" * 32)
    assert "1 serial keys" in suyuan("rewrap").output
    monkeypatch.setenv("ROOT_KEY_OLD", "")
    assert "0 serial keys" in suyuan("rewrap").output
    said = suyuan("codes", "order", "--gtin", GTIN, "--count", "5", "--reference", "PO-1").output
    with house.look() as unit:
        (order,) = codes.orders(unit)
    assert order.id in said
