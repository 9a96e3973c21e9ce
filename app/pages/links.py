"""Links of things: the list, one thing with all that a scan of it could be led to, and the form of one link."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final, NamedTuple

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.auth.guards import staff
from app.doors import begin, look
from app.pages.forms import NONE, Slips, line, slips
from app.pages.frame import page
from app.pages.look import language
from app.words import known as has_words
from app.words import say
from kernel.errors import Invalid, Missing, Trouble
from kernel.unit import Unit
from traceability import link_anchors, link_checks, links, products, resolving
from traceability.link_anchors import Anchor
from traceability.link_rules import LINK_TYPES, Wanted
from traceability.resolver import Target, choosing, levels, linktypes
from traceability.resolver.choosing import Wish

bp = Blueprint("links", __name__, url_prefix="/desk/links")
SHOWN: Final = 50
FIELDS: Final = ("thing", "link_type", "href", "title", "language", "media_type", "context", "is_default", "passes_query")
USUAL: Final = ("pip", "recipeInfo", "instructions", "certificationInfo", "faqs", "support", "promotion")
"""Types that brands of food mostly want: they stand first."""
LANGUAGES: Final = ("zh-CN", "zh-TW", "en", "ja", "ko")
"""Offered where a visitor's language is tried."""


class Row(NamedTuple):
    """A link as a list shows it."""

    link: Any
    thing: str
    tone: str
    health: str
    moved_to: str | None


class Storey(NamedTuple):
    """One level of a thing: its links, and the house's own pages there."""

    thing: str
    path: str
    rows: list[Row]
    built_in: list[Target]


@bp.get("")
@staff("quality", "brand_admin")
def every() -> str:
    """Living links, narrowed by what the address says."""
    asked = {name: request.args.get(name, "") for name in ("product", "type", "health")}
    with look() as unit:
        found = links.every(
            unit,
            key=f"01/{asked['product']}" if asked["product"] else None,
            link_type=asked["type"] if asked["type"] in LINK_TYPES else None,
            health=asked["health"] if asked["health"] in links.HEALTH else None,
            before=request.args.get("before") or None,
            limit=SHOWN + 1,
        )
        values = {"rows": _rows(unit, found[:SHOWN]), "more": found[SHOWN - 1].id if len(found) > SHOWN else None}
        catalogue = products.every(unit)
        return page(unit, "links.html", asked=asked, products=catalogue, types=_types(), titles=titles(), health=links.HEALTH, **values)


@bp.get("/thing")
@staff("quality", "brand_admin")
def thing() -> Response:
    """One thing (``?of=``): its levels, and what a scan would be led to (``?type=``, ``?lang=``)."""
    try:
        anchor = link_anchors.read(request.args.get("of", ""))
    except Invalid:
        raise Missing("no such thing") from None
    with look() as unit:
        if links.owner(unit, anchor.key) != unit.brand_id:
            raise Missing("no such thing")
        paths = [levels.anchor(pairs) for pairs in levels.among(anchor.pairs)]
        known = resolving.known(unit, paths)
        assert known is not None
        told = resolving.told(known, anchor.pairs, unit.outside.public_url)
        asked = {"type": request.args.get("type", ""), "lang": request.args.get("lang_of_visitor", "")}
        wish = Wish(asked["type"] or None, False, "text/html", asked["lang"] or language(), None, "")
        values = {
            "anchor": anchor,
            "name": known.description,
            "storeys": [_storey(unit, path, level.targets, known.links) for path, level in zip(paths, told, strict=True)],
            "beside": sorted({link.anchor for link in links.every(unit, key=anchor.key)} - set(paths)),
            "asked": asked,
            "chosen": choosing.choose(told, wish),
            "kind": type(choosing.choose(told, wish)).__name__,
            "root": unit.outside.public_url,
        }
        return make_response(page(unit, "link.html", types=_types(), languages=LANGUAGES, bracketed=_bracketed, titles=titles(), **values))


@bp.get("/new")
@staff("quality", "brand_admin")
def new() -> Response:
    """The form for a new link; ``?of=`` names the thing."""
    return _form(NONE, {"thing": request.args.get("of", ""), "link_type": "pip", "passes_query": True})


@bp.post("/new")
@staff("quality", "brand_admin")
def add() -> Response:
    """Let a thing lead somewhere."""
    try:
        with begin() as unit:
            path = links.add(unit, thing=line("thing"), **_said()).anchor
    except Trouble as trouble:
        return _form(slips(trouble, FIELDS), {"thing": line("thing"), **_said()})
    flash(_("已添加，扫码立刻生效。"))
    return redirect(url_for("links.thing", of=path), 303)


@bp.get("/<link_id>")
@staff("quality", "brand_admin")
def show(link_id: str) -> Response:
    """One link: its form, how its checks went and what was done to it."""
    with look() as unit:
        return _form(NONE, asdict(Wanted.of(links.get(unit, link_id))), link_id)


@bp.post("/<link_id>")
@staff("quality", "brand_admin")
def change(link_id: str) -> Response:
    """Say a link anew."""
    try:
        with begin() as unit:
            path = links.change(unit, link_id=link_id, **_said()).anchor
    except Missing:
        raise
    except Trouble as trouble:
        return _form(slips(trouble, FIELDS), _said(), link_id)
    flash(_("已保存，扫码立刻生效。"))
    return redirect(url_for("links.thing", of=path), 303)


@bp.post("/<link_id>/end")
@staff("quality", "brand_admin")
def end(link_id: str) -> Response:
    """Lead there no more."""
    with begin() as unit:
        path = links.end(unit, link_id=link_id).anchor
    flash(_("已停用，扫码不再去那里。"))
    return redirect(url_for("links.thing", of=path), 303)


def _said() -> Any:
    said: dict[str, Any] = {name: line(name) for name in ("link_type", "href", "title", "language", "media_type", "context")}
    return said | {name: line(name) == "yes" for name in ("is_default", "passes_query")}


def _form(wrong: Slips, values: dict[str, Any], link_id: str | None = None) -> Response:
    with look() as unit:
        link = links.get(unit, link_id) if link_id else None
        more: dict[str, Any] = (
            {"row": _rows(unit, [link])[0], "history": links.history(unit, link.id)} if link else {"row": None, "history": []}
        )
        catalogue = [] if link else products.every(unit)
        more |= {"products": catalogue, "types": _types(), "titles": titles()}
        return make_response(page(unit, "link_form.html", slips=wrong, form=values, link=link, **more), wrong.status)


def _rows(unit: Unit, found: list[Any]) -> list[Row]:
    moved = link_checks.findings(unit, [link.id for link in found if link.health == "moved"])
    return [_row(link, moved.get(link.id, {}).get("location")) for link in found]


def _row(link: Any, moved_to: str | None) -> Row:
    code = f"link.health.{link.health or 'unchecked'}"
    health = say(code) if has_words(code) else _("状态 %(status)s", status=link.health)
    return Row(link, _bracketed(link.anchor), _tone(link), health, moved_to)


def _tone(link: Any) -> str:
    """Red after three failures in a row: a server may be down for an evening."""
    if link.failures:
        return "stop" if link.failures >= links.RED else "look"
    return {None: "quiet", "ok": "good", "moved": "look"}.get(link.health, "quiet")


def _storey(unit: Unit, path: str, targets: tuple[Target, ...], found: Any) -> Storey:
    mine = [link for link in found if link.anchor == path]
    own = {Target(**asdict(Wanted.of(link))) for link in mine}
    return Storey(_bracketed(path), path, _rows(unit, mine), [target for target in targets if target not in own])


def _bracketed(path: str) -> str:
    anchor: Anchor = link_anchors.of_path(path)
    return anchor.bracketed


def titles() -> dict[str, str]:
    """Link types in the reader's language."""
    english = language() == "en"
    return {name: kind.title_en if english else kind.title_zh for name, kind in linktypes.LINK_TYPES.items()}


def _types() -> list[tuple[str, str]]:
    words = titles()
    return sorted(((name, words[name]) for name in LINK_TYPES), key=lambda each: (each[0] not in USUAL, each[1]))
