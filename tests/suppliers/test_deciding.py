"""People answer for papers: decisions, overrides by two, look-ups by hand; nobody for their own, nobody alone for what failed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kernel.errors import Invalid, Refused
from suppliers import certificates
from suppliers.certificates import trail
from suppliers.models import Certificate, StandingChange
from tests.conftest import House
from tests.suppliers import shelf

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
PNG = b"\x89PNG\r\n\x1a\n of what was seen"


@pytest.fixture
def paper(house: House) -> Certificate:
    """A scan: everything fits, nothing proves that it is genuine."""
    house.now = NOW
    return shelf.check(house, shelf.hand_in(house, shelf.supplier(house)), shelf.CLEAN)


@pytest.fixture
def failed(house: House) -> Certificate:
    """A signed licence whose check digit does not hold."""
    house.now = NOW
    wrong = shelf.NUMBERS["food_production"][:-1] + str((int(shelf.NUMBERS["food_production"][-1]) + 1) % 10)
    return shelf.check(house, shelf.hand_in(house, shelf.supplier(house), number=wrong))


def decide(house: House, paper: Certificate, decision: str, *, kind: str = "quality") -> Certificate:
    with house.begin(kind) as unit:
        return certificates.decide(unit, certificate_id=paper.id, decision=decision, reason="与登记信息核对")


def look_up(house: House, paper: Certificate, result: str = "valid", **more: Any) -> Certificate:
    with house.begin("quality") as unit:
        given = {"register": "gsxt", "result": result, "asked_on": TODAY} | more
        certificates.record_lookup(unit, certificate_id=paper.id, **given)
    with house.look() as unit:
        return certificates.get(unit, paper.id)


def test_a_fresh_look_up_in_the_register_vouches_for_a_scan(house: House, paper: Certificate) -> None:
    assert (paper.standing, paper.because) == ("needs_person", ["check.authenticity.unvouched"])
    looked = look_up(house, paper, screenshot=PNG, note="状态：存续")
    assert looked.standing == "verified"
    with house.look() as unit:
        (row,) = certificates.lookups(unit, paper.id)
        assert unit.outside.vault.get(str(row.screenshot)) == PNG


@pytest.mark.parametrize(("result", "standing"), [("revoked", "revoked"), ("suspended", "suspended"), ("not_found", "rejected")])
def test_what_the_register_says_against_it_wins(house: House, paper: Certificate, result: str, standing: str) -> None:
    assert decide(house, paper, "accept").standing == "verified"
    assert look_up(house, paper, result).standing == standing


def test_an_unreachable_register_vouches_for_nothing(house: House, paper: Certificate) -> None:
    assert look_up(house, paper, "unreachable").standing == "needs_person"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"register": "the_pub"}, "/register"),
        ({"result": "fine"}, "/result"),
        ({"asked_on": TODAY + timedelta(days=1)}, "/asked_on"),
        ({"screenshot": b"<svg>"}, "/screenshot"),
        ({"note": "x" * 501}, "/note"),
    ],
)
def test_what_is_wrong_with_a_look_up_is_pointed_at(house: House, paper: Certificate, changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as caught:
        look_up(house, paper, **changes)
    assert [error["pointer"] for error in caught.value.errors] == [pointer]


def test_a_suspension_closes_and_lifts_to_what_was_before(house: House, paper: Certificate) -> None:
    with pytest.raises(certificates.NotDecidable):
        decide(house, paper, "suspend")
    decide(house, paper, "accept")
    assert decide(house, paper, "suspend").standing == "suspended"
    with pytest.raises(certificates.NotDecidable):
        decide(house, paper, "suspend")
    assert decide(house, paper, "resume").standing == "verified"
    with pytest.raises(certificates.NotDecidable):
        decide(house, paper, "resume")


def test_what_failed_passes_by_two_persons_and_not_by_one(house: House, failed: Certificate) -> None:
    assert failed.because == ["check.identifier.check"]
    with house.begin("quality") as unit:
        asked = certificates.propose_override(unit, certificate_id=failed.id, name="identifier", reason="登记系统里就是这个号")
        again = certificates.propose_override(unit, certificate_id=failed.id, name="identifier", reason="同一件事")
        assert again.id == asked.id
        with pytest.raises(certificates.FourEyes):
            certificates.approve_override(unit, override_id=asked.id, answer="我自己也同意")
    with house.begin("brand_admin") as unit:
        certificates.approve_override(unit, override_id=asked.id, answer="截图核对过")
        with pytest.raises(certificates.NotDecidable):
            certificates.decline_override(unit, override_id=asked.id, answer="反悔")
    with house.look() as unit:
        assert certificates.get(unit, failed.id).standing == "verified"
        assert [change.decision for change in certificates.history(unit, failed.id)][-1] == "override"


def test_an_override_answers_for_what_the_check_said_then(house: House, failed: Certificate) -> None:
    with house.begin("quality") as unit:
        asked = certificates.propose_override(unit, certificate_id=failed.id, name="identifier", reason="x")
    with house.begin("brand_admin") as unit:
        certificates.approve_override(unit, override_id=asked.id, answer="y")
    with house.begin("supplier", supplier_id=failed.supplier_id) as unit:
        row = unit.session.get_one(Certificate, failed.id)
        row.number, row.standing = "SC1", "needs_person"
    with house.look() as unit:
        mended = certificates.get(unit, failed.id)
    assert shelf.check(house, mended).standing == "rejected"


def test_what_is_final_nobody_lets_pass(house: House) -> None:
    house.now = NOW
    tampered = shelf.SIGNED | {"signatures": [shelf.TRUSTED | {"intact": False}]}
    paper = shelf.check(house, shelf.hand_in(house, shelf.supplier(house)), tampered)
    assert paper.standing == "rejected"
    final = [name for name, (result, _, is_final, _digest) in paper.found.items() if result == "failed" and is_final]
    assert "signature" in final
    for name in final:
        with house.begin("quality") as unit, pytest.raises(certificates.NotDecidable):
            certificates.propose_override(unit, certificate_id=paper.id, name=name, reason="x")


def test_a_declined_override_may_be_asked_again(house: House, failed: Certificate) -> None:
    with house.begin("quality") as unit:
        asked = certificates.propose_override(unit, certificate_id=failed.id, name="identifier", reason="x")
        certificates.decline_override(unit, override_id=asked.id, answer="收回")
        assert certificates.propose_override(unit, certificate_id=failed.id, name="identifier", reason="y").id != asked.id
        with pytest.raises(certificates.NotDecidable):
            certificates.propose_override(unit, certificate_id=failed.id, name="dates", reason="没有失败")


def test_whoever_handed_a_paper_in_does_nothing_for_it(house: House) -> None:
    house.now = NOW
    who = shelf.supplier(house)
    with house.begin("quality") as unit:
        own = certificates.submit(unit, **shelf.words(who))
    shelf.check(house, own, shelf.CLEAN)
    with house.begin("quality") as unit:
        for act in (
            lambda: certificates.decide(unit, certificate_id=own.id, decision="accept", reason="x"),
            lambda: certificates.record_lookup(unit, certificate_id=own.id, register="gsxt", result="valid", asked_on=TODAY),
        ):
            with pytest.raises(certificates.FourEyes):
                act()


def test_a_machine_notes_proposes_and_stops_and_lets_nothing_pass(house: House, paper: Certificate) -> None:
    assert look_up(house, paper, "unreachable").standing == "needs_person"
    with house.begin("machine") as unit:
        for decision in ("accept", "resume"):
            with pytest.raises(Refused):
                certificates.decide(unit, certificate_id=paper.id, decision=decision, reason="x")
    assert decide(house, paper, "reject", kind="machine").standing == "rejected"
    with house.begin("machine") as unit, pytest.raises(Refused):
        certificates.approve_override(unit, override_id="x", answer="y")


@pytest.mark.parametrize("kind", ["supplier", "plant", "system"])
def test_only_quality_staff_decide(house: House, failed: Certificate, kind: str) -> None:
    who = {"supplier_id": failed.supplier_id} if kind == "supplier" else {}
    with house.begin(kind, **who) as unit:
        with pytest.raises(Refused):
            certificates.propose_override(unit, certificate_id=failed.id, name="identifier", reason="x")
        with pytest.raises(Refused):
            certificates.record_lookup(unit, certificate_id=failed.id, register="gsxt", result="valid", asked_on=TODAY)


def test_the_trail_says_on_what_it_was_decided_and_shows_a_changed_row(house: House, paper: Certificate) -> None:
    decide(house, paper, "accept")
    with house.look() as unit:
        rows = certificates.history(unit, paper.id)
        assert [row.standing for row in rows] == ["needs_person", "verified"]
        assert trail.broken(rows) is None
        basis = rows[-1].basis
        assert basis is not None
        assert (basis["sha256"], basis["words"]["number"]) == (paper.sha256, paper.number)
        assert basis["found"]["holder"][0] == "passed"
        unit.session.expunge_all()
        for at, name, value in ((0, "standing", "verified"), (1, "note", "别的理由"), (1, "by", "someone-else")):
            told = [_copy(row) for row in rows]
            setattr(told[at], name, value)
            assert trail.broken(told) is told[at]
        assert trail.broken([_copy(rows[1])]) is not None


def _copy(row: StandingChange) -> StandingChange:
    return StandingChange(**{column.name: getattr(row, column.name) for column in StandingChange.__table__.columns})


def test_what_was_let_pass_is_asked_again_when_the_check_shows_something_else(house: House, failed: Certificate) -> None:
    with house.begin("quality") as unit:
        asked = certificates.propose_override(unit, certificate_id=failed.id, name="identifier", reason="x")
    with house.begin("brand_admin") as unit:
        certificates.approve_override(unit, override_id=asked.id, answer="y")
    with house.begin("quality") as unit:
        row = certificates.get(unit, failed.id)
        assert certificates.overridable(unit, row) == ()
        row.found = row.found | {"identifier": [*row.found["identifier"][:3], "0" * 16]}
        unit.session.flush()
        assert certificates.overridable(unit, row) == ("identifier",)
        assert certificates.propose_override(unit, certificate_id=row.id, name="identifier", reason="z").id != asked.id


def test_a_page_offers_no_decision_to_whoever_had_the_paper_in_hand(house: House) -> None:
    house.now = NOW
    who = shelf.supplier(house)
    with house.begin("quality") as unit:
        own = certificates.submit(unit, **shelf.words(who))
    mended = shelf.hand_in(house, who, at=NOW + timedelta(hours=1), issuer_name="别的机关")
    shelf.check(house, mended, shelf.CLEAN, at=NOW + timedelta(hours=1))
    with house.begin("quality") as unit:
        assert "accept" not in certificates.possible(unit, certificates.get(unit, own.id))
        with pytest.raises(certificates.FourEyes):
            certificates.decide(unit, certificate_id=own.id, decision="accept", reason="x")
    with house.begin("brand_admin") as unit:
        assert "accept" in certificates.possible(unit, certificates.get(unit, own.id))
