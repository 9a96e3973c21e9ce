"""JSON doors of what is printed: plans, files, labels wanted a second time, sheets inspected."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from app.api import forms
from app.api import shapes_prints as shapes
from app.api.placed import Placed
from app.auth.guards import machine
from app.doors import begin, look
from app.downloads import file_response, job_response
from traceability import codes, inspections, printing, reprints

bp = APIBlueprint("api_prints", __name__, url_prefix="/api/v1", tag="Files of codes")


@bp.post("/plans")
@machine("codes")
@bp.input(shapes.PlanIn)
@bp.output(shapes.PlanOut)
def plan(json_data: shapes.PlanIn) -> Any:
    """How codes would be printed, before anything is; or what would work instead."""
    with look() as unit:
        if json_data.order_id is not None:
            return printing.preview(unit, order_id=json_data.order_id, face=json_data.face, wish=json_data.wish())
        return printing.foresee(unit, scheme=json_data.scheme or "", host=json_data.host, wish=json_data.wish())


@bp.get("/orders/<order_id>/files")
@machine("codes")
@bp.output(list[shapes.FileOut])
def list_files(order_id: str) -> Any:
    """The files of an order, as they were asked for."""
    with look() as unit:
        order = codes.get(unit, order_id)
        return [Placed(order, job) for job in printing.jobs(unit, order_id)]


@bp.post("/orders/<order_id>/files")
@machine("codes")
@bp.input(shapes.FileIn)
@bp.output(shapes.FileOut, status_code=202)
def ask_file(order_id: str, json_data: shapes.FileIn) -> Any:
    """Ask for a file of some codes or all. What was asked before is the file that is there already."""
    what = json_data.model_dump(include={"format", "face", "start", "count"})
    with begin() as unit:
        job = printing.ask(unit, order_id=order_id, **what, wish=json_data.wish())
        return Placed(codes.get(unit, order_id), job)


@bp.get("/orders/<order_id>/files/<format_name>")
@machine("codes")
@bp.doc(responses={200: "The file"})
def download(order_id: str, format_name: str) -> Response:
    """The first file of an order in this format, once it is ready."""
    with look() as unit:
        codes.get(unit, order_id)
        return file_response(unit, order_id, format_name)


@bp.get("/files/<job_id>")
@machine("codes")
@bp.output(shapes.FileOut)
def show_file(job_id: str) -> Any:
    """How far a file is."""
    with look() as unit:
        job = printing.get(unit, job_id)
        return Placed(codes.get(unit, job.order_id), job)


@bp.get("/files/<job_id>/content")
@machine("codes")
@bp.doc(responses={200: "The file", 206: "The ranges of it that were asked for", 304: "Unchanged"})
def file_content(job_id: str) -> Response:
    """The file itself, whole or by ranges (RFC 9110, 14), always with the same bytes."""
    with look() as unit:
        return job_response(unit, job_id)


@bp.post("/files/<job_id>/inspections")
@machine("codes")
@bp.output(shapes.InspectionOut)
def inspect(job_id: str) -> Any:
    """Compare a picture of a printed page of this file with what should be on it. Scrap the bad ones by POST /orders/{id}/scraps."""
    form = forms.fields(shapes.InspectionForm, request.form.to_dict())
    picture = forms.upload("picture", "the picture")
    with look() as unit:
        report = inspections.inspect(unit, job_id=job_id, page=form.page, picture=picture)
    labels = [{"position": each.position, "state": each.state, **vars(each.finding)} for each in report.labels]
    return {**vars(report), "counts": report.counts(), "bad": report.bad(), "labels": labels}


@bp.get("/orders/<order_id>/reprints")
@machine("codes")
@bp.output(list[shapes.ReprintOut])
def list_reprints(order_id: str) -> Any:
    """The labels of an order that were wanted a second time, newest first."""
    with look() as unit:
        order = codes.get(unit, order_id)
        return [Placed(order, each) for each in reprints.every(unit, order_id)]


@bp.post("/orders/<order_id>/reprints")
@machine("codes")
@bp.input(shapes.ReprintIn)
@bp.output(shapes.ReprintOut, status_code=201)
def ask_reprint(order_id: str, json_data: shapes.ReprintIn) -> Any:
    """Ask for printed labels that are on no item a second time, and say why."""
    with begin() as unit:
        wanted = reprints.ask(unit, order_id=order_id, **json_data.model_dump())
        return Placed(codes.get(unit, order_id), wanted)


@bp.post("/reprints/<reprint_id>/approve")
@machine("codes")
@bp.input(shapes.ApprovalIn)
@bp.output(shapes.ApprovalOut)
def approve_reprint(reprint_id: str, json_data: shapes.ApprovalIn) -> Any:
    """Agree, as somebody else than who asked (here: with another key), and ask for the file."""
    with begin() as unit:
        wanted, job = reprints.approve(unit, reprint_id=reprint_id, format=json_data.format, face=json_data.face, wish=json_data.wish())
        order = codes.get(unit, wanted.order_id)
        return {"reprint": Placed(order, wanted), "file": Placed(order, job)}


@bp.post("/reprints/<reprint_id>/decline")
@machine("codes")
@bp.output(shapes.ReprintOut)
def decline_reprint(reprint_id: str) -> Any:
    """Decline; nothing is printed."""
    with begin() as unit:
        wanted = reprints.decline(unit, reprint_id=reprint_id)
        return Placed(codes.get(unit, wanted.order_id), wanted)
