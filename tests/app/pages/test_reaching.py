"""What a recall would reach, as its page shows it: also what was sold loose, and from which lots amounts went."""

from __future__ import annotations

from decimal import Decimal

from tests.app.conftest import Web, statements
from tests.factories.recalls import a_recall
from tests.members.goods import lot_id, shelf
from tests.traceability.moves.roll import let_go
from traceability import codes, lots, shipments
from traceability.reach import goods


def test_who_bought_loose_goods_is_named_and_gets_a_letter(web: Web) -> None:
    shelf(web.house, ONE=3)
    one = lot_id(web.house, "ONE")
    with web.house.begin() as unit:
        let_go(unit, one)
        shipments.ship(unit, reference="DN-1", customer="学校食堂", regions=["CN"], loose=[(one, Decimal(1))])
        lots.sell(unit, lot_id=one, quantity=Decimal(1), customer="学校食堂")
        lots.sell(unit, lot_id=one, quantity=Decimal(1), customer="小店")
    client = web.sign_in("quality")
    page = client.get("/desk/reach?kind=lot&value=ONE").text
    assert ("散装销售，1 次" in page, "小店" in page) == (True, True)
    assert page.count('<span class="code">ONE</span> ') == 3
    letter = client.get("/desk/reach/letter?kind=lot&value=ONE&customer=小店&text=1").text
    assert "散装销售（" in letter


def test_the_list_of_recalls_counts_all_items_at_once(web: Web) -> None:
    shelf(web.house, ONE=3, TWO=2, THREE=4)
    ids = [lot_id(web.house, code) for code in ("ONE", "TWO", "THREE")]
    with web.house.begin() as unit:
        a_recall(unit, lot_ids=ids, reason="杀菌温度不足", advice="请勿饮用")
    with web.house.look() as unit:
        assert goods.coded(unit, ids) == {each: codes.count_of(unit, each) for each in ids}
    client = web.sign_in("quality")
    with statements(web.house) as seen:
        assert client.get("/desk/recalls").status_code == 200
    assert len([each for each in seen if "FROM code_range" in str(each)]) == 1
