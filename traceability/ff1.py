"""FF1 as the standard writes it (NIST SP 800-38G, algorithms 7 and 8): any radix, length and tweak.

Pure and plain: this is what seal.py's fast path for one radix and one length is measured by.
It must not know what the digits stand for.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

ROUNDS = 10


def block_cipher(key: bytes) -> CipherContext:
    """AES on single blocks, FF1's building block: no message is ever encrypted in ECB.

    Each caller takes its own, because a context must not be shared between threads.
    """
    return Cipher(AES(key), ECB()).encryptor()  # noqa: S305


def header(radix: int, length: int, tweak_length: int) -> bytes:
    """P of step 5: one block that depends on the sizes alone."""
    sizes = bytes([length // 2 % 256]) + length.to_bytes(4, "big") + tweak_length.to_bytes(4, "big")
    return b"\x01\x02\x01" + radix.to_bytes(3, "big") + bytes([ROUNDS]) + sizes


def encrypt(key: bytes, radix: int, tweak: bytes, digits: Sequence[int]) -> list[int]:
    """``digits`` in the given radix (2 … 2¹⁶) to as many digits; the key has 16, 24 or 32 bytes."""
    half = len(digits) // 2
    left, right = list(digits[:half]), list(digits[half:])
    for number in range(ROUNDS):
        size = half if number % 2 == 0 else len(digits) - half
        mixed = (_number(radix, left) + _mix(key, radix, tweak, len(digits), number, right)) % radix**size
        left, right = right, _digits(radix, size, mixed)
    return left + right


def decrypt(key: bytes, radix: int, tweak: bytes, digits: Sequence[int]) -> list[int]:
    """The other way round."""
    half = len(digits) // 2
    left, right = list(digits[:half]), list(digits[half:])
    for number in reversed(range(ROUNDS)):
        size = half if number % 2 == 0 else len(digits) - half
        mixed = (_number(radix, right) - _mix(key, radix, tweak, len(digits), number, left)) % radix**size
        left, right = _digits(radix, size, mixed), left
    return left + right


def _mix(key: bytes, radix: int, tweak: bytes, length: int, number: int, half: Sequence[int]) -> int:
    """The number y of one round: steps 6.i to 6.iv, with CBC-MAC as the pseudorandom function."""
    aes = block_cipher(key)
    widest = radix ** (length - length // 2) - 1
    wide = (widest.bit_length() + 7) // 8
    long = 4 * ((wide + 3) // 4) + 4
    message = header(radix, length, len(tweak)) + tweak + bytes(-(len(tweak) + wide + 1) % 16)
    message += bytes([number]) + _number(radix, half).to_bytes(wide, "big")
    mac = bytes(16)
    for at in range(0, len(message), 16):
        mac = aes.update(_xor(mac, message[at : at + 16]))
    stream = mac
    for block in range(1, (long + 15) // 16):
        stream += aes.update(_xor(mac, block.to_bytes(16, "big")))
    return int.from_bytes(stream[:long], "big")


def _number(radix: int, digits: Sequence[int]) -> int:
    value = 0
    for digit in digits:
        value = value * radix + digit
    return value


def _digits(radix: int, size: int, value: int) -> list[int]:
    digits = [0] * size
    for place in reversed(range(size)):
        value, digits[place] = divmod(value, radix)
    return digits


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
