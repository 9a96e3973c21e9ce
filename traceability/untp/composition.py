"""The share of each material in the mass of a lot, out of what went into what. Pure.

A lot is a mixture of its inputs in the ratio of their masses, and these are mixtures themselves. Where one input cannot be
weighed (litres without a density, pieces, an amount that nobody told) no share is known, and none is guessed. A lot
made of one input alone is what that one is, in whatever unit it was counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Final, NamedTuple

from traceability.events import units

_PLACES: Final = Decimal("0.000001")
Mixture = Mapping[str, Fraction]


class Flow(NamedTuple):
    """So much of one lot went into another."""

    input: str
    output: str
    quantity: Decimal
    uom: str


def shares(lot: str, flows: Iterable[Flow], materials: Mapping[str, str], *, apart: Collection[str] = ()) -> dict[str, Decimal]:
    """Material → its share of the mass of ``lot``, to six decimals; nothing where they are not known.

    ``materials``: raw lot → material; ``apart``: lots that hold the product and are no part of it (packaging).
    """
    into: dict[str, list[Flow]] = {}
    for flow in flows:
        if flow.input not in apart:
            into.setdefault(flow.output, []).append(flow)
    known: dict[str, Mixture | None] = {raw: {material: Fraction(1)} for raw, material in materials.items()}
    mixture = _mixture(lot, into, known) if lot not in materials else None
    with localcontext(Context(prec=34)):
        return {name: _decimal(share) for name, share in sorted(mixture.items())} if mixture else {}


def _mixture(lot: str, into: Mapping[str, list[Flow]], known: dict[str, Mixture | None]) -> Mixture | None:
    """Without recursion: a chain of reworked lots may be long. A circle, which no honest event makes, leaves nothing known."""
    waiting, open_lots = [lot], set()
    while waiting:
        here = waiting[-1]
        missing = [flow.input for flow in into.get(here, ()) if flow.input not in known]
        if here in known or not missing or here in open_lots:
            known.setdefault(here, _mixed(into.get(here, []), known))
            waiting.pop()
        else:
            open_lots.add(here)
            waiting += missing
    return known[lot]


def _mixed(flows: list[Flow], known: Mapping[str, Mixture | None]) -> Mixture | None:
    parts = [(known.get(flow.input), _mass(flow) if len(flows) > 1 else Fraction(1)) for flow in flows]
    whole = sum((mass for _, mass in parts if mass is not None), Fraction(0))
    found: dict[str, Fraction] = {}
    for mixture, mass in parts:
        if mixture is None or mass is None:
            return None
        for name, share in mixture.items():
            found[name] = found.get(name, Fraction(0)) + share * mass / whole
    return found or None


def _mass(flow: Flow) -> Fraction | None:
    if units.family(flow.uom) != "mass" or flow.quantity <= 0:
        return None
    return units.to_base(flow.quantity, flow.uom)[1]


def _decimal(share: Fraction) -> Decimal:
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(_PLACES)
