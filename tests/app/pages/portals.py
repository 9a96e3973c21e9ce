"""A supplier at its portal, and files as the reading child would have read them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from app.auth import credentials
from suppliers import certificates, directory
from suppliers.facts import PaperUploaded
from suppliers.models import PaperUpload, Supplier
from tests.app.conftest import Web
from tests.conftest import House
from tests.suppliers import shelf

FORM = {
    "kind": "food_production",
    "number": shelf.NUMBERS["food_production"],
    "issuer_name": shelf.ISSUER,
    "valid_from": "2026-01-01",
    "valid_until": "2030-12-31",
}
BOX = [0.1, 0.2, 0.6, 0.24]


def a_page(width: int = 90, height: int = 120) -> bytes:
    """A picture of a page, as the child draws it anew."""
    kept = BytesIO()
    Image.new("RGB", (width, height), "white").save(kept, "PNG")
    return kept.getvalue()


def listed(house: House, *, kind: str = "manufacturer", category: str = "additive") -> Supplier:
    """A supplier that is listed for a material, so that papers are asked of it."""
    supplier = shelf.supplier(house, kind=kind)
    with house.begin("brand_admin") as unit:
        culture = directory.add_material(unit, code="CULTURE", name_zh="菌种", name_en="Culture", category=category)
        directory.list_supply(unit, supplier_id=supplier.id, material_id=culture.id)
    return supplier


def neighbour(house: House) -> Supplier:
    return shelf.supplier(house, name="另一家示例有限公司", uscc=shelf.OTHER_USCC)


def form(who: Supplier, **changes: str) -> dict[str, Any]:
    """The words on a licence as a person confirms them."""
    return FORM | {"holder_name": who.name, "holder_uscc": who.uscc} | changes


def drop(web: Web, client: Any, *files: tuple[bytes, str], **more: Any) -> Any:
    """Drop files on the first page."""
    sent = [(BytesIO(content), name) for content, name in files]
    return web.post(client, "/portal/uploads", {"file": sent, **more}, page="/portal", content_type="multipart/form-data")


def field(value: str, **more: Any) -> dict[str, Any]:
    return {"value": value, "raw": value, "page": 1, "box": BOX, "from": "layer", "confidence": 1.0, "repair": None} | more


def an_upload(
    house: House,
    who: Supplier,
    *,
    content: bytes = shelf.PDF,
    name: str = "许可证.pdf",
    fields: dict[str, Any] | None = None,
    reading: dict[str, Any] | None = None,
    pages: int = 1,
    read: bool = True,
) -> str:
    """A file that came in and, unless told otherwise, was read; its id."""
    with house.begin("supplier", supplier_id=who.id) as unit:
        upload_id = certificates.upload(unit, supplier_id=who.id, content=content, filename=name).id
    if read:
        with house.begin("system") as unit:
            keys = [unit.outside.vault.put(a_page(90 + place)) for place in range(pages)]
            seen = shelf.CLEAN | {"lines_from": "layer", "lines": []} | (reading or {})
            inspection = certificates.Inspection(seen, fields or {}, keys)
            certificates.uploads.on_paper_uploaded(unit, PaperUploaded(upload_id=upload_id), inspection)
    return upload_id


def as_read(who: Supplier) -> dict[str, Any]:
    """Fields as the machine proposes them for that licence."""
    words = form(who)
    return {name: field(str(words[name])) for name in words}


def uploads(house: House) -> list[PaperUpload]:
    with house.look() as unit:
        return [row for each in directory.suppliers(unit) for row in certificates.uploads.of_supplier(unit, each.id)]


def somebody_else(web: Web, who: Supplier, email: str) -> Any:
    """Another person of the same firm, signed in."""
    with web.house.begin("brand_admin") as unit:
        credentials.add_account(unit, email=email, name="小王", role="supplier", supplier_id=who.id)
        unit.session.flush()
        token = credentials.make_link(unit, email=email)
    client = web.app.test_client()
    assert client.get(f"/once/{token}").status_code == 302
    return client
