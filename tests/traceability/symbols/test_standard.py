"""The standard's tables against its own worked examples and against another implementation."""

from __future__ import annotations

import pytest
from segno import consts

from traceability.symbols import LEVELS, capacity, message, mode_of, size, smallest, standard


@pytest.mark.parametrize("version", range(1, 12))
@pytest.mark.parametrize("level", LEVELS)
def test_blocks_and_capacities_are_those_of_another_library(version: int, level: standard.Level) -> None:
    theirs = consts.SYMBOL_CAPACITY[version][getattr(consts, f"ERROR_LEVEL_{level}")]
    assert standard.data_bits(version, level) == theirs
    groups = consts.ECC[version][getattr(consts, f"ERROR_LEVEL_{level}")]
    ours = [(data, data + ec) for data, ec in standard.blocks(version, level)]
    assert ours == [(group.num_data, group.num_total) for group in groups for _ in range(group.num_blocks)]


def test_capacities_of_the_standards_table() -> None:
    assert [capacity(version, "M", "alphanumeric") for version in range(1, 6)] == [20, 38, 61, 90, 122]
    assert [capacity(3, level, "byte") for level in LEVELS] == [53, 42, 32, 24]
    assert capacity(11, "H", "byte") == 137
    assert smallest(61, "alphanumeric", "M") == 3
    assert smallest(62, "alphanumeric", "M") == 4
    assert smallest(10_000, "byte", "L") is None


def test_the_worked_example_of_error_correction() -> None:
    """ISO/IEC 18004:2015, Annex I.2: 01234567 in version 1-M."""
    data = bytes.fromhex("10200C5661 80EC11EC11EC11EC11EC11")
    assert message.reed_solomon(data, 10).hex() == "a524d4c1ed36c7872c55"


def test_format_and_version_information_of_the_annexes() -> None:
    assert f"{standard.format_bits('M', 5):015b}" == "100000011001110"
    assert standard.version_bits(7) == 0b000111110010010100


def test_modes() -> None:
    assert mode_of("HTTPS://S.CN/ABC") == "alphanumeric"
    assert mode_of("https://s.cn/abc") == "byte"


@pytest.mark.parametrize("version", [0, 12, 40])
def test_only_versions_that_are_made_are_known(version: int) -> None:
    with pytest.raises(ValueError, match="versions 1 to 11"):
        size(version)
