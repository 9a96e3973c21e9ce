"""The member's own session: apart from the staff's, in the same signed cookie."""

from __future__ import annotations

from flask import request, session


def member_here() -> tuple[str, str] | None:
    """Member and brand of this browser, without touching the session of one who has no cookie."""
    if "session" not in request.cookies:
        return None
    kept = session.get("member")
    return (str(kept[0]), str(kept[1])) if isinstance(kept, list) and len(kept) == 2 else None


def sign_in(member_id: str, brand_id: str) -> None:
    """A new session for a newly proven member: nothing of an older one is carried over."""
    session.clear()
    session["member"] = [member_id, brand_id]
    session.permanent = True


def sign_out() -> None:
    session.pop("member", None)
