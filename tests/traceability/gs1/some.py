"""Element strings that are right, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from traceability.gs1.checks import CSET82_ORDER, check_pair
from traceability.gs1.elements import Elements
from traceability.gs1.keys import check_digit

Pairs = list[tuple[str, str]]


def digits(least: int, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=least, max_size=most or least)


def checked(body: str) -> str:
    return f"{body}{check_digit(body)}"


def letters(most: int, least: int = 1) -> st.SearchStrategy[str]:
    return st.text(CSET82_ORDER, min_size=least, max_size=most)


gtins = digits(13).map(checked)
glns = digits(12).map(checked)
prefixes = digits(7)
days = st.dates().map(lambda day: f"{day:%y%m%d}")
pieces = st.integers(1, 99).flatmap(lambda total: st.integers(1, total).map(lambda piece: f"{piece:02d}{total:02d}"))


def _pairs(*choices: tuple[str, st.SearchStrategy[str]]) -> st.SearchStrategy[Pairs]:
    """Each of ``choices``, in this order."""
    return st.tuples(*(strategy.map(lambda value, ai=ai: (ai, value)) for ai, strategy in choices)).map(list)


def _some(*choices: tuple[str, st.SearchStrategy[str]]) -> st.SearchStrategy[Pairs]:
    """Any of ``choices``, in any order."""
    kept = st.lists(st.sampled_from(choices), unique_by=lambda choice: choice[0])
    return kept.flatmap(lambda some: _pairs(*some) if some else st.just([]))


attributes = _some(("11", days), ("17", days), ("3103", digits(6)), ("240", letters(30)), ("422", st.just("156")), ("99", letters(90)))
goods = st.tuples(_pairs(("01", gtins)), _some(("22", letters(20)), ("10", letters(20)), ("21", letters(20))), attributes)
others = st.one_of(
    st.tuples(_pairs(("01", gtins), ("235", letters(28)))),
    st.tuples(_pairs(("00", digits(17).map(checked))), _some(("400", letters(30)), ("4321", st.sampled_from("01")))),
    st.tuples(_pairs(("00", digits(17).map(checked)), ("02", gtins), ("37", digits(1, 8)))),
    st.tuples(_pairs(("414", glns)), _some(("254", letters(20)))),
    st.tuples(_pairs(("417", glns))),
    st.tuples(_pairs(("253", st.builds(str.__add__, glns, letters(17, 0))))),
    st.tuples(_pairs(("255", st.builds(str.__add__, glns, digits(0, 12))))),
    st.tuples(_pairs(("401", st.builds(str.__add__, prefixes, letters(23))))),
    st.tuples(_pairs(("402", digits(16).map(checked)))),
    st.tuples(_pairs(("415", glns), ("8020", letters(25)))),
    st.tuples(_pairs(("8003", st.builds("0{}{}".format, glns, letters(16, 0))))),
    st.tuples(_pairs(("8004", st.builds(str.__add__, prefixes, letters(23))))),
    st.tuples(_pairs(("8006", st.builds(str.__add__, gtins, pieces))), _some(("21", letters(20)), ("10", letters(20)))),
    st.tuples(
        _pairs(("8010", st.builds(str.__add__, prefixes, st.text("#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=23)))),
        _some(("8011", st.integers(1, 10**12 - 1).map(str))),
    ),
    st.tuples(_pairs(("8013", st.builds(str.__add__, prefixes, letters(16)).map(lambda body: body + check_pair(body))))),
    st.tuples(_pairs(("8017", digits(17).map(checked)), ("8019", digits(1, 10)))),
    st.tuples(_pairs(("8018", digits(17).map(checked)))),
)
elements = st.one_of(goods, others).map(lambda groups: Elements(tuple(pair for group in groups for pair in group)))
"""Every key of a Digital Link, with qualifiers and some attributes."""
scrawls = st.text("()^]/?%=&;.:#0123456789ACQdeu\x1d 中", max_size=60)
"""Text that looks like something, and any text at all."""
