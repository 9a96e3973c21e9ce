"""Orders of codes on the desk: a proof at real size, the order, what became of its codes."""

from __future__ import annotations

import io
import re
from decimal import Decimal

import pytest

from tests.app.conftest import Web
from tests.factories.dairy import a_product
from tests.factories.recalls import a_recall
from traceability import addresses, balance, codes, holds, lots, moves, packing, printing, proofs, spans

NEW = "/desk/orders/new"
FORM = {
    "count": "100",
    "reference": "R-7",
    "scheme": "gs1",
    "dpi": "600",
    "size_mm": "12",
    "quiet": "4",
    "level": "",
    "formats": ["pdf", "csv"],
}


@pytest.fixture
def product_id(web: Web) -> str:
    with web.house.begin("brand_admin") as unit:
        return a_product(unit).id


@pytest.fixture
def order_id(web: Web, product_id: str) -> str:
    """A hundred codes, and a lot ONE to put them on."""
    with web.house.begin("brand_admin") as unit:
        lots.open(unit, code="ONE", product_id=product_id, line_code="L1", place="一厂", quantity=Decimal(100))
        return codes.order(unit, product_id=product_id, count=100, reference="R-1", formats=("csv",)).id


def _lot(web: Web) -> str:
    with web.house.look() as unit:
        return lots.by_code(unit, "ONE").id


def _step(web: Web, client, order_id: str, step: str, **form: str):  # type: ignore[no-untyped-def]
    here = f"/desk/orders/{order_id}"
    return web.post(client, f"{here}/moves/{step}", form, page=here)


def test_a_proof_is_shown_at_real_size_and_is_no_code_that_could_be_issued(web: Web, product_id: str) -> None:
    page = web.sign_in("quality").get(NEW).text
    assert 'value="15"' in page
    assert 'width="18.796mm"' in page  # 37 modules of 12 dots at 600 dpi, quiet zone and all
    assert proofs.SAMPLE in page
    with web.house.look() as unit:
        assert codes.find(unit, gtin="06901234567892", serial=proofs.SAMPLE) is None


def test_what_cannot_be_printed_is_refused_in_words_with_what_would_do(web: Web, product_id: str) -> None:
    client = web.sign_in("quality")
    form = FORM | {"product_id": product_id, "dpi": "300", "size_mm": "5"}
    page = web.post(client, NEW, form, headers={"HX-Request": "true"}).text
    assert "<html" not in page
    assert "4 个打印点" in page
    assert 'name="dpi" value="600"' in page
    mended = web.post(client, NEW, form | {"dpi": ["300", "600"]}).text  # as the button sends it: after the field
    assert "<html" in mended
    assert 'width="6.265mm"' in mended
    refused = web.post(client, "/desk/orders", form, page=NEW)
    assert refused.status_code == 422
    with web.house.look() as unit:
        assert codes.orders(unit) == []


def test_a_short_link_needs_an_address_and_then_makes_a_smaller_symbol(web: Web, product_id: str) -> None:
    client = web.sign_in("brand_admin")
    form = FORM | {"product_id": product_id, "scheme": "compact", "inner": "yes"}
    assert 'href="/desk/codes"' in web.post(client, NEW, form).text
    with web.house.begin("brand_admin") as unit:
        addresses.add(unit, name="s.cn")
    assert "HTTPS://S.CN/" + proofs.SAMPLE in web.post(client, NEW, form).text
    place = web.post(client, "/desk/orders", form, page=NEW).location
    with web.house.look() as unit:
        jobs = printing.jobs(unit, place.rsplit("/", 1)[1])
        assert sorted((job.format, job.face) for job in jobs) == [("csv", "inner"), ("csv", "outer"), ("pdf", "inner"), ("pdf", "outer")]


def test_codes_are_ordered_once_however_often_one_clicks(web: Web, product_id: str) -> None:
    client = web.sign_in("brand_admin")
    form = FORM | {"product_id": product_id, "count": "1,000"}
    places = {web.post(client, "/desk/orders", form, page=NEW).location for _ in range(2)}
    assert len(places) == 1
    page = client.get(places.pop()).text
    assert "1,000" in page
    assert 'hx-trigger="every 1s"' in page  # the files are being made
    web.house.drain()


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"count": "many"}, "count"),
        ({"count": "0"}, "count"),
        ({"count": "５"}, "count"),
        ({"reference": " "}, "reference"),
        ({"size_mm": "wide"}, "size_mm"),
        ({"size_mm": "900"}, "size_mm"),
        ({"scheme": "other"}, "scheme"),
    ],
)
def test_what_was_mistyped_is_named_and_what_was_typed_is_kept(web: Web, product_id: str, form: dict[str, str], field: str) -> None:
    client = web.sign_in("brand_admin")
    answer = web.post(client, "/desk/orders", FORM | {"product_id": product_id, "reference": "R<7>"} | form, page=NEW)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert "R&lt;7&gt;" in answer.text or field == "reference"


def test_files_appear_when_they_are_ready_and_can_be_fetched(web: Web, order_id: str) -> None:
    client, here = web.sign_in("quality"), f"/desk/orders/{order_id}"
    with web.house.look() as unit:
        (job,) = printing.jobs(unit, order_id)
    assert client.get(f"{here}/files/{job.id}").status_code == 409
    assert "<progress" in client.get(f"{here}/files").text
    web.house.drain()
    part = client.get(f"{here}/files").text
    assert "hx-trigger" not in part
    file = client.get(f"{here}/files/{job.id}")
    assert file.status_code == 200
    assert file.headers["Content-Disposition"].startswith("attachment")


def test_another_file_of_some_codes_is_asked_for_with_its_own_size(web: Web, order_id: str) -> None:
    client, here = web.sign_in("quality"), f"/desk/orders/{order_id}"
    form = FORM | {"format": "zpl", "start": "11", "count": "20", "size_mm": "20"}
    assert 'mm"' in web.post(client, f"{here}/proof", form, page=here, headers={"HX-Request": "true"}).text
    assert web.post(client, f"{here}/files", form, page=here).status_code == 303
    with web.house.look() as unit:
        order, job = codes.get(unit, order_id), printing.jobs(unit, order_id)[1]
        assert (job.format, job.first - order.first, job.last - order.first) == ("zpl", 10, 29)
    wrong = web.post(client, f"{here}/files", form | {"count": "500"}, page=here)
    assert wrong.status_code == 422
    assert 'href="#order-count"' in wrong.text


def test_codes_are_printed_go_on_a_lot_and_what_is_taken_is_named_by_position(web: Web, order_id: str) -> None:
    client, here, lot_id = web.sign_in("quality"), f"/desk/orders/{order_id}", _lot(web)
    assert "/moves/commission" not in client.get(here).text  # nothing is printed yet
    early = _step(web, client, order_id, "commission", lot_id=lot_id, start="1", count="40")
    assert early.status_code == 409
    assert "第 1–40 个（已下单，未印）" in early.text
    assert _step(web, client, order_id, "print", start="1", count="").location == here
    assert _step(web, client, order_id, "commission", lot_id=lot_id, start="1", count="40").location == here
    with web.house.look() as unit:
        assert codes.count_of(unit, lot_id) == 40
    assert 'value="41"' in client.get(here).text
    taken = _step(web, client, order_id, "commission", lot_id=lot_id, start="31", count="40")
    assert taken.status_code == 409
    assert "第 31–40 个" in taken.text
    wrong = _step(web, client, order_id, "commission", lot_id=lot_id, start="0", count="")
    assert wrong.status_code == 422
    assert 'href="#commission-start"' in wrong.text


def test_codes_go_on_a_lot_that_is_made_before_one_that_is_open_or_on_hold(web: Web, order_id: str, product_id: str) -> None:
    client, here, open_id = web.sign_in("quality"), f"/desk/orders/{order_id}", _lot(web)
    with web.house.begin("brand_admin") as unit:
        moves.printed(unit, order_id=order_id)
        lots.open(unit, code="TWO", product_id=product_id, line_code="L2", place="一厂", quantity=Decimal(100))
        made = lots.by_code(unit, "TWO")
        lots.open(unit, code="THREE", product_id=product_id, line_code="L3", place="一厂", quantity=Decimal(100))
        held = lots.by_code(unit, "THREE")
        made.state = held.state = "finished"
        holds.place(unit, lot_id=held.id, cause="person", cause_id="glass", reason="玻璃")
    choice = client.get(here).text.split('id="commission-lot_id"')[1].split("</select>")[0]
    assert re.findall(r'value="(\w+)"', choice) == [made.id, open_id, held.id]


def test_a_scan_list_goes_on_the_lot_whole_or_not_at_all(web: Web, order_id: str) -> None:
    client, here, lot_id = web.sign_in("quality"), f"/desk/orders/{order_id}", _lot(web)
    with web.house.begin() as unit:
        moves.printed(unit, order_id=order_id)
        links = codes.links(unit, order_id, 0, 3)
    wrong = web.post(client, f"{here}/scanned", {"lot_id": lot_id, "serials": "\n".join([*links, "nonsense"])}, page=here)
    assert wrong.status_code == 422
    assert links[0] in wrong.text  # what was pasted is kept
    assert "第 4 行" in wrong.text
    csv = (io.BytesIO("\n".join(["link", *links]).encode()), "scans.csv")
    assert web.post(client, f"{here}/scanned", {"lot_id": lot_id, "file": csv}, page=here).status_code == 303
    with web.house.look() as unit:
        assert codes.count_of(unit, lot_id) == 3


def test_the_books_are_balanced_step_by_step_and_the_order_closed(web: Web, order_id: str) -> None:
    client, here, lot_id = web.sign_in("quality"), f"/desk/orders/{order_id}", _lot(web)
    _step(web, client, order_id, "print", start="1", count="")
    _step(web, client, order_id, "commission", lot_id=lot_id, start="1", count="90")
    open_still = web.post(client, f"{here}/close", page=here)
    assert open_still.status_code == 409
    assert "第 91–100 个" in open_still.text
    _step(web, client, order_id, "scrap", start="91", count="5", reason="misprint", note="")
    _step(web, client, order_id, "give_back", start="96", count="5", note="")
    assert "账是平的" in client.get(here).text
    assert web.post(client, f"{here}/close", page=here).status_code == 303
    page = client.get(here).text
    assert "这张订单已结单" in page
    assert "/moves/scrap" not in page
    with web.house.look() as unit:
        books = balance.of(unit, order_id)
        assert (books.commissioned, books.scrapped, books.returned, books.open) == (90, 5, 5, 0)


def test_a_step_is_taken_back_in_time_and_a_later_one_stands_in_the_way(web: Web, order_id: str) -> None:
    client, here, lot_id = web.sign_in("quality"), f"/desk/orders/{order_id}", _lot(web)
    _step(web, client, order_id, "print", start="1", count="")
    _step(web, client, order_id, "commission", lot_id=lot_id, start="1", count="10")
    with web.house.look() as unit:
        later, earlier = moves.history(unit, order_id)
    page = client.get(here).text
    assert f"{later.id}/undo" in page
    assert f"{earlier.id}/undo" not in page
    assert "先撤回后面那一步" in page
    stuck = web.post(client, f"{here}/history/{earlier.id}/undo", page=here)
    assert stuck.status_code == 409
    assert "先撤回后面那一步" in stuck.text
    assert web.post(client, f"{here}/history/{later.id}/undo", page=here).status_code == 303
    page = client.get(here).text
    assert f"{later.id}/undo" not in page
    assert f"{earlier.id}/undo" in page
    with web.house.look() as unit:
        assert balance.of(unit, order_id).open == 100


def test_a_step_whose_items_are_packed_or_recalled_is_not_offered_for_taking_back(web: Web, order_id: str) -> None:
    client, here, lot_id = web.sign_in("quality"), f"/desk/orders/{order_id}", _lot(web)
    _step(web, client, order_id, "print", start="1", count="")
    _step(web, client, order_id, "commission", lot_id=lot_id, start="1", count="10")
    _step(web, client, order_id, "commission", lot_id=lot_id, start="11", count="10")
    with web.house.begin("brand_admin") as unit:
        loose, packed, _printed = (move.id for move in moves.history(unit, order_id))
        packing.set_prefix(unit, prefix="6901234")
        order = codes.get(unit, order_id)
        packing.pack(unit, kind="case", items=[spans.span(order, 0, 10)])
    page = client.get(here).text
    assert f"{loose}/undo" in page
    assert f"{packed}/undo" not in page
    assert "有的商品在箱里" in page
    with web.house.begin("brand_admin") as unit:
        a_recall(unit, lot_ids=[lot_id], reason="玻璃", advice="请退货")
    page = client.get(here).text
    assert f"{loose}/undo" not in page
    assert "批次已召回" in page


def test_a_reprint_needs_a_second_person(web: Web, order_id: str) -> None:
    asker, here = web.sign_in("quality"), f"/desk/orders/{order_id}"
    _step(web, asker, order_id, "print", start="1", count="")
    assert web.post(asker, f"{here}/reprints", {"start": "1", "count": "3", "reason": ""}, page=here).status_code == 422
    assert web.post(asker, f"{here}/reprints", {"start": "1", "count": "3", "reason": "卡纸"}, page=here).status_code == 303
    assert "/approve" not in asker.get(here).text
    other = web.sign_in("brand_admin")
    action = other.get(here).text.split('/approve"')[0].rsplit('"', 1)[1] + "/approve"
    assert web.post(other, action, page=here).status_code == 303
    assert web.post(asker, action.replace("/approve", "/file"), page=here).status_code == 303
    with web.house.look() as unit:
        job = printing.jobs(unit, order_id)[-1]
        assert job.reprint_id is not None
        assert job.last - job.first == 2
