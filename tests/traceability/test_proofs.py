"""Proofs: the link and symbol that an order would have, with a serial that no order ever has."""

from __future__ import annotations

import pytest

from tests.conftest import House
from tests.factories.dairy import GTIN, a_product
from traceability import addresses, codes, faces, proofs, seal
from traceability.labels.planner import CannotBeRead, Wish


def test_the_sample_is_as_long_as_a_serial_and_no_key_can_make_it() -> None:
    assert len(proofs.SAMPLE) == seal.LETTERS
    assert seal.unseal(seal.new_key(), proofs.SAMPLE) is None


def test_a_draft_is_what_the_order_then_has(house: House) -> None:
    with house.begin("brand_admin") as unit:
        product = a_product(unit)
        addresses.add(unit, name="s.cn")
        for scheme in ("gs1", "compact"):
            drafts = {face: proofs.draft(unit, product_id=product.id, scheme=scheme, face=face) for face in faces.FACES}
            order = codes.order(unit, product_id=product.id, count=5, reference=scheme, scheme=scheme, inner=True, formats=())
            for face, draft in drafts.items():
                assert draft == proofs.of_order(unit, order_id=order.id, face=face)
                (link,) = faces.links(unit, order, face=face, first=order.first, count=1)
                assert draft.text[:-12] == link[:-12]
                assert len(draft.symbol.matrix) == draft.plan.modules


def test_a_draft_leaves_nothing_behind_and_is_refused_as_the_file_would_be(house: House) -> None:
    with house.begin("brand_admin") as unit:
        product = a_product(unit)
    with house.begin("brand_admin") as unit:
        proofs.draft(unit, product_id=product.id)
        with pytest.raises(CannotBeRead):
            proofs.draft(unit, product_id=product.id, wish=Wish(dpi=300, size_mm=5))
        with pytest.raises(addresses.NoAddress):
            proofs.draft(unit, product_id=product.id, scheme="compact")
    with house.look() as unit:
        assert codes.orders(unit) == []
        assert codes.find(unit, gtin=GTIN, serial=proofs.SAMPLE) is None
