"""Telephone numbers as plain text: one written form, and the little that a page may show.

Pure. Knows no member, no key and no post; a number never appears in what it raises.
"""

from __future__ import annotations

from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from kernel.errors import Invalid, flaw

LONGEST: Final = 40
_REACHABLE: Final = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


class NotAPhone(Invalid):
    """The text is not a mobile number to which a message can be sent. Numbers without a
    country code are read as numbers of mainland China; others begin with ``+``."""

    code = "not-a-phone"
    title = "That is not a mobile number"


def e164(text: str, region: str = "CN") -> str:
    """``+`` and up to 15 digits (ITU-T E.164). ``region`` (ISO 3166-1) is assumed when ``text``
    bears no country code. Raises NotAPhone for anything that cannot take a message."""
    if not isinstance(text, str) or len(text) > LONGEST:
        raise _not_a_phone()
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        raise _not_a_phone() from None
    reachable = phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _REACHABLE
    if number.extension or not reachable:
        raise _not_a_phone()
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def hint(number: str) -> str:
    """What a page may show of an E.164 number: its last two digits."""
    return number[-2:]


def _not_a_phone() -> NotAPhone:
    return NotAPhone(errors=[flaw("/phone", "phone", "must be a mobile number, with +country code when it is not Chinese")])
