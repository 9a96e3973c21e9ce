"""What this resolver says of itself at ``/.well-known/gs1resolver``. Pure.

Source: GS1-Conformant Resolver 1.2.1, resolver description file and its JSON schema.
"""

from __future__ import annotations

from typing import Any, Final

from traceability.resolver import linktypes

WELL_KNOWN: Final = "/.well-known/gs1resolver"
COUNTRIES: Final = "https://www.iso.org/iso-3166-country-codes.html"


def description(root: str, *, name: str, context_url: str, contact: str | None = None, telephone: str | None = None) -> dict[str, Any]:
    """The description file. ``root``: address under which keys stand, without a slash at its end; ``context_url``: where
    ``linkset.CONTEXT`` is served; ``contact``: who answers for the resolver; ``telephone``: a ``tel:`` address."""
    known: dict[str, Any] = {
        "name": name,
        "resolverRoot": root.rstrip("/"),
        "supportedPrimaryKeys": ["all"],
        "supportedLinkType": [{"namespace": linktypes.VOCABULARY, "prefix": "gs1:"}],
        "linkTypeDefaultCanBeLinkset": False,
        "supportedContextValuesExternal": [{"nameOfList": "ISO 3166-1 alpha-2", "url": COUNTRIES}],
        "jsonLdContextLocation": context_url,
    }
    if contact:
        known["contact"] = {"fn": contact, **({"hasTelephone": telephone} if telephone else {})}
    return known
