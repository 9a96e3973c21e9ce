"""Reports: what somebody who held an item had to say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import GTIN, a_batch, a_product
from tests.factories.looks import a_look
from traceability import cases, reports


def _scan(house: House, **more: object) -> str:
    with house.begin() as unit:
        return a_look(unit, house.now, **more).id  # type: ignore[arg-type]


def _tell(house: House, scan_id: str, kind: str = "taste", text: str = "发苦") -> reports.Report:
    with house.begin("visitor") as unit:
        return reports.tell(unit, scan_id=scan_id, kind=kind, text=text)


def test_a_report_is_kept_and_the_same_words_again_are_the_same_report(house: House) -> None:
    scan_id = _scan(house)
    first = _tell(house, scan_id)
    assert _tell(house, scan_id, text="发苦  ").id == first.id
    with house.look() as unit:
        ((report, scan),) = reports.every(unit)
        assert (report.state, report.kind, report.text, scan.id, scan.counter) == ("open", "taste", "发苦", scan_id, 7)
        assert reports.number(report.id).replace("-", "") == report.id[-8:]
        assert cases.every(unit) == []


def test_other_words_of_the_same_scan_are_told_that_one_was_received(house: House) -> None:
    scan_id = _scan(house)
    first = _tell(house, scan_id)
    with pytest.raises(reports.ReportedBefore) as caught:
        _tell(house, scan_id, text="还有异物")
    assert caught.value.more["number"] == reports.number(first.id)


@pytest.mark.parametrize(
    ("kind", "text", "pointer", "rule"),
    [
        ("odd", "x", "/kind", "choice"),
        ("", "x", "/kind", "choice"),
        ("other", " ", "/text", "blank"),
        ("taste", "x" * 1001, "/text", "length"),
        ("taste", "a\x00b", "/text", "characters"),
        ("taste", "a\x1b[31mb", "/text", "characters"),
        ("taste", "a\ud800b", "/text", "characters"),
    ],
)
def test_what_cannot_be_kept_is_refused(house: House, kind: str, text: str, pointer: str, rule: str) -> None:
    scan_id = _scan(house)
    with pytest.raises(Invalid) as caught:
        _tell(house, scan_id, kind, text)
    assert (caught.value.errors[0]["pointer"], caught.value.errors[0]["rule"]) == (pointer, rule)


def test_lines_and_pictures_of_faces_are_kept_and_turned_writing_is_not(house: House) -> None:
    assert _tell(house, _scan(house), text="第一行\r\n第二行 👨‍👩‍👧 \u202egnp.exe").text == "第一行\n第二行 👨👩👧 gnp.exe"
    assert _tell(house, _scan(house), "damaged", "").text == ""


def test_a_scan_that_is_not_there_or_long_past_has_no_report(house: House) -> None:
    with pytest.raises(Missing):
        _tell(house, "0" * 26)
    with house.begin() as unit:
        old = a_look(unit, house.now - timedelta(days=91)).id
    with pytest.raises(reports.ScanTooOld):
        _tell(house, old)
    with house.begin(brand_id=house.other_brand_id) as unit:
        foreign = a_look(unit, house.now).id
    with pytest.raises(Missing):
        _tell(house, foreign)


def test_reports_of_a_fake_are_evidence_in_the_items_case(house: House) -> None:
    for _ in range(2):
        _tell(house, _scan(house), "fake", "封口是开的")
    with house.look() as unit:
        (case,) = cases.every(unit)
        assert (case.kind, case.subject, case.first, case.evidence) == ("copied", f"{GTIN}.1.7", 7, {"reports": 2})
        assert len(reports.of_item(unit, gtin=GTIN, key_version=1, counter=7)) == 2


def test_a_fake_of_an_unknown_code_is_kept_without_a_case(house: House) -> None:
    _tell(house, _scan(house, counter=None), "fake", "")
    with house.look() as unit:
        assert cases.every(unit) == []
        assert len(reports.every(unit, kind="fake")) == 1


def test_harm_about_one_lot_comes_together(house: House) -> None:
    with house.begin() as unit:
        product = a_product(unit)
        bad, good = (a_batch(unit, code, product).id for code in ("L2411-07", "L2411-08"))
    for counter, kind, lot_id in [
        (1, "ill", bad),
        (2, "ill", bad),
        (2, "ill", bad),
        (3, "taste", bad),
        (4, "ill", good),
        (5, "taste", good),
    ]:
        _tell(house, _scan(house, counter=counter, lot_id=lot_id), kind, "x")
    with house.look() as unit:
        (cluster,) = reports.clusters(unit)
        assert (cluster.lot_id, cluster.kind, cluster.reports, cluster.items) == (bad, "ill", 3, 2)
        assert reports.per_lot(unit, [bad, good]) == {bad: 4, good: 2}
        told = reports.every(unit, kind="ill", lot_id=bad)
        assert len(told) == 3
    with house.begin() as unit:
        for each, _scan_of in told[:2]:
            reports.close(unit, report_id=each.id, note="已联系，留样复检合格")
        assert reports.clusters(unit) == []


def test_a_report_is_closed_once_with_a_note_and_may_be_opened_again(house: House) -> None:
    report = _tell(house, _scan(house))
    with pytest.raises(Invalid), house.begin() as unit:
        reports.close(unit, report_id=report.id, note=" ")
    with house.begin() as unit:
        closed = reports.close(unit, report_id=report.id, note="已处理")
        assert (closed.state, closed.note, closed.decided_by) == ("done", "已处理", "test-quality")
    with pytest.raises(reports.ReportClosed), house.begin() as unit:
        reports.close(unit, report_id=report.id, note="已处理")
    with house.begin() as unit:
        assert reports.reopen(unit, report_id=report.id).state == "open"
    with pytest.raises(reports.ReportOpen), house.begin() as unit:
        reports.reopen(unit, report_id=report.id)
    with pytest.raises(Missing), house.begin(brand_id=house.other_brand_id) as unit:
        reports.close(unit, report_id=report.id, note="x")


def test_the_list_is_narrowed_paged_and_found_by_number(house: House) -> None:
    ids = []
    for second in range(4):
        scan_id = _scan(house)
        with house.begin("visitor", now=house.now + timedelta(seconds=second)) as unit:
            ids.append(reports.tell(unit, scan_id=scan_id, kind="taste", text="x").id)
    with house.begin() as unit:
        reports.close(unit, report_id=ids[3], note="x")
    with house.look() as unit:
        assert [each.report.id for each in reports.every(unit, limit=2)] == ids[:1:-1]
        assert [each.report.id for each in reports.every(unit, limit=2, before=ids[2])] == ids[1::-1]
        assert [each.report.id for each in reports.every(unit, open_first=True)] == [ids[2], ids[1], ids[0], ids[3]]
        assert [each.report.id for each in reports.every(unit, state="done")] == [ids[3]]
        assert [each.report.id for each in reports.every(unit, number=f" {reports.number(ids[1]).lower()} ")] == [ids[1]]
        assert reports.every(unit, number="NONE-SUCH") == []
        assert reports.counts(unit) == {("taste", "open"): 3, ("taste", "done"): 1}
