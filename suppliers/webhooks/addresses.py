"""Addresses of other systems that want to hear of papers: added with a secret that is shown once, given a new one, and ended.

Knows nothing of how events get there. An address must be https; that it leads to no machine of our own network is
seen when it is asked, each time anew (the port ``web``), because a name may lead elsewhere tomorrow.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from kernel.errors import Conflict, Missing, Refused
from kernel.given import Given
from kernel.unit import Unit
from suppliers.models import Webhook
from suppliers.webhooks import signature
from suppliers.webhooks.events import EVENTS

KEEPERS: Final = ("brand_admin", "machine", "system")
PURPOSE: Final = "webhook"
"""Of the keyring: what locks a secret."""
MOST: Final = 20
"""Living addresses of one brand: every event goes to each of them."""
LONGEST: Final = 400
OVERLAP: Final = timedelta(hours=24)
"""So long the secret before the present one signs as well, so that the other side can change it without losing anything."""
_ADDRESS: Final = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?P<port>:[0-9]{1,5})?(?P<rest>[/?][!\x22$-~]*)?")
_HEAD: Final = re.compile(r"[A-Za-z]+://[^/?#]*")


class TooManyAddresses(Conflict):
    """A brand's events go to twenty addresses at most. End one that nobody listens at any more."""

    code = "too-many-webhooks"
    title = "Too many webhooks"


class AddressEnded(Conflict):
    """This address was ended, so nothing is sent to it any more. Add it anew."""

    code = "webhook-ended"
    title = "This webhook was ended"


def add(unit: Unit, *, name: str, url: str, events: Sequence[str] = ()) -> tuple[Webhook, str]:
    """Let another system hear of these events, or of all when none is named. The secret (``whsec_…``) is shown now and never
    again. Raises Invalid, Refused, TooManyAddresses."""
    by_a_keeper(unit)
    given = Given()
    name = given.text("/name", name, 80)
    url = _address(unit, given, url)
    for place, event in enumerate(events):
        given.choice(f"/events/{place}", event, tuple(EVENTS))
    given.done()
    if (unit.session.scalar(select(func.count()).select_from(Webhook).where(Webhook.ended_at.is_(None))) or 0) >= MOST:
        raise TooManyAddresses(f"at most {MOST} addresses", most=MOST)
    secret = secrets.token_bytes(signature.SIZE)
    row = Webhook(
        id=unit.new_id(),
        name=name,
        url=url,
        events=list(dict.fromkeys(events)),
        secret=unit.outside.keys.lock(PURPOSE, secret),
        created_at=unit.now,
        created_by=unit.actor.id,
    )
    unit.session.add(row)
    unit.session.flush()
    unit.record("webhook.added", "webhook", row.id, events=row.events)
    return row, signature.written(secret)


def rotate(unit: Unit, *, webhook_id: str) -> str:
    """Give this address a new secret (``whsec_…``), shown now and never again. It signs from now on, and the one before for another
    24 hours beside it; one before that not any more, so whoever lost a secret changes it twice. Raises Missing, Refused,
    AddressEnded."""
    row = living(unit, webhook_id, locked=True)
    secret = secrets.token_bytes(signature.SIZE)
    row.secret_before, row.rotated_at = row.secret, unit.now
    row.secret = unit.outside.keys.lock(PURPOSE, secret)
    unit.record("webhook.secret_changed", "webhook", row.id)
    return signature.written(secret)


def end(unit: Unit, *, webhook_id: str) -> Webhook:
    """Tell this address nothing more; what is on its way is dropped. Its log stays. Ending it twice changes nothing."""
    by_a_keeper(unit)
    row = get(unit, webhook_id)
    if row.ended_at is None:
        row.ended_at = unit.now
        unit.record("webhook.ended", "webhook", row.id)
    return row


def get(unit: Unit, id: str) -> Webhook:
    """An address, also one that was ended. Raises Missing, and Refused to whom they are no business of."""
    _by_the_house(unit)
    row = unit.session.get(Webhook, id) if isinstance(id, str) else None
    if row is None:
        raise Missing("no such webhook")
    return row


def addresses(unit: Unit, *, ended: bool = False) -> list[Webhook]:
    """Living addresses, oldest first; with those that were ended when asked so."""
    _by_the_house(unit)
    query = select(Webhook).order_by(Webhook.id)
    return list(unit.session.scalars(query if ended else query.where(Webhook.ended_at.is_(None))))


def living(unit: Unit, id: str, *, locked: bool = False) -> Webhook:
    """The address, which only its keepers use and which was not ended. Raises Missing, Refused, AddressEnded."""
    row = get(unit, id)
    by_a_keeper(unit)
    if locked:
        unit.session.flush()
        unit.session.refresh(row, with_for_update=True)
    if row.ended_at is not None:
        raise AddressEnded("this address was ended")
    return row


def secrets_of(unit: Unit, row: Webhook) -> list[bytes]:
    """What this address and we alone know: the present secret, and the one before while that counts as well."""
    known = [row.secret]
    if row.secret_before is not None and row.rotated_at is not None and unit.now < row.rotated_at + OVERLAP:
        known.append(row.secret_before)
    return [unit.outside.keys.unlock(PURPOSE, each) for each in known]


def rewrap(unit: Unit) -> int:
    """Lock every secret under the present root key; how many lay under another one. Those that sign no more are forgotten."""
    moved = 0
    for row in unit.session.scalars(select(Webhook).with_for_update()):
        fresh = unit.outside.keys.relock(PURPOSE, row.secret)
        moved += fresh != row.secret
        row.secret = fresh
        if row.secret_before is not None:
            counts = row.rotated_at is not None and unit.now < row.rotated_at + OVERLAP
            before = unit.outside.keys.relock(PURPOSE, row.secret_before) if counts else None
            moved += before not in (None, row.secret_before)
            row.secret_before = before
    return moved


def by_a_keeper(unit: Unit) -> None:
    """Raises Refused for whoever may look at webhooks but not change them."""
    if unit.actor.kind not in KEEPERS:
        raise Refused("only a brand admin or a machine with a key keeps webhooks")


def _by_the_house(unit: Unit) -> None:
    if unit.actor.kind in ("supplier", "visitor", "member"):
        raise Refused("webhooks are the brand's own")


def _address(unit: Unit, given: Given, url: object) -> str:
    """Where to tell it: https, or http too where this house itself is only there by http. Names no user and no fragment."""
    text = _HEAD.sub(lambda head: head[0].lower(), url.strip(), count=1) if isinstance(url, str) else ""
    found = _ADDRESS.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        given.wrong("/url", "url", f"must be an https address of at most {LONGEST} characters", most=LONGEST)
    elif found["scheme"] == "http" and unit.outside.public_url.startswith("https:"):
        given.wrong("/url", "href-https", "must be an https address")
    return text
