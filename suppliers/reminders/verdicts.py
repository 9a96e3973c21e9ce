"""A letter to the supplier when a paper was turned away or stopped, or waits where its own words may be mended.

At most one for each change of a standing, and none about how a paper does not stand any more. It says which kind of paper and
where its page is; why, and what the brand's people wrote about it, is read behind the sign-in. What waits for the brand alone,
and what is well, makes no letter; that a paper lapsed is the ladder's to tell (``writing``).
"""

from __future__ import annotations

from typing import Final

from kernel.orm import Brand
from kernel.unit import Unit
from suppliers import changes
from suppliers.facts import StandingChanged
from suppliers.models import Certificate, StandingChange, Supplier
from suppliers.reminders import letters
from suppliers.requirements import KINDS

MENDABLE: Final = frozenset({"accreditation", "agreement", "dates", "holder", "identifier", "issuer", "lots", "scope", "site"})
"""The checks about words that a supplier may mend without another document."""


def post_letter(unit: Unit, fact: StandingChanged) -> bool:
    """Hand the letter to the post, before and outside the transaction that notes it; False when this change makes none, there is
    no address, or the paper stands otherwise by now. The change's id is the letter's key, so that posting again is one letter."""
    if fact.standing not in letters.VERDICTS:
        return False
    paper = unit.session.get_one(Certificate, fact.certificate_id)
    who = unit.session.get_one(Supplier, paper.supplier_id)
    change = changes.told_of(unit, fact)
    if not who.email or change is None or paper.standing != fact.standing or not _is_theirs(change):
        return False
    named = KINDS[paper.kind].name
    brand = unit.session.get_one(Brand, paper.brand_id).name
    page = f"{unit.outside.public_url}/portal/papers/{paper.id}"
    letter = letters.verdict(fact.standing, kind=(named.zh, named.en), brand=brand, supplier=who.name, page=page)
    to, key = who.email, change.id
    unit.rest()
    unit.outside.post.send(to=to, subject=letter.subject, text=letter.text, key=key)
    return True


def on_standing_changed(unit: Unit, fact: StandingChanged, posted: bool) -> None:
    """Note that a letter went out."""
    if posted:
        unit.record("certificate.verdict_posted", "certificate", fact.certificate_id, standing=fact.standing)


def _is_theirs(change: StandingChange) -> bool:
    """Whether the supplier can do something about it: about a paper that waits, only where its words are among what is open."""
    open_checks = {code.split(".")[1] for code in change.because if code.startswith("check.")}
    return change.standing != "needs_person" or bool(open_checks & MENDABLE)
