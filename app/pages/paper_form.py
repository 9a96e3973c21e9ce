"""The form in which a person confirms the words on a paper: what it sends, what it shows, and in which order."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _

from app.api.forms import fields
from app.api.shapes_papers import WordsIn
from app.pages import proposals
from app.pages.forms import line
from app.words import say
from kernel.errors import Invalid, flaw
from suppliers.requirements import KINDS

WORDS = proposals.NAMES


def typed() -> dict[str, str]:
    """What was typed, by the name of the field; an end that there is none of (长期) as nothing."""
    said = {name: line(name) for name in WORDS}
    if line("no_end"):
        said["valid_until"] = ""
    return said


def confirmed() -> dict[str, Any]:
    """The words as the use case takes them. Raises Invalid, naming each wrong field at once.

    A paper about lots is good from the day it was issued; a supplier's own ends some day, or somebody says that it does not.
    """
    said = typed()
    of_lots = said["kind"] in KINDS and KINDS[said["kind"]].scope == "lot"
    if of_lots and not said["valid_from"].strip():
        said["valid_from"] = said["issued_on"]
    flaws = []
    if not of_lots and not said["valid_until"].strip() and not line("no_end"):
        flaws.append(flaw("/valid_until", "no_end", "give the last day, or say that there is none"))
    try:
        words = fields(WordsIn, said)
    except Invalid as trouble:
        raise Invalid(errors=[*trouble.errors, *flaws]) from None
    if flaws:
        raise Invalid(errors=flaws)
    return words.model_dump()


def values_of(row: Any, said: dict[str, str]) -> dict[str, Any]:
    """What the form shows of a file that was read (an upload, or a paper to mend): its fields in order, the usual ones of its kind
    first, and the pages with the places on them."""
    said = said or _asked_kind(row)
    found = proposals.proposed(row.fields, said)
    kind = found["kind"].value if found["kind"].value in KINDS else ""
    usual = proposals.asked_of(kind)
    first = [name for name in WORDS if name in usual or (name != "kind" and found[name].value)]
    return {
        "fields": found,
        "first": first,
        "others": [name for name in WORDS if name not in first and name != "kind"],
        "kind": kind,
        "kinds": sorted(((code, say(f"paper.{code}")) for code in KINDS), key=lambda pair: pair[0] == "other"),
        "usual": {code: proposals.asked_of(code) for code in KINDS},
        "no_end": _no_end(row, said),
        "can_read": bool((row.reading or {}).get("lines_from") or (row.reading or {}).get("credential")),
        "lines": _lines(row),
        "labels": labels(),
    }


def labels() -> dict[str, str]:
    """What the fields are called."""
    return {
        "kind": _("哪一种"),
        "number": _("编号"),
        "holder_name": _("持有人"),
        "holder_uscc": _("统一社会信用代码"),
        "issuer_name": _("签发机构"),
        "issued_on": _("签发日期"),
        "valid_from": _("生效日期"),
        "valid_until": _("有效至"),
        "lots": _("批号"),
        "products": _("产品"),
        "site": _("地址"),
        "scope": _("许可范围"),
        "accreditation": _("签发机构的资质编号"),
    }


def _asked_kind(row: Any) -> dict[str, str]:
    """The kind that was asked for when the file was dropped, where the machine has not recognised one."""
    wanted = request.args.get("kind", "")
    return {"kind": wanted} if wanted in KINDS and not (row.fields or {}).get("kind") else {}


def _no_end(row: Any, said: dict[str, str]) -> bool:
    if request.method == "POST":
        return bool(line("no_end"))
    if "valid_until" in said:
        return not said["valid_until"] and KINDS[said["kind"]].scope == "supplier"
    read = (row.fields or {}).get("valid_until")
    return read is not None and not read.get("value")


def _lines(row: Any) -> list[str]:
    """The words of a file that has no pages to look at: a signed credential."""
    return [str(each.get("text") or "") for each in (row.reading or {}).get("lines") or ()][:80] if not row.pictures else []
