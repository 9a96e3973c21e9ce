"""Things that can have links: a GS1 key with one set of its qualifiers, and whose it is.

A GTIN is owned by the brand whose product bears it. Any other key begins with a company prefix, and
belongs to the brand of that prefix that first claimed it. It must not know what a thing's links say.

Source: GS1-Conformant Resolver 1.2.1, 2.5.9; GS1 Digital Link URI Syntax 1.4, 4.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Invalid, flaw
from kernel.unit import Unit
from traceability import gs1, packing, products
from traceability.gs1 import strings, uri
from traceability.gs1.elements import Elements
from traceability.models import AnchorOwner, GtinOwner, Product
from traceability.resolver import levels
from traceability.resolver.levels import Pairs

GOODS: Final = ("01", "8006")
"""Keys that begin with the GTIN of a product."""
_DIGIT_IN_FRONT: Final = ("00", "8003")
"""Keys whose company prefix stands behind one digit of another meaning."""
_LENGTHS: Final = (8, 12, 13, 14)
_AT_ONCE: Final = 500


class AnchorTaken(Conflict):
    """A key names one thing of one brand. Another brand registered links for this one: look for a slip of the pen."""

    code = "anchor-taken"
    title = "This key belongs to somebody else"


@dataclass(frozen=True)
class Anchor:
    """One thing. ``pairs``: its key and the qualifiers of one level, in the order of a path."""

    pairs: Pairs

    @cached_property
    def path(self) -> str:
        """``01/095…/10/A%2FB``, without a leading slash."""
        return levels.anchor(self.pairs)

    @cached_property
    def key(self) -> str:
        """The first two parts of the path."""
        return levels.anchor(self.pairs[:1])

    @property
    def bracketed(self) -> str:
        """``(01)095…(10)A/B``, as people read it."""
        return strings.bracketed(Elements(self.pairs))


def read(text: object) -> Anchor:
    """A Digital Link on any host, its path alone with or without the slash in front, an element string in brackets, or a bare GTIN.

    Raises Invalid with flaws at ``/thing``: what the text is not, or a set of keys that can have no links.
    """
    if not isinstance(text, str):
        raise _no("text", "must be text")
    try:
        elements = _elements(text.strip())
    except Invalid as trouble:
        raise Invalid(errors=[_at_thing(each) for each in trouble.errors]) from None
    if levels.is_registrable(elements):
        return Anchor(next(pairs for pairs in levels.of(elements) if set(pairs) == set(elements.pairs)))
    sets = levels.SETS.get(elements.pairs[0][0])
    if sets is None:
        raise _no("key", "begins with no GS1 key that can have links")
    if any(ai not in {other for each in sets for other in each} for ai, _ in elements.pairs[1:]):
        raise _no("anchor-query", "links belong to a key and its qualifiers; anything else describes, and names nothing")
    rule = "links of one item are kept for its key and serial alone, without lot or variant"
    raise _no("anchor-level", f"{rule} (GS1-Conformant Resolver 1.2.1, 2.5.9)")


def of_path(path: str) -> Anchor:
    """The way back from ``Anchor.path``, of what was right before."""
    parts = path.split("/")
    return Anchor(tuple((ai, unquote(value, "latin-1")) for ai, value in zip(parts[::2], parts[1::2], strict=True)))


def gtin(key: str) -> str | None:
    """The GTIN of which a key speaks (``01/095…``, ``8006/095…``); None when it is of another kind."""
    ai, _, value = key.partition("/")
    return value[:14] if ai in GOODS else None


def owner(unit: Unit, key: str) -> str | None:
    """The id of the brand whose thing this is; asked from outside every brand."""
    number = gtin(key)
    if number is not None:
        sold = products.owner(unit, number)
        return sold.brand_id if sold else None
    claimed = unit.session.get(AnchorOwner, key)
    return claimed.brand_id if claimed else None


class Ours:
    """What is the brand's own. Asks once, however many keys are looked at."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    @cached_property
    def _gtins(self) -> set[str]:
        return set(self._unit.session.scalars(select(Product.gtin)))

    @cached_property
    def _prefix(self) -> str | None:
        return packing.company_prefix(self._unit)

    def wrong(self, anchor: Anchor) -> tuple[str, str] | None:
        """The rule by which this is none of ours, and a sentence; None when it is."""
        ai, value = anchor.pairs[0]
        if ai in GOODS:
            return None if value[:14] in self._gtins else ("not-our-product", "this GTIN is not one of your products")
        if self._prefix is None:
            return "no-prefix", "say under which GS1 company prefix your keys are made first"
        if not value[ai in _DIGIT_IN_FRONT :].startswith(self._prefix):
            return "not-our-prefix", "this key does not begin with your GS1 company prefix"
        return None

    def taken(self, anchors: Iterable[Anchor]) -> set[str]:
        """Those of the keys that another brand has claimed."""
        keys = sorted({anchor.key for anchor in anchors if gtin(anchor.key) is None})
        found: set[str] = set()
        for at in range(0, len(keys), _AT_ONCE):
            query = select(AnchorOwner.key).where(
                AnchorOwner.key.in_(keys[at : at + _AT_ONCE]), AnchorOwner.brand_id != self._unit.brand_id
            )
            found.update(self._unit.session.scalars(query))
        return found


def claim(unit: Unit, keys: Collection[str]) -> None:
    """Make keys the brand's own, also again, and hold them: whoever else changes their links waits. Raises AnchorTaken."""
    numbers = sorted({number for key in keys if (number := gtin(key)) is not None})
    for at in range(0, len(numbers), _AT_ONCE):
        some = select(GtinOwner.gtin).where(GtinOwner.gtin.in_(numbers[at : at + _AT_ONCE])).order_by(GtinOwner.gtin)
        unit.session.execute(some.with_for_update(key_share=True)).all()
    for key in sorted({key for key in keys if gtin(key) is None}):
        held = select(AnchorOwner.brand_id).where(AnchorOwner.key == key).with_for_update(key_share=True)
        known = unit.session.scalar(held)
        if known is None:
            try:
                with unit.session.begin_nested():
                    unit.session.add(AnchorOwner(key=key, brand_id=unit.brand_id))
                continue
            except IntegrityError:
                known = unit.session.scalar(held)
        if known != unit.brand_id:
            raise AnchorTaken("another brand has links for this key", key=key)


def _elements(text: str) -> Elements:
    if text.startswith("("):
        return strings.read_bracketed(text)
    if text.isascii() and text.isdigit() and len(text) in _LENGTHS:
        return Elements((("01", gs1.gtin14(text)),))
    if text.removeprefix("/")[:1].isdigit():
        text = f"{uri.CANONICAL}/{text.removeprefix('/')}"
    said = uri.read(text.removesuffix("/"))
    if said.others:
        raise _no("anchor-query", "a thing is named without a query")
    return said.elements


def _at_thing(wrong: dict[str, Any]) -> dict[str, Any]:
    rule = "thing" if wrong["rule"] == "url" else wrong["rule"]
    return wrong | {"pointer": "/thing", "rule": rule}


def _no(rule: str, detail: str) -> Invalid:
    return Invalid(errors=[flaw("/thing", rule, detail)])
