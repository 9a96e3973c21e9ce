"""How often one address may knock where guessing would pay.

One table; a door that is not in it costs nothing. Counted by the library ``limits`` in memory
or in Redis (LIMITS_URL).
"""

from __future__ import annotations

import time

from flask import Flask, request
from limits import RateLimitItem, parse_many
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from app.config import Settings
from kernel.errors import TooMany

RULES: dict[tuple[str, str], str] = {
    ("POST", "security.login"): "10 per 5 minutes",
    ("GET", "account.once"): "20 per minute",
    ("POST", "member.join"): "10 per minute; 100 per day",
    ("POST", "member.code"): "20 per minute",
}


class KnockedTooOften(TooMany):
    """Too many attempts from one address. Wait as long as Retry-After says."""

    code = "knocked-too-often"
    title = "Too many attempts"


def install(app: Flask, settings: Settings) -> None:
    limiter = MovingWindowRateLimiter(storage_from_string(settings.limits_url))
    rules: dict[tuple[str, str], list[RateLimitItem]] = {door: parse_many(rule) for door, rule in RULES.items()}

    @app.before_request
    def _count() -> None:
        endpoint = request.endpoint or ""
        for rule in rules.get((request.method, endpoint), ()):
            if not limiter.hit(rule, endpoint, request.remote_addr or ""):
                reset = limiter.get_window_stats(rule, endpoint, request.remote_addr or "").reset_time
                raise KnockedTooOften(retry_after=max(1, int(reset - time.time())))
