"""Digital Links with every key: written, read again, and read by the letter."""

from __future__ import annotations

from contextlib import suppress
from time import perf_counter
from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.traceability.gs1.some import elements, scrawls
from traceability.gs1.elements import Elements
from traceability.gs1.keys import NotALink, NotGS1
from traceability.gs1.strings import bracketed, read_bracketed
from traceability.gs1.uri import read, read_decoded, write

KEY = "https://id.example/01/09506000134352"
bases = st.sampled_from(
    ["https://id.gs1.org", "HTTPS://ID.EXAMPLE", "http://127.0.0.1:8000/", "https://[::1]:8443/a/01", "https://x.example/10/01/a/b"]
)


@given(elements, bases)
def test_a_link_says_what_was_written(value: Elements, base: str) -> None:
    said = read(write(value, base))
    assert sorted(said.elements.pairs) == sorted(value.pairs)
    assert said.others == ()


@given(elements)
def test_the_canonical_form_is_its_own_canonical_form(value: Elements) -> None:
    link = write(value)
    assert write(read(link).elements) == link
    assert link.startswith("https://id.gs1.org/")


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("(01)09506000134352(17)261231(10)A/1(21)X", "/01/09506000134352/10/A%2F1/21/X?17=261231"),
        ("(21)X(22)V(01)09506000134352", "/01/09506000134352/22/V/21/X"),
        ("(01)09506000134352(235)T(10)L", "/01/09506000134352/235/T?10=L"),
        ("(02)09506000134352(37)5(00)376104250021234569", "/00/376104250021234569?02=09506000134352&37=5"),
        ("(414)9506000134352(01)09506000134352(21)A", "/01/09506000134352/21/A?414=9506000134352"),
        ("(415)4012345678901(8020)R&1(3912)9781", "/415/4012345678901/8020/R%261?3912=9781"),
        ("(8010)952100#/1(8011)7", "/8010/952100%23%2F1/8011/7"),
        ("(01)09506000134352(01)09506000134352", "/01/09506000134352"),
    ],
)
def test_keys_come_first_then_qualifiers_in_their_order_then_attributes(said: str, link: str) -> None:
    assert write(read_bracketed(said)) == f"https://id.gs1.org{link}"


@pytest.mark.parametrize("said", ["(8002)A", "(400)A", "(03)09506000134352(21)A", "(00)376104250021234569(7041)PX"])
def test_what_no_link_can_bear_is_not_written(said: str) -> None:
    with pytest.raises(NotALink) as caught:
        write(read_bracketed(said))
    assert caught.value.errors[0]["rule"] == "key"


@pytest.mark.parametrize(
    ("link", "said", "others"),
    [
        (f"{KEY}/10/A%2FB", "(01)09506000134352(10)A/B", ()),
        (f"{KEY}/10/A+B", "(01)09506000134352(10)A+B", ()),
        (f"{KEY}/10/A%2", "(01)09506000134352(10)A%2", ()),
        (f"{KEY}/10/%2525", "(01)09506000134352(10)%25", ()),
        (f"{KEY}?17=261231;linkType=gs1:pip&&x&3103=000195#top", "(01)09506000134352(17)261231(3103)000195", ("linkType=gs1:pip", "x")),
        (f"{KEY}?a1=2&1a=3", "(01)09506000134352", ("a1=2", "1a=3")),
        ("HTTPS://ID.EXAMPLE:8443/a/b/414/9506000134352/7040/1A2B", "(414)9506000134352(7040)1A2B", ()),
        ("http://a.example/00/x/01/09506000134352", "(01)09506000134352", ()),
        ("http://a.example/01/bad/253/9506000134352AB", "(253)9506000134352AB", ()),
    ],
)
def test_what_a_link_says(link: str, said: str, others: tuple[str, ...]) -> None:
    assert (bracketed(read(link).elements), read(link).others) == (said, others)


@pytest.mark.parametrize(
    ("link", "pointer", "rule"),
    [
        ("", "/link", "url"),
        ("/01/09506000134352", "/link", "url"),
        ("Https://id.example/01/09506000134352", "/link", "url"),
        ("ftp://id.example/01/09506000134352", "/link", "url"),
        ("https:///01/09506000134352", "/link", "url"),
        ("https://a@b.example/01/09506000134352", "/link", "url"),
        ("https://[bad/01/09506000134352", "/link", "url"),
        (f"{KEY}/10/A B", "/link", "url"),
        (f'{KEY}/10/A"', "/link", "url"),
        (f"{KEY}/10/中", "/link", "url"),
        (f"{KEY}\n", "/link", "url"),
        (f"{KEY}?x={'y' * 9000}", "/link", "url"),
        (f"{KEY}/", "/link", "key"),
        ("https://id.example/gtin/09506000134352", "/link", "key"),
        ("https://id.example/10/A", "/link", "key"),
        (f"{KEY}/21/A/10/B", "/01", "path-order"),
        (f"{KEY}/235/A/21/B", "/01", "path-order"),
        (f"{KEY}/99/A", "/01", "path-order"),
        (f"{KEY}/10/A/10/A", "/01", "path-order"),
        (f"{KEY}?10=A", "/10", "query"),
        (f"{KEY}/21/A?10=B", "/10", "query"),
        (f"{KEY}?21=A", "/21", "query"),
        (f"{KEY}?01=09506000134352", "/01", "twice"),
        (f"{KEY}?17=261231&17=261231", "/17", "twice"),
        (f"{KEY}?89=A", "/89", "gs1-ai"),
        (f"{KEY}?17", "/17", "gs1-short"),
        (f"{KEY}?99=A+B", "/99", "gs1-characters"),
        (f"{KEY}/10/%00", "/10", "gs1-characters"),
        (f"{KEY}/10/%E4%B8%AD", "/10", "gs1-characters"),
        ("https://id.example/01/9506000134352", "/01", "gs1-short"),
        ("https://id.example/415/4012345678901", "/415", "gs1-needs"),
        (f"{KEY}/21", "/21", "gs1-short"),
        ("https://id.example/01", "/01", "gs1-short"),
    ],
)
def test_a_link_that_breaks_a_rule_is_refused_at_its_place(link: str, pointer: str, rule: str) -> None:
    with pytest.raises(NotGS1) as caught:
        read(link)
    assert (caught.value.errors[0]["pointer"], caught.value.errors[0]["rule"]) == (pointer, rule)


@given(st.sampled_from(["", "https://", "https://a.example/", f"{KEY}/", f"{KEY}?"]), scrawls | st.text() | st.text().map(quote))
def test_no_text_does_worse_than_be_refused(head: str, text: str) -> None:
    with suppress(NotGS1):
        assert read(head + text).elements.pairs


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (f"{KEY}/", "(01)09506000134352"),
        (f"{KEY}/10/A%2F/?17=261231", "(01)09506000134352(10)A/(17)261231"),
        ("https://id.example/01/9506000134352/21/A", "(01)09506000134352(21)A"),
        ("https://id.example/01/012345678905", "(01)00012345678905"),
        ("https://id.example/01/95060001", None),
        (f"{KEY}//", None),
        ("https://id.example/01/506000134352", None),
    ],
)
def test_a_door_forgives_a_last_slash_and_a_short_gtin(link: str, said: str | None) -> None:
    with pytest.raises(NotGS1):
        read(link)
    if said:
        assert bracketed(read(link, at_door=True).elements) == said
    else:
        with pytest.raises(NotGS1):
            read(link, at_door=True)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/01/09506000134352/10/A/B", "(01)09506000134352(10)A/B"),
        ("/01/09506000134352/10/A/B/", "(01)09506000134352(10)A/B"),
        ("/01/09506000134352/10/A/B/21/C", "(01)09506000134352(10)A/B(21)C"),
        ("/01/09506000134352/10/2026/11/21", "(01)09506000134352(10)2026/11/21"),
        ("/01/09506000134352/10//A", "(01)09506000134352(10)/A"),
        ("/a/b/c/01/09506000134352/21/1/2/3", "(01)09506000134352(21)1/2/3"),
        ("/scan/01/9506000134352/21/X", "(01)09506000134352(21)X"),
        ("/8010/952100/1/8011/7", "(8010)952100/1(8011)7"),
        ("/415/4012345678901/8020/R/1", "(415)4012345678901(8020)R/1"),
        ("/8006/095060001343520102/21/A/1", "(8006)095060001343520102(21)A/1"),
        ("/01/bad/253/9506000134352A/B", "(253)9506000134352A/B"),
        ("/01/09506000134352/10/A%2FB", "(01)09506000134352(10)A%2FB"),
        ("/01/09506000134352/10/A/21/B", "(01)09506000134352(10)A(21)B"),
        ("/01/09506000134352/21/X/00/376104250021234569", "(00)376104250021234569"),
    ],
)
def test_of_a_decoded_path_as_few_parts_are_joined_as_make_a_link(path: str, said: str) -> None:
    assert bracketed(read_decoded(path, "").elements) == said


@given(elements, bases)
def test_a_path_without_slashes_in_its_values_says_the_same_decoded(value: Elements, base: str) -> None:
    url = urlsplit(write(value, base))
    path = unquote(url.path)
    if path.count("/") == url.path.count("/"):
        assert read_decoded(path, url.query) == read(f"https://a.example{url.path}?{url.query}")


@given(elements, bases)
def test_a_decoded_path_is_read_or_refused_whatever_its_values_hold(value: Elements, base: str) -> None:
    url = urlsplit(write(value, base))
    with suppress(NotGS1):
        key, *_ = read_decoded(unquote(url.path), url.query).elements.pairs
        assert key[0] in url.path.split("/")


@pytest.mark.parametrize(
    ("path", "query", "pointer", "rule"),
    [
        ("", "", "/link", "url"),
        ("01/09506000134352", "", "/link", "url"),
        ("/01/09506000134352/10/A\n", "", "/link", "url"),
        ("/01/09506000134352/10/\x00", "", "/link", "url"),
        ("/01/09506000134352" + "/x" * 4000, "", "/link", "url"),
        ("/01/09506000134352", "x" * 8000, "/link", "url"),
        ("/", "", "/link", "key"),
        ("//", "", "/link", "key"),
        ("/01", "", "/01", "gs1-short"),
        ("/01/09506000134352/21", "", "/21", "gs1-short"),
        ("/01/09506000134352//", "", "/link", "key"),
        ("/01/09506000134353/21/A", "", "/01", "check-digit"),
        ("/01/950600013435/21/A", "", "/01", "check-digit"),
        ("/01/09506000134352/21/A/10/B", "", "/01", "path-order"),
        ("/01/09506000134352/21/A/17/261231", "", "/01", "path-order"),
        ("/01/09506000134352/99/A", "", "/01", "path-order"),
        ("/01/09506000134352/10/中", "", "/10", "gs1-characters"),
        ("/01/09506000134352/21/123456789012345678901", "", "/21", "length"),
        ("/01/09506000134352/10/A/B", "21=C", "/21", "query"),
        ("/01/09506000134352/10/A/B", "17=261332", "/17", "gs1-date"),
        ("/415/4012345678901", "", "/415", "gs1-needs"),
    ],
)
def test_a_decoded_path_that_breaks_a_rule_is_refused_at_its_place(path: str, query: str, pointer: str, rule: str) -> None:
    with pytest.raises(NotGS1) as caught:
        read_decoded(path, query)
    assert (caught.value.errors[0]["pointer"], caught.value.errors[0]["rule"]) == (pointer, rule)


LONG_PATHS = ["/" * 7999, "/01" * 2600, "/10" * 2600, f"/01/09506000134352{'/22/10' * 3}{'/21' * 1000}", f"/8010/9521{'/8011' * 1500}"]


@pytest.mark.parametrize("path", LONG_PATHS)
def test_a_path_made_to_be_joined_in_many_ways_is_answered_at_once(path: str) -> None:
    started = perf_counter()
    with suppress(NotGS1):
        read_decoded(path, "")
    assert perf_counter() - started < 0.1


@given(scrawls | st.text("/0123A", max_size=200), scrawls)
def test_no_decoded_path_does_worse_than_be_refused(path: str, query: str) -> None:
    with suppress(NotGS1):
        assert read_decoded("/01/09506000134352/21/" + path, query).elements.pairs
