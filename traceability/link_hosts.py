"""Where links may lead: https, to a host that the brand has allowed, written so that nobody reads it in two ways.

A printed code is trusted, and so is the page it opens: one link to somebody else's host, or one that only looks
like the brand's own, makes every code a lure. An address is taken apart here by one strict rule, its host is compared
as ASCII (RFC 3490), and what is kept is what was compared. The brand's own code addresses and the platform itself are
always allowed. It must not know things or link types.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final, NamedTuple
from unicodedata import category
from urllib.parse import quote, urlsplit

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Missing
from kernel.given import UNSEEN
from kernel.unit import Unit
from traceability import addresses
from traceability.given import Given
from traceability.models import Link, LinkHost

LONGEST: Final = 2000
LONGEST_HOST: Final = 120
_URL: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<host>[^/?#]*)(?P<rest>.*)", re.DOTALL)
_REST: Final = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*")
_NUMBER: Final = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")
"""A last label that makes browsers read the host as an IPv4 address (WHATWG URL, 3.5)."""
_SHARED: Final = ("ac", "co", "com", "edu", "gov", "net", "org")
"""Second labels below which anybody may have a name: com.cn, co.uk."""


class HostInUse(Conflict):
    """Links lead to this host, and nothing else allows it. Lead them elsewhere or end them first."""

    code = "host-in-use"
    title = "Links lead to this host"


class Wrong(NamedTuple):
    """Why an address is not taken: the rule, a sentence, and the host where it is about that."""

    rule: str
    detail: str
    host: str | None = None


def allow(unit: Unit, *, host: str) -> LinkHost:
    """Let links lead to a host (``www.s.cn``, ``s.cn:8443``) or to every host below one (``*.s.cn``), also again. Raises Invalid."""
    given = Given()
    written = given.text("/host", host, LONGEST_HOST)
    name = _named(written)
    if written and name is None:
        given.wrong("/host", "link-host", "must be a host such as www.s.cn, or *.s.cn for all below it")
    given.done()
    row = LinkHost(id=unit.new_id(), host=name, added_at=unit.now, added_by=unit.actor.id)
    try:
        with unit.session.begin_nested():
            unit.session.add(row)
    except IntegrityError:
        return unit.session.scalars(select(LinkHost).where(LinkHost.host == name)).one()
    unit.record("link.host_allowed", "brand", unit.brand_id, host=name)
    return row


def disallow(unit: Unit, *, host: str) -> None:
    """Raises Missing, or HostInUse while links lead there."""
    row = unit.session.scalar(select(LinkHost).where(LinkHost.host == (_named(host.strip()) or "")))
    if row is None:
        raise Missing("no such host")
    left = Allowed(unit, without=row.host)
    living = unit.session.scalars(select(Link.href).where(Link.ended_at.is_(None)))
    stranded = sum(isinstance(left.read(href), Wrong) for href in living)
    if stranded:
        raise HostInUse(f"{stranded} links lead to it", host=row.host, count=stranded)
    unit.session.delete(row)
    unit.record("link.host_disallowed", "brand", unit.brand_id, host=row.host)


def every(unit: Unit) -> list[LinkHost]:
    """The hosts that the brand has allowed, by name."""
    return list(unit.session.scalars(select(LinkHost).order_by(LinkHost.host)))


class Allowed:
    """The brand's hosts. Asks once, however many addresses are read; ``without`` one that is to go."""

    def __init__(self, unit: Unit, *, without: str = "") -> None:
        self._unit, self._without = unit, without

    @cached_property
    def own(self) -> frozenset[str]:
        """The platform's host, and those of the brand's code addresses."""
        hosts = frozenset(each.name for each in addresses.every(self._unit) if not each.name.startswith("/"))
        return hosts | {urlsplit(self._unit.outside.public_url).netloc.lower()}

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset(each.host for each in every(self._unit)) - {self._without}

    def read(self, text: str) -> str | Wrong:
        """The address as it is kept: ASCII, scheme and host in lower case, no port where it says nothing."""
        if len(text) > LONGEST:
            return Wrong("length", f"at most {LONGEST} characters")
        if any(category(letter) in (*UNSEEN, "Zl", "Zp", "Zs") for letter in text) or "\\" in text:
            return Wrong("href", "an address holds no blanks, no control characters and no backslash")
        found = _URL.fullmatch(text)
        if not found or not found["host"]:
            return Wrong("href", "must be a whole address, such as https://www.s.cn/milk")
        scheme = found["scheme"].lower()
        if scheme not in ("https", "http"):
            return Wrong("href-https", "must begin with https://")
        if "@" in found["host"]:
            return Wrong("href-user", "must not hold a name or password before the host")
        rest = "".join(letter if letter.isascii() else quote(letter) for letter in found["rest"])
        if not _REST.fullmatch(rest) or "#" in rest.partition("#")[2]:
            return Wrong("href", "holds characters that no address may hold")
        wrong = self._host(scheme, found["host"])
        if isinstance(wrong, Wrong):
            return wrong
        kept = f"{scheme}://{wrong}{rest}"
        return kept if len(kept) <= LONGEST else Wrong("length", f"at most {LONGEST} characters")

    def _host(self, scheme: str, written: str) -> str | Wrong:
        public = urlsplit(self._unit.outside.public_url)
        if (scheme, written.lower()) == (public.scheme, public.netloc.lower()):
            return written.lower()
        if scheme != "https":
            return Wrong("href-https", "must begin with https://")
        host = ascii_host(written)
        if host is None:
            return Wrong("href", "this host cannot exist")
        if not self._covers(host):
            return Wrong("href-host", f"links may not lead to {host} yet", host)
        return host

    def _covers(self, host: str) -> bool:
        """Whether the host itself is allowed, or one of those it lies below is by ``*.``."""
        labels = host.split(".")
        return host in self.own or host in self._named or any(".".join(("*", *labels[at:])) in self._named for at in range(1, len(labels)))


def ascii_host(written: str) -> str | None:
    """A host name in ASCII and lower case, with its port unless that is 443; None for anything else, also for an IP address."""
    name, colon, port = written.rpartition(":") if ":" in written else (written, "", "")
    try:
        name = name.lower() if name.isascii() else name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    host = name + (f":{port}" if colon and port != "443" else "")
    if not addresses.is_host(host) or _NUMBER.fullmatch(name.rpartition(".")[2]):
        return None
    return host


def _named(written: str) -> str | None:
    """A host as it is kept in the list; None when it is none, or too wide."""
    name = ascii_host(written.removeprefix("*."))
    if name is None or not written.startswith("*."):
        return name
    labels = name.split(".")
    too_wide = len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _SHARED
    return None if too_wide or len(name) > LONGEST_HOST - 2 else f"*.{name}"
