"""What is fetched over the guarded way out: whole, in time, by https and from nobody inside, or not at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from app import asking as room
from app.asking import is_public
from kernel.ports import Answer
from tests.app.test_asking import _speaks_tls, asking


class Lists(BaseHTTPRequestHandler):
    """A server of lists, with TLS: it answers by path."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        Lists.asked.append(self.path)
        body = b"x" * 1000
        self.send_response(302 if self.path == "/moved" else 404 if self.path == "/gone" else 200)
        if self.path == "/moved":
            self.send_header("Location", "/list")
        if self.path == "/chunked-short":
            self.send_header("Transfer-Encoding", "chunked")
        elif self.path != "/drip":
            self.send_header("Content-Length", str(len(body) + (1 if self.path == "/short" else 0)))
        self.end_headers()
        if self.path == "/chunked-short":
            self.wfile.write(b"400\r\n" + body)
        elif self.path in ("/drip", "/slow"):
            for place in range(0, 1000, 10):
                self.wfile.write(body[place : place + 10])
                self.wfile.flush()
                time.sleep(0.05)
        else:
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def lists(tmp_path: Path) -> Iterator[tuple[str, Any]]:
    """Where the lists are, and who may ask for them: as everywhere, but that this machine may be asked and its certificate is believed."""
    here, trusted = _speaks_tls(tmp_path, "shop.example")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Lists)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.socket = here.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Lists.asked.clear()
    yield f"https://shop.example:{server.server_address[1]}", trusted
    server.shutdown()
    server.server_close()


def test_a_list_is_fetched_whole_or_not_at_all(lists: tuple[str, Any]) -> None:
    here, trusted = lists
    fetch = asking(trust=trusted).fetch
    assert fetch(f"{here}/list", 1000) == Answer(200, body=b"x" * 1000)
    assert fetch(f"{here}/list", 999) == Answer(200)
    for path in ("/short", "/chunked-short"):
        assert fetch(here + path, 5000) == Answer(), path
    assert fetch(f"{here}/gone", 5000) == Answer(404)


def test_a_fetch_follows_no_redirect(lists: tuple[str, Any]) -> None:
    here, trusted = lists
    assert asking(trust=trusted).fetch(f"{here}/moved", 5000) == Answer(302)
    assert Lists.asked == ["/moved"]


@pytest.mark.parametrize("path", ["/drip", "/slow"])
def test_a_fetch_ends_after_five_seconds_and_what_came_by_then_is_nothing(
    lists: tuple[str, Any], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, trusted = lists
    assert room.FETCH_SECONDS == 5.0
    monkeypatch.setattr(room, "FETCH_SECONDS", 0.6)
    began = time.monotonic()
    assert asking(trust=trusted).fetch(here + path, 5000).body is None
    assert time.monotonic() - began < 2


def test_a_fetch_speaks_https_alone_and_asks_nobody_inside(lists: tuple[str, Any]) -> None:
    here, trusted = lists
    assert asking(trust=trusted).fetch(here.replace("https", "http") + "/list", 5000) == Answer(refused=True)
    for address in ("10.0.0.1", "127.0.0.1", "169.254.169.254", "fd00::1"):
        inside = asking(trust=trusted, guard=is_public, resolve=lambda _host, _port, at=address: [at])
        assert inside.fetch("https://shop.example/list", 5000) == Answer(refused=True)
    assert asking(trust=trusted, guard=lambda _address, port: port == 443).fetch(f"{here}/list", 5000) == Answer(refused=True)
    assert asking().fetch(f"{here}/list", 5000) == Answer()  # a certificate that nobody believes
    assert Lists.asked == []
