"""What the tests of members share: the letters in the post, a code read from one, a person who joins."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from kernel.unit import VISITOR, Unit
from members import identity
from members.facts import CodeAsked
from tests.conftest import House

PHONE = "13812345678"
E164 = "+8613812345678"


def letters(house: House) -> list[dict[str, Any]]:
    """All that the post has taken, oldest first."""
    path = Path(house.settings.home) / "post.log"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def at_the_door(house: House, now: datetime | None = None) -> Unit:
    """A unit of somebody unknown who stands in the test brand."""
    unit = house.database.begin(VISITOR, now=now or house.now)
    unit.enter(house.brand_id)
    return unit


def ask(house: House, phone: str = PHONE, *, now: datetime | None = None, language: str = "zh") -> tuple[str, str]:
    """Ask for a code and read it from the letter: (challenge id, code)."""
    with at_the_door(house, now) as unit:
        challenge_id = identity.ask_code(unit, phone=phone, language=language)
    with house.begin("system", now=now) as unit:
        identity.on_code_asked(unit, CodeAsked(challenge_id), identity.post_code(unit, CodeAsked(challenge_id)))
    found = re.search(r"\b\d{6}\b", letters(house)[-1]["text"])
    assert found
    return challenge_id, found[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def join(house: House, phone: str = PHONE, *, now: datetime | None = None, marketing: bool = False, **more: Any) -> Any:
    """A person joins, or comes back, by the whole way."""
    from members import enrolment

    challenge_id, code = ask(house, phone, now=now)
    with at_the_door(house, now) as unit:
        return enrolment.join(
            unit,
            challenge_id=challenge_id,
            code=code,
            consents={"membership": True, "marketing": marketing},
            language="zh-CN",
            surface="scan",
            **more,
        )
