"""Documents, single events, and the other answers of an EPCIS repository in the XML binding. Pure.

Source: EPCIS 2.0 §9.5 with EPCglobal-epcis-2_0.xsd and EPCglobal-epcis-query-2_0.xsd; §8.2 (REST: capture jobs,
problems). What is written as an EPCISDocument passes that schema as far as the events themselves can.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from traceability.events.documents.document import Told
from traceability.events.documents.xml import fields, writing
from traceability.events.documents.xml.values import in_attribute, in_text

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_JOB: Final = ("captureErrorBehaviour", "createdAt", "finishedAt")
_PROBLEM: Final = ("type", "title", "status", "detail", "instance")


def document(events: Iterable[Told], *, creation_date: str, urns: bool = False) -> bytes:
    """An EPCISDocument. ``creation_date`` as xsd:dateTime; ``urns`` spells words of the CBV as URNs."""
    listed = "".join(writing.event(told, urns=urns) for told in events)
    return _rooted("epcis:EPCISDocument", creation_date, f"<EventList>{listed}</EventList>")


def query_document(
    events: Iterable[Told], query_name: str, subscription_id: str | None = None, *, creation_date: str, urns: bool = False
) -> bytes:
    """An EPCISQueryDocument: the answer of a query, named; with ``subscription_id`` the delivery of a subscription."""
    listed = "".join(writing.event(told, urns=urns) for told in events)
    of_whom = f"<subscriptionID>{in_text(subscription_id)}</subscriptionID>" if subscription_id is not None else ""
    body = f"<queryName>{in_text(query_name)}</queryName>{of_whom}<resultsBody><EventList>{listed}</EventList></resultsBody>"
    return _rooted("epcisq:EPCISQueryDocument", creation_date, f"<epcisq:QueryResults>{body}</epcisq:QueryResults>")


def event(told: Told, *, urns: bool = False) -> bytes:
    """One event as a document of its own."""
    return (_HEAD + writing.event(told, urns=urns).removeprefix("<extension>").removesuffix("</extension>")).encode()


def capture_job(job: Mapping[str, Any]) -> bytes:
    """An EPCISCaptureJob of its JSON: captureID, running, success, captureErrorBehaviour, createdAt, finishedAt?, errors?."""
    given = "".join(f' {name}="{in_attribute(job[name])}"' for name in ("running", "success", "captureID"))
    inner = _texts(job, _JOB)
    errors = job.get("errors")
    if errors:
        inner += f"<errors>{''.join(f'<error>{_texts(one, _PROBLEM)}</error>' for one in errors)}</errors>"
    return f'{_HEAD}<epcis:EPCISCaptureJob xmlns:epcis="{fields.EPCIS}"{given}>{inner}</epcis:EPCISCaptureJob>'.encode()


def problem(told: Mapping[str, Any]) -> bytes:
    """An EPCISException of a problem (RFC 9457): type, title, status?, detail?, instance?; further members are left out."""
    return f'{_HEAD}<epcis:EPCISException xmlns:epcis="{fields.EPCIS}">{_texts(told, _PROBLEM)}</epcis:EPCISException>'.encode()


def collection(members: Iterable[str]) -> bytes:
    """A collection of names, such as the top-level resources; the standard has no schema for it."""
    listed = "".join(f"<member>{in_text(member)}</member>" for member in members)
    return f'{_HEAD}<epcis:Collection xmlns:epcis="{fields.EPCIS}">{listed}</epcis:Collection>'.encode()


def _rooted(name: str, creation_date: str, body: str) -> bytes:
    prefix, space = ("epcis", fields.EPCIS) if name.startswith("epcis:") else ("epcisq", fields.EPCIS_QUERY)
    given = f'xmlns:{prefix}="{space}" schemaVersion="2.0" creationDate="{in_attribute(creation_date)}"'
    return f"{_HEAD}<{name} {given}><EPCISBody>{body}</EPCISBody></{name}>\n".encode()


def _texts(holder: Mapping[str, Any], names: Iterable[str]) -> str:
    return "".join(f"<{name}>{in_text(holder[name])}</{name}>" for name in names if holder.get(name) is not None)
