"""Is this the SM2 signature of that message under this key? GB/T 32918.2-2016 7, on the curve of GB/T 32918.5-2017.

Verification only, on public values: nothing here needs to run in constant time, and nothing here
may ever sign. Points are (X, Y, Z) in Jacobian coordinates, x = X/Z², y = Y/Z³; Z = 0 is infinity.
"""

from __future__ import annotations

from typing import Final

from suppliers.ofd.digests import SM3, digest

P: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A: Final = P - 3
B: Final = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
GX: Final = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
GY: Final = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0
COMMON_ID: Final = b"1234567812345678"
"""The signer's id where none was agreed on (GM/T 0009-2012 10)."""

Jacobian = tuple[int, int, int]
_INFINITY: Final[Jacobian] = (1, 1, 0)


def point(encoded: bytes) -> tuple[int, int] | None:
    """The public key in ``encoded`` (04 ‖ x ‖ y), or None where that is no point of the curve."""
    if len(encoded) != 65 or encoded[0] != 4:
        return None
    x, y = int.from_bytes(encoded[1:33], "big"), int.from_bytes(encoded[33:], "big")
    if not (x < P and y < P) or (y * y - (x * x * x + A * x + B)) % P:
        return None
    return x, y


def identity(key: tuple[int, int], signer: bytes = COMMON_ID) -> bytes:
    """ZA, 32 bytes: the digest of who signs, on which curve, with which key (GB/T 32918.2-2016 5.5)."""
    numbers = b"".join(number.to_bytes(32, "big") for number in (A, B, GX, GY, *key))
    return digest(SM3, (len(signer) * 8).to_bytes(2, "big") + signer + numbers)


def verify(key: tuple[int, int], message: bytes, r: int, s: int, signer: bytes = COMMON_ID) -> bool:
    """True when (r, s) is the signature of ``message`` (its bytes, not its digest) under ``key``."""
    return verify_digest(key, digest(SM3, identity(key, signer) + message), r, s)


def verify_digest(key: tuple[int, int], hashed: bytes, r: int, s: int) -> bool:
    """As :func:`verify`, of e = SM3(ZA ‖ message)."""
    if not (0 < r < N and 0 < s < N):
        return False
    t = (r + s) % N
    if t == 0:
        return False
    x = _affine_x(_twice_times(s, (GX, GY, 1), t, (*key, 1)))
    return x is not None and (int.from_bytes(hashed, "big") + x) % N == r


def _twice_times(u: int, first: Jacobian, v: int, second: Jacobian) -> Jacobian:
    """u·first + v·second with one run of doublings (Shamir's trick)."""
    both = _add(first, second)
    total = _INFINITY
    for bit in range(max(u.bit_length(), v.bit_length()) - 1, -1, -1):
        total = _double(total)
        chosen = (u >> bit & 1) + 2 * (v >> bit & 1)
        if chosen:
            total = _add(total, (first, second, both)[chosen - 1])
    return total


def _double(p: Jacobian) -> Jacobian:
    """dbl-2001-b of the Explicit-Formulas Database, for a = -3."""
    x, y, z = p
    if not y or not z:
        return _INFINITY
    delta, gamma = z * z % P, y * y % P
    beta = x * gamma % P
    alpha = 3 * (x - delta) * (x + delta) % P
    new_x = (alpha * alpha - 8 * beta) % P
    return new_x, (alpha * (4 * beta - new_x) - 8 * gamma * gamma) % P, ((y + z) ** 2 - gamma - delta) % P


def _add(p: Jacobian, q: Jacobian) -> Jacobian:
    """add-1998-cmo-2; the same point twice is doubled, a point and its mirror image are infinity."""
    if not p[2]:
        return q
    if not q[2]:
        return p
    zp, zq = p[2] * p[2] % P, q[2] * q[2] % P
    u, s = p[0] * zq % P, p[1] * zq * q[2] % P
    h, r = (q[0] * zp - u) % P, (q[1] * zp * p[2] - s) % P
    if not h:
        return _INFINITY if r else _double(p)
    hh = h * h % P
    hhh, v = h * hh % P, u * hh % P
    x = (r * r - hhh - 2 * v) % P
    return x, (r * (v - x) - s * hhh) % P, p[2] * q[2] * h % P


def _affine_x(p: Jacobian) -> int | None:
    return p[0] * pow(p[2], -2, P) % P if p[2] else None
