"""How often one address may knock where guessing would pay.

Two measures. ``RULES``: one table of doors; a door that is not in it costs nothing. ``Guessers``:
who is shown too many codes that are not ours gets no more answers for a while, so that nobody finds
serials by trying. Both are counted by the library ``limits`` in memory or in Redis (LIMITS_URL).
"""

from __future__ import annotations

import time
from functools import lru_cache
from hashlib import sha256
from ipaddress import IPv6Address, ip_address
from math import ceil
from typing import Final

import structlog
from flask import Flask, request
from limits import RateLimitItem, RateLimitItemPerMinute, parse_many
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from app.config import Settings
from kernel.errors import TooMany

log = structlog.get_logger(__name__)

RULES: dict[tuple[str, str], str] = {
    ("POST", "security.login"): "10 per 5 minutes",
    ("GET", "account.once"): "20 per minute",
    ("POST", "member.join"): "10 per minute; 100 per day",
    ("POST", "member.code"): "20 per minute",
    ("POST", "reports.tell"): "5 per hour",
    ("POST", "portal_people.invite"): "20 per hour",
}
SIGN_IN: Final = "30 per 15 minutes"
"""Passwords tried for one account at the sign-in page, from whatever addresses. A one-time link goes on working."""
BY_KEY: Final = {"api_scans": "600 per minute", "epcis": "6000 per minute"}
"""Blueprint → how often. Their clients are told apart by their key and not by their address: many ask through one partner."""

MOST_UNKNOWN: Final = "20 per 10 minutes"
"""Unknown codes one network may be shown. Whoever scans real goods meets hardly any, however many sit behind one address."""
MOST_TRIES: Final = "5 per 15 minutes"
"""Wrong passwords at a signature, for one account."""
BUSY: Final = RateLimitItemPerMinute(600)
"""Unknown codes that all networks together may be shown before each of them counts for more: a search spread over many."""
FEW: Final = 3
"""While it is busy, a network with so many unknown codes waits, as if it had used up its twenty."""
PAUSE: Final = 60
"""Seconds it then waits."""
KEPT: Final = 10_000


class KnockedTooOften(TooMany):
    """Too many attempts from one address. Wait as long as Retry-After says."""

    code = "knocked-too-often"
    title = "Too many attempts"


def install(app: Flask, settings: Settings) -> None:
    limiter = MovingWindowRateLimiter(storage_from_string(settings.limits_url))
    rules: dict[tuple[str, str], list[RateLimitItem]] = {door: parse_many(rule) for door, rule in RULES.items()}
    by_key = {name: parse_many(rule) for name, rule in BY_KEY.items()}
    (sign_in,) = parse_many(SIGN_IN)
    app.extensions["suyuan.guessers"] = Guessers(settings.limits_url)
    app.extensions["suyuan.tries"] = Tries(settings.limits_url)

    @app.before_request
    def _count() -> None:
        endpoint, who = request.endpoint or "", request.remote_addr or ""
        found = rules.get((request.method, endpoint), ())
        key = request.headers.get("X-API-Key")
        face = next((name for name in request.blueprints if name in by_key), None)
        if key and face:  # the whole key, so that nobody uses up another's share by its beginning
            found, endpoint, who = by_key[face], face, sha256(key.encode()).hexdigest()[:16]
        asked = [(rule, endpoint, who) for rule in found]
        if (request.method, endpoint) == ("POST", "security.login"):
            asked.append((sign_in, "account", sha256(request.form.get("email", "").strip().casefold().encode()).hexdigest()[:16]))
        for rule, *names in asked:
            if not limiter.hit(rule, *names):
                reset = limiter.get_window_stats(rule, *names).reset_time
                raise KnockedTooOften(retry_after=max(1, int(reset - time.time())))


@lru_cache(maxsize=65536)
def network(address: str) -> str:
    """The network of an address, as far as one person can be taken to have it: the first 24 bits of an
    IPv4 address, the first 48 of an IPv6 one; what is no address stands for itself."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return f"{IPv6Address(int(parsed) >> 80 << 80)}/48"
    plain = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else parsed
    return f"{str(plain).rpartition('.')[0]}.0/24"


class Tries:
    """Passwords that are tried: each counts for its account before it is looked at, whatever the address; the right one wipes the slate."""

    def __init__(self, limits_url: str = "memory://", *, most: str = MOST_TRIES) -> None:
        self._limiter = MovingWindowRateLimiter(storage_from_string(limits_url))
        (self._rule,) = parse_many(most)

    def take(self, account_id: str) -> int:
        """Count one try of this account; seconds until it may try again, 0 when it may now. Many at once are counted one by one."""
        if self._limiter.hit(self._rule, "password", account_id):
            return 0
        return max(1, ceil(self._limiter.get_window_stats(self._rule, "password", account_id).reset_time - time.time()))

    def forget(self, account_id: str) -> None:
        """This account was given the right password."""
        self._limiter.clear(self._rule, "password", account_id)


class Guessers:
    """Networks that were shown too many unknown codes.

    Ask ``blocked`` before a code is looked at and tell ``guessed`` after an answer that said "not one of
    ours". A blocked client gets the same refusal for every code, real or not, so that being blocked tells
    nothing about a code. Known codes never count: a family, an office or a shop behind one address may
    scan as much as it likes. Who is blocked is kept in this process; others that share a Redis hear of it
    at that client's next unknown code. Without its Redis a scan is answered all the same.
    """

    def __init__(self, limits_url: str = "memory://", *, most: str = MOST_UNKNOWN, busy: RateLimitItem = BUSY) -> None:
        self._limiter = MovingWindowRateLimiter(storage_from_string(limits_url, wrap_exceptions=True))
        (self._rule,) = parse_many(most)
        self._busy = busy
        self._until: dict[str, float] = {}

    def blocked(self, address: str) -> int:
        """Seconds this client still has to wait; 0 when it may ask. About a microsecond, and no look outside this process."""
        if not self._until:
            return 0
        until = self._until.get(network(address))
        if until is None:
            return 0
        left = until - time.time()
        return ceil(left) if left > 0 else 0

    def guessed(self, address: str) -> None:
        """This client was just told that a code is not one of ours."""
        client = network(address)
        if not client:
            return  # nobody can be told apart, so nobody may be blamed
        try:
            self._count(client)
        except StorageError as error:
            log.warning("limits.unreachable", error=str(error))

    def _count(self, client: str) -> None:
        self._limiter.hit(self._rule, "unknown", client)
        is_calm = self._limiter.hit(self._busy, "unknown", "all")
        reset, left = self._limiter.get_window_stats(self._rule, "unknown", client)
        if left <= 0:
            self._block(client, reset)
        elif not is_calm and self._rule.amount - left >= FEW:
            self._block(client, time.time() + PAUSE)

    def _block(self, client: str, until: float) -> None:
        if len(self._until) >= KEPT:
            now = time.time()
            self._until = {each: end for each, end in self._until.items() if end > now}
        self._until[client] = max(until, self._until.get(client, 0.0))
