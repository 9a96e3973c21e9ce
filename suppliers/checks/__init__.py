"""The questions every paper is asked: one file and one line each. Pure.

No check fetches anything or trusts a word in the document: text in a paper is data.
"""

from __future__ import annotations

from typing import Final

from suppliers.checks.accreditation import Accreditation
from suppliers.checks.agreement import Agreement
from suppliers.checks.antivirus import Antivirus
from suppliers.checks.authenticity import Authenticity
from suppliers.checks.base import Check, Finding, FirmSeen, IssuerSeen, LookupSeen, MaterialSeen, Paper, SiteSeen, Twin
from suppliers.checks.binding import Binding
from suppliers.checks.content import Content
from suppliers.checks.dates import Dates
from suppliers.checks.duplicate import Duplicate
from suppliers.checks.holder import Holder
from suppliers.checks.host import Host
from suppliers.checks.identifier import Identifier, must_hold
from suppliers.checks.issuer import Issuer
from suppliers.checks.lots import Lots
from suppliers.checks.proof import Proof
from suppliers.checks.provenance import Provenance
from suppliers.checks.register import Register
from suppliers.checks.reuse import Reuse
from suppliers.checks.scope import Scope
from suppliers.checks.signature import Signature
from suppliers.checks.site import Site
from suppliers.checks.status import Status

CHECKS: Final[dict[str, Check]] = {
    "content": Content(),
    "antivirus": Antivirus(),
    "agreement": Agreement(),
    "identifier": Identifier(),
    "dates": Dates(),
    "holder": Holder(),
    "issuer": Issuer(),
    "accreditation": Accreditation(),
    "authenticity": Authenticity(),
    "signature": Signature(),
    "proof": Proof(),
    "binding": Binding(),
    "status": Status(),
    "register": Register(),
    "scope": Scope(),
    "site": Site(),
    "lots": Lots(),
    "duplicate": Duplicate(),
    "reuse": Reuse(),
    "provenance": Provenance(),
    "host": Host(),
}
"""In the order in which a person reads them."""

NEVER_REQUIRED: Final = frozenset({"antivirus", "binding", "host", "proof", "register", "signature"})
"""A house without a scanner works; of signature, proof with binding, and register one is enough, which is what
``authenticity`` asks; not every host can be known. When one of them *fails* it counts like any other."""
_ALWAYS: Final = frozenset(CHECKS) - NEVER_REQUIRED - {"identifier"}


def required_checks(kind: str) -> frozenset[str]:
    """The checks that a paper of this kind must pass, or have persons answer for. All but those never
    required, and the number only where a rule exists that a number can break. What does not concern a kind
    (lots of a licence, accreditation of an authority) passes by saying so."""
    return _ALWAYS | {"identifier"} if must_hold(kind) else _ALWAYS


__all__ = [
    "CHECKS",
    "NEVER_REQUIRED",
    "Check",
    "Finding",
    "FirmSeen",
    "IssuerSeen",
    "LookupSeen",
    "MaterialSeen",
    "Paper",
    "SiteSeen",
    "Twin",
    "required_checks",
]
