"""Ways in which a paper that should not stand was made to stand, each tried and shut."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from suppliers import certificates, trust
from suppliers.certificates import Inspection, judging, trail
from suppliers.facts import CertificateSubmitted, TrustChanged
from suppliers.models import Certificate, Supplier
from suppliers.requirements import KINDS
from tests.conftest import House
from tests.suppliers import shelf

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
HOUR = timedelta(hours=1)


@pytest.fixture
def who(house: House) -> Supplier:
    house.now = NOW
    return shelf.supplier(house)


def get(house: House, paper: Certificate) -> Certificate:
    with house.look() as unit:
        return certificates.get(unit, paper.id)


def decide(house: House, paper: Certificate, decision: str, *, kind: str = "quality", **more: Any) -> Certificate:
    with house.begin(kind, now=NOW + HOUR) as unit:
        return certificates.decide(unit, certificate_id=paper.id, decision=decision, reason="看过原件", **more)


def looked_up(house: House, paper: Certificate, result: str = "valid", *, kind: str = "quality", days: int = 0) -> Certificate:
    with house.begin(kind, now=NOW + HOUR + timedelta(days=days)) as unit:
        register, day = KINDS[paper.kind].registers[0].code, TODAY + timedelta(days=days)
        certificates.record_lookup(unit, certificate_id=paper.id, register=register, result=result, asked_on=day)
    return get(house, paper)


def again(house: House, at: datetime) -> None:
    """Let the chore ask papers that were marked, and run what it tells."""
    with house.begin("system", now=at) as unit:
        certificates.ask_again(unit)


def test_what_was_looked_up_answers_for_the_words_as_they_were(house: House, who: Supplier) -> None:
    wrong = shelf.NUMBERS["food_production"][:-1] + str((int(shelf.NUMBERS["food_production"][-1]) + 1) % 10)
    paper = shelf.check(house, shelf.hand_in(house, who, number=wrong), shelf.CLEAN)
    assert looked_up(house, paper).standing == "rejected"
    mended = shelf.hand_in(house, who, at=NOW + 2 * HOUR)
    assert shelf.check(house, mended, shelf.CLEAN, at=NOW + 2 * HOUR).standing == "needs_person"


def test_an_override_does_not_outlive_the_words(house: House, who: Supplier) -> None:
    paper = shelf.check(house, shelf.hand_in(house, who, holder_name="甲公司", holder_uscc=None, valid_from=date(2026, 12, 1)))
    failed = [name for name, said in paper.found.items() if said[0] == "failed"]
    assert failed == ["holder"]
    with house.begin("quality") as unit:
        asked = certificates.propose_override(unit, certificate_id=paper.id, name="holder", reason="母公司")
    with house.begin("brand_admin") as unit:
        certificates.approve_override(unit, override_id=asked.id, answer="核对过")
    assert get(house, paper).standing == "submitted"
    mended = shelf.hand_in(house, who, at=NOW + 2 * HOUR, holder_name="乙公司", holder_uscc=None, valid_from=date(2026, 12, 1))
    assert shelf.check(house, mended, at=NOW + 2 * HOUR).standing == "rejected"


def test_who_accepts_answers_for_what_was_open_then(house: House, who: Supplier) -> None:
    paper = shelf.check(house, shelf.hand_in(house, who, site="别处"))
    open_points = [said[1] for said in paper.found.values() if said[0] == "inconclusive"]
    if paper.standing == "verified":  # no site is listed, so nothing is compared
        with house.begin() as unit:
            from suppliers import directory

            directory.add_site(unit, supplier_id=who.id, name="一厂", address="上海市闵行区示例路 18 号")
        again(house, NOW)
        with house.begin("system") as unit:
            judging.ask_checks(unit, judging.locked(unit, paper.id))
        paper = get(house, paper)
        open_points = [said[1] for said in paper.found.values() if said[0] == "inconclusive"]
    assert paper.standing == "needs_person", open_points
    assert decide(house, paper, "accept").standing == "verified"
    unsigned = shelf.SIGNED | {"signatures": [shelf.TRUSTED | {"trusted": False}]}
    assert shelf.check(house, paper, unsigned, at=NOW + 2 * HOUR).standing == "needs_person"


def test_nobody_decides_about_words_they_have_not_seen(house: House, who: Supplier) -> None:
    paper = shelf.check(house, shelf.hand_in(house, who), shelf.CLEAN)
    seen = trail.words_digest(paper)
    mended = shelf.hand_in(house, who, at=NOW + HOUR, valid_until=date(2031, 1, 1))
    shelf.check(house, mended, shelf.CLEAN, at=NOW + HOUR)
    with pytest.raises(certificates.NotDecidable):
        decide(house, paper, "accept", seen=seen)
    assert decide(house, paper, "accept", seen=trail.words_digest(get(house, paper))).standing == "verified"


def test_whoever_uploaded_it_decides_nothing_even_when_another_confirmed_it(house: House, who: Supplier) -> None:
    from suppliers.certificates import uploads
    from suppliers.facts import PaperUploaded

    with house.begin("quality") as unit:
        row = certificates.upload(unit, supplier_id=who.id, content=shelf.PDF, filename="x.pdf")
    with house.begin("system", now=NOW + timedelta(seconds=1)) as unit:
        uploads.on_paper_uploaded(unit, PaperUploaded(upload_id=row.id), Inspection(shelf.CLEAN))
    words = {name: value for name, value in shelf.words(who).items() if name not in ("content", "filename", "media_type")}
    with house.begin("supplier", supplier_id=who.id) as unit:
        paper = certificates.submit(unit, **words, upload_id=row.id)
    shelf.check(house, paper, shelf.CLEAN)
    with pytest.raises(certificates.FourEyes):
        decide(house, paper, "accept")
    assert decide(house, paper, "accept", kind="brand_admin").standing == "verified"


def test_a_paper_that_ever_stood_is_not_rewritten(house: House, who: Supplier) -> None:
    paper = shelf.check(house, shelf.hand_in(house, who))
    assert paper.standing == "verified"
    broken = shelf.SIGNED | {"signatures": [shelf.TRUSTED | {"intact": False}]}
    assert shelf.check(house, paper, broken, at=NOW + HOUR).standing == "rejected"
    with pytest.raises(certificates.PaperSettled):
        shelf.hand_in(house, who, at=NOW + 2 * HOUR, holder_name="改过的名字")


@pytest.mark.parametrize("before", ["not_yet", "suspended"])
def test_trust_that_ends_reaches_papers_that_do_not_stand_just_now(house: House, who: Supplier, before: str) -> None:
    changes = {"valid_from": date(2026, 12, 1)} if before == "not_yet" else {}
    paper = shelf.check(house, shelf.hand_in(house, who, **changes))
    if before == "suspended":
        decide(house, paper, "suspend")
    with house.begin(now=NOW + 2 * HOUR) as unit:
        (issuer,) = trust.issuers(unit)
        trust.end_issuer(unit, issuer_id=issuer.id)
    with house.begin("system", now=NOW + 2 * HOUR) as unit:
        certificates.on_trust_changed(unit, TrustChanged(trusted=False))
    again(house, NOW + 3 * HOUR)
    if before == "suspended":
        assert decide(house, paper, "resume").standing == "needs_person"
    else:
        with house.begin("system", now=datetime(2026, 12, 2, tzinfo=UTC)) as unit:
            certificates.lapse_due(unit)
        assert get(house, paper).standing == "needs_person"


def test_what_the_words_on_the_pages_showed_is_not_forgotten_on_a_second_look(
    house: House, who: Supplier, monkeypatch: pytest.MonkeyPatch
) -> None:
    signal = {"name": "layer_differs", "page": 1, "box": [0, 0, 1, 1], "strength": 1.0}
    seal = {"page": 1, "text": "印", "box": [0, 0, 1, 1], "channel": "seal"}
    paper = shelf.hand_in(house, who)
    first = shelf.CLEAN | {"signals": [signal], "lines": [seal], "lines_from": "layer"}
    paper = shelf.check(house, paper, first)
    monkeypatch.setattr(judging, "look_at", lambda *_args, **_more: Inspection(shelf.CLEAN | {"signals": [], "lines": []}))
    with house.look("system") as unit:
        seen = judging.inspect(unit, CertificateSubmitted(certificate_id=paper.id))
    assert (seen.reading["signals"], seen.reading["lines"]) == ([signal], [seal])


def test_a_look_into_the_register_grows_stale(house: House, who: Supplier) -> None:
    paper = shelf.check(house, shelf.hand_in(house, who), shelf.CLEAN)
    paper = looked_up(house, paper)
    assert paper.standing == "verified"
    assert paper.due_on is not None
    assert paper.due_on <= TODAY + timedelta(days=400)
    with house.begin("system", now=datetime.combine(paper.due_on, datetime.min.time(), UTC)) as unit:
        certificates.lapse_due(unit)
    assert get(house, paper).standing == "needs_person"


def test_one_person_does_not_undo_what_the_register_said_against_it(house: House, who: Supplier) -> None:
    paper = shelf.check(house, shelf.hand_in(house, who), shelf.CLEAN)
    assert looked_up(house, paper, "revoked").standing == "revoked"
    assert looked_up(house, paper, "valid", days=1).standing == "revoked"
    assert looked_up(house, paper, "valid", kind="brand_admin", days=2).standing == "verified"


def test_a_suspended_paper_is_resumed_and_not_accepted(house: House, who: Supplier) -> None:
    paper = shelf.check(house, shelf.hand_in(house, who))
    decide(house, paper, "suspend")
    with pytest.raises(certificates.NotDecidable):
        decide(house, paper, "accept", kind="brand_admin")


def test_no_end_may_be_written_as_the_end_of_days(house: House, who: Supplier) -> None:
    paper = shelf.hand_in(house, who, kind="business_licence", valid_until=date(9999, 12, 31))
    assert paper.valid_until is None


def test_the_number_of_another_firm_is_found_however_it_is_written(house: House, who: Supplier) -> None:
    assert shelf.check(house, shelf.hand_in(house, who)).standing == "verified"
    thief = shelf.supplier(house, name="另一家有限公司", uscc=shelf.OTHER_USCC)
    number = shelf.NUMBERS["food_production"]
    for at, written in enumerate((f"{number[:2]} {number[2:]}", number.translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)}))):
        stolen = shelf.hand_in(house, thief, content=shelf.PDF + bytes([65 + at]), number=written)
        assert "check.duplicate.none" not in [said[1] for said in shelf.check(house, stolen).found.values()]


def test_how_it_stood_then_is_told_with_the_dates_it_bore_then(house: House, who: Supplier) -> None:
    paper = shelf.check(house, shelf.hand_in(house, who))
    decide(house, paper, "suspend")
    with house.begin("brand_admin", now=NOW + 2 * HOUR) as unit:
        certificates.decide(unit, certificate_id=paper.id, decision="reject", reason="登记系统里已注销")
    with house.look() as unit:
        told = certificates.standing_at(unit, paper.id, NOW + timedelta(minutes=1))
    assert (told.then, told.now, told.good_then, told.fell_at) == ("verified", "revoked", True, NOW + HOUR)


def test_a_chain_of_renewals_gives_back_the_right_one(house: House, who: Supplier) -> None:
    ends = (date(2027, 12, 31), date(2028, 12, 31), date(2029, 12, 31))
    chain = [
        shelf.check(house, shelf.hand_in(house, who, content=shelf.PDF + bytes([65 + at]), valid_until=end)) for at, end in enumerate(ends)
    ]
    standing = [get(house, each).standing for each in chain]
    assert standing == ["superseded", "superseded", "verified"]
    decide(house, chain[1], "reject")
    assert [get(house, each).standing for each in chain] == ["superseded", "revoked", "verified"]
    decide(house, chain[2], "reject")
    assert [get(house, each).standing for each in chain] == ["verified", "revoked", "revoked"]
