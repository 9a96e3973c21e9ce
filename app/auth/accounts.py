"""Signing in: Flask-Security-Too over our own accounts.

Its datastore works through a Unit of the platform, so that even here the only commit is the
unit's. Requests that never ask who is there never open one.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, g, redirect, url_for
from flask_security import Security, UserDatastore, login_user
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.auth import credentials, passwords
from app.auth.guards import open_door
from app.auth.models import Account
from app.doors import begin, database
from kernel.unit import PLATFORM, Unit

HOMES = {
    "supplier": "portal.home",
    "plant": "board.home",
    "quality": "desk.home",
    "brand_admin": "desk.home",
    "platform": "security.login",
}


class AccountStore(UserDatastore):  # type: ignore[misc]
    """What Flask-Security-Too asks of a store, over ``Account``. Roles are words on the account."""

    def __init__(self) -> None:
        super().__init__(Account, None)

    def find_user(self, case_insensitive: bool = False, **given: Any) -> Account | None:
        ((name, value),) = given.items()
        column = getattr(Account, name)
        match = func.lower(column) == str(value).lower() if case_insensitive else column == value
        with database().look(PLATFORM) as unit:
            return unit.session.scalar(select(Account).where(match))

    def find_role(self, role: str) -> None:
        return None

    def put(self, model: Account) -> Account:
        unit: Unit | None = g.get("account_unit")
        if unit is None:
            unit = g.account_unit = database().begin(PLATFORM)
        merged = unit.session.merge(model)
        unit.record("account.changed", "account", merged.id)
        return merged

    def commit(self) -> None:
        unit: Unit | None = g.pop("account_unit", None)
        if unit is not None:
            with unit:
                pass


def _let_go(error: BaseException | None) -> None:
    unit: Unit | None = g.pop("account_unit", None)
    if unit is not None:
        unit.__exit__(RuntimeError, error, None)


def install(app: Flask) -> None:
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 (the name of an algorithm)
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=True,
        # OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
        SECURITY_PASSWORD_HASH_OPTIONS={"argon2__time_cost": 2, "argon2__memory_cost": 19456, "argon2__parallelism": 1},
        SECURITY_CSRF_PROTECT_MECHANISMS=["session", "basic"],
        SECURITY_REGISTERABLE=False,
        SECURITY_RECOVERABLE=False,
        SECURITY_CHANGEABLE=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_LOGIN_USER_TEMPLATE="login.html",
        SECURITY_POST_LOGIN_VIEW="/home",
        SECURITY_POST_LOGOUT_VIEW="/login",
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_I18N_DIRNAME=["builtin"],
    )
    Security(app, AccountStore(), register_blueprint=True)
    app.teardown_request(_let_go)
    app.register_blueprint(bp)


bp = Blueprint("account", __name__)


@bp.get("/once/<token>")
@open_door
def once(token: str) -> Response:
    """Sign in by a one-time link; a used or unknown one leads to the ordinary sign-in page."""
    with begin(PLATFORM) as unit:
        account = credentials.use_link(unit, token)
    if account is None:
        return redirect(url_for("security.login"))  # type: ignore[return-value]
    login_user(account, authn_via=["once"])
    passwords.by_link()
    return redirect(url_for(HOMES[account.role]))  # type: ignore[return-value]


@bp.get("/home")
@open_door
def home() -> Response:
    """Where this account belongs."""
    from flask_security import current_user

    endpoint = HOMES.get(getattr(current_user, "role", ""), "security.login")
    return redirect(url_for(endpoint))  # type: ignore[return-value]
