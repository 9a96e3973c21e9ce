"""Where a brand's codes begin: its own host, or a short name on the platform's.

A compact code says nothing but its serial, so what stands before it must name the brand:
``https://s.cn/<serial>`` on a host that points here, or ``https://<platform>/DY/<serial>``. A host of its
own also carries the brand's GS1 links. Knows names and whose they are; it must not know serials.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Missing
from kernel.unit import Unit
from traceability.given import Given
from traceability.models import CodeAddress, CodeOrder
from traceability.seal import ALPHABET

LONGEST: Final = 120
HIGHEST_PORT: Final = 65_535
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})+(?::[1-9][0-9]{{0,4}})?")
_SHORT: Final = re.compile(rf"/(?=.*[A-Z])[{ALPHABET}]{{2,8}}")

KEPT: Final = frozenset({"/DESK", "/ME", "/READYZ", "/SCAN", "/SEE"})
"""Short names that are doors of the platform itself, in any case."""


class AddressTaken(Conflict):
    """A host or a short name leads to one brand. This one is another brand's, or the platform's own: choose another."""

    code = "address-taken"
    title = "This address leads to somebody else"


class AddressInUse(Conflict):
    """Codes that begin with this address were ordered; somebody may hold such an item for years. Keep it, and let it point here."""

    code = "address-in-use"
    title = "Codes with this address were ordered"


class NoAddress(Conflict):
    """A compact or an inner code begins with an address of the brand, and there is none. Add a host of your own
    or a short name first."""

    code = "no-address"
    title = "There is no address for these codes yet"


def add(unit: Unit, *, name: str) -> CodeAddress:
    """Let a host (``s.cn``, ``s.cn:8443``) or a short name (``/DY``: two to eight letters and digits, without
    I L O U, at least one letter) lead to this brand. One that does already is left as it is. Raises Invalid or AddressTaken.
    """
    given = Given()
    written = given.text("/name", name, LONGEST)
    name = _normal(written)
    if written and not (_SHORT.fullmatch(name) or is_host(name)):
        given.wrong("/name", "address", "must be a host such as s.cn, or / and 2 to 8 letters or digits without I L O U")
    given.done()
    if name == urlsplit(unit.outside.public_url).netloc.lower():
        raise AddressTaken("this host is the platform's own", name=name)
    if name in KEPT:
        raise AddressTaken("this short name is a door of the platform", name=name)
    address = CodeAddress(name=name, brand_id=unit.brand_id, added_at=unit.now)
    try:
        with unit.session.begin_nested():
            unit.session.add(address)
    except IntegrityError as error:
        there = unit.session.get(CodeAddress, name)
        if there is None or there.brand_id != unit.brand_id:
            raise AddressTaken("this address leads to another brand", name=name) from error
        return there
    unit.record("address.added", "brand", unit.brand_id, name=name)
    return address


def is_host(name: str) -> bool:
    """Whether this is a host that codes can begin with, with or without a port: ``s.cn``, ``s.cn:8443``, in lower case."""
    return len(name) <= LONGEST and bool(_HOST.fullmatch(name)) and int(name.partition(":")[2] or 0) <= HIGHEST_PORT


def every(unit: Unit, *, kept: bool = False) -> list[CodeAddress]:
    """The brand's addresses: hosts before short names, each as they were added. ``kept``: none is removed until the unit ends."""
    query = select(CodeAddress).where(CodeAddress.brand_id == unit.brand_id).order_by(CodeAddress.added_at, CodeAddress.name)
    if kept:
        query = query.with_for_update(read=True)
    return sorted(unit.session.scalars(query), key=lambda address: address.name.startswith("/"))


def remove(unit: Unit, *, name: str) -> None:
    """Raises Missing, or AddressInUse when any order's codes begin with it."""
    address = unit.session.get(CodeAddress, _normal(name), with_for_update=True)
    if address is None or address.brand_id != unit.brand_id:
        raise Missing("no such address")
    end = address.name if address.name.startswith("/") else f"//{address.name}"
    begins = or_(CodeOrder.base_url.endswith(end, autoescape=True), CodeOrder.inner_url.endswith(end, autoescape=True))
    if unit.session.scalar(select(CodeOrder.id).where(begins).limit(1)):
        raise AddressInUse("codes with this address were ordered", name=address.name)
    unit.session.delete(address)
    unit.record("address.removed", "brand", unit.brand_id, name=address.name)


def for_links(unit: Unit, *, kept: bool = False) -> str:
    """What GS1 links ordered now begin with: the brand's first own host, else the public URL. Who orders them has it ``kept``."""
    hosts = [address.name for address in every(unit, kept=kept) if not address.name.startswith("/")]
    return _url(unit, hosts[0]) if hosts else unit.outside.public_url


def for_serials(unit: Unit, *, kept: bool = False) -> str:
    """What compact and inner codes ordered now begin with: the brand's first address, ``kept`` as above. Raises NoAddress."""
    found = every(unit, kept=kept)
    if not found:
        raise NoAddress("add a host or a short name for compact codes first")
    return _url(unit, found[0].name)


def owner(unit: Unit, *, host: str, path: str) -> str | None:
    """The id of the brand to which a host, or a short name before the serial (``/DY``), leads; asked from outside every brand.

    ``path`` is empty on a host of a brand's own.
    """
    found = unit.session.get(CodeAddress, _normal(path or host))
    return found.brand_id if found else None


def _normal(name: str) -> str:
    """Hosts are written in lower case here, short names in upper case; both are read in either."""
    name = name.strip()
    return name.upper() if name.startswith("/") else name.lower()


def _url(unit: Unit, name: str) -> str:
    """As safe as the public URL: a house without https cannot promise it on another host."""
    if name.startswith("/"):
        return unit.outside.public_url + name
    return f"{urlsplit(unit.outside.public_url).scheme}://{name}"
