"""The scanner of viruses by its URL: ClamAV's daemon over its own protocol (clamd(8), INSTREAM), or nobody.

Whatever goes wrong is "not scanned", which is never read as clean.
"""

from __future__ import annotations

import socket
import struct
from typing import Final
from urllib.parse import SplitResult, urlsplit

import structlog

from kernel.ports import NoScanner, Scanner

log = structlog.get_logger(__name__)
SECONDS: Final = 20.0
_PIECE: Final = 1 << 16
_LONGEST_ANSWER: Final = 4096


class Clamd:
    """clamd://host:port or clamd:///path/of/socket."""

    def __init__(self, url: SplitResult) -> None:
        self._family, self._address = _place(url)

    def scan(self, content: bytes) -> tuple[str, str | None]:
        try:
            answer = self._ask(content)
        except OSError as error:
            log.warning("scanner does not answer", error=type(error).__name__)
            return "not_scanned", None
        words = answer.rstrip(b"\0\n").decode("utf-8", "replace").removeprefix("stream: ")
        if words == "OK":
            return "clean", None
        if words.endswith(" FOUND"):
            return "found", words.removesuffix(" FOUND")[:200]
        log.warning("scanner could not scan", answer=words[:200])
        return "not_scanned", None

    def _ask(self, content: bytes) -> bytes:
        with socket.socket(self._family) as line:
            line.settimeout(SECONDS)
            line.connect(self._address)
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(content), _PIECE):
                piece = content[at : at + _PIECE]
                line.sendall(struct.pack(">I", len(piece)) + piece)
            line.sendall(struct.pack(">I", 0))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
                piece = line.recv(1024)
                if not piece:
                    break
                answer += piece
            return answer


def _place(url: SplitResult) -> tuple[socket.AddressFamily, tuple[str, int] | str]:
    if url.hostname:
        family = socket.AF_INET6 if ":" in url.hostname else socket.AF_INET
        return family, (url.hostname, url.port or 3310)
    if not url.path:
        raise ValueError("SCANNER_URL: clamd:// needs a host or the path of a socket")
    return socket.AF_UNIX, url.path


def make_scanner(url: str) -> Scanner:
    """The scanner that ``url`` names; raises ValueError for one that nobody knows."""
    if not url:
        return NoScanner()
    parts = urlsplit(url)
    if parts.scheme != "clamd":
        raise ValueError(f"SCANNER_URL: unknown scheme {parts.scheme!r}; clamd:// is known")
    return Clamd(parts)
