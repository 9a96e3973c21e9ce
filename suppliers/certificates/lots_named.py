"""Which lots papers name, one row for each, so that the gate finds the few papers that speak of a lot among thousands."""

from __future__ import annotations

from sqlalchemy import delete

from kernel.unit import Unit
from suppliers.checks.names import exact_number
from suppliers.models import Certificate, CertificateLot


def keep(unit: Unit, row: Certificate) -> None:
    """Write down what ``row.lots`` says now; whoever hands in or mends the words of a paper calls it. Doing it twice changes nothing."""
    unit.session.flush()
    unit.session.execute(delete(CertificateLot).where(CertificateLot.certificate_id == row.id))
    named = {exact_number(each) for each in row.lots or ()}
    for lot in sorted(each for each in named if any(sign.isalnum() for sign in each)):
        unit.session.add(CertificateLot(certificate_id=row.id, supplier_id=row.supplier_id, lot=lot))
    unit.session.flush()
