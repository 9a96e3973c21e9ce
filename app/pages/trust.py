"""The trust list: whose papers this brand believes, and under which roots it believes signatures."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, Final

from cryptography import x509
from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth import people
from app.auth.guards import staff
from app.doors import begin, look
from app.pages.forms import NONE, Slips, line, refused, slips, uploaded
from app.pages.frame import page
from app.words import say
from kernel.errors import Invalid, Trouble, flaw
from suppliers import trust
from suppliers.requirements import KINDS

bp = Blueprint("trust", __name__, url_prefix="/desk/trust")
ISSUER: Final = ("name", "names", "uscc", "kinds", "hosts", "dids", "accreditation", "accredited_until")
ANCHOR: Final = ("anchor_name", "pem", "crl")
SM2: Final = "1.2.156.10197.1.501"
"""SM3 with SM2 (GB/T 33560): the algorithm under a Chinese root."""


@bp.get("")
@staff("quality", "brand_admin")
def every() -> Response:
    """Issuers and roots, those believed no more among them when asked; and the forms for new ones."""
    return _page(NONE, NONE)


@bp.post("/issuers")
@staff("quality", "brand_admin")
def add_issuer() -> Response:
    """Believe an issuer on some kinds of papers."""
    try:
        with begin() as unit:
            trust.add_issuer(
                unit,
                name=line("name"),
                names=_several("names"),
                uscc=line("uscc") or None,
                kinds=request.form.getlist("kinds"),
                hosts=_several("hosts"),
                dids=_several("dids"),
                accreditation=line("accreditation") or None,
                accredited_until=_day_or_none("accredited_until"),
            )
    except Trouble as trouble:
        return _page(slips(trouble, ISSUER), NONE)
    flash(_("已列入信任名单。以前核对过的资质，重新核对时按新名单看。"))
    return redirect(url_for("trust.every"), 303)


@bp.post("/issuers/<issuer_id>/end")
@staff("quality", "brand_admin")
def end_issuer(issuer_id: str) -> Response:
    """Believe it no more."""
    try:
        with begin() as unit:
            trust.end_issuer(unit, issuer_id=issuer_id)
    except Trouble as trouble:
        return refused(trouble, url_for("trust.every"))
    flash(_("已移出信任名单。"))
    return redirect(url_for("trust.every"), 303)


@bp.post("/anchors")
@staff("quality", "brand_admin")
def add_anchor() -> Response:
    """Believe signatures that lead to this root."""
    pem = uploaded("pem_file").decode("ascii", "replace") or line("pem")
    try:
        with begin() as unit:
            trust.add_anchor(unit, name=line("anchor_name"), pem=pem, crl=uploaded("crl") or None)
    except Trouble as trouble:
        for each in trouble.errors if isinstance(trouble, Invalid) else ():
            each["pointer"] = "/anchor_name" if each["pointer"] == "/name" else each["pointer"]
        return _page(NONE, slips(trouble, ANCHOR))
    flash(_("已加入这个根。"))
    return redirect(url_for("trust.every", _anchor="roots"), 303)


@bp.post("/anchors/<anchor_id>/end")
@staff("quality", "brand_admin")
def end_anchor(anchor_id: str) -> Response:
    """Believe signatures under this root no more."""
    try:
        with begin() as unit:
            trust.end_anchor(unit, anchor_id=anchor_id)
    except Trouble as trouble:
        return refused(trouble, url_for("trust.every"))
    flash(_("不再信任这个根。"))
    return redirect(url_for("trust.every", _anchor="roots"), 303)


def described(pem: str, crl: bytes | None) -> dict[str, Any]:
    """What a root says of itself: subject, last day, whether it is SM2, and until when its list of revoked ones is good.
    Empty where the library cannot read it; it was read once, or it would not be here."""
    told: dict[str, Any] = {}
    try:
        root = x509.load_pem_x509_certificate(pem.encode())
        told = {"subject": root.subject.rfc4514_string(), "until": root.not_valid_after_utc.date(), "sm2": False}
        told["sm2"] = root.signature_algorithm_oid.dotted_string == SM2
        told["over"] = root.not_valid_after_utc < datetime.now(UTC)
        if crl:
            told["next_list"] = x509.load_der_x509_crl(crl).next_update_utc
    except (ValueError, TypeError):
        return told
    return told


def _page(issuer: Slips, anchor: Slips) -> Response:
    with look() as unit:
        issuers, anchors = trust.issuers(unit, ended=True), trust.anchors(unit, ended=True)
        values: dict[str, Any] = {
            "issuers": [each for each in issuers if each.ended_at is None],
            "ended": [each for each in issuers if each.ended_at is not None],
            "anchors": [(each, described(each.pem, each.crl)) for each in anchors if each.ended_at is None],
            "ended_anchors": [each for each in anchors if each.ended_at is not None],
            "kinds": sorted(((code, say(f"paper.{code}")) for code in KINDS), key=lambda pair: pair[1]),
            "form": {name: line(name) for name in (*ISSUER, *ANCHOR)} if issuer.lines or anchor.lines else {},
            "chosen": request.form.getlist("kinds"),
            "names": people.names(unit, [each.added_by for each in issuers]),
        }
        status = max(issuer.status, anchor.status)
        return make_response(page(unit, "trust.html", slips=issuer, anchor_slips=anchor, **values), status)


def _several(name: str) -> list[str]:
    """What was typed one to a line, or with commas between."""
    return [each.strip() for each in re.split(r"[\n\r,，;；]+", line(name)) if each.strip()]


def _day_or_none(name: str) -> date | None:
    text = line(name).strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(errors=[flaw(f"/{name}", "date", "must be a date")]) from None
