"""JSON doors of what a brand sets up for its codes: where they begin, and the keys of their serials (never a key itself)."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.api import shapes_packs as shapes
from app.auth.guards import machine
from app.doors import begin, look
from traceability import addresses, keys

bp = APIBlueprint("api_brand", __name__, url_prefix="/api/v1", tag="Addresses and keys")


@bp.get("/code-addresses")
@machine("codes")
@bp.output(list[shapes.AddressOut])
def list_addresses() -> Any:
    """Where the brand's codes may begin: hosts before short names."""
    with look() as unit:
        return addresses.every(unit)


@bp.post("/code-addresses")
@machine("admin")
@bp.input(shapes.AddressIn)
@bp.output(shapes.AddressOut, status_code=201)
def add_address(json_data: shapes.AddressIn) -> Any:
    """Let a host or a short name lead to this brand."""
    with begin() as unit:
        return addresses.add(unit, name=json_data.name)


@bp.delete("/code-addresses")
@machine("admin")
@bp.input(shapes.AddressIn, location="query")
@bp.output({}, status_code=204)
def remove_address(query_data: shapes.AddressIn) -> Any:
    """Give an address up, while no code begins with it."""
    with begin() as unit:
        addresses.remove(unit, name=query_data.name)
    return ""


@bp.get("/serial-keys")
@machine("codes")
@bp.output(list[shapes.KeyOut])
def list_keys() -> Any:
    """The keys of serials by kind and version, newest first."""
    with look() as unit:
        return keys.every(unit)


@bp.post("/serial-keys/rotations")
@machine("admin")
@bp.input(shapes.RotationIn)
@bp.output(shapes.KeyOut, status_code=201)
def rotate_key(json_data: shapes.RotationIn) -> Any:
    """A new version for new orders; what was issued under the old one stays valid."""
    with begin() as unit:
        return keys.rotate(unit, **json_data.model_dump())
