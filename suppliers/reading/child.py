"""Run the limited child: hand it bytes, wait no longer than is decent, believe nothing of what it says before it is measured.

What it says   one line of JSON, then each picture as four bytes of length and its bytes.
"""

from __future__ import annotations

import json
import os
import re
import selectors
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any, Final

WALL_SECONDS: Final = 20
MOST_SAID: Final = 48 << 20
MOST_LINE: Final = 8 << 20
MOST_PICTURES: Final = 10
_TICK: Final = 0.05
COMMAND: Final = [sys.executable, "-s", "-P", "-m", "suppliers.reading"]
FULL_MB: Final = 200
"""A library that dies with so much in its hands died of too little memory: pdfium then ends itself."""
_ROOT: Final = Path(__file__).parents[2]
_OUT_OF_TIME: Final = (-24, -9)
"""SIGXCPU, then SIGKILL: its processor time ran out."""


class Failed(Exception):
    """The child gave no answer; ``args[0]`` is the code of the trouble."""


def run(header: dict[str, Any], content: bytes) -> tuple[bytes, int]:
    """All that the child said, and the most memory that it was seen with in MB. Raises Failed, with that as its
    second argument."""
    with tempfile.TemporaryFile() as paper:  # a file and no pipe: nobody has to feed it while it is listened to
        paper.write(json.dumps(header).encode() + b"\n")
        paper.write(content)
        paper.seek(0)
        try:
            process = _start(paper)
        except OSError:
            raise Failed("child.crashed", 0) from None
    with process:
        try:
            said, peak = _listen(process, time.monotonic() + WALL_SECONDS)
        finally:
            os.kill(process.pid, signal.SIGKILL)  # not process.kill(), which would reap it and lose its figures
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
    peak = peak or usage.ru_maxrss // 1024  # which counts its parent's memory too, from before it was itself
    if said is not None and len(said) > MOST_SAID:
        raise Failed("child.crashed", peak)
    if said is None or (process.returncode in _OUT_OF_TIME and not _whole(said)):
        raise Failed("child.timeout", peak)
    if not _whole(said):
        raise Failed("child.memory" if process.returncode < 0 and peak > FULL_MB else "child.crashed", peak)
    return said, peak


def _start(paper: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own interpreter and our own module
        COMMAND,
        stdin=paper,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC", "OPENBLAS_NUM_THREADS": "1"},
        cwd="/",
        start_new_session=True,
    )


def _listen(process: subprocess.Popen[bytes], until: float) -> tuple[bytes | None, int]:
    """What it says until it closes its mouth, or None when that takes too long; too much of it is cut. And the most
    memory that it was seen with, in MB."""
    assert process.stdout is not None
    said, peak = bytearray(), 0
    with selectors.DefaultSelector() as ears:
        ears.register(process.stdout, selectors.EVENT_READ)
        while len(said) <= MOST_SAID:
            peak = _memory(process.pid) or peak
            if not ears.select(_TICK):
                if time.monotonic() > until:
                    return None, peak
                continue
            piece = os.read(process.stdout.fileno(), 1 << 16)
            if not piece:
                break
            said += piece
    return bytes(said), peak


def _memory(pid: int) -> int:
    """MB that a process had at most until now, 0 where that cannot be known."""
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return 0
    _, _, most = status.partition(b"VmHWM:")
    return int(most.split()[0]) // 1024 if most else 0


def _whole(said: bytes) -> bool:
    return said.endswith(END)


_ODD: Final = re.compile(r"(\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2})")
"""In JSON: an escaped backslash or a whole pair of surrogates, which stay; or U+0000, or one of a pair without the other."""


def _storable(line: str) -> str:
    """JSON without the letters that no database keeps. They are replaced and not left out: a name that is another
    must not become one that is known."""
    return _ODD.sub(lambda odd: odd[1] or "\\ufffd", line)


END: Final = b"\0\0\0\0"
"""A picture of no length: all was said."""


def compose(reading: dict[str, Any], pictures: list[bytes]) -> bytes:
    """What the child says; the other side of ``taken_apart``."""
    blobs = b"".join(struct.pack(">I", len(picture)) + picture for picture in pictures[:MOST_PICTURES])
    return json.dumps(reading, separators=(",", ":")).encode() + b"\n" + blobs + END


def taken_apart(said: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """The reading and the pictures in what the child said. Raises ValueError for anything else."""
    line, _, rest = said.partition(b"\n")
    if len(line) > MOST_LINE:
        raise ValueError("too long a line")
    reading = json.loads(_storable(line.decode()), parse_constant=lambda _: None)
    pictures: list[bytes] = []
    at = 0
    while len(pictures) <= MOST_PICTURES:
        if len(rest) < at + 4:
            raise ValueError("cut")
        (length,) = struct.unpack_from(">I", rest, at)
        if length == 0:
            break
        pictures.append(rest[at + 4 : at + 4 + length])
        at += 4 + length
    if not isinstance(reading, dict) or rest[at:] != END:
        raise ValueError("not an answer")
    return reading, pictures
