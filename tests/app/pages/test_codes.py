"""Imports, packs, settings, inspection and the codes of a lot, on the desk."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
from PIL import Image, ImageDraw

from tests.app.conftest import Web
from tests.factories.dairy import a_delivery, a_material, a_product, a_supplier
from traceability import addresses, balance, codes, keys, lots, moves, packs, printing
from traceability.labels import layout
from traceability.labels.planner import Wish


@pytest.fixture
def product_id(web: Web) -> str:
    with web.house.begin("brand_admin") as unit:
        return a_product(unit).id


@pytest.fixture
def order_id(web: Web, product_id: str) -> str:
    """A hundred codes on a lot ONE, but for the last ten, which are printed."""
    with web.house.begin("brand_admin") as unit:
        lot = lots.open(unit, code="ONE", product_id=product_id, line_code="L1", place="一厂", quantity=Decimal(100))
        order = codes.order(unit, product_id=product_id, count=100, reference="R-1", formats=())
        printing.ask(unit, order_id=order.id, format="png", wish=Wish(dpi=300, size_mm=15))
        moves.printed(unit, order_id=order.id)
        moves.commission(unit, order_id=order.id, lot_id=lot.id, count=90)
        return order.id


def test_a_list_is_imported_whole_or_every_wrong_line_is_named(web: Web, product_id: str) -> None:
    client = web.sign_in("quality")
    form = {"product_id": product_id, "reference": "OLD-1", "printed": "yes"}
    wrong = web.post(client, "/desk/orders/import", form | {"serials": "A1\nA 2\n" + "x" * 21})
    assert wrong.status_code == 422
    assert "第 2 行" in wrong.text
    assert "第 3 行" in wrong.text
    file = (io.BytesIO(b"serial\nA1\nA2\n"), "old.csv")
    made = web.post(client, "/desk/orders/import", form | {"file": file})
    assert made.status_code == 303
    with web.house.look() as unit:
        assert balance.of(unit, made.location.rsplit("/", 1)[1]).open == 2
    again = web.post(client, "/desk/orders/import", form | {"reference": "OLD-2", "serials": "B1\nA2"})
    assert again.status_code == 409
    assert "第 2 行" in again.text


def test_items_are_packed_looked_up_and_unpacked(web: Web, order_id: str) -> None:
    client, here = web.sign_in("brand_admin"), "/desk/packs"
    with web.house.look() as unit:
        first, second = codes.links(unit, order_id, 0, 2)
    assert web.post(client, here, {"kind": "case", "items": first}).status_code == 409  # no company prefix yet
    assert web.post(client, "/desk/codes/prefix", {"prefix": "6901234"}, page="/desk/codes").status_code == 303
    wrong = web.post(client, here, {"kind": "case", "items": f"{first}\nnonsense"})
    assert wrong.status_code == 422
    assert "第 2 行" in wrong.text
    assert first in wrong.text
    case = web.post(client, here, {"kind": "case", "items": f"{first}\n{second}"}).location
    positions = web.post(client, here, {"kind": "case", "items": "", "order_id": order_id, "start": "3", "count": "10"}).location
    assert client.get(here, query_string={"q": first}).location == case
    number = case.rsplit("/", 1)[1]
    assert client.get(here, query_string={"q": f"(00){number}"}).location == case
    assert client.get(here, query_string={"q": "nonsense"}).status_code == 422
    pallet = web.post(client, here, {"kind": "pallet", "children": f"{number}\n{positions.rsplit('/', 1)[1]}"}).location
    assert "12 件" in client.get(pallet).text
    assert "先从托盘上取下" in client.get(case).text
    web.post(client, f"{pallet}/unpack", {"children": number}, page=pallet)
    web.post(client, f"{case}/unpack", page=case)
    with web.house.look() as unit:
        assert packs.get(unit, number).unpacked_at is not None
        assert len(packs.every(unit)) == 2


def test_addresses_and_keys_are_the_brand_admins(web: Web, order_id: str) -> None:
    assert web.sign_in("quality").get("/desk/codes").status_code == 403
    client, here = web.sign_in("brand_admin"), "/desk/codes"
    wrong = web.post(client, f"{here}/addresses", {"name": "http://x"}, page=here)
    assert wrong.status_code == 422
    assert 'id="name-error"' in wrong.text
    assert web.post(client, f"{here}/addresses", {"name": "s.cn"}, page=here).status_code == 303
    assert web.post(client, f"{here}/addresses/remove", {"name": "s.cn"}, page=here).status_code == 303
    web.post(client, f"{here}/keys", {"kind": "gs1", "gtin": "06901234567892", "reason": ""}, page=here)
    with web.house.look() as unit:
        assert addresses.every(unit) == []
        assert [key.version for key in keys.every(unit)] == [1]
    web.post(client, f"{here}/keys", {"kind": "gs1", "gtin": "06901234567892", "reason": "怀疑泄露"}, page=here)
    with web.house.look() as unit:
        assert [(key.version, key.retired_at is None) for key in keys.every(unit)] == [(2, True), (1, False)]


def test_a_sheet_is_inspected_and_its_bad_labels_scrapped_in_one_step(web: Web, order_id: str) -> None:
    client, here = web.sign_in("quality"), f"/desk/orders/{order_id}/inspection"
    assert "还没有可以检查的标签页" in client.get(here).text
    web.house.drain()
    with web.house.look() as unit:
        (job,) = printing.jobs(unit, order_id)
        _, content = printing.file(unit, job.id)
        pages = zipfile.ZipFile(io.BytesIO(content.read()))
    sheet = Image.open(io.BytesIO(pages.read(pages.namelist()[0]))).convert("L")
    with web.house.look() as unit:
        cells = layout.sheet(printing.roll(unit, job.id)[1])
    spoilt = 95  # on no item
    left, top = cells.cell(spoilt)
    ImageDraw.Draw(sheet).rectangle((left + 60, top + 60, left + 140, top + 140), fill=255)
    picture = io.BytesIO()
    sheet.save(picture, "PNG")
    form = {"job_id": job.id, "page": "1"}
    assert web.post(client, here, form).status_code == 422
    page = web.post(client, here, form | {"picture": (io.BytesIO(picture.getvalue()), "sheet.png")}).text
    assert f'name="positions" value="{spoilt}"' in page
    assert web.post(client, f"{here}/scrap", {"positions": str(spoilt)}, page=here).status_code == 303
    with web.house.look() as unit:
        assert balance.of(unit, order_id).scrapped == 1


def test_the_codes_of_a_released_lot_are_released_together(web: Web, order_id: str) -> None:
    client = web.sign_in("quality")
    with web.house.look() as unit:
        lot_id = lots.by_code(unit, "ONE").id
    here = f"/desk/lots/{lot_id}"
    assert "codes/release" not in client.get(here).text
    with web.house.begin() as unit:
        milk = a_delivery(unit, material=a_material(unit), supplier=a_supplier(unit))
        lots.finish(unit, lot_id=lot_id, inputs=[(milk.id, Decimal(100))])
        lots.release(unit, lot_id=lot_id)
    assert web.post(client, f"{here}/codes/release", page=here).status_code == 303
    with web.house.look() as unit:
        assert balance.of_lot(unit, lot_id) == {"released": 90}
