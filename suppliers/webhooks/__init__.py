"""Webhooks: other systems hear of papers as things happen (Standard Webhooks: who it is from can be proven).

events      what there is to hear of *
signature   secrets and signatures *
addresses   who wants to hear: added, given a new secret, ended, listed
sending     one event on its way to one address: kept, sent, tried again, given up, sent once more
hearing     from the facts of this package to events
"""

from suppliers.webhooks.addresses import AddressEnded, TooManyAddresses, add, addresses, end, get, rewrap, rotate
from suppliers.webhooks.events import EVENTS
from suppliers.webhooks.hearing import (
    on_message_said,
    on_paper_read,
    on_paper_uploaded,
    on_reminder_written,
    on_requirement_changed,
    on_standing_changed,
)
from suppliers.webhooks.sending import StillOnItsWay, deliveries, on_webhook_due, ping, post, resend, tell_all

__all__ = [
    "EVENTS",
    "AddressEnded",
    "StillOnItsWay",
    "TooManyAddresses",
    "add",
    "addresses",
    "deliveries",
    "end",
    "get",
    "on_message_said",
    "on_paper_read",
    "on_paper_uploaded",
    "on_reminder_written",
    "on_requirement_changed",
    "on_standing_changed",
    "on_webhook_due",
    "ping",
    "post",
    "resend",
    "rewrap",
    "rotate",
    "tell_all",
]
