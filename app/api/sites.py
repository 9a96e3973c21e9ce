"""JSON doors of where a brand's places are: names as lots and events write them, each with its region."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from apiflask import APIBlueprint
from pydantic import ConfigDict, StringConstraints

from app.api.shapes import In, Out, Text
from app.auth.guards import machine
from app.doors import begin, look
from traceability import sites

bp = APIBlueprint("api_sites", __name__, url_prefix="/api/v1", tag="Places")


class SiteName(In):
    """A place as lots and events name it."""

    name: Text


class SiteIn(SiteName):
    """``region``: a city (``CN-3301``, the first four digits of GB/T 2260), a province (``CN-33``), a country (ISO 3166-1
    alpha-2), or a name of one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "岚牧一厂 一号线", "region": "CN-1301"}]})

    region: Text


class SiteOut(Out):
    name: str
    region: Annotated[str, StringConstraints(max_length=8)]
    added_at: datetime


class PlacesOut(Out):
    """``unplaced``: names that lots have and whose region nobody has said, those of the newest lots first, 50 at most."""

    sites: list[SiteOut]
    unplaced: list[str]


@bp.get("/sites")
@machine("codes")
@bp.output(PlacesOut)
def list_sites() -> Any:
    """The places whose region is known, and those where it is not."""
    with look() as unit:
        return {"sites": sites.every(unit), "unplaced": sites.nowhere(unit)}


@bp.put("/sites")
@machine("admin")
@bp.input(SiteIn)
@bp.output(SiteOut)
def put_site(json_data: SiteIn) -> Any:
    """Say, or say anew, in which region a place lies."""
    with begin() as unit:
        return sites.put(unit, name=json_data.name, region=json_data.region)


@bp.delete("/sites")
@machine("admin")
@bp.input(SiteName, location="query")
@bp.output({}, status_code=204)
def remove_site(query_data: SiteName) -> Any:
    """Forget in which region a place lies."""
    with begin() as unit:
        sites.remove(unit, name=query_data.name)
    return ""
