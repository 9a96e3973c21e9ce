"""Look at a stranger's bytes without letting them near: a child process with hard limits reads them.

No parser of documents is safe in our own process: two kilobytes of PDF can ask for two
gigabytes of memory. The child gets the bytes on its standard input, has little memory, little
time, an empty environment, may write no file and fetches nothing; whatever happens to it is
an answer. Knows no table and no judgement: it says what is there.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

WALL_SECONDS: Final = 30
_ROOT: Final = Path(__file__).parents[2]
_MAGIC: Final = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def media_type_of(content: bytes) -> str:
    """What the first bytes say: PDF, JPEG or PNG; anything else, or a header further in, is ``""``."""
    return next((kind for magic, kind in _MAGIC.items() if content.startswith(magic)), "")


def troubled(code: str) -> dict[str, Any]:
    """The reading of bytes that could not be read, because of ``code``."""
    return {"kind": "unknown", "pages": None, "signatures": [], "revisions": 1, "active": [], "trouble": code}


def look(content: bytes, *, anchors: Sequence[tuple[str, bytes | None]], at: datetime) -> dict[str, Any]:
    """What a child process sees in ``content``, as plain JSON values. Never raises, never hangs.

    ``anchors``: roots that are believed, (PEM, revocation list in DER or None); ``at``: the
    moment for which signatures are validated.

    ``kind`` pdf, image or unknown; ``pages``; ``revisions`` (more than 1: saved again after it was
    made); ``active`` names what could run or hides in the file; ``trouble`` a code or None;
    ``signatures`` a list of ``intact valid trusted revoked revocation_known covers_whole_file
    modification signer_name signer_org level signed_at unreadable``, where ``modification`` is the
    worst change after signing: none, lta, form, annotations or other.
    """
    header = {
        "at": at.isoformat(),
        "anchors": [{"pem": pem, "crl": base64.b64encode(crl).decode() if crl else None} for pem, crl in anchors],
    }
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-P", "-m", "suppliers.reading"],
            input=json.dumps(header).encode() + b"\n" + content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return troubled("child.timeout")
    except OSError:
        return troubled("child.crashed")
    return _answer(done.returncode, done.stdout)


def _answer(returncode: int, stdout: bytes) -> dict[str, Any]:
    if returncode in (-24, -9):  # SIGXCPU, then SIGKILL: its processor time ran out
        return troubled("child.timeout")
    try:
        seen = json.loads(stdout) if returncode == 0 else None
    except ValueError:
        seen = None
    return seen if isinstance(seen, dict) and troubled("").keys() <= seen.keys() else troubled("child.crashed")
