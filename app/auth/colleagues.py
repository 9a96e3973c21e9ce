"""Several people of one supplier: invited by a one-time link in a letter, listed, and their access taken away.

Accounts stand outside the wall between brands, so each question here names brand, supplier and role by itself, and an account
of anybody else is not there. A supplier's own people reach their own firm; quality staff and brand admins those of their
brand's suppliers. Knows no page: who stands at the door comes in as the unit's actor.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.auth import credentials
from app.auth.facts import ColleagueInvited
from app.auth.models import Account, OnceLink
from kernel.audit import AuditEntry
from kernel.errors import Conflict, Missing, Refused
from kernel.given import Given
from kernel.orm import Brand
from kernel.unit import Unit
from suppliers import directory

DESK: Final = ("quality", "brand_admin")
MOST: Final = 20
"""Accounts of one supplier, those without access among them: whoever invites cannot fill the table."""
LINK_LIFE: Final = timedelta(days=3)
_EMAIL: Final = re.compile(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+\.[^@\s<>\"',;]+")


class EmailTaken(Conflict):
    """This address cannot be invited here: it signs in for somebody else already. Take another address."""

    code = "email-taken"
    title = "This address cannot be invited"


class TooManyColleagues(Conflict):
    """A supplier has twenty accounts at most. Ask the brand to tidy up those that nobody uses."""

    code = "too-many-colleagues"
    title = "Too many accounts for this supplier"


class LastColleague(Conflict):
    """Nobody of this supplier could sign in any more. Invite a colleague first."""

    code = "last-colleague"
    title = "Somebody must stay"


class TakenByTheBrand(Refused):
    """The brand took this person's access away, and only the brand can give it back. Write to them."""

    code = "taken-by-the-brand"
    title = "Only the brand can give this access back"


@dataclass(frozen=True)
class Colleague:
    """A person who signs in for a supplier. ``invited``: has never set a password; ``is_me``: stands at the door."""

    id: str
    name: str
    email: str
    active: bool
    invited: bool
    is_me: bool
    created_at: datetime


def listed(unit: Unit, *, supplier_id: str) -> list[Colleague]:
    """Everybody who signs in, or did, for this supplier, those with access first, by name. Raises Missing, Refused."""
    found = [_shown(unit, each) for each in _accounts(unit, _supplier(unit, supplier_id))]
    return sorted(found, key=lambda each: (not each.active, each.name.casefold(), each.id))


def invite(unit: Unit, *, supplier_id: str, email: str, name: str) -> Colleague:
    """Let a person sign in for this supplier; a letter brings a link that works once. Whoever has access already gets another letter,
    whoever lost it gets it back. Raises Invalid, Missing, Refused, EmailTaken, TooManyColleagues, TakenByTheBrand."""
    supplier_id = _supplier(unit, supplier_id)
    given = Given()
    name = given.text("/name", name, 80)
    email = given.text("/email", email, 120).lower()
    if email and not given.flaws and not _EMAIL.fullmatch(email):
        given.wrong("/email", "email", "is not an e-mail address")
    given.done()
    known = _accounts(unit, supplier_id, locked=True)
    account = next((each for each in known if each.email == email), None)
    if account is None:
        if len(known) >= MOST:
            raise TooManyColleagues(f"at most {MOST} accounts", most=MOST)
        account = _added(unit, email=email, name=name, supplier_id=supplier_id)
    elif not account.active:
        _may_give_back(unit, account)
        account.active = True
        unit.record("account.access_given_back", "account", account.id, supplier=supplier_id)
    unit.tell(ColleagueInvited(account.id, unit.brand_id))
    return _shown(unit, account)


def take_away(unit: Unit, *, supplier_id: str, account_id: str) -> Colleague:
    """End a person's access at once, with every session and every link of theirs. A supplier's people cannot take away the last
    one of their firm; the brand can. Doing it twice changes nothing. Raises Missing, Refused, LastColleague."""
    supplier_id = _supplier(unit, supplier_id)
    known = _accounts(unit, supplier_id, locked=True)
    account = next((each for each in known if each.id == account_id), None)
    if account is None:
        raise Missing("no such colleague")
    if account.active:
        if unit.actor.kind == "supplier" and not any(each.active and each.id != account.id for each in known):
            raise LastColleague("nobody of this supplier could sign in any more")
        account.active, account.fs_uniquifier = False, secrets.token_hex(32)
        unit.session.execute(delete(OnceLink).where(OnceLink.account_id == account.id, OnceLink.used_at.is_(None)))
        unit.record("account.access_taken", "account", account.id, supplier=supplier_id)
    return _shown(unit, account)


def post_invitation(unit: Unit, fact: ColleagueInvited) -> str | None:
    """Make a link and hand it to the post; its hash, to be kept by ``on_colleague_invited``, or None when the access is gone again.

    The link is born here and nowhere else written down. Done again after a crash it is another link in another letter, and the
    first one never worked.
    """
    account = unit.session.scalar(select(Account).where(Account.id == fact.account_id, Account.brand_id == unit.brand_id))
    if account is None or not account.active or account.role != "supplier" or account.supplier_id is None:
        return None
    brand = unit.session.get_one(Brand, unit.brand_id).name
    firm = directory.supplier(unit, account.supplier_id).name
    token = secrets.token_urlsafe(24)
    subject, text = letter(brand=brand, firm=firm, name=account.name, link=f"{unit.outside.public_url}/once/{token}")
    to, kept = account.email, _sha256(token)
    unit.rest()
    unit.outside.post.send(to=to, subject=subject, text=text, key=f"{fact.account_id}-{kept[:16]}")
    return kept


def on_colleague_invited(unit: Unit, fact: ColleagueInvited, kept: str | None) -> None:
    """From now on the link that was posted works, once."""
    account = unit.session.get(Account, fact.account_id)
    if kept is None or account is None or not account.active:
        return
    unit.session.add(OnceLink(sha256=kept, account_id=account.id, expires_at=unit.now + LINK_LIFE))
    unit.record("account.link_posted", "account", account.id)


def letter(*, brand: str, firm: str, name: str, link: str) -> tuple[str, str]:
    """Subject and text of an invitation, Chinese and English in one."""
    days = LINK_LIFE.days
    text = (
        f"{name}：\n{brand}的供应商页面为{firm}开通了您的账号。请用下面的链接登录并设置密码，链接只能用一次，{days}天内有效：\n{link}\n"
        f"如果您不知道这件事，请不要打开链接。\n\n"
        f"To {name}:\nYou can now sign in for {firm} on {brand}'s supplier pages. This link works once, within {days} days; "
        f"sign in with it and set a password:\n{link}\nIf you know nothing of this, do not open it.\n"
    )
    return f"【{brand}】供应商账号邀请 / Your supplier account", text


def _supplier(unit: Unit, supplier_id: str) -> str:
    """The supplier whose people the actor may reach: behind the wall of the brand, and to a supplier's people their own only."""
    if unit.actor.kind not in ("supplier", *DESK):
        raise Refused("a supplier's people are the supplier's business and the desk's")
    if unit.actor.kind == "supplier" and unit.actor.supplier_id is None:
        raise Missing("this account belongs to no supplier")
    return directory.supplier(unit, supplier_id).id


def _accounts(unit: Unit, supplier_id: str, *, locked: bool = False) -> Sequence[Account]:
    mine = (Account.brand_id == unit.brand_id, Account.supplier_id == supplier_id, Account.role == "supplier")
    query = select(Account).where(*mine).order_by(Account.id)
    return unit.session.scalars(query.with_for_update().execution_options(populate_existing=True) if locked else query).all()


def _added(unit: Unit, *, email: str, name: str, supplier_id: str) -> Account:
    try:
        with unit.session.begin_nested():
            account = credentials.add_account(unit, email=email, name=name, role="supplier", supplier_id=supplier_id)
            unit.session.flush()
    except IntegrityError:
        raise EmailTaken("this address cannot be invited") from None
    return account


def _may_give_back(unit: Unit, account: Account) -> None:
    """What the brand took away, no colleague gives back."""
    taken = select(AuditEntry.actor_kind).where(
        AuditEntry.subject_kind == "account", AuditEntry.subject_id == account.id, AuditEntry.verb == "account.access_taken"
    )
    by = unit.session.scalar(taken.order_by(AuditEntry.id.desc()).limit(1))
    if unit.actor.kind == "supplier" and by != "supplier":
        raise TakenByTheBrand("the brand took this access away")


def _shown(unit: Unit, account: Account) -> Colleague:
    return Colleague(
        id=account.id,
        name=account.name,
        email=account.email,
        active=account.active,
        invited=account.password is None,
        is_me=account.id == unit.actor.id,
        created_at=account.created_at,
    )


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
