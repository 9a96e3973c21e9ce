"""Deny first: a door opens only to those its guard names, and a door without a guard to nobody.

A guard is a mark on the view; one hook before every request reads it. tests/house walks over
all routes and finds any that has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask, g, redirect, request, url_for
from flask_security import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from app.auth import credentials
from app.auth.models import ROLES
from app.doors import database
from kernel.errors import Refused, Trouble
from kernel.unit import PLATFORM, VISITOR, Actor

View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()


class NotSignedIn(Refused):
    """Sign in first, or send a valid key in the X-API-Key header."""

    code = "not-signed-in"
    title = "Sign in first"


class KeyLacksScope(Refused):
    """The key is valid but was not made for this."""

    code = "key-lacks-scope"
    title = "This key may not do that"


class NotYourDoor(Refused):
    """Your role does not include this page. A brand admin can change roles."""

    code = "not-your-door"
    title = "Not part of your role"


class Unguarded(Trouble):
    """A route was added without saying who may use it, so nobody may."""

    code = "unguarded"
    title = "This door has no guard"


@dataclass(frozen=True)
class Guard:
    kind: str
    """open (anybody), staff (a role) or machine (a scope)."""
    allows: frozenset[str] = field(default_factory=frozenset)
    csrf: bool = True
    """Whether a form needs the session's token."""


EXTENSIONS = {
    "static": Guard("open"),
    "security.login": Guard("open"),
    "security.logout": Guard("open"),
    "security.static": Guard("open"),
    "security.verify": Guard("staff", frozenset(ROLES)),
    "openapi.spec": Guard("open"),
}
"""Doors that extensions bring along."""


def open_door(view: View) -> View:
    """Anybody: consumers, health probes, the sign-in page."""
    view.guard = Guard("open")  # type: ignore[attr-defined]
    return view


def ticket_door(view: View) -> View:
    """Anybody who brings a ticket that we signed; it stands in for the session's token, so that the
    page it comes from can do without a cookie."""
    view.guard = Guard("open", csrf=False)  # type: ignore[attr-defined]
    return view


def staff(*roles: str) -> Callable[[View], View]:
    """Signed-in people of these roles."""

    def mark(view: View) -> View:
        view.guard = Guard("staff", frozenset(roles))  # type: ignore[attr-defined]
        return view

    return mark


def machine(scope: str) -> Callable[[View], View]:
    """Machines whose key has this scope."""

    def mark(view: View) -> View:
        view.guard = Guard("machine", frozenset({scope}))  # type: ignore[attr-defined]
        return view

    return mark


def guard_of(app: Flask, endpoint: str) -> Guard | None:
    if endpoint in EXTENSIONS:
        return EXTENSIONS[endpoint]
    return getattr(app.view_functions[endpoint], "guard", None)


def enforce(app: Flask) -> None:
    """Install the one hook that stands before every door."""

    @app.before_request
    def _guard() -> Response | None:
        if request.endpoint is None:
            return None
        guard = guard_of(app, request.endpoint)
        if guard is None:
            raise Unguarded(f"{request.endpoint} has no guard")
        if guard.kind == "machine":
            g.actor = _machine(guard)
            return None
        if guard.csrf and request.method not in ("GET", "HEAD", "OPTIONS"):
            csrf.protect()
        if guard.kind == "open":
            g.actor = VISITOR
            return None
        if not current_user.is_authenticated:
            if request.accept_mimetypes.accept_html and request.method == "GET":
                return redirect(url_for("security.login", next=request.full_path))  # type: ignore[return-value]
            raise NotSignedIn("no session")
        if current_user.role not in guard.allows:
            raise NotYourDoor("role not allowed here", role=current_user.role)
        g.actor = actor_of(current_user)
        return None


def actor_of(account: Any) -> Actor:
    """The actor that a signed-in account is."""
    if account.role == "platform":
        return PLATFORM
    return Actor(account.role, account.id, account.brand_id, account.supplier_id)


def _machine(guard: Guard) -> Actor:
    return machine_actor(request.headers.get("X-API-Key", ""), guard.allows)


def machine_actor(given: str, scopes: frozenset[str]) -> Actor:
    """The actor behind a key with one of these scopes; used by the HTTP and the MQTT door."""
    with database().look(PLATFORM) as unit:
        key = credentials.find_key(unit, given)
    if key is None:
        raise NotSignedIn("no valid key in X-API-Key")
    if not scopes & set(key.scopes):
        raise KeyLacksScope("the key lacks the scope", scope=", ".join(sorted(scopes)))
    return Actor("device" if key.scopes == ["telemetry"] else "machine", key.id, key.brand_id)
