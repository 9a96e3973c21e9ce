"""ClamAV's protocol against a small daemon of our own: clean, found, and everything else is not scanned."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app import scanning
from app.scanning import make_scanner


@contextmanager
def daemon(server: socket.socket, answer: Callable[[bytes], bytes]) -> Iterator[list[bytes]]:
    """Takes one stream, as clamd does, and answers."""
    heard: list[bytes] = []

    def serve() -> None:
        with server.accept()[0] as line, line.makefile("rb") as words:
            assert words.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack(">I", words.read(4))[0]:
                content += words.read(length)
            heard.append(content)
            line.sendall(answer(content))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with server:
        yield heard
    thread.join(5)


def listening() -> tuple[socket.socket, str]:
    server = socket.create_server(("127.0.0.1", 0))
    return server, f"clamd://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"stream: OK\0", ("clean", None)),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", ("found", "Win.Test.EICAR_HDB-1")),
        (b"INSTREAM size limit exceeded. ERROR\0", ("not_scanned", None)),
        (b"", ("not_scanned", None)),
        (b"OK but not quite\0", ("not_scanned", None)),
        (b"\xff\xfe\0", ("not_scanned", None)),
        (b"x" * 10_000, ("not_scanned", None)),
    ],
)
def test_what_the_daemon_says(answer: bytes, said: tuple[str, str | None]) -> None:
    server, url = listening()
    content = bytes(range(256)) * 1000
    with daemon(server, lambda _: answer) as heard:
        assert make_scanner(url).scan(content) == said
    assert heard == [content]


def test_by_a_socket_of_this_machine(tmp_path: Path) -> None:
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(tmp_path / "clamd.ctl"))
    server.listen()
    with daemon(server, lambda content: b"stream: OK\0" if content == b"paper" else b"no\0"):
        assert make_scanner(f"clamd://{tmp_path}/clamd.ctl").scan(b"paper") == ("clean", None)


def test_a_daemon_that_is_away_or_asleep_has_not_scanned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(scanning, "SECONDS", 0.2)
    server, url = listening()
    assert make_scanner(url).scan(b"paper") == ("not_scanned", None)
    server.close()
    assert make_scanner(url).scan(b"paper") == ("not_scanned", None)
    assert make_scanner(f"clamd://{tmp_path}/nobody").scan(b"paper") == ("not_scanned", None)


def test_nobody_scans_when_nobody_is_named() -> None:
    assert make_scanner("").scan(b"paper") == ("not_scanned", None)


@pytest.mark.parametrize("url", ["http://host", "clamd://", "clamav:///run/clamd"])
def test_a_scanner_nobody_knows_is_told_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="SCANNER_URL"):
        make_scanner(url)
