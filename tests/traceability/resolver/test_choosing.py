"""Where a request is led."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.traceability.resolver.some import BROWSER, ITEM, LOT, level, levels, to
from traceability.resolver import Level, Target
from traceability.resolver.choosing import Choices, Lead, Nothing, Whole, Wish, choose, passed_on
from traceability.resolver.linktypes import LINK_TYPES

Found = Lead | Choices | Nothing | Whole
DEFAULTS = level(
    to("plain", is_default=True),
    to("en", language="en", is_default=True),
    to("zh", language="zh-CN", is_default=True),
    to("data", media_type="application/json", is_default=True),
    to("germany", context="DE", is_default=True),
    to("fr", language="fr"),
    to("recipe", "recipeInfo", language="fr", is_default=True),
)


def asked(*found: Level, query: str = "", accept: str = "", languages: str = "") -> Found:
    return choose(found, Wish.of(query, accept, languages))


def led(name: str) -> Lead:
    return Lead(f"https://brand.example/{name}")


def name_of(found: Found) -> str:
    assert isinstance(found, Lead)
    return found.href.removeprefix("https://brand.example/").partition("?")[0]


@pytest.mark.parametrize(
    ("query", "accept", "languages", "name"),
    [
        ("", "", "", "plain"),
        ("", "*/*", "", "plain"),
        ("", BROWSER, "fr", "plain"),
        ("", BROWSER, "en-US,en;q=0.9", "en"),
        ("", BROWSER, "zh-Hans-CN", "zh"),
        ("", BROWSER, "en;q=0.2,zh;q=0.3", "zh"),
        ("", "application/json", "", "data"),
        ("", "application/json", "zh", "data"),
        ("context=de", BROWSER, "", "germany"),
        ("context=DE", BROWSER, "en", "en"),
        ("context=FR", BROWSER, "", "plain"),
        ("linkType=gs1:defaultLink", "", "en", "en"),
        ("linkType=", "", "en", "en"),
        ("utm=1", "", "", "plain"),
    ],
)
def test_without_a_type_the_default_or_the_variant_that_fits(query: str, accept: str, languages: str, name: str) -> None:
    assert name_of(asked(DEFAULTS, query=query, accept=accept, languages=languages)) == name


def test_where_every_default_has_a_language_the_first_is_the_default() -> None:
    both = level(to("zh", language="zh-CN", is_default=True), to("en", language="en", is_default=True))
    assert asked(both) == led("zh")
    assert asked(both, languages="fr") == led("zh")
    assert asked(both, languages="en") == led("en")


def test_the_default_is_that_of_the_narrowest_level_that_has_one() -> None:
    item, lot, product = (
        level(to("item", "dpp"), anchor=ITEM),
        level(to("lot", is_default=True), anchor=LOT),
        level(to("p", is_default=True)),
    )
    assert asked(item, lot, product) == led("lot")
    assert asked(item, product) == led("p")
    assert asked(level(anchor=ITEM), product) == led("p")


def test_a_type_is_found_at_the_narrowest_level_that_has_it() -> None:
    item = level(to("item", "dpp"), to("see", "traceability", is_default=True), anchor=ITEM)
    product = level(to("p", is_default=True), to("passport", "dpp"), to("c", "certificationInfo"))
    assert name_of(asked(item, product, query="linkType=gs1:dpp")) == "item"
    assert name_of(asked(item, product, query="linkType=dpp")) == "item"
    assert name_of(asked(item, product, query="linkType=https%3A%2F%2Fref.gs1.org%2Fvoc%2FcertificationInfo")) == "c"
    assert name_of(asked(item, product, query="x=1;linkType=gs1:pip&linkType=gs1:dpp")) == "p"


CERTIFICATES = level(
    to("page", "certificationInfo", media_type="text/html", language="en"),
    to("paper", "certificationInfo", media_type="application/pdf", language="en"),
    to("paper-zh", "certificationInfo", media_type="application/pdf", language="zh"),
    to("paper-lk", "certificationInfo", media_type="application/pdf", language="zh", context="LK"),
    to("home", "homepage", is_default=True),
)


@pytest.mark.parametrize(
    ("query", "accept", "languages", "name"),
    [
        ("", BROWSER, "zh", "page"),
        ("", "application/pdf", "zh-CN", "paper-zh"),
        ("", "application/pdf", "en", "paper"),
        ("", "application/*, text/html;q=0.9", "en", "paper"),
        ("&context=LK", "application/pdf", "zh", "paper-lk"),
        ("&context=lk", "application/pdf", "", "paper-lk"),
        ("&context=XX", "application/pdf", "zh", "paper-zh"),
        ("", "text/html;q=0.1, application/pdf;q=0.2", "zh", "paper-zh"),
        ("", "application/pdf;q=0, */*", "zh", "page"),
    ],
)
def test_links_of_a_type_are_sifted_by_media_then_language_then_context(query: str, accept: str, languages: str, name: str) -> None:
    assert name_of(asked(CERTIFICATES, query=f"linkType=gs1:certificationInfo{query}", accept=accept, languages=languages)) == name


def test_what_cannot_be_told_apart_is_left_to_choose_from() -> None:
    found = asked(CERTIFICATES, query="linkType=gs1:certificationInfo", accept="application/pdf", languages="fr")
    assert isinstance(found, Choices)
    assert [target.title for each in found.levels for target in each.targets] == ["paper", "paper-zh"]
    assert found.levels[0].anchor == CERTIFICATES.anchor
    two = level(to("a", "review"), to("b", "review"), to("p", is_default=True))
    assert asked(two, query="linkType=gs1:review") == Choices((level(to("a", "review"), to("b", "review")),))


def test_a_default_among_those_left_and_one_address_under_two_titles_decide() -> None:
    assert name_of(asked(level(to("a"), to("b", is_default=True)), query="linkType=pip")) == "b"
    same = Target("review", "https://brand.example/a", "Another title")
    assert name_of(asked(level(to("a", "review"), same), query="linkType=review")) == "a"


def test_what_says_no_language_stands_before_another_language() -> None:
    assert name_of(asked(level(to("zh", language="zh"), to("any")), query="linkType=pip", languages="fr")) == "any"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("linkType=gs1:recallStatus", "no-such-type"),
        ("linkType=gs1:nonsense", "unknown-type"),
        ("linkType=%00", "unknown-type"),
        ("linkType=https://evil.example/voc/pip", "unknown-type"),
    ],
)
def test_what_is_not_there_is_not_replaced(query: str, reason: str) -> None:
    assert asked(DEFAULTS, query=query, accept=BROWSER) == Nothing(reason)


def test_nothing_is_said_of_a_thing_without_links_or_default() -> None:
    for query in ("", "linkType=gs1:pip", "linkType=linkset"):
        assert asked(query=query) == asked(level(), query=query) == Nothing("no-links")
    assert asked(level(to("a"))) == Nothing("no-default")


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("linkType=linkset", ""),
        ("a=b&linkType=linkset", BROWSER),
        ("linkType=all", BROWSER),
        ("linkType=gs1:pip", "application/linkset+json"),
    ],
)
def test_who_asks_for_the_linkset_gets_every_level_that_has_links(query: str, accept: str) -> None:
    assert asked(level(anchor=ITEM), CERTIFICATES, DEFAULTS, query=query, accept=accept) == Whole((CERTIFICATES, DEFAULTS))


@pytest.mark.parametrize(
    ("href", "query", "there"),
    [
        ("https://a.example/p", "", "https://a.example/p"),
        ("https://a.example/p", "a=1&linkType=gs1:pip", "https://a.example/p?a=1&linkType=gs1:pip"),
        ("https://a.example/p?x=1", "a=1", "https://a.example/p?x=1&a=1"),
        ("https://a.example/p?", "a=1", "https://a.example/p?a=1"),
        ("https://a.example/p?x=1&", "a=1", "https://a.example/p?x=1&a=1"),
        ("https://a.example/p#top?no", "a=1", "https://a.example/p?a=1#top?no"),
        ("https://a.example/p?x#top", "a=%E4%B8%AD+1", "https://a.example/p?x&a=%E4%B8%AD+1#top"),
        ("https://a.example", "a=\r\nSet-Cookie: x=1", "https://a.example?a=%0D%0ASet-Cookie:%20x=1"),
        ("https://a.example/p", "a=#b\\中", "https://a.example/p?a=%23b%5C%E4%B8%AD"),
        ("https://a.example/p", "@evil.example", "https://a.example/p?@evil.example"),
    ],
)
def test_the_whole_query_goes_along(href: str, query: str, there: str) -> None:
    assert passed_on(href, query) == there


def test_a_link_that_wants_no_query_gets_none() -> None:
    assert asked(level(to("p", is_default=True, passes_query=False)), query="a=1") == led("p")
    assert asked(level(to("p", is_default=True)), query="a=1") == led("p?a=1")


scrawl = st.text() | st.text("ab/;q=0.1,*-\r\n\x00%&", max_size=50) | st.sampled_from([BROWSER, "zh, en;q=0.1", "x" * 10_000])
queries = scrawl | st.builds("linkType=gs1:{}&context={}".format, st.sampled_from(sorted(LINK_TYPES)), st.sampled_from(["CN", "de", ""]))


@given(levels, queries, scrawl, scrawl)
def test_no_request_does_worse_than_find_nothing(given_levels: list[Level], query: str, accept: str, languages: str) -> None:
    found = choose(given_levels, Wish.of(query, accept, languages))
    known = {target.href for each in given_levels for target in each.targets}
    match found:
        case Lead(href):
            assert any(href.startswith(each.partition("#")[0]) for each in known)
        case Choices(some) | Whole(some):
            assert some
            assert all(each.targets for each in some)
        case Nothing(reason):
            assert reason in ("no-links", "no-default", "no-such-type", "unknown-type")
