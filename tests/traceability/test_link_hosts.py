"""Where links may lead: the list of hosts, and a corpus of addresses that try to get past it."""

from __future__ import annotations

import pytest

from kernel.errors import Invalid, Missing
from tests.conftest import House
from tests.factories.dairy import GTIN, a_product
from traceability import addresses, link_hosts, links
from traceability.link_hosts import Allowed, Wrong

CORPUS = [
    "https://brand.cn.evil.com/",
    "https://evil.com/brand.cn",
    "https://evil.com#brand.cn",
    "https://evil.com?brand.cn",
    "https://evilbrand.cn/",
    "https://brand.cn@evil.com/",
    "https://brand.cn:pw@evil.com/",
    "https://evil.com@brand.cn/",
    "https://brand.cn%40evil.com/",
    "https://brand.cn%2f@evil.com/",
    "https://brand.cn%00.evil.com/",
    "https://brand.cn%2eevil.com/",
    "https://evil.com\\@brand.cn/",
    "https://evil.com\\.brand.cn/",
    "https:\\\\evil.com/",
    "https:/\\evil.com/",
    "https:/evil.com",
    "https:evil.com",
    "https:///evil.com/",
    "https://",
    "https:///",
    "//evil.com/",
    "///evil.com",
    "/\\evil.com",
    "\\\\evil.com",
    "/about",
    "about",
    "?next=https://evil.com",
    "#x",
    "javascript:alert(1)",
    "JaVaScRiPt://brand.cn/%0aalert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file://brand.cn/etc/passwd",
    "ftp://brand.cn/",
    "http://brand.cn/",
    "HTTP://brand.cn/",
    "weixin://brand.cn/",
    "https://brand.cn\t.evil.com/",
    "https://bra\nnd.cn/",
    "https://brand.cn/\r\nLocation: https://evil.com",
    "https://brand.cn/\x00",
    "https://brand.cn /",
    "https://brand.cn/a b",
    "https://brand.cn/\u200b",
    "https://brand.cn/\u2028x",
    "https://brand.cn\u3000/",
    "https://brand.cn.",
    "https://brand.cn./",
    "https://.brand.cn/",
    "https://brand..cn/",
    "https://-brand.cn/",
    "https://brand.cn:8443/",
    "https://brand.cn:443@evil.com/",
    "https://brand.cn:443:80/",
    "https://brand.cn:/",
    "https://brand.cn:0443/",
    "https://brand.cn:99999/",
    "https://brand_cn/",
    "https://localhost/",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f.0.0.1/",
    "https://0x7f000001/",
    "https://0177.1/",
    "https://1.1.1.0x1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://shop.brand.cn/",
    "https://wild.example/",
    "https://evilwild.example/",
    "https://a.wild.example.evil.com/",
    "https://\u0432rand.cn/",  # Cyrillic ve
    "https://brand\u3002cn.evil.com/",
    "https://evil\uff0ecom/",
    "https://brand.c\u0578/",
    "https://xn--/",
    "https://brand.cn\uff03@evil.com/",
    "https://brand.cn\uff0f.evil.com/",
    "https://brand.cn/{gtin}",
    "https://brand.cn/<script>",
    'https://brand.cn/"onload=x',
    "https://brand.cn/`x`",
    "https://brand.cn/%zz",
    "https://brand.cn/%",
    "https://brand.cn/#a#b",
    "http://id.example/",
    "https://id.example:8443/",
    "https://id.example.evil.com/",
    "https://id.example@evil.com/",
    "https://brand.cn/" + "x" * 2000,
    "https://brand.cn/" + "\u4e2d" * 700,
]
KEPT = {
    "https://brand.cn": "https://brand.cn",
    "HTTPS://Brand.CN/A?b=1#c": "https://brand.cn/A?b=1#c",
    "https://brand.cn:443/": "https://brand.cn/",
    "https://brand.cn?x=1": "https://brand.cn?x=1",
    "https://brand.cn/%E7%89%9B%2F/@x;y=(1)": "https://brand.cn/%E7%89%9B%2F/@x;y=(1)",
    "https://brand.cn/牛奶?名=1": "https://brand.cn/%E7%89%9B%E5%A5%B6?%E5%90%8D=1",
    "https://a.wild.example/": "https://a.wild.example/",
    "https://a.b.wild.example/": "https://a.b.wild.example/",
    "https://shop.example:8443/x": "https://shop.example:8443/x",
    "https://岚牧.cn/": "https://xn--5nqp2o.cn/".replace("xn--5nqp2o", "岚牧".encode("idna").decode()),
    "https://www。岚牧。cn/": f"https://www.{'岚牧'.encode('idna').decode()}.cn/",
    "https://ＢＲＡＮＤ.cn/": "https://brand.cn/",
    "https://id.example/about": "https://id.example/about",
    "https://id.example": "https://id.example",
    "https://s.own.example/": "https://s.own.example/",
}


@pytest.fixture
def brand(house: House) -> House:
    with house.begin("brand_admin") as unit:
        for host in ("brand.cn", "*.wild.example", "shop.example:8443", "岚牧.cn", "*.岚牧.cn"):
            link_hosts.allow(unit, host=host)
        addresses.add(unit, name="s.own.example")
        addresses.add(unit, name="/DY")
    return house


def test_the_corpus_leads_nowhere(brand: House) -> None:
    with brand.look() as unit:
        allowed = Allowed(unit)
        got_past = [href for href in CORPUS if not isinstance(allowed.read(href), Wrong)]
    assert len(CORPUS) == len(set(CORPUS)) >= 80
    assert got_past == []


def test_what_is_allowed_is_kept_as_it_was_compared(brand: House) -> None:
    with brand.look() as unit:
        allowed = Allowed(unit)
        assert {href: allowed.read(href) for href in KEPT} == KEPT
        assert {kept: allowed.read(kept) for kept in KEPT.values()} == {kept: kept for kept in KEPT.values()}


def test_a_house_without_https_leads_to_itself(brand: House) -> None:
    from dataclasses import replace

    with brand.look() as unit:
        unit.outside = replace(unit.outside, public_url="http://127.0.0.1:8000")
        allowed = Allowed(unit)
        assert allowed.read("http://127.0.0.1:8000/about") == "http://127.0.0.1:8000/about"
        for href in ("http://127.0.0.1:8001/", "https://127.0.0.1:8000/", "http://127.0.0.1/", "http://127.0.0.1:8000@evil.com/"):
            assert isinstance(allowed.read(href), Wrong)


def test_a_host_that_is_not_allowed_is_named(brand: House) -> None:
    with brand.begin() as unit:
        a_product(unit)
        with pytest.raises(Invalid) as trouble:
            links.add(unit, thing=GTIN, link_type="pip", href="https://Evil.com/x", title="x")
    (wrong,) = trouble.value.errors
    assert (wrong["pointer"], wrong["rule"], wrong["host"]) == ("/href", "href-host", "evil.com")


@pytest.mark.parametrize(
    "host",
    [
        "",
        " ",
        "cn",
        "*",
        "*.cn",
        "*.com.cn",
        "*.co.uk",
        "*brand.cn",
        "**.brand.cn",
        "a.*.cn",
        "*.*.brand.cn",
        "https://brand.cn",
        "brand.cn/",
        "brand.cn/x",
        "u@brand.cn",
        "1.2.3.4",
        "[::1]",
        "brand.cn.",
        "brand .cn",
        "brand.cn:0",
        "x" * 121 + ".cn",
        "*." + "a" * 60 + "." + "b" * 57 + ".cn",
        7,
        None,
    ],
)
def test_what_is_no_host_or_too_wide_is_not_allowed(house: House, host: object) -> None:
    with house.begin() as unit, pytest.raises(Invalid) as trouble:
        link_hosts.allow(unit, host=host)  # type: ignore[arg-type]
    assert trouble.value.errors[0]["pointer"] == "/host"


def test_a_host_is_allowed_once_and_is_each_brands_own(brand: House) -> None:
    with brand.begin() as unit:
        first = link_hosts.allow(unit, host=" Brand.CN:443 ")
        assert first.id == next(each.id for each in link_hosts.every(unit) if each.host == "brand.cn")
    with brand.look(brand_id=brand.other_brand_id) as unit:
        assert link_hosts.every(unit) == []
        assert isinstance(Allowed(unit).read("https://brand.cn/"), Wrong)
        assert isinstance(Allowed(unit).read("https://s.own.example/"), Wrong)
    with brand.begin(brand_id=brand.other_brand_id) as unit, pytest.raises(Missing):
        link_hosts.disallow(unit, host="brand.cn")


def test_a_host_to_which_links_lead_stays(brand: House) -> None:
    with brand.begin() as unit:
        a_product(unit)
        link = links.add(unit, thing=GTIN, link_type="pip", href="https://a.wild.example/x", title="x")
        with pytest.raises(link_hosts.HostInUse) as trouble:
            link_hosts.disallow(unit, host="*.WILD.example")
        assert trouble.value.more["count"] == 1
        link_hosts.allow(unit, host="a.wild.example")
        link_hosts.disallow(unit, host="*.wild.example")  # another entry allows it now
        with pytest.raises(link_hosts.HostInUse):
            link_hosts.disallow(unit, host="a.wild.example")
        links.end(unit, link_id=link.id)
        link_hosts.disallow(unit, host="a.wild.example")
        with pytest.raises(Missing):
            link_hosts.disallow(unit, host="a.wild.example")
