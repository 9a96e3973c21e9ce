"""The two faces of an order: the code outside, and the one under the cap or scratch layer.

What is printed is a prefix, the same for a whole order, and a serial. Both follow from the order's row
and its keys alone, so that a file made again has the same bytes. The inner code is always
compact; its serials come from another key, and code n outside lies over code n inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from kernel.errors import Invalid, Missing, flaw
from kernel.unit import Unit
from traceability import addresses, gs1, keys
from traceability.models import CodeOrder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OUTER, INNER = "outer", "inner"
FACES: Final = (OUTER, INNER)
BOTH: Final = "both"
"""A face of the CSV alone: the outer code and, beside it, its partner under the cap."""


def prefix(unit: Unit, order: CodeOrder, face: str = OUTER) -> str:
    """What stands before the serial: ``HTTPS://ID.EXAMPLE.CN/01/06901234567892/21/`` or ``HTTPS://S.CN/``.

    Scheme and host in upper case, for a QR code's alphanumeric mode (gs1.write). Raises Missing when there is no inner code.
    """
    if face == INNER:
        return _compact(_inner(order)[2])
    base = order.base_url or unit.outside.public_url
    return _compact(base) if order.scheme == keys.COMPACT else gs1.write(gs1.Link(order.gtin), base) + f"/{gs1.SERIAL}/"


def ahead(unit: Unit, *, scheme: str, host: str | None = None) -> str:
    """The prefix that codes ordered now would have: on this host, else at the brand's own address; with a GTIN of zeros.

    Raises Invalid when it is no host, or addresses.NoAddress.
    """
    if host is not None and not addresses.is_host(host.lower()):
        raise Invalid(errors=[flaw("/host", "address", "must be a host such as s.cn")])
    own = addresses.for_serials if scheme == keys.COMPACT else addresses.for_links
    base = own(unit) if host is None else f"https://{host}"
    return prefix(unit, CodeOrder(gtin="0" * 14, scheme=scheme, base_url=base))


def human(order: CodeOrder, face: str = OUTER) -> tuple[str, ...]:
    """The lines that people read beside a symbol, in brackets (GS1 General Specifications, 4.14); the serial follows the last."""
    is_compact = face == INNER or order.scheme == keys.COMPACT
    return ("",) if is_compact else (f"(01){order.gtin}", "(21)")


def serials(unit: Unit, order: CodeOrder, *, face: str = OUTER, first: int, count: int) -> NDArray[np.bytes_]:
    """The serials of the outer counters ``first`` … ``first + count - 1``, or their inner partners: (count,) of S12.

    Serials made elsewhere are S20, padded with zeros. Raises Missing when there is no inner code.
    """
    version = order.key_version
    if face == INNER:
        version, inner_first, _ = _inner(order)
        first += inner_first - order.first
    return keys.serials(unit, gtin=order.gtin, key_version=version, first=first, count=count)


def links(unit: Unit, order: CodeOrder, *, face: str = OUTER, first: int, count: int) -> list[str]:
    """The texts to print. Only a serial made elsewhere may need percent signs."""
    before = prefix(unit, order, face)
    return [before + quote(serial.decode(), safe="") for serial in serials(unit, order, face=face, first=first, count=count).tolist()]


def _compact(base: str) -> str:
    url = urlsplit(base)
    return f"{url.scheme.upper()}://{url.netloc.upper()}{url.path.rstrip('/')}/"


def _inner(order: CodeOrder) -> tuple[int, int, str]:
    """Key version, first counter and beginning of the inner codes."""
    if order.inner_version is None or order.inner_first is None or order.inner_url is None:
        raise Missing("this order has no inner codes")
    return order.inner_version, order.inner_first, order.inner_url
