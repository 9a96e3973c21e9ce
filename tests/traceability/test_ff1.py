"""FF1 against NIST's own samples (FF1samples.pdf, Cryptographic Standards and Guidelines, examples with intermediate values)."""

from __future__ import annotations

import pytest

from traceability.ff1 import decrypt, encrypt

LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
KEY_128 = "2B7E151628AED2A6ABF7158809CF4F3C"
KEY_192 = KEY_128 + "EF4359D8D580AA4F"
KEY_256 = KEY_192 + "7F036D6F04FC6A94"
DECIMAL, LONG = "0123456789", "0123456789abcdefghi"
TENS, THREES = "39383736353433323130", "3737373770717273373737"


@pytest.mark.parametrize(
    ("key", "radix", "tweak", "plain", "sealed"),
    [
        (KEY_128, 10, "", DECIMAL, "2433477484"),
        (KEY_128, 10, TENS, DECIMAL, "6124200773"),
        (KEY_128, 36, THREES, LONG, "a9tv40mll9kdu509eum"),
        (KEY_192, 10, "", DECIMAL, "2830668132"),
        (KEY_192, 10, TENS, DECIMAL, "2496655549"),
        (KEY_192, 36, THREES, LONG, "xbj3kv35jrawxv32ysr"),
        (KEY_256, 10, "", DECIMAL, "6657667009"),
        (KEY_256, 10, TENS, DECIMAL, "1001623463"),
        (KEY_256, 36, THREES, LONG, "xs8a0azh2avyalyzuwd"),
    ],
)
def test_the_nine_samples_of_the_standard(key: str, radix: int, tweak: str, plain: str, sealed: str) -> None:
    digits = [LETTERS.index(letter) for letter in plain]
    ours = encrypt(bytes.fromhex(key), radix, bytes.fromhex(tweak), digits)
    assert "".join(LETTERS[digit] for digit in ours) == sealed
    assert decrypt(bytes.fromhex(key), radix, bytes.fromhex(tweak), ours) == digits
