"""JSON doors of the fraud desk: cases of suspicion, and what people told."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from app.api import shapes_fraud as shapes
from app.auth.guards import machine
from app.doors import begin, look
from traceability import cases, reports

bp = APIBlueprint("api_fraud", __name__, url_prefix="/api/v1", tag="Suspicions and reports")


@bp.get("/suspicions")
@machine("fraud")
@bp.input(shapes.CasesIn, location="query")
@bp.output(list[shapes.CaseOut])
def list_cases(query_data: shapes.CasesIn) -> Any:
    """Cases of suspicion, newest first, ``limit`` at a time."""
    with look() as unit:
        return cases.every(unit, **query_data.model_dump())


@bp.get("/suspicions/<case_id>")
@machine("fraud")
@bp.output(shapes.CaseOut)
def show_case(case_id: str) -> Any:
    """One case with its evidence."""
    with look() as unit:
        return cases.get(unit, case_id)


@bp.post("/suspicions/<case_id>/confirm")
@machine("fraud")
@bp.input(shapes.ConfirmIn)
@bp.output(shapes.CaseOut)
def confirm_case(case_id: str, json_data: shapes.ConfirmIn) -> Any:
    """It is what it looks like."""
    with begin() as unit:
        return cases.confirm(unit, case_id=case_id, note=json_data.note)


@bp.post("/suspicions/<case_id>/dismiss")
@machine("fraud")
@bp.input(shapes.DismissIn)
@bp.output(shapes.CaseOut)
def dismiss_case(case_id: str, json_data: shapes.DismissIn) -> Any:
    """It is nothing, and why. The case opens again by itself only when it gets clearly worse."""
    with begin() as unit:
        return cases.dismiss(unit, case_id=case_id, note=json_data.note)


@bp.post("/suspicions/<case_id>/reopen")
@machine("fraud")
@bp.output(shapes.CaseOut)
def reopen_case(case_id: str) -> Any:
    """Take the decision on a case back."""
    with begin() as unit:
        return cases.reopen(unit, case_id=case_id)


@bp.get("/reports")
@machine("fraud")
@bp.input(shapes.ReportsIn, location="query")
@bp.output(list[shapes.ReportOut])
def list_reports(query_data: shapes.ReportsIn) -> Any:
    """What people told of their scans, newest first, ``limit`` at a time."""
    with look() as unit:
        return [_shown(each) for each in reports.every(unit, **query_data.model_dump())]


@bp.post("/reports/<report_id>/close")
@machine("fraud")
@bp.input(shapes.DismissIn)
@bp.output(shapes.ReportOut)
def close_report(report_id: str, json_data: shapes.DismissIn) -> Any:
    """What came of a report."""
    with begin() as unit:
        reports.close(unit, report_id=report_id, note=json_data.note)
        return _shown(reports.get(unit, report_id))


def _shown(told: reports.Told) -> dict[str, Any]:
    report, scan = told
    return {
        **{name: getattr(report, name) for name in ("id", "scan_id", "kind", "text", "at", "state", "decided_at", "decided_by", "note")},
        **{name: getattr(scan, name) for name in ("gtin", "key_version", "counter", "lot_id", "region", "verdict")},
        "number": reports.number(report.id),
        "scanned_at": scan.at,
    }
