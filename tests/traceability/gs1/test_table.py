"""The table, by itself and against GS1's own description of every application identifier."""

from __future__ import annotations

import re

import pytest

from tests.conftest import shared_data
from traceability.gs1.checks import CHECKS
from traceability.gs1.identifiers import Identifier
from traceability.gs1.parts import SETS
from traceability.gs1.table import AIS, find

LETTERS = {"N": "digits", "X": "set 82", "Y": "set 39", "Z": "set 64"}
THEIR_NAMES = {
    "csum": "check-digit",
    "csumalpha": "check-pair",
    "gcppos1": "prefix",
    "gcppos2": "prefix-second",
    "yymmd0": "day-or-month",
    "yymmdd": "day",
    "yyyymmdd": "full-day",
    "hh": "hour",
    "hhmi": "hour-minute",
    "mi": "minute",
    "ss": "second",
    "iso3166": "country",
    "iso3166999": "country-or-999",
    "iso3166alpha2": "country-letters",
    "iso4217": "currency",
    "iso5218": "sex",
    "mediatype": "media",
    "packagetype": "package",
    "winding": "winding",
    "yesno": "yes-no",
    "latitude": "latitude",
    "longitude": "longitude",
    "pieceoftotal": "piece-of-total",
    "posinseqslash": "birth",
    "zero": "zero",
    "nonzero": "not-zero",
    "nozeroprefix": "no-leading-zero",
    "hasnondigit": "not-only-digits",
    "importeridx": "importer",
    "hyphen": "minus",
    "pcenc": "percent",
    "iban": "iban",
    "couponcode": "coupon",
    "couponposoffer": "positive-offer",
}
Meant = dict[str, object]


def _theirs() -> dict[str, Meant]:
    """Every AI of GS1's description, in the words of ours."""
    rows = {}
    for line in (shared_data("digital-link") / "gs1-syntax-dictionary.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        row, _, title = line.partition("#")
        numbers, *words = row.split()
        flags = words.pop(0) if set(words[0]) <= set("*?") else ""
        more = dict(word.partition("=")[::2] for word in words if re.match(r"(req|ex|dlpkey)\b", word))
        meant: Meant = {
            "title": title.strip(),
            "parts": [_part(word) for word in words if re.match(r"\[?[NXYZ]", word)],
            "needs": {tuple(choice.split("+")) for choice in more.get("req", "").split(",") if choice},
            "apart": {other for other in more.get("ex", "").split(",") if other},
            "path": {tuple(filter(None, order.split(","))) for order in more["dlpkey"].split("|")} if "dlpkey" in more else None,
            "query": "?" in flags,
            "measured": "*" in flags,
        }
        first, _, last = numbers.partition("-")
        rows |= {f"{number:0{len(first)}d}": meant for number in range(int(first), int(last or first) + 1)}
    return rows


def _part(word: str) -> tuple[object, ...]:
    form, *names = word.replace("[", "").replace("]", "").split(",")
    least, most = (1, int(form[3:])) if form[1:3] == ".." else (int(form[1:]),) * 2
    return LETTERS[form[0]], least, most, {THEIR_NAMES[name] for name in names}, word.startswith("[")


def _ours(identifier: Identifier) -> Meant:
    return {
        "title": identifier.title,
        "parts": [(p.letters, p.least, p.most, set(p.checks), p.optional) for p in identifier.parts],
        "needs": set(identifier.needs),
        "apart": set(identifier.apart),
        "path": set(identifier.path) if identifier.path is not None else None,
        "query": identifier.query,
        "measured": identifier.measured,
    }


def test_the_table_says_what_gs1_says() -> None:
    assert {ai: _ours(identifier) for ai, identifier in AIS.items()} == _theirs()


def test_every_check_is_used_and_every_one_used_is_known() -> None:
    used = {name for identifier in AIS.values() for part in identifier.parts for name in part.checks}
    assert used == set(CHECKS)


def test_no_identifier_begins_another() -> None:
    assert [ai for ai in AIS for length in (2, 3) if length < len(ai) and ai[:length] in AIS] == []


def test_the_table_hangs_together() -> None:
    """Only the last part varies in length, none that must be follows one that may, and every AI named is there."""
    for identifier in AIS.values():
        *before, last = identifier.parts
        assert all(part.least == part.most for part in before), identifier
        assert last.optional or not any(part.optional for part in before), identifier
        assert all(part.letters in SETS for part in identifier.parts), identifier
        if identifier.measured:
            assert all(part.least == part.most and not part.optional for part in identifier.parts), identifier


def test_every_identifier_that_another_names_is_there() -> None:
    for identifier in AIS.values():
        together = (ai for group in (*identifier.needs, *(identifier.path or ())) for ai in group)
        for name in {*identifier.apart, *together}:
            assert any(re.fullmatch(name.replace("n", "[0-9]"), ai) for ai in AIS), (identifier.ai, name)


@pytest.mark.parametrize(
    ("text", "ai"),
    [
        ("0109506000134352", "01"),
        ("253950", "253"),
        ("3103000195", "3103"),
        ("8006", "8006"),
        ("04", None),
        ("3999", None),
        ("", None),
        ("1", None),
    ],
)
def test_an_identifier_is_found_at_the_beginning(text: str, ai: str | None) -> None:
    found = find(text)
    assert (found.ai if found else None) == ai
