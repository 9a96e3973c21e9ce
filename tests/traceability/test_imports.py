"""Serials made elsewhere."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from kernel.errors import Invalid, Missing
from kernel.unit import VISITOR
from tests.conftest import House
from tests.factories.dairy import GTIN, a_product
from traceability import addresses, codes, faces, gs1, imports, keys, scans, spans
from traceability.gs1.keys import CSET82
from traceability.models import CodeOrder, CodeRange, ImportedSerial, Product

ALL = "".join(chr(code) for code in range(33, 127) if gs1.item._CSET82.fullmatch(chr(code)))
SERIALS = ["B-2", "a/1", "A/1", "x" * 20, "7%", "000000000001"]


def _product(house: House, gtin: str = GTIN) -> Product:
    with house.begin() as unit:
        return a_product(unit, gtin)


def test_the_set_has_82_characters() -> None:
    assert len(ALL) == 82, CSET82


@pytest.mark.parametrize("printed", [False, True])
def test_imported_serials_are_found_again_in_their_order_and_case(house: House, printed: bool) -> None:
    product = _product(house)
    with house.begin() as unit:
        order = imports.bring_in(unit, product_id=product.id, reference="IMP-1", serials=iter(SERIALS), printed=printed)
        assert (order.scheme, order.count, order.gtin) == ("imported", 6, GTIN)
    with house.look() as unit:
        assert [serial.decode() for serial in faces.serials(unit, order, first=order.first, count=6).tolist()] == SERIALS
        assert [gs1.parse(link).serial for link in codes.links(unit, order.id)] == SERIALS
        for place, serial in enumerate(SERIALS):
            found = codes.find(unit, gtin=GTIN, serial=serial)
            assert found == codes.CodeRef(GTIN, order.key_version, place, "encoded" if printed else "allocated", None, order.id)
        assert codes.find(unit, gtin=GTIN, serial="b-2") is None
        assert unit.session.scalar(select(func.count()).select_from(CodeRange)) == 1


def test_they_are_scanned_like_any_other(house: House) -> None:
    product = _product(house)
    with house.begin() as unit:
        codes.order(unit, product_id=product.id, count=5, reference="OWN", formats=())
        order = imports.bring_in(unit, product_id=product.id, reference="IMP-1", serials=SERIALS, printed=True)
    for times in (1, 2):
        with house.database.begin(VISITOR, now=house.now) as unit:
            reading = scans.read(unit, gtin=GTIN, serial="a/1")
        assert reading.ref is not None
        assert (reading.ref.order_id, reading.ref.counter, reading.times) == (order.id, 1, times)


@pytest.mark.parametrize("file", ["serial\n{}\n", "note,Serial\n1,{}\n\n", '\ufefflink\n"https://x.cn/01/06901234567892/21/{}"\n'])
def test_a_file_names_its_column(house: House, file: str) -> None:
    product = _product(house)
    with house.begin() as unit:
        order = imports.bring_in(unit, product_id=product.id, reference="IMP-1", serials=file.format("AB-1").encode())
        assert faces.serials(unit, order, first=0, count=1).tolist() == [b"AB-1"]


@pytest.mark.parametrize(
    ("file", "rule", "line"),
    [
        ("", "serials-column", None),
        ("number\nA\n", "serials-column", None),
        ("serial\n", "empty", None),
        ("serial\nA\nB\nÄ\n", "serial", 4),
        (f"serial\n{'x' * 21}\n", "serial", 2),
        ("serial,note\nA,1\n,2\n", "serial", 3),
        ("serial\nA\n\nB\nA\n", "serial-twice", 5),
        ("link\nhttps://x.cn/01/06901234567809/21/A\n", "other-product", 2),
        ("link\nhttps://x.cn/\n", "serial", 2),
    ],
)
def test_a_wrong_file_is_refused_by_line_and_nothing_is_done(house: House, file: str, rule: str, line: int | None) -> None:
    product = _product(house)
    with pytest.raises(Invalid) as raised, house.begin() as unit:
        imports.bring_in(unit, product_id=product.id, reference="IMP-1", serials=file.encode())
    assert (raised.value.errors[0]["rule"], raised.value.errors[0].get("line")) == (rule, line)
    _nothing(house)


def test_a_file_that_is_no_text_is_refused(house: House) -> None:
    product = _product(house)
    with pytest.raises(Invalid), house.begin() as unit:
        imports.bring_in(unit, product_id=product.id, reference="IMP-1", serials=b"serial\n\xff\xfe\x00\n")


def test_serials_that_are_there_are_refused_by_line(house: House) -> None:
    product = _product(house)
    with house.begin() as unit:
        addresses.add(unit, name="s.cn")
        orders = [
            codes.order(unit, product_id=product.id, count=9, reference="1", inner=True, formats=()),
            codes.order(unit, product_id=product.id, count=9, reference="2", scheme="compact", formats=()),
        ]
        imports.bring_in(unit, product_id=product.id, reference="IMP-1", serials=SERIALS)
        issued = [faces.serials(unit, orders[0], face=face, first=8, count=1).tolist()[0].decode() for face in faces.FACES]
        issued.append(faces.serials(unit, orders[1], first=8, count=1).tolist()[0].decode().lower())
    for serials, lines in ((["new", *issued], [2, 3, 4]), (["N1", "N2", "a/1"], [3])):
        with pytest.raises(imports.SerialsTaken) as raised, house.begin() as unit:
            imports.bring_in(unit, product_id=product.id, reference="IMP-2", serials=serials)
        assert raised.value.more["lines"] == lines
    with house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(ImportedSerial)) == len(SERIALS)
        assert codes.find(unit, gtin=GTIN, serial="N1") is None


def test_serials_beside_what_was_issued_are_free(house: House) -> None:
    product = _product(house)
    with house.begin() as unit:
        order = codes.order(unit, product_id=product.id, count=9, reference="1", formats=())
        beyond = keys.serials(unit, gtin=GTIN, key_version=order.key_version, first=9, count=1).tolist()[0].decode()
        assert imports.bring_in(unit, product_id=product.id, reference="IMP-1", serials=[beyond, "0" * 12]).count == 2


def test_the_same_list_under_the_same_reference_is_the_same_order(house: House) -> None:
    product = _product(house)
    with house.begin() as unit:
        order = imports.bring_in(unit, product_id=product.id, reference="IMP-1", serials=SERIALS)
        assert imports.bring_in(unit, product_id=product.id, reference="IMP-1", serials=SERIALS).id == order.id
        own = codes.order(unit, product_id=product.id, count=6, reference="OWN", formats=())
        for reference, serials in (("IMP-1", SERIALS[::-1]), ("IMP-1", SERIALS[:-1]), ("OWN", SERIALS)):
            with pytest.raises(codes.ReferenceUsed):
                imports.bring_in(unit, product_id=product.id, reference=reference, serials=serials)
        with pytest.raises(codes.ReferenceUsed):
            codes.order(unit, product_id=product.id, count=6, reference="IMP-1", formats=())
        assert own.id != order.id
        with pytest.raises(Missing):
            imports.bring_in(unit, product_id="nobody", reference="IMP-9", serials=SERIALS)


def test_a_second_list_follows_the_first(house: House) -> None:
    product = _product(house)
    with house.begin() as unit:
        first = imports.bring_in(unit, product_id=product.id, reference="IMP-1", serials=SERIALS)
        second = imports.bring_in(unit, product_id=product.id, reference="IMP-2", serials=["Z", "Y"])
        assert (second.key_version, second.first) == (first.key_version, 6)
        assert spans.span(second, 1, 1).first == 7
        assert [gs1.parse(link).serial for link in codes.links(unit, second.id)] == ["Z", "Y"]


def test_another_brand_may_hold_the_same_serials(house: House) -> None:
    product = _product(house)
    with house.begin() as unit:
        imports.bring_in(unit, product_id=product.id, reference="IMP-1", serials=SERIALS)
    with house.begin(brand_id=house.other_brand_id) as unit:
        theirs = a_product(unit, "06901234567809")
        assert imports.bring_in(unit, product_id=theirs.id, reference="IMP-1", serials=SERIALS).count == 6
        assert codes.find(unit, gtin=GTIN, serial=SERIALS[0]) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.lists(st.text(ALL, min_size=1, max_size=20), min_size=1, max_size=30, unique=True), st.booleans())
def test_whatever_the_serials_they_come_back(house: House, serials: list[str], as_file: bool) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["serial"], *([serial] for serial in serials)])
    with house.begin() as unit:
        product = unit.session.scalar(select(Product)) or a_product(unit)
        order = imports.bring_in(unit, product_id=product.id, reference="IMP", serials=out.getvalue().encode() if as_file else serials)
        assert [serial.decode() for serial in faces.serials(unit, order, first=order.first, count=order.count).tolist()] == serials
        assert [gs1.parse(link).serial for link in codes.links(unit, order.id)] == serials
        unit.session.rollback()


def _nothing(house: House) -> None:
    with house.look() as unit:
        assert unit.session.scalar(select(func.count()).select_from(ImportedSerial)) == 0
        assert unit.session.scalar(select(func.count()).select_from(CodeOrder)) == 0
