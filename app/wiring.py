"""Who reacts to what, and what runs by the clock. Two tables, no logic.

Water falls (an import may only fall) and this table lifts it: a room below tells a fact, and
only here is it said which rooms above, beside or below hear of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.auth import colleagues
from app.auth.facts import ColleagueInvited
from app.database import keep_statistics
from kernel import outbox
from kernel.facts import Fact
from members import identity
from members import recalls as member_recalls
from members.facts import CodeAsked, NoticeWritten
from monitoring import baselines, detection, impact
from monitoring.facts import AlertOpened, ReadingsArrived
from suppliers import certificates, messages, reminders, webhooks
from suppliers.facts import (
    CertificateSubmitted,
    MessageSaid,
    PaperRead,
    PaperUploaded,
    ReminderWritten,
    RequirementChanged,
    StandingChanged,
    StatusListsDue,
    SupplierChanged,
    TrustChanged,
    WebhookDue,
)
from traceability import cases, clone_models, clones, diversion, guessing, intake, link_checks, printing, rolls, spreading
from traceability.events import delivering, jobs
from traceability.facts import (
    CaptureAsked,
    CaseOpened,
    CopySuspected,
    EventsCaptured,
    EventsRecorded,
    LinksDue,
    LotHeld,
    LotsRecalled,
    PrintAsked,
    ScanModelDue,
    SubscriptionDue,
)


@dataclass(frozen=True)
class Reaction:
    """``act(unit, fact)`` in one transaction with the settling of its delivery. Slow work goes
    into ``before(unit, fact) -> prepared``: it runs first, in a unit that only reads and holds
    no lock, may run again after a crash, and hands what it made to ``act(unit, fact, prepared)``."""

    act: Callable[..., Any]
    before: Callable[..., Any] | None = None

    @property
    def name(self) -> str:
        return f"{self.act.__module__}.{self.act.__name__}"


REACTIONS: dict[type[Fact], tuple[Reaction, ...]] = {
    PrintAsked: (Reaction(printing.on_print_asked, before=printing.render),),
    CertificateSubmitted: (Reaction(certificates.on_certificate_submitted, before=certificates.inspect),),
    StandingChanged: (
        Reaction(intake.on_standing_changed),
        Reaction(webhooks.on_standing_changed),
        Reaction(reminders.verdicts.on_standing_changed, before=reminders.verdicts.post_letter),
    ),
    PaperUploaded: (
        Reaction(certificates.uploads.on_paper_uploaded, before=certificates.uploads.read),
        Reaction(webhooks.on_paper_uploaded),
    ),
    SupplierChanged: (Reaction(certificates.on_supplier_changed),),
    TrustChanged: (Reaction(certificates.on_trust_changed),),
    StatusListsDue: (Reaction(certificates.status_lists.on_status_lists_due, before=certificates.status_lists.fetch),),
    PaperRead: (Reaction(webhooks.on_paper_read),),
    RequirementChanged: (Reaction(webhooks.on_requirement_changed),),
    ReminderWritten: (Reaction(reminders.on_reminder_written, before=reminders.post_letter), Reaction(webhooks.on_reminder_written)),
    MessageSaid: (Reaction(messages.on_message_said, before=messages.post_letter), Reaction(webhooks.on_message_said)),
    WebhookDue: (Reaction(webhooks.on_webhook_due, before=webhooks.post),),
    ColleagueInvited: (Reaction(colleagues.on_colleague_invited, before=colleagues.post_invitation),),
    ReadingsArrived: (Reaction(detection.on_readings_arrived),),
    AlertOpened: (Reaction(impact.on_alert_opened),),
    CaptureAsked: (Reaction(jobs.on_capture_asked, before=jobs.read),),
    LinksDue: (Reaction(link_checks.on_links_due, before=link_checks.fetch),),
    CopySuspected: (Reaction(clones.on_copy_suspected),),
    ScanModelDue: (Reaction(clone_models.on_scan_model_due, before=clone_models.fitted),),
    EventsCaptured: (Reaction(spreading.on_events_captured), Reaction(delivering.on_events_captured, before=delivering.judge)),
    EventsRecorded: (Reaction(delivering.on_events_recorded, before=delivering.judge),),
    SubscriptionDue: (Reaction(delivering.on_subscription_due, before=delivering.post),),
    LotsRecalled: (Reaction(member_recalls.on_lots_recalled),),
    CodeAsked: (Reaction(identity.on_code_asked, before=identity.post_code),),
    NoticeWritten: (Reaction(member_recalls.on_notice_written, before=member_recalls.post_notice),),
}

UNHEARD: dict[type[Fact], str] = {
    CaseOpened: "the fraud desk lists the case itself; webhooks to other systems will hear it",
    LotHeld: "the scan page reads the lot's standing itself; webhooks to other systems will hear it",
}
"""Facts that nobody reacts to yet, each with its reason."""


@dataclass(frozen=True)
class Chore:
    """``act(unit)`` once for every brand, every so many seconds or daily at an hour (TIMEZONE); once for the
    whole ``platform`` when it says so. What reads much does so in ``before(unit) -> prepared``, in a unit that only
    reads and holds no lock, and hands what it made to ``act(unit, prepared)``."""

    act: Callable[..., Any]
    every: float | None = None
    daily_at: int | None = None
    before: Callable[..., Any] | None = None
    platform: bool = False


CHORES: dict[str, Chore] = {
    "lapse papers": Chore(certificates.lapse_due, every=60),
    "ask papers again": Chore(certificates.ask_again, every=5),
    "ask status lists": Chore(certificates.status_lists.due, every=20),
    "remind of papers": Chore(reminders.remind, before=reminders.ripe, daily_at=8),
    "notice silence": Chore(detection.watch_silence, every=15),
    "notice guessing": Chore(cases.suspect_each, before=guessing.watch, every=60),
    "notice diversion": Chore(cases.suspect_each, before=diversion.watch, every=300),
    "reach new lots": Chore(impact.keep_up, every=5),
    "forget old codes": Chore(identity.forget_old, every=3600),
    "tell subscribers": Chore(delivering.due, every=5),
    "check links": Chore(link_checks.due, daily_at=4),
    "refit baselines": Chore(baselines.refit, daily_at=3),
    "refit models of scans": Chore(clone_models.refit, before=clone_models.ripe, daily_at=2),
    "watch rolls": Chore(cases.suspect_each, before=rolls.watch, daily_at=5),
    "keep statistics": Chore(keep_statistics, every=3600, platform=True),
    "forget told facts": Chore(lambda unit: outbox.forget(unit.session, before=unit.now - outbox.KEPT), daily_at=1, platform=True),
}

FACTS: dict[str, type[Fact]] = {fact.name(): fact for fact in (*REACTIONS, *UNHEARD)}
BY_NAME: dict[str, Reaction] = {reaction.name: reaction for row in REACTIONS.values() for reaction in row}


def reaction_names(fact_name: str) -> Iterable[str]:
    """The names of the reactions to a fact, in the order of the table."""
    return [reaction.name for reaction in REACTIONS.get(FACTS[fact_name], ())]
