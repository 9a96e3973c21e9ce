"""Passwords: set by the account's owner, and asked again when a name is put to something.

Whoever signs proves once more that it is they, however long they have been signed in (21 CFR 11.200). Wrong tries
are counted for each account, so that nobody finds a colleague's password at an open desk (11.300 d).
"""

from __future__ import annotations

import secrets
import time
from typing import Final

from flask import current_app, session
from flask_security import current_user, login_user
from flask_security.proxies import _security
from flask_security.utils import hash_password, verify_password
from sqlalchemy import select

from app.auth.models import Account
from app.doors import begin, database
from kernel.errors import Conflict, Invalid, Refused, TooMany, flaw
from kernel.unit import PLATFORM
from traceability.signing import Proof

LEAST: Final = 10
MOST: Final = 200
FRESH: Final = 900
"""Seconds after a one-time link in which a first password can be set, or a forgotten one replaced."""


class WrongPassword(Refused):
    """The password is not the one of the account that is signed in. Nothing was done."""

    code = "wrong-password"
    title = "The password is wrong"


class NoPassword(Conflict):
    """This account has no password, so that nobody could prove who signs. Set one first."""

    code = "no-password"
    title = "Set a password first"


class TooManyTries(TooMany):
    """Too many wrong passwords for this account. Wait as long as Retry-After says."""

    code = "too-many-tries"
    title = "Too many wrong passwords"


class LinkNeeded(Refused):
    """A first password is set just after signing in by a one-time link, so that nobody sets one at a colleague's open desk. Ask a brand
    admin for a link."""

    code = "link-needed"
    title = "Sign in by a one-time link first"


def prove(password: str) -> Proof:
    """That the one who is signed in knows their password. Raises NoPassword, WrongPassword, TooManyTries."""
    account = _account()
    if not account.password:
        raise NoPassword("this account has no password")
    tries = current_app.extensions["suyuan.tries"]
    if wait := tries.take(account.id):
        raise TooManyTries(retry_after=wait)
    if not verify_password(_normal(password), account.password):
        raise WrongPassword("wrong password")
    tries.forget(account.id)
    return Proof(account.name)


def has_password() -> bool:
    """Whether the account that is signed in has one."""
    return bool(_account().password)


def by_link() -> None:
    """This session has just been begun by a one-time link."""
    session["by_link"] = int(time.time())


def fresh_link() -> bool:
    """Whether this session was begun by a one-time link, just now."""
    return time.time() - int(session.get("by_link", 0)) <= FRESH


def must_know_old() -> bool:
    """Whether a new password takes the old one: not where there is none, nor just after a one-time link."""
    return has_password() and not fresh_link()


def change(*, old: str, new: str, again: str) -> None:
    """Set the password of the account that is signed in; its other sessions end. Raises Invalid, LinkNeeded, WrongPassword,
    TooManyTries."""
    if not has_password() and not fresh_link():
        raise LinkNeeded("a first password takes a fresh one-time link")
    flaws = []
    normal = _normal(new)
    if not LEAST <= len(normal) <= MOST:
        flaws.append(flaw("/new", "password-length", f"a password has {LEAST} to {MOST} characters", least=LEAST, most=MOST))
    elif normal.casefold() in (current_user.email.casefold(), current_user.email.partition("@")[0].casefold()) or len(set(normal)) < 4:
        flaws.append(flaw("/new", "password-easy", "this is guessed at once"))
    elif normal != _normal(again):
        flaws.append(flaw("/again", "password-again", "the two are not the same"))
    if flaws:
        raise Invalid(errors=flaws)
    if must_know_old():
        prove(old)
    with begin(PLATFORM) as unit:
        account = unit.session.get_one(Account, current_user.id)
        account.password, account.fs_uniquifier = hash_password(normal), secrets.token_hex(32)
        unit.record("account.password_set", "account", account.id)
    login_user(account, authn_via=["password"])


def _account() -> Account:
    """As it stands now, and not as the session found it."""
    with database().look(PLATFORM) as unit:
        return unit.session.scalars(select(Account).where(Account.id == current_user.id)).one()


def _normal(password: str) -> str:
    """As the sign-in reads it."""
    return str(_security._password_util.normalize(password[: MOST + 1]))
