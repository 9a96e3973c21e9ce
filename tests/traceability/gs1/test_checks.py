"""Each check, by values that pass and values that do not."""

from __future__ import annotations

import pytest

from traceability.gs1 import codelists
from traceability.gs1.checks import CHECKS, CSET82_ORDER, check_pair

CASES = {
    "check-digit": (["09506000134352", "376104250021234569"], ["09506000134353"]),
    "check-pair": (["1987654Ad4X4bL5ttr2310c2K"], ["1987654Ad4X4bL5ttr2310c2L", "1987654Ad4X4bL5ttr2301c2K", "2K"]),
    "prefix": (["9521", "9521ABC"], ["952A", "952", "A9521"]),
    "prefix-second": (["A9521", "09521"], ["9952A", "9521"]),
    "day": (["240229", "261231", "000229"], ["250229", "260431", "261301", "260100", "260001"]),
    "day-or-month": (["240229", "260200"], ["250229", "261300", "260000", "260132"]),
    "full-day": (["20240229", "19000228"], ["19000229", "20260100", "00000101"]),
    "hour": (["00", "23"], ["24"]),
    "hour-minute": (["0000", "2359"], ["2400", "1260"]),
    "minute": (["00", "59"], ["60"]),
    "second": (["00", "59"], ["60"]),
    "country": (["156", "004"], ["000", "999", "157"]),
    "country-or-999": (["156", "999"], ["998"]),
    "country-letters": (["CN", "GB"], ["cn", "XX"]),
    "currency": (["156", "978", "840"], ["000", "280"]),
    "media": (["01", "10", "80", "99"], ["00", "11", "79"]),
    "package": (["PX", "4G", "201"], ["px", "123"]),
    "sex": (["0", "9"], ["3"]),
    "winding": (["0", "1", "9"], ["2"]),
    "yes-no": (["0", "1"], ["2"]),
    "latitude": (["0000000000", "1800000000"], ["1800000001"]),
    "longitude": (["0000000000", "3600000000"], ["3600000001"]),
    "piece-of-total": (["0102", "0202", "9999"], ["0002", "0302", "0100", "0000"]),
    "birth": (["1/1", "2/3"], ["3/2", "0/1", "1-2", "112"]),
    "zero": (["0"], ["1"]),
    "not-zero": (["0001", "100"], ["0000"]),
    "no-leading-zero": (["1", "10"], ["0", "01"]),
    "not-only-digits": (["12A3"], ["123"]),
    "importer": (["A", "z", "0", "-", "_"], ["!", "/"]),
    "minus": (["-"], ["+", "0"]),
    "percent": (["", "a", "a%20b", "%E4%B8%AD"], ["%", "a%2", "%GG"]),
    "iban": (
        ["GB82WEST12345698765432", "DE89370400440532013000"],
        ["GB82WEST12345698765433", "XX82WEST12345698765432", "GB", "gb82west12345698765432"],
    ),
    "coupon": (
        [
            "106141416543213150110120",
            "106141416543213150110120" + "1" + "0" + "110120" + "9" + "2" + "110120" + "1" + "0614141",
            "106141416543213150110120" + "3261231" + "4260101" + "5" + "0123456" + "6" + "10614141" + "9" + "0000",
        ],
        [
            "",
            "x",
            "10614141654321315011012",  # cut short
            "106141416543213150110120" + "7",  # no such option
            "106141416543213150110120" + "4260101" + "3261231",  # out of order
            "106141416543213150110120" + "3260101" + "4261231",  # ends before it begins
            "106141416543213150110120" + "3261301",  # no such day
            "106141416543213150510120",  # no such purchase requirement
            "706141416543213150110120",  # no such length of prefix
        ],
    ),
    "positive-offer": (
        ["01" + "0614141" + "654321" + "0123456"],
        ["", "x", "21" + "0614141" + "654321" + "0123456", "010614141654321012345", "0106141416543210123456" + "7"],
    ),
}


def test_there_are_cases_for_every_check() -> None:
    assert set(CASES) == set(CHECKS)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, (good, _) in CASES.items() for text in good])
def test_what_a_check_lets_pass(name: str, text: str) -> None:
    assert CHECKS[name].holds(text)


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, (_, bad) in CASES.items() for text in bad])
def test_what_a_check_stops(name: str, text: str) -> None:
    assert not CHECKS[name].holds(text)


def test_the_pair_of_the_general_specifications_example() -> None:
    assert check_pair("1987654Ad4X4bL5ttr2310c") == "2K"
    assert len(CSET82_ORDER) == 82


def test_the_lists_are_whole() -> None:
    assert len(codelists.COUNTRIES) == len(codelists.COUNTRY_LETTERS) == 249
    assert {"156", "840", "978", "392"} < codelists.CURRENCIES
    assert all(len(code) == 3 and code.isdigit() for code in codelists.CURRENCIES | codelists.COUNTRIES)
