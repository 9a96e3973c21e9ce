"""What a part of a value must fulfil beyond its length and characters: one name, one check. Pure.

Every check sees text whose characters and length already fit its part.

Source: GS1 General Specifications, chapter 3 (each application identifier) and 7.9 (check
digit and check character pair); ISO 13616 (IBAN).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from traceability.gs1 import codelists, dates
from traceability.gs1.coupons import is_coupon, is_positive_offer
from traceability.gs1.keys import holds

CSET82_ORDER: Final = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_PAIRS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES: Final = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_PERCENT: Final = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*")
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]+")


def check_pair(body: str) -> str:
    """The two characters to append to a GMN or MUDI of at most 23: prime weights from the right, modulo 1021."""
    total = sum(CSET82_ORDER.index(c) * prime for c, prime in zip(reversed(body), _PRIMES, strict=False)) % 1021
    return _PAIRS[total >> 5] + _PAIRS[total & 31]


def _ends_in_pair(text: str) -> bool:
    return len(text) > 2 and check_pair(text[:-2]) == text[-2:]


def _is_iban(text: str) -> bool:
    if not _IBAN.fullmatch(text) or text[:2] not in codelists.COUNTRY_LETTERS:
        return False
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


def _is_piece(text: str) -> bool:
    return 0 < int(text[:2]) <= int(text[2:])


def _is_birth(text: str) -> bool:
    return re.fullmatch(r"[1-9]/[1-9]", text) is not None and text[0] <= text[2]


class Check(NamedTuple):
    """``holds`` says whether the text passes; else ``rule`` is broken, and ``detail`` says what was wanted."""

    holds: Callable[[str], bool]
    rule: str
    detail: str


def _among(codes: frozenset[str], detail: str) -> Check:
    return Check(codes.__contains__, "gs1-code", detail)


def _is(pattern: str, rule: str, detail: str) -> Check:
    known = re.compile(pattern)
    return Check(lambda text: known.fullmatch(text) is not None, rule, detail)


_PREFIX: Final = "a company prefix begins with four digits at least"

CHECKS: Final[dict[str, Check]] = {
    "check-digit": Check(holds, "check-digit", "the check digit is wrong"),
    "check-pair": Check(_ends_in_pair, "check-digit", "the pair of check characters is wrong"),
    "prefix": _is(r"[0-9]{4}.*", "gs1-prefix", _PREFIX),
    "prefix-second": _is(r".[0-9]{4}.*", "gs1-prefix", _PREFIX),
    "day": Check(dates.is_day, "gs1-date", "not a day written YYMMDD"),
    "day-or-month": Check(dates.is_day_or_month, "gs1-date", "not a day written YYMMDD, nor a month written YYMM00"),
    "full-day": Check(dates.is_full_day, "gs1-date", "not a day written YYYYMMDD"),
    "hour": Check(dates.is_hour, "gs1-time", "not an hour from 00 to 23"),
    "hour-minute": Check(dates.is_hour_and_minute, "gs1-time", "not a time of day written HHMM"),
    "minute": Check(dates.is_sixtieth, "gs1-time", "not a minute from 00 to 59"),
    "second": Check(dates.is_sixtieth, "gs1-time", "not a second from 00 to 59"),
    "country": _among(codelists.COUNTRIES, "not a numeric country code of ISO 3166-1"),
    "country-or-999": _among(codelists.COUNTRIES | {"999"}, "neither a numeric country code of ISO 3166-1 nor 999"),
    "country-letters": _among(codelists.COUNTRY_LETTERS, "not a country code of two letters of ISO 3166-1"),
    "currency": _among(codelists.CURRENCIES, "not a numeric currency code of ISO 4217"),
    "media": _among(codelists.MEDIA, "not a media type of GS1"),
    "package": _among(codelists.PACKAGES, "not a package code of UN/ECE Recommendation 21"),
    "sex": _among(frozenset("0129"), "not a code of ISO 5218"),
    "winding": _among(frozenset("019"), "the direction of winding is 0, 1 or 9"),
    "yes-no": _among(frozenset("01"), "must be 0 for no or 1 for yes"),
    "latitude": Check(lambda text: int(text) <= 1800000000, "range", "a latitude is 0 to 1800000000"),
    "longitude": Check(lambda text: int(text) <= 3600000000, "range", "a longitude is 0 to 3600000000"),
    "piece-of-total": Check(_is_piece, "range", "the piece must be from 01 to the total"),
    "birth": Check(_is_birth, "range", "must be a place in a sequence, such as 1/2"),
    "zero": _is(r"0+", "range", "must be zero"),
    "not-zero": _is(r".*[^0].*", "range", "must not be zero"),
    "no-leading-zero": _is(r"[^0].*", "range", "must not begin with 0"),
    "not-only-digits": _is(r".*[^0-9].*", "gs1-characters", "must not be digits only"),
    "importer": _is(r"[\-0-9A-Z_a-z]", "gs1-characters", "the importer index is a letter, a digit, - or _"),
    "minus": _is(r"-", "gs1-characters", "only a minus sign may stand here"),
    "percent": Check(lambda text: _PERCENT.fullmatch(text) is not None, "gs1-percent", "a per cent sign without two hexadecimal digits"),
    "iban": Check(_is_iban, "check-digit", "not an IBAN whose check digits hold"),
    "coupon": Check(is_coupon, "gs1-coupon", "not the data of a North American coupon"),
    "positive-offer": Check(is_positive_offer, "gs1-coupon", "not the data of a positive offer"),
}
