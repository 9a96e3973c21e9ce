"""Bits of an EPC read from the front, and the ways in which letters and digits are packed into them. Pure.

It knows no scheme and no key. Every reading raises NotGS1 where the bits end too soon or mean nothing.

Source: GS1 EPC Tag Data Standard 2.1: 14.3 (partitioned schemes), 14.5 (schemes of 2.0), table E (encoding indicators).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kernel.errors import flaw
from traceability.gs1.keys import NotGS1

WORD: Final = 16
"""A tag's memory ends at a word: so many bits, less one, may be zeros behind an EPC."""
_BASE64: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_CODE40: Final = "\0ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789"
_END, _LETTERS_FOLLOW = 15, 14


class Bits:
    """``hexadecimal`` digits as bits, the most significant first."""

    def __init__(self, hexadecimal: str) -> None:
        self.left = 4 * len(hexadecimal)
        self.value = int(hexadecimal, 16)

    def take(self, count: int) -> int:
        """The next ``count`` bits as a number."""
        if count > self.left:
            raise no("length", "the EPC ends too soon")
        self.left -= count
        number = self.value >> self.left
        self.value &= (1 << self.left) - 1
        return number

    def zeros(self, count: int) -> None:
        """Passes over bits that must be 0."""
        if self.take(count):
            raise no("gs1-padding", "bits that must be 0 are not")

    def end(self) -> None:
        """Nothing may follow but what fills up a word."""
        if self.left >= WORD:
            raise no("length", "more follows than this scheme has")
        self.zeros(self.left)

    def digits(self, count: int) -> str:
        """So many digits of 4 bits each (14.5.4)."""
        text = f"{self.take(4 * count):0{count}x}"
        if count and not text.isdigit():
            raise no("gs1-characters", "a digit is not from 0 to 9")
        return text

    def number(self, bits: int, digits: int) -> str:
        """A number in ``bits``, written with just so many ``digits``; none of no digits."""
        number = self.take(bits)
        if number >= 10**digits:
            raise no("range", f"the number does not fit {digits} digits")
        return f"{number:0{digits}d}" if digits else ""

    def after_one(self, bits: int) -> str:
        """Digits that keep their zeros behind a 1 (14.3.6, numeric string)."""
        text = str(self.take(bits))
        if text[0] != "1" or len(text) < 2:
            raise no("gs1-characters", "a string of digits must stand behind a 1")
        return text[1:]

    def ascii(self, bits: int) -> str:
        """Characters of 7 bits each; what is left over is 0 (14.3.2)."""
        codes = [self.take(7) for _ in range(bits // 7)]
        self.zeros(bits % 7)
        length = next((place for place, code in enumerate(codes) if code == 0), len(codes))
        if length == 0 or any(codes[length:]):
            raise no("gs1-padding", "the text is empty, or characters follow its end")
        return "".join(map(chr, codes[:length]))

    def six(self) -> str:
        """Characters of 6 bits each up to one that is 0 (14.3.10)."""
        text = ""
        while code := self.take(6):
            text += chr(code if code >= 32 else code + 64)
        if not text:
            raise no("gs1-padding", "the text is empty")
        return text

    def text(self, length_bits: int, most: int) -> str:
        """A text of 1 to ``most`` characters, packed as its first three bits say (14.5.6)."""
        packing = self.take(3)
        if packing not in _PACKINGS:
            raise no("gs1-code", "an encoding indicator that is reserved")
        return _PACKINGS[packing](self, self._length(length_bits, most))

    def numeric(self, length_bits: int, most: int) -> str:
        """1 to ``most`` digits (14.5.13)."""
        return _integer(self, self._length(length_bits, most))

    def digits_then_text(self, length_bits: int, most: int) -> str:
        """Digits of 4 bits each to an end mark, or to a mark behind which a text begins (14.5.5)."""
        text = ""
        while (code := self.take(4)) < _LETTERS_FOLLOW:
            if code > 9 or len(text) == most:
                raise no("gs1-characters", "a digit is not from 0 to 9, or there are too many")
            text += str(code)
        return text if code == _END else text + self.text(length_bits, most - len(text))

    def _length(self, bits: int, most: int) -> int:
        length = self.take(bits)
        if not 1 <= length <= most:
            raise no("length", f"a text here has 1 to {most} characters")
        return length


def no(rule: str, detail: str) -> NotGS1:
    """What is wrong with an EPC."""
    return NotGS1(errors=[flaw("/epc", rule, detail)])


def _integer(bits: Bits, length: int) -> str:
    return bits.number((10**length - 1).bit_length(), length)


def _hexadecimal(bits: Bits, length: int) -> str:
    return f"{bits.take(4 * length):0{length}x}"


def _base64(bits: Bits, length: int) -> str:
    return "".join(_BASE64[bits.take(6)] for _ in range(length))


def _ascii(bits: Bits, length: int) -> str:
    return "".join(chr(bits.take(7)) for _ in range(length))


def _code40(bits: Bits, length: int) -> str:
    """Three characters a word; what the last word has to spare is 0."""
    text = ""
    for _ in range(0, length, 3):
        number = bits.take(16) - 1
        if not 0 <= number < 40**3:
            raise no("gs1-characters", "a word that is none of URN Code 40")
        text += _CODE40[number // 1600] + _CODE40[number // 40 % 40] + _CODE40[number % 40]
    if text[length:].strip("\0"):
        raise no("gs1-padding", "characters follow the end of the text")
    return text[:length]


_PACKINGS: Final[dict[int, Callable[[Bits, int], str]]] = {
    0: _integer,
    1: lambda bits, length: _hexadecimal(bits, length).upper(),
    2: _hexadecimal,
    3: _base64,
    4: _ascii,
    5: _code40,
}
