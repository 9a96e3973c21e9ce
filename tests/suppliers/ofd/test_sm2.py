"""SM2 and SM3 against the examples that the standards print, another implementation, and what must never hold."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suppliers.ofd import keys, sm2
from suppliers.ofd.digests import digest, named
from tests.suppliers.ofd.workshop import Key, integer, sequence, times

# GB/T 32918.5-2017 annex A.2: the key, the message "message digest", and its signature
KEY = (
    0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020,
    0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13,
)
SECRET = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
MESSAGE = b"message digest"
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA


def test_the_digests_of_the_standard() -> None:
    # GB/T 32905-2016 annex A
    assert digest("sm3", b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert digest("sm3", b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_the_example_of_the_standard() -> None:
    assert times(SECRET) == KEY
    assert sm2.identity(KEY).hex() == "b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3"
    assert sm2.verify(KEY, MESSAGE, R, S)


@pytest.mark.parametrize(
    ("message", "r", "s"),
    [(MESSAGE + b".", R, S), (MESSAGE, R + 1, S), (MESSAGE, R, S + 1), (MESSAGE, S, R), (MESSAGE, R + sm2.N, S), (MESSAGE, R, S + sm2.N)]
    + [(MESSAGE, r, s) for r in (0, R, sm2.N, -1) for s in (0, sm2.N, -1)]
    + [(MESSAGE, 0, S), (MESSAGE, R, sm2.N - R)],
)
def test_nothing_else_holds(message: bytes, r: int, s: int) -> None:
    assert not sm2.verify(KEY, message, r, s)


def test_the_signer_is_part_of_what_is_signed() -> None:
    assert not sm2.verify(KEY, MESSAGE, R, S, b"ALICE123@YAHOO.COM")
    assert not sm2.verify(times(SECRET + 1), MESSAGE, R, S)


def test_a_point_off_the_curve_is_no_key() -> None:
    x, y = KEY
    whole = b"\4" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
    assert sm2.point(whole) == KEY
    for broken in (
        whole[:-1],
        b"\2" + whole[1:33],
        whole[:-1] + bytes([whole[-1] ^ 1]),
        b"\4" + bytes(64),
        b"\4" + sm2.P.to_bytes(32, "big") * 2,
    ):
        assert sm2.point(broken) is None


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=8), st.binary(max_size=200), st.integers(0, 255))
def test_what_was_signed_holds_and_one_changed_bit_does_not(word: str, message: bytes, bit: int) -> None:
    key = Key(word)
    r, s = key.numbers(message)
    assert sm2.verify(key.public, message, r, s)
    assert not sm2.verify(key.public, message, r ^ (1 << bit), s)


def test_the_numbers_of_sloppy_writers() -> None:
    high = sequence(b"\x02\x20" + R.to_bytes(32, "big"), b"\x02\x20" + S.to_bytes(32, "big"))  # the zero before a high bit left out
    assert keys.numbers_of(high) == keys.numbers_of(sequence(integer(R), integer(S))) == (R, S)
    assert keys.numbers_of(R.to_bytes(32, "big") + S.to_bytes(32, "big")) == (R, S)
    for broken in (b"", high[:-1], high + b"\0", sequence(integer(R)), sequence(integer(R), integer(S), integer(1)), b"\x30\x80"):
        assert keys.numbers_of(broken) is None


def test_weak_and_unknown_algorithms_say_nothing() -> None:
    key = Key("a")
    for algorithm in ("1.2.156.10197.1.502", "1.2.840.113549.1.1.5", "1.3.6.1"):
        with pytest.raises(keys.Unsupported):
            keys.holds(key.info, algorithm, b"m", key.sign(b"m"))
    assert keys.holds(key.info, "1.2.156.10197.1.501", b"m", key.sign(b"m"))
    assert (named("MD5"), named("SHA-1"), named("1.2.156.10197.1.401"), named("rot13")) == ("md5", "sha1", "sm3", None)


def test_it_is_fast() -> None:
    begin = time.process_time()
    for _ in range(10):
        sm2.verify(KEY, MESSAGE, R, S)
    assert (time.process_time() - begin) / 10 < 0.05


def test_another_implementation_agrees() -> None:
    other = pytest.importorskip("gmssl.sm2", reason="gmssl is not installed")
    crypt = other.CryptSM2(private_key=f"{SECRET:064x}", public_key=f"{KEY[0]:064x}{KEY[1]:064x}")
    for message in (b"a", MESSAGE, bytes(1000)):
        signature = crypt.sign_with_sm3(message)
        assert sm2.verify(KEY, message, int(signature[:64], 16), int(signature[64:], 16))
        r, s = Key("b").numbers(message)
        x, y = Key("b").public
        assert other.CryptSM2(private_key="", public_key=f"{x:064x}{y:064x}").verify_with_sm3(f"{r:064x}{s:064x}", message)
