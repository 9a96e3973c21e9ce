"""Linksets: valid by GS1's schemas, whatever the links."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given

from tests.traceability.resolver.some import GTIN, ITEM, level, levels, schema, to
from traceability.resolver import Level, linkset
from traceability.resolver.linktypes import LINK_TYPES, uri

SCHEMAS = ["linkset/linkset-schema-1.2.x.json", "linkset/gs1-linkset-schema.json"]
FULL = [
    level(to("see", "traceability", is_default=True), anchor=ITEM),
    level(anchor="https://id.example/01/09506000134352/10/L"),
    level(
        to("p", is_default=True),
        to("en", language="en-GB", is_default=True, context="GB"),
        to("hk", language="zh-Hant-HK", media_type="text/html", passes_query=False),
        to("c", "certificationInfo", language="yue", media_type="nonsense"),
    ),
]


@pytest.mark.parametrize("name", SCHEMAS)
def test_linksets_are_valid_by_the_schema(name: str) -> None:
    validator = jsonschema_rs.validator_for(schema(name))
    assert not validator.is_valid({"linkset": [{"anchor": "中"}]})

    @given(levels)
    def check(some: list[Level]) -> None:
        said = linkset.document(some)
        validator.validate(said)
        assert len(said["linkset"]) == sum(bool(each.targets) for each in some)

    check()
    validator.validate(linkset.document(FULL))


def test_a_level_says_its_default_bare_and_described_and_its_variants() -> None:
    first, second = linkset.document(FULL)["linkset"]
    see = {"href": "https://brand.example/see", "title": "see"}
    assert first == {"anchor": ITEM, "itemDescription": "Risotto rice 411 g", uri("defaultLink"): [see], uri("traceability"): [see]}
    english = {"href": "https://brand.example/en", "title": "en", "hreflang": ["en-GB"], "context": ["GB"]}
    assert second == {
        "anchor": GTIN,
        "itemDescription": "Risotto rice 411 g",
        uri("defaultLink"): [{"href": "https://brand.example/p", "title": "p"}],
        uri("defaultLinkMulti"): [english],
        uri("pip"): [
            {"href": "https://brand.example/p", "title": "p"},
            english,
            {"href": "https://brand.example/hk", "title": "hk", "hreflang": ["zh-HK"], "type": "text/html", "fwqs": False},
        ],
        uri("certificationInfo"): [{"href": "https://brand.example/c", "title": "c"}],
    }


def test_a_default_with_a_language_is_bare_alone_and_whole_among_the_variants() -> None:
    said = linkset.document([level(to("zh", language="zh-Hans", is_default=True))])["linkset"][0]
    assert said[uri("defaultLink")] == [{"href": "https://brand.example/zh", "title": "zh"}]
    assert said[uri("defaultLinkMulti")] == said[uri("pip")] == [{"href": "https://brand.example/zh", "title": "zh", "hreflang": ["zh-CN"]}]


@pytest.mark.parametrize(
    ("anchor", "said"),
    [
        ("HTTPS://ID.EXAMPLE:8443/01/A%2FB", "https://ID.EXAMPLE:8443/01/A%2FB"),
        ("https://中国.cn:8443/中", "https://xn--fiqs8s.cn:8443/%E4%B8%AD"),
        ("http://[::1]:80/01/a\n", "http://[::1]:80/01/a%0A"),
    ],
)
def test_an_address_is_written_in_its_own_characters(anchor: str, said: str) -> None:
    document = linkset.document([Level(anchor, "", (to("p"),))])
    assert document["linkset"][0]["anchor"] == said
    for name in SCHEMAS:
        jsonschema_rs.validate(schema(name), document)


def test_a_host_that_no_name_server_could_know_does_not_stop_a_linkset() -> None:
    assert linkset.document([Level(f"https://{'é' * 80}/", "", (to("p"),))])["linkset"][0]["anchor"].isascii()


def test_a_link_without_title_has_that_of_its_type() -> None:
    said: dict[str, Any] = linkset.document([Level(GTIN, "", (to("", "recipeInfo"),))])["linkset"][0]
    assert said[uri("recipeInfo")][0]["title"] == LINK_TYPES["recipeInfo"].title_en


def test_json_ld_is_the_same_with_a_context_that_names_all_its_words() -> None:
    said = linkset.json_ld(FULL, "https://id.example/context")
    assert said == {"@context": "https://id.example/context", **linkset.document(FULL)}
    words = {word for each in said["linkset"] for word in each if not word.startswith("https://")}
    words |= {word for each in said["linkset"] for links in each.values() if isinstance(links, list) for link in links for word in link}
    assert words | {"linkset"} <= linkset.CONTEXT["@context"].keys()


def test_link_fields() -> None:
    assert linkset.link_header() == ""
    assert (
        linkset.link_header(linkset=f"{GTIN}?linkType=linkset")
        == f'<{GTIN}?linkType=linkset>; rel="linkset"; type="application/linkset+json"'
    )
    both = linkset.link_header(context="https://id.example/c", same_as='https://id.example/<a>"\r\nX: y')
    assert both == (
        '<https://id.example/c>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json", '
        '<https://id.example/%3Ca%3E%22%0D%0AX:%20y>; rel="owl:sameAs"'
    )
