"""Calendar files as RFC 5545 writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from suppliers.reminders import ics

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def plain(value: str) -> str:
    """A TEXT value read back (RFC 5545 §3.3.11)."""
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value)


def test_a_day_is_a_whole_day_and_keeps_its_id() -> None:
    text = ics.written([ics.Day("C1-apply_by@suyuan", date(2026, 12, 31), "申请延续; 今天", "一,二\n三", alarm=True)], name="到期", at=AT)
    lines = unfolded(text)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert "VERSION:2.0" in lines
    assert "DTSTAMP:20261122T040000Z" in lines
    assert "UID:C1-apply_by@suyuan" in lines
    assert lines[lines.index("DTSTART;VALUE=DATE:20261231") + 1] == "DTEND;VALUE=DATE:20270101"
    assert "SUMMARY:申请延续\\; 今天" in lines
    assert "DESCRIPTION:一\\,二\\n三" in lines
    assert lines.count("BEGIN:VALARM") == lines.count("END:VALARM") == 1


def test_the_last_day_of_the_calendar_has_no_morrow() -> None:
    assert "DTEND" not in ics.written([ics.Day("u", date.max, "t", "x")], name="n", at=AT)


@given(st.text(max_size=300), st.text(max_size=300))
def test_whatever_is_written_is_read_back_and_no_line_is_too_long(title: str, text: str) -> None:
    made = ics.written([ics.Day("u", date(2026, 1, 1), title, text)], name=title, at=AT)
    assert all(len(line.encode("utf-8", "surrogatepass")) <= ics.FOLD for line in made.split("\r\n"))
    lines = unfolded(made)
    assert all(re.match(r"[A-Z-]+[;:]", line) for line in lines)
    (summary,) = (line.removeprefix("SUMMARY:") for line in lines if line.startswith("SUMMARY:"))
    kept = "".join(c for c in title.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or (c >= " " and c != "\x7f"))
    assert plain(summary) == kept
    assert lines.count("BEGIN:VEVENT") == 1


def test_no_letter_of_more_than_one_octet_is_torn() -> None:
    pieces = ics.folded("SUMMARY:" + "证" * 100).split("\r\n")
    assert len(pieces) > 3
    assert "".join(piece.removeprefix(" ") if at else piece for at, piece in enumerate(pieces)) == "SUMMARY:" + "证" * 100
