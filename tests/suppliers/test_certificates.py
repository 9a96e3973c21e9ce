"""Papers from the drop zone to their last day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select

from kernel.audit import AuditEntry
from kernel.errors import Invalid, Missing, Refused
from kernel.given import CHINA
from suppliers import certificates, directory, trust
from suppliers.checks import CHECKS, required_checks
from suppliers.facts import CertificateSubmitted
from suppliers.models import Certificate
from suppliers.requirements import soon
from tests.conftest import House, shared_data
from tests.suppliers import shelf

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def now(house: House) -> datetime:
    house.now = NOW
    return NOW


def decide(house: House, paper: Certificate, decision: str, *, kind: str = "quality", at: datetime = NOW + HOUR) -> Certificate:
    with house.begin(kind, now=at) as unit:
        return certificates.decide(unit, certificate_id=paper.id, decision=decision, reason="与原件核对一致")


def lapse(house: House, at: datetime) -> int:
    with house.begin("system", now=at) as unit:
        return certificates.lapse_due(unit)


def standing(house: House, paper: Certificate) -> str:
    with house.look() as unit:
        return certificates.get(unit, paper.id).standing


def test_a_signed_paper_is_accepted_by_its_checks_alone_and_tells_it_once(house: House, now: datetime) -> None:
    who = shelf.supplier(house)
    paper = shelf.hand_in(house, who)
    assert paper.standing == "submitted"
    assert house.told("CertificateSubmitted") == [{"certificate_id": paper.id}]
    for _ in range(2):
        paper = shelf.check(house, paper)
    assert (paper.standing, paper.because) == ("verified", ["standing.all_passed"])
    with house.look() as unit:
        said = {row.name: row.result for row in certificates.outcomes(unit, paper.id)}
        assert said.keys() == CHECKS.keys()
        assert {said[name] for name in required_checks(paper.kind)} == {"passed"}
        assert [change.standing for change in certificates.history(unit, paper.id)] == ["verified"]
        verbs = unit.session.scalars(select(AuditEntry.verb).where(AuditEntry.subject_id == paper.id).order_by(AuditEntry.id)).all()
        assert sorted(verbs) == ["certificate.submitted", "certificate.verified"]
    assert house.told("StandingChanged") == [
        {"certificate_id": paper.id, "supplier_id": who.id, "standing": "verified", "before": "submitted", "place": 1}
    ]


def test_the_bytes_are_really_looked_at(house: House) -> None:
    folder = shared_data("certificates") / "synthetic_pades"
    at = datetime(2026, 11, 21, 18, 27, 38, tzinfo=UTC)
    who = shelf.supplier(house, name="示例南山茶叶专业合作社")
    with house.begin() as unit:
        trust.add_issuer(unit, name="厦门示例检测技术有限公司", kinds=["inspection_report"], accreditation="CMA 250099990001")
        trust.add_anchor(unit, name="示例根", pem=(folder / "root.cert.pem").read_text(), crl=(folder / "root.crl.der").read_bytes())
    content = (folder / "good_B.pdf").read_bytes()
    paper = shelf.hand_in(
        house, who, at=at, kind="inspection_report", content=content, issuer_name="厦门示例检测技术有限公司",
        valid_from=date(2025, 4, 28), valid_until=None, number="SYJC-2025-001234", lots=["T-0417"], accreditation="CMA 250099990001",
    )  # fmt: skip
    with house.look("system", now=at) as unit:
        seen = certificates.inspect(unit, CertificateSubmitted(certificate_id=paper.id))
    paper = shelf.check(house, paper, seen, at=at)
    assert paper.because == ["check.accreditation.unread"], "all is well but for the number, which was typed and is not printed"
    with house.look() as unit:
        reading = certificates.get(unit, paper.id).reading
        assert reading is not None
        assert reading["signatures"][0]["level"] == "PAdES B-B"
        assert certificates.content(unit, paper.id) == content


def test_the_same_bytes_are_the_same_paper(house: House, now: datetime) -> None:
    who = shelf.supplier(house)
    first = shelf.hand_in(house, who)
    assert shelf.hand_in(house, who).id == first.id
    shelf.check(house, first)
    assert shelf.hand_in(house, who).id == first.id
    assert standing(house, first) == "verified"
    assert len(house.told("CertificateSubmitted")) == 1
    with pytest.raises(certificates.PaperSettled):
        shelf.hand_in(house, who, number="SC10123018401210")


def test_the_same_bytes_at_the_same_moment_are_still_one_paper(house: House) -> None:
    who, ids = shelf.supplier(house), []
    second = Thread(target=lambda: ids.append(shelf.hand_in(house, who).id))
    with house.begin("supplier", supplier_id=who.id) as unit:
        ids.append(certificates.submit(unit, **shelf.words(who)).id)
        second.start()
        second.join(0.5)  # it waits for us: at the writer's lock, or at the unique index
        assert second.is_alive()
    second.join(20)
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_mistyped_number_is_mended_and_checked_anew(house: House, now: datetime) -> None:
    who = shelf.supplier(house)
    paper = shelf.check(house, shelf.hand_in(house, who, number="SC10531011200176"))
    assert (paper.standing, paper.because) == ("rejected", ["check.identifier.check"])
    with pytest.raises(certificates.NotDecidable) as caught:
        decide(house, paper, "accept")
    assert caught.value.more["failed"] == ["check.identifier.check"]
    mended = shelf.hand_in(house, who, at=NOW + HOUR)
    assert (mended.id, mended.standing, mended.judged_at) == (paper.id, "submitted", None)
    with house.look() as unit:
        assert certificates.outcomes(unit, paper.id) == []
    assert shelf.check(house, mended).standing == "verified"


def test_a_decision_does_not_outlive_the_words_it_was_about(house: House, now: datetime) -> None:
    who = shelf.supplier(house)
    paper = shelf.check(house, shelf.hand_in(house, who), shelf.CLEAN)
    assert decide(house, paper, "reject").standing == "rejected"
    shelf.hand_in(house, who, at=NOW + 2 * HOUR, issuer_name="别的机关")
    assert shelf.check(house, paper, shelf.CLEAN, at=NOW + 2 * HOUR).standing == "needs_person"


def test_an_unsigned_paper_waits_for_a_person(house: House, now: datetime) -> None:
    who = shelf.supplier(house)
    paper = shelf.hand_in(house, who)
    with house.look() as unit:
        assert certificates.queue(unit) == []
    with pytest.raises(certificates.NotDecidable):
        decide(house, paper, "accept")
    shelf.check(house, paper, shelf.CLEAN)
    with house.look() as unit:
        assert [each.id for each in certificates.queue(unit)] == [paper.id]
    assert decide(house, paper, "accept").standing == "verified"
    with house.look() as unit:
        waited, change = certificates.history(unit, paper.id)
        assert (waited.standing, waited.decision) == ("needs_person", None)
        assert (change.decision, change.note, change.by) == ("accept", "与原件核对一致", "test-quality")
        assert certificates.queue(unit) == []


def test_suppliers_and_machines_do_not_decide_and_four_eyes_see(house: House, now: datetime) -> None:
    who = shelf.supplier(house)
    with house.begin("quality") as unit:
        paper = certificates.submit(unit, **shelf.words(who))
    shelf.check(house, paper, shelf.CLEAN)
    for kind in ("supplier", "machine", "plant", "system"):
        with pytest.raises(Refused):
            decide(house, paper, "accept", kind=kind)
    with pytest.raises(certificates.FourEyes):
        decide(house, paper, "accept", kind="quality")
    assert decide(house, paper, "accept", kind="brand_admin").standing == "verified"


def test_no_to_a_paper_that_stood_revokes_it_for_good(house: House, now: datetime) -> None:
    paper = shelf.check(house, shelf.hand_in(house, shelf.supplier(house)))
    assert decide(house, paper, "reject").standing == "revoked"
    with pytest.raises(certificates.NotDecidable):
        decide(house, paper, "accept")
    assert lapse(house, NOW + timedelta(days=5000)) == 0
    shelf.check(house, paper)
    assert standing(house, paper) == "revoked"


def test_the_calendar_warns_lapses_and_tells_each_once(house: House, now: datetime) -> None:
    until = date(2027, 12, 31)
    paper = shelf.check(house, shelf.hand_in(house, shelf.supplier(house), valid_until=until))
    midnight = datetime(2027, 12, 31, 16, 0, tzinfo=UTC)  # the day ends in Shanghai
    warned = datetime.combine(soon(paper.kind, until, "CN"), time(), tzinfo=CHINA)
    assert lapse(house, NOW) == 0
    assert lapse(house, warned - timedelta(seconds=1)) == 0
    assert [lapse(house, warned) for _ in range(2)] == [1, 0]
    assert lapse(house, midnight - timedelta(seconds=1)) == 0
    assert standing(house, paper) == "expiring"
    assert [lapse(house, midnight) for _ in range(2)] == [1, 0]
    assert [fact["standing"] for fact in house.told("StandingChanged")] == ["verified", "expiring", "lapsed"]


def test_an_accepted_paper_that_begins_later_stands_from_its_first_day(house: House, now: datetime) -> None:
    who = shelf.supplier(house)
    paper = shelf.check(house, shelf.hand_in(house, who, valid_from=date(2026, 12, 1)), shelf.CLEAN)
    assert decide(house, paper, "accept").because == ["standing.not_yet_valid"]
    with house.look() as unit:
        assert certificates.queue(unit) == []
    assert lapse(house, datetime(2026, 11, 30, 15, 59, tzinfo=UTC)) == 0
    assert lapse(house, datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == 1
    assert standing(house, paper) == "verified"


def test_the_same_bytes_from_another_supplier_fail_unless_the_first_was_turned_away(house: House, now: datetime) -> None:
    owner = shelf.supplier(house)
    thief = shelf.supplier(house, name="另一家有限公司", uscc=shelf.OTHER_USCC)
    words: dict[str, Any] = {"holder_name": owner.name, "holder_uscc": owner.uscc}
    stolen = shelf.check(house, shelf.hand_in(house, thief, at=NOW - HOUR, **words), at=NOW - HOUR)
    assert stolen.because == ["check.holder.other_code"]
    assert shelf.check(house, shelf.hand_in(house, owner)).standing == "verified"
    second = shelf.supplier(house, name="溯源示例乳业有限公司", uscc="91152201078377449P")
    borrowed = shelf.check(house, shelf.hand_in(house, second, at=NOW + HOUR, holder_uscc=None), at=NOW + HOUR)
    assert borrowed.because == ["check.duplicate.bytes"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"kind": "diploma", "number": "1", "content": b"%PDF-1"}, "/kind"),
        ({"number": " "}, "/number"),
        ({"number": "1" * 81}, "/number"),
        ({"holder_name": "甲\x00"}, "/holder_name"),
        ({"holder_uscc": "123"}, "/holder_uscc"),
        ({"issuer_name": "长" * 121}, "/issuer_name"),
        ({"valid_from": "2026-01-01"}, "/valid_from"),
        ({"valid_until": NOW}, "/valid_until"),
        ({"content": b""}, "/file"),
        ({"content": b"<html>%PDF-1.7"}, "/file"),
        ({"content": b"PK\x03\x04"}, "/file"),
        ({"content": b"%PDF-" + bytes(20 * 1024 * 1024)}, "/file"),
    ],
)
def test_what_is_wrong_with_a_paper_is_pointed_at(house: House, changes: dict[str, Any], pointer: str) -> None:
    who = shelf.supplier(house)
    with pytest.raises(Invalid) as caught, house.begin("supplier", supplier_id=who.id) as unit:
        certificates.submit(unit, **(shelf.words(who) | changes))
    assert [error["pointer"] for error in caught.value.errors] == [pointer]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\win.ini", "win.ini"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("证书.pdf\x00.exe", "证书.pdf.exe"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("", "paper"),
        ("<b>.pdf", "<b>.pdf"),
    ],
)
def test_a_file_name_is_shown_and_never_a_path(house: House, name: str, kept: str) -> None:
    paper = shelf.hand_in(house, shelf.supplier(house), filename=name, media_type="text/html")
    assert (paper.filename, paper.media_type) == (kept, "application/pdf")


def test_nobody_reaches_another_suppliers_papers(house: House) -> None:
    mine = shelf.supplier(house)
    other = shelf.supplier(house, name="另一家", uscc=shelf.OTHER_USCC)
    paper = shelf.hand_in(house, mine)
    with house.begin("supplier", supplier_id=other.id) as unit:
        for reach in (certificates.get, certificates.content, certificates.outcomes, certificates.history):
            with pytest.raises(Missing):
                reach(unit, paper.id)
        for reach in (certificates.of_supplier, certificates.todo):
            with pytest.raises(Missing):
                reach(unit, mine.id)
        with pytest.raises(Missing):
            certificates.submit(unit, **shelf.words(mine))
    with house.begin(brand_id=house.other_brand_id) as unit, pytest.raises(Missing):
        certificates.decide(unit, certificate_id=paper.id, decision="accept", reason="x")


def test_what_we_need_from_you(house: House, now: datetime) -> None:
    who = shelf.supplier(house)
    with house.begin() as unit:
        for code, category in (("M1", "dairy"), ("P1", "packaging")):
            thing = directory.add_material(unit, code=code, name_zh=code, name_en=code, category=category)
            directory.list_supply(unit, supplier_id=who.id, material_id=thing.id)

    def todo() -> dict[str, str]:
        with house.look() as unit:
            asked = [line for line in certificates.todo(unit, who.id) if not line.requirement.optional]
            return {line.requirement.kind: line.state for line in asked if line.state != "each_lot"}

    assert todo() == {"business_licence": "missing", "food_production": "missing", "packaging_conformity": "missing"}
    bad = shelf.hand_in(house, who, number="SC10531011200176", content=b"%PDF-1.7 bad")
    assert todo()["food_production"] == "checking"
    shelf.check(house, bad)
    assert todo()["food_production"] == "rejected"
    good = shelf.check(house, shelf.hand_in(house, who, valid_until=date(2026, 12, 15)), shelf.CLEAN)
    assert todo()["food_production"] == "waiting"
    decide(house, good, "accept")
    assert todo()["food_production"] == "expiring"
    renewed = shelf.check(house, shelf.hand_in(house, who, content=b"%PDF-1.7 renewed"))
    assert renewed.because == ["standing.all_passed"]
    assert todo()["food_production"] == "fine"
