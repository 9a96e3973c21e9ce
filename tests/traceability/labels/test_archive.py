"""ZIP files of pages, opened by another library."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.traceability.labels.some import a_roll, whole
from traceability.labels import FORMATS, Made, archive, layout, planner

FILES = st.lists(
    st.lists(st.tuples(st.from_regex(r"[a-z0-9]{1,8}\.txt", fullmatch=True), st.binary(max_size=300)), max_size=4), min_size=1, max_size=4
)


@given(FILES, st.sampled_from([archive.STORED, archive.DEFLATED]))
def test_what_goes_in_part_by_part_comes_out(groups: list[list[tuple[str, bytes]]], method: int) -> None:
    groups = [[(f"{part}-{place}-{name}", content) for place, (name, content) in enumerate(group)] for part, group in enumerate(groups)]
    content, made = b"", []
    for group in groups:
        part, note = archive.members(group, method=method)
        content += part
        made.append(Made(len(part), note))
    opened = zipfile.ZipFile(io.BytesIO(content + archive.directory(made)))
    assert opened.testzip() is None
    assert [(name, opened.read(name)) for name in opened.namelist()] == [file for group in groups for file in group]


@pytest.mark.parametrize("name", ["png", "svg"])
def test_a_page_each(name: str) -> None:
    roll = a_roll(1000)
    opened = zipfile.ZipFile(io.BytesIO(whole(name, roll)))
    pages = -(-1000 // layout.sheet(roll).a_page)
    assert pages > 1
    assert opened.namelist() == [f"{page:05d}.{name}" for page in range(1, pages + 1)]


@pytest.mark.parametrize("name", ["png", "svg"])
def test_what_no_zip_file_holds_is_refused_before_it_is_begun(name: str) -> None:
    with pytest.raises(layout.TooManyPages) as caught:
        FORMATS[name].part_size(a_roll(20_000_000))
    fits = caught.value.errors[0]["codes"]
    assert FORMATS[name].part_size(a_roll(fits)) <= fits


@pytest.mark.parametrize("name", ["png", "svg"])
@pytest.mark.parametrize("page_mm", [(210.0, 297.0), (700.0, 700.0)])
def test_a_part_has_few_pages_when_each_bears_one_label(name: str, page_mm: tuple[float, float]) -> None:
    roll = a_roll(60_000, planner.Wish(size_mm=150, page_mm=page_mm))
    cells = layout.sheet(roll)
    assert 1 <= FORMATS[name].part_size(roll) // cells.a_page <= 100


def test_a_file_of_four_gigabytes_is_refused() -> None:
    _, note = archive.members([("a", b"")], method=archive.STORED)
    with pytest.raises(layout.TooManyPages):
        archive.directory([Made(archive.MOST_BYTES, note), Made(100, note)])
