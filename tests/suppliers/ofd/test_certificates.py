"""Chains with SM2 keys: who may issue, when, and what is known of revocation."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from suppliers.ofd.certificates import Standing, parse, trust
from tests.suppliers.ofd.workshop import MIDDLE, NOW, ROOT, SIGNER, Holder, Key

BELOW = replace(SIGNER, by=MIDDLE)
TRUSTED = Standing(trusted=True)


def standing(leaf: Holder, *anchors: object, pool: tuple[Holder, ...] = (), at: datetime = NOW) -> Standing:
    believed = trust(anchors)  # type: ignore[arg-type]
    for each in pool:
        certificate = parse(each.certificate)
        assert certificate
        believed.add(certificate)
    certificate = parse(leaf.certificate)
    assert certificate
    return believed.standing(certificate, at)


def test_what_is_read() -> None:
    certificate = parse(SIGNER.certificate)
    assert certificate
    assert (certificate.name, certificate.organisation) == (SIGNER.common, SIGNER.organisation)
    assert (certificate.begins, certificate.ends, certificate.serial) == (SIGNER.begins, SIGNER.ends, 13)
    assert (certificate.is_ca, certificate.may_sign, certificate.may_issue) == (False, True, False)


@pytest.mark.parametrize("content", [b"", b"\x30\x00", SIGNER.certificate[:-1], SIGNER.certificate + b"\0", bytes(500)])
def test_what_is_no_certificate(content: bytes) -> None:
    assert parse(content) is None


def test_a_key_off_the_curve_makes_no_certificate() -> None:
    x = SIGNER.key.public[0].to_bytes(32, "big")
    assert parse(SIGNER.certificate.replace(x, bytes(32))) is None


def test_chains() -> None:
    assert standing(SIGNER, ROOT.pem) == TRUSTED
    assert standing(BELOW, ROOT.pem) == Standing()
    assert standing(BELOW, ROOT.pem, pool=(MIDDLE,)) == TRUSTED
    assert standing(BELOW, MIDDLE.pem) == TRUSTED
    assert standing(SIGNER, SIGNER.pem) == standing(SIGNER, MIDDLE.pem + ROOT.pem) == TRUSTED
    assert standing(SIGNER) == standing(SIGNER, "no certificate") == standing(SIGNER, MIDDLE.pem) == Standing()


def test_validity_at_the_moment_asked_about() -> None:
    until = replace(SIGNER, ends=datetime(2026, 6, 1, tzinfo=UTC))
    assert standing(until, ROOT.pem, at=datetime(2026, 6, 1, tzinfo=UTC)).trusted
    assert not standing(until, ROOT.pem, at=datetime(2026, 6, 1, 0, 0, 1, tzinfo=UTC)).trusted
    assert not standing(SIGNER, ROOT.pem, at=datetime(2019, 12, 31, tzinfo=UTC)).trusted
    assert not standing(
        replace(BELOW, by=replace(MIDDLE, ends=NOW)), ROOT.pem, pool=(replace(MIDDLE, ends=NOW),), at=datetime(2027, 1, 1, tzinfo=UTC)
    ).trusted


@pytest.mark.parametrize(
    "issuer",
    [
        replace(MIDDLE, ca=False, usage=(0, 1, 5)),  # may sign certificates, but is no authority
        replace(MIDDLE, usage=(0, 1)),
        replace(MIDDLE, critical="1.2.3.4"),
        replace(MIDDLE, by=Holder("别人", ca=True)),
    ],
)
def test_issuers_that_may_not(issuer: Holder) -> None:
    assert not standing(replace(BELOW, by=issuer), ROOT.pem, pool=(issuer,)).trusted


def test_an_authority_of_the_same_name_with_another_key() -> None:
    class Thief(Holder):
        @property
        def key(self) -> Key:
            return Key("thief")

    forged = Thief(ROOT.common, ROOT.organisation, ca=True)
    assert not standing(replace(SIGNER, by=forged), ROOT.pem, pool=(forged,)).trusted


def test_the_length_of_the_path() -> None:
    short = replace(ROOT, path_length=0)
    middle = replace(MIDDLE, by=short)
    assert standing(replace(SIGNER, by=short), short.pem).trusted
    assert not standing(replace(BELOW, by=middle), short.pem, pool=(middle,)).trusted


def test_a_critical_extension_that_nobody_here_understands() -> None:
    assert not standing(replace(SIGNER, critical="1.2.3.4"), ROOT.pem).trusted


def test_revocation() -> None:
    def asked(crl: bytes) -> Standing:
        return standing(SIGNER, (ROOT.pem, crl))

    known = Standing(trusted=True, revocation_known=True)
    assert asked(ROOT.revokes()) == asked(ROOT.revokes(99)) == known
    assert asked(ROOT.revokes(SIGNER.serial)) == Standing(revoked=True, revocation_known=True)
    assert asked(ROOT.revokes(99, until=datetime(2026, 2, 1, tzinfo=UTC))) == TRUSTED  # too old to say anything
    assert asked(ROOT.revokes(SIGNER.serial, key=Key("thief"))) == TRUSTED
    assert asked(MIDDLE.revokes(SIGNER.serial)) == TRUSTED
    assert asked(b"no list") == asked(b"") == TRUSTED


def test_every_link_must_be_known_not_to_be_revoked() -> None:
    lists = (ROOT.pem, ROOT.revokes()), (MIDDLE.pem, MIDDLE.revokes())
    below = parse(BELOW.certificate)
    assert below
    only_root = trust([lists[0]])
    middle = parse(MIDDLE.certificate)
    assert middle
    only_root.add(middle)
    assert only_root.standing(below, NOW) == TRUSTED
    assert trust([lists[1]]).standing(below, NOW) == Standing(trusted=True, revocation_known=True)


def test_authorities_that_certify_each_other_in_a_ring_end() -> None:
    class Same(Holder):
        @property
        def key(self) -> Key:
            return Key("ring")

    names = [Same(f"环{n}", ca=True) for n in range(5)]
    ring = tuple(replace(a, by=b, serial=n * 10 + m) for n, a in enumerate(names) for m, b in enumerate(names) if a is not b)
    begin = time.process_time()
    assert not standing(Holder("叶", by=ring[0]), ROOT.pem, pool=ring).trusted
    assert time.process_time() - begin < 3


def test_an_anchor_may_come_with_text_around_it() -> None:
    noisy = "subject=x\n" + SIGNER.pem
    assert standing(SIGNER, noisy).trusted
    assert base64.b64encode(SIGNER.certificate)[:20].decode() in noisy
