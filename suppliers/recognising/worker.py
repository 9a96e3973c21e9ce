"""The child that reads pictures, seen from our side: started when asked, kept warm, ended when idle.

Starting costs about as much processor time as a page, so one child serves many pictures, one
after the other. Whatever happens to it is an answer (``Lost``); the next picture finds a new one.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

WALL_SECONDS: Final = 90.0
"""For one picture, the start of the child included; a page takes 2 to 6 on two quiet cores."""
MOST_BYTES: Final = 32 << 20
_MOST_ANSWER: Final = 4 << 20
_ROOT: Final = Path(__file__).parents[2]
_THREADS: Final = "2"


class Lost(Exception):
    """The child did not answer: it crashed, ran out of its memory or time, or was never started."""


class Worker:
    """One child for this process. A process that was forked from this one starts its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def ask(self, picture: bytes) -> list[dict[str, Any]]:
        """The lines of one picture. Raises Lost; one child at a time, so callers wait for each other."""
        if len(picture) > MOST_BYTES:
            raise Lost("too many bytes")
        with self._lock:
            fresh = self._start_if_needed()
            try:
                return self._exchange(picture)
            except Lost:
                self._end()
                if fresh:
                    raise
            self._start_if_needed()  # the warm one may have gone to sleep between two pictures
            try:
                return self._exchange(picture)
            except Lost:
                self._end()
                raise

    def end(self) -> None:
        """End the child now; the next picture starts a new one."""
        with self._lock:
            self._end()

    def _start_if_needed(self) -> bool:
        if self._child is not None and self._owner == os.getpid() and self._child.poll() is None:
            return False
        if self._owner == os.getpid():
            self._end()
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-s", "-P", "-m", "suppliers.recognising"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={
                    "PYTHONPATH": str(_ROOT),
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "LC_ALL": "C.UTF-8",
                    "OMP_NUM_THREADS": _THREADS,
                    "MALLOC_ARENA_MAX": "2",
                },
                cwd="/",
            )
        except OSError:
            raise Lost("not started") from None
        self._owner = os.getpid()
        return True

    def _exchange(self, picture: bytes) -> list[dict[str, Any]]:
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            raise Lost("no child")
        until = time.monotonic() + WALL_SECONDS
        try:
            child.stdin.write(struct.pack(">I", len(picture)) + picture)
            child.stdin.flush()
            answer = json.loads(_line(child.stdout.fileno(), until))
        except (OSError, ValueError):
            raise Lost("no answer") from None
        if not isinstance(answer, list):
            raise Lost("not read")
        return answer

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                continue
        child.wait()


def _line(descriptor: int, until: float) -> bytes:
    """One line from the pipe, or ValueError when it does not come in time."""
    got = bytearray()
    while not got.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], max(0.0, until - time.monotonic()))
        piece = os.read(descriptor, 1 << 16) if ready else b""
        if not piece or len(got) > _MOST_ANSWER:
            raise ValueError("no line")
        got += piece
    return bytes(got)


WORKER: Final = Worker()
atexit.register(WORKER.end)
