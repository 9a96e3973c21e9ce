"""All that the checks may know of one paper, gathered from the tables: plain values, so that they can judge without asking."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import or_, select

from kernel.given import day_of
from kernel.unit import Unit
from suppliers import directory, trust
from suppliers.checks import IssuerSeen, LookupSeen, MaterialSeen, Paper, SiteSeen, Twin
from suppliers.checks.names import exact_number
from suppliers.models import Certificate, RegisterLookup
from suppliers.requirements import CATEGORIES, KINDS

AGAINST: Final = ("invalid", "not_found", "suspended", "revoked")
MOST_TWINS: Final = 20
FRESH_DAYS: Final = 90
"""So long a look-up in a register may be relied on where the kind of paper says nothing else."""


def paper_of(unit: Unit, row: Certificate) -> Paper:
    """The paper as the checks see it."""
    who = directory.supplier(unit, row.supplier_id)
    return Paper(
        kind=row.kind,
        number=row.number,
        holder_name=row.holder_name,
        holder_uscc=row.holder_uscc,
        issuer_name=row.issuer_name,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        issued_on=row.issued_on,
        supplier_name=who.name,
        supplier_uscc=who.uscc,
        media_type=row.media_type,
        reading=row.reading or {},
        submitted_on=day_of(row.submitted_at),
        lots=tuple(row.lots or ()),
        products=tuple(row.products or ()),
        site=row.site,
        scope=row.scope,
        accreditation=row.accreditation,
        supplier_ids=tuple(each for each in (who.lei, who.gln, who.vat) if each),
        materials=tuple(
            MaterialSeen(
                each.code, each.name_zh, each.name_en, each.category, CATEGORIES[each.category].sc_categories, tuple(each.claims or ())
            )
            for each in directory.supplied_by(unit, who.id)
        ),
        sites=tuple(SiteSeen(each.name, each.address, each.gln, each.gln) for each in directory.sites(unit, who.id)),
        issuers=tuple(_issuer(each) for each in trust.issuers(unit)),
        twins=twins(unit, row),
        lookups=lookups(unit, row),
        read=row.fields or {},
    )


def twins(unit: Unit, row: Certificate) -> tuple[Twin, ...]:
    """Other papers that share these bytes, or this kind and number; those that were turned away at once count no more."""
    query = (
        select(Certificate)
        .where(
            Certificate.id != row.id,
            or_(Certificate.sha256 == row.sha256, Certificate.number_plain == row.number_plain),
            Certificate.standing != "rejected",
        )
        .order_by(Certificate.supplier_id == row.supplier_id, Certificate.id)  # strangers first
        .limit(MOST_TWINS)
    )
    return tuple(_twin(row, each) for each in unit.session.scalars(query))


def lookups(unit: Unit, row: Certificate) -> tuple[LookupSeen, ...]:
    """What people found in registers about this paper since its words are what they are, newest first.

    One person's "valid" does not undo what was found against a paper: after that it takes two."""
    since = RegisterLookup.at >= row.submitted_at
    query = (
        select(RegisterLookup)
        .where(RegisterLookup.certificate_id == row.id, since)
        .order_by(RegisterLookup.at.desc(), RegisterLookup.id.desc())
    )
    rows = list(unit.session.scalars(query))
    against = next((at for at, each in enumerate(rows) if each.result in AGAINST), None)
    if against is not None and len({each.by for each in rows[:against] if each.result == "valid"}) < 2:
        rows = [each for at, each in enumerate(rows) if each.result != "valid" or at > against]
    fresh = KINDS[row.kind].fresh_days or FRESH_DAYS
    return tuple(LookupSeen(each.register, each.result, each.asked_on, fresh) for each in rows)  # type: ignore[arg-type]


def _twin(row: Certificate, other: Certificate) -> Twin:
    names = ("holder_name", "holder_uscc", "issuer_name", "valid_from", "valid_until", "lots", "sha256")
    differs = [name for name in names if getattr(row, name) != getattr(other, name)]
    if exact_number(row.number) != exact_number(other.number):
        differs.append("number")
    return Twin(
        certificate_id=other.id,
        own=other.supplier_id == row.supplier_id,
        how="bytes" if other.sha256 == row.sha256 else "report" if KINDS[row.kind].scope == "lot" else "number",
        standing=other.standing,
        differs=tuple(differs),
        proven=(other.found or {}).get("authenticity", [None])[0] == "passed",
    )


def _issuer(row: Any) -> IssuerSeen:
    return IssuerSeen(
        name=row.name,
        names=tuple(row.names),
        kinds=tuple(row.kinds),
        hosts=tuple(row.hosts),
        dids=tuple(row.dids),
        accreditation=row.accreditation,
        accredited_until=row.accredited_until,
        uscc=row.uscc,
    )
