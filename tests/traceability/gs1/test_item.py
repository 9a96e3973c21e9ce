"""GTINs and links, against GS1's own syntax engine where it spoke."""

from __future__ import annotations

import json
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from tests.conftest import shared_data
from traceability.gs1 import Link, NotALink, check_digit, gtin14, parse, write

CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
gtins = st.from_regex(r"[0-9]{13}", fullmatch=True).map(lambda body: f"{body}{check_digit(body)}")
values = st.none() | st.text(CSET82, min_size=1, max_size=20)
bases = st.sampled_from(["https://id.example", "http://127.0.0.1:8000", "https://shop.example/Trace/x", "https://id.example/01"])


@given(st.builds(Link, gtin=gtins, serial=values, lot=values), bases)
def test_what_is_written_is_read_again(link: Link, base: str) -> None:
    assert parse(write(link, base)) == link


def test_a_link_stays_within_a_qr_codes_alphanumeric_set() -> None:
    text = write(Link("06901234567892", "0G8ZK3V9QW1T"), "https://id.example")
    assert text == "HTTPS://ID.EXAMPLE/01/06901234567892/21/0G8ZK3V9QW1T"
    assert re.fullmatch(r"[0-9A-Z $%*+\-./:]+", text)


def test_what_people_read_names_each_part() -> None:
    assert Link("06901234567892", "0G8ZK3V9QW1T", "L1").human == "(01)06901234567892 (10)L1 (21)0G8ZK3V9QW1T"


@pytest.mark.parametrize(
    ("given_text", "meant"),
    [
        ("6901234567892", "06901234567892"),
        (" 06901234567892\n", "06901234567892"),
        ("036000291452", "00036000291452"),
        ("96385074", "00000096385074"),
    ],
)
def test_every_length_of_gtin_becomes_fourteen_digits(given_text: str, meant: str) -> None:
    assert gtin14(given_text) == meant


@pytest.mark.parametrize(
    "text", ["", "6901234567893", "690123456789", "69012345678921234", "６９０１２３４５６７８９２", "690123456789x", "²" * 13]
)
def test_what_is_no_gtin_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        gtin14(text)
    assert caught.value.errors[0]["pointer"] == "/gtin"


@given(gtins, st.integers(0, 13), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(gtin: str, place: int, off: int) -> None:
    wrong = gtin[:place] + str((int(gtin[place]) + off) % 10) + gtin[place + 1 :]
    with pytest.raises(Invalid):
        gtin14(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "01/06901234567892",
        "//a.example/01/06901234567892",
        "https://[bad/01/06901234567892",
        "javascript:/01/06901234567892",
        "https://a.example/01/06901234567892/21/A\nB",
        f"https://a.example/01/06901234567892/21/{'A' * 21}",
        f"/01/06901234567892/21/{'A' * 3000}",
    ],
)
def test_what_is_no_link_is_refused(text: str) -> None:
    with pytest.raises(NotALink):
        parse(text)


@given(st.sampled_from(["", "https://", "/01/06901234567892/21/"]), st.text())
def test_no_text_does_worse_than_be_refused(start: str, text: str) -> None:
    with suppress(NotALink):
        assert parse(start + text).gtin


def _outcomes() -> list[dict[str, object]]:
    lines = (shared_data("digital-link") / "vectors" / "syntax-engine-outcomes.jsonl").read_text().splitlines()
    return [row for row in map(json.loads, lines) if row["kind"] == "dl"]


def _meant(element_string: str) -> dict[str, str]:
    """The engine writes an opening bracket inside a value as ``\\(``."""
    pairs = re.findall(r"\((\d{2,4})\)((?:\\\(|[^(])*)", element_string)
    return {key: value.replace("\\(", "(") for key, value in pairs}


def test_the_syntax_engine_and_we_read_the_same_links() -> None:
    agreed = 0
    for row in _outcomes():
        meant = _meant(str(row["ai"])) if row["valid"] else {}
        path = {key for key in meant if re.search(rf"/{key}/", str(row["input"]))}
        if not row["valid"] or "01" not in path or not path <= {"01", "10", "21"}:
            continue
        assert parse(str(row["input"])) == Link(meant["01"], serial=meant.get("21"), lot=meant.get("10")), row["input"]
        agreed += 1
    assert agreed > 50


def test_what_the_syntax_engine_refuses_of_our_keys_we_refuse_too() -> None:
    ours = [row for row in _outcomes() if not row["valid"] and "/01/" in str(row["input"]) and "?99=" not in str(row["input"])]
    for row in ours:
        if row["note"] == "trailing slash":  # the engine is strict, a door is not
            assert parse(str(row["input"])).gtin
            continue
        with pytest.raises(NotALink):
            parse(str(row["input"]))
    assert len(ours) > 50
