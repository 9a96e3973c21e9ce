"""Shapes of the doors that tell: webhooks, messages, renewals."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from app.api.shapes import Ident, In, Out
from app.api.shapes_codes import PageIn
from suppliers.webhooks import EVENTS

Event = Literal[tuple(EVENTS)]  # type: ignore[valid-type]
Language = Literal["zh", "en"]


class WebhookIn(In):
    """``events``: what to hear of; left out, everything."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
    events: list[Event] = Field(default_factory=list, max_length=len(EVENTS))


class WebhookOut(Out):
    id: str
    name: str
    url: str
    events: list[str]
    created_at: datetime
    ended_at: datetime | None


class NewWebhookOut(WebhookOut):
    """``secret``: shown now and never again; each message is signed with it (Standard Webhooks)."""

    secret: str


class SecretOut(Out):
    """``secret``: shown now and never again."""

    secret: str


class DeliveryOut(Out):
    """``state``: waiting, sent or failed. ``status``: of HTTP, what was answered last."""

    id: str
    event: str
    body: dict[str, Any]
    state: str
    attempts: int
    status: int | None
    failure: str | None
    at: datetime
    tried_at: datetime | None


class MessageIn(In):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    certificate_id: Ident | None = None
    by_name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)] = ""


class ThreadIn(PageIn):
    certificate_id: Ident | None = None


class MessageOut(Out):
    id: str
    certificate_id: str | None
    from_supplier: bool
    text: str
    at: datetime
    by_name: str
    read_at: datetime | None


class ReadIn(In):
    """``until``: the last message that was seen; left out, all."""

    until: Ident | None = None


class ReadOut(Out):
    read: int


class CalendarIn(In):
    language: Language = "zh"


class StepOut(Out):
    """``statutory``: the law or the scheme sets this day; ``opens``: from then on a renewal can be applied for, else until then;
    ``provisional``: a calendar that is not announced yet may move it."""

    name: str
    on: date
    statutory: bool
    opens: bool
    provisional: bool
    reminded: bool


class RenewalOut(Out):
    certificate_id: str
    kind: str
    number: str
    valid_until: date
    standing: str
    due: StepOut | None
    steps: list[StepOut]
