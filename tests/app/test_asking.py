"""The guarded way out: what it asks, and what it never does."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.asking import Asking, is_public
from kernel.ports import Answer

INSIDE = [
    "127.0.0.1",
    "127.255.0.3",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2001:20::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
    "",
]


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_not_global_unicast_is_inside(address: str) -> None:
    assert not is_public(address, 443)


@pytest.mark.parametrize("address", ["1.1.1.1", "223.5.5.5", "2400:3200::1", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"])
def test_what_is_public_may_be_asked_on_the_webs_ports_alone(address: str) -> None:
    assert is_public(address, 443)
    assert is_public(address, 80)
    assert not any(is_public(address, port) for port in (22, 25, 3306, 5432, 6379, 8000, 8443))


class Shop(BaseHTTPRequestHandler):
    """A server that answers by path."""

    seen: ClassVar[list[tuple[str, str, str]]] = []
    cookies: ClassVar[list[str | None]] = []
    told: ClassVar[list[tuple[dict[str, str], bytes]]] = []

    def _answer(self) -> None:
        Shop.seen.append((self.command, self.headers["Host"], self.path))
        Shop.cookies.append(self.headers["Cookie"])
        path = self.path.partition("?")[0]
        status = int(path[1:4]) if path[1:4].isdigit() else 200
        if path == "/no-get" and self.command == "GET":
            status = 405
        self.send_response(status)
        self.send_header("Set-Cookie", "who=me")
        if path[4:]:
            self.send_header("Location", self.path[4:].lstrip("."))
        self.end_headers()
        if path == "/huge" and self.command == "GET":
            self._pour()
        if path == "/drip":
            for _ in range(100):
                self.wfile.write(b".")
                self.wfile.flush()
                time.sleep(0.05)

    def _pour(self) -> None:
        for _ in range(10_000):
            self.wfile.write(b"x" * 10_000)

    do_GET = do_HEAD = _answer

    def do_POST(self) -> None:
        Shop.told.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Shop.seen.clear()
    Shop.cookies.clear()
    Shop.told.clear()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def asking(**more: Any) -> Asking:
    """Every name is this machine, and this machine may be asked."""
    return Asking(**{"guard": lambda _address, _port: True, "resolve": lambda _host, _port: ["127.0.0.1"], **more})


def test_it_asks_by_name_and_brings_the_status(port: int) -> None:
    here = f"http://shop.example:{port}"
    assert asking().ask(f"{here}/a?b=1") == Answer(200)
    assert Shop.seen == [("GET", f"shop.example:{port}", "/a?b=1")]
    for status in (404, 410, 500, 503):
        assert asking().ask(f"{here}/{status}") == Answer(status)
    assert asking().ask(f"{here}?q=1") == Answer(200)
    assert Shop.seen[-1][2] == "/?q=1"


def test_a_server_that_takes_no_get_is_asked_by_head(port: int) -> None:
    assert asking().ask(f"http://shop.example:{port}/no-get") == Answer(200)
    assert [method for method, _, _ in Shop.seen] == ["GET", "HEAD"]


def test_only_what_moved_for_good_has_a_new_address(port: int) -> None:
    here = f"http://shop.example:{port}"
    assert asking().ask(f"{here}/301/new") == Answer(200, f"{here}/new")
    assert asking().ask(f"{here}/308/301/new") == Answer(200, f"{here}/new")
    assert asking().ask(f"{here}/302/new") == Answer(200)
    assert asking().ask(f"{here}/301/302/new") == Answer(200, f"{here}/302/new")
    assert asking().ask(f"{here}/302/301/new") == Answer(200)
    assert asking().ask(f"{here}/301/404") == Answer(404, f"{here}/404")
    assert set(Shop.cookies) == {None}


def test_it_follows_five_redirects_and_no_more(port: int) -> None:
    here = f"http://shop.example:{port}"
    assert asking().ask(here + "/302" * 5 + "/end") == Answer(200)
    assert asking().ask(here + "/302" * 6 + "/end") == Answer(302)


def test_every_hop_is_guarded(port: int) -> None:
    here = f"http://shop.example:{port}"
    names = {"shop.example": ["127.0.0.1"], "bank.example": ["127.0.0.1", "10.0.0.1"]}
    careful = asking(resolve=lambda host, _port: names[host], guard=lambda address, _port: address != "10.0.0.1")
    assert careful.ask(f"{here}/302http://bank.example/secret") == Answer(refused=True)
    for elsewhere in ("file:///etc/passwd", "gopher://x.example/", "http://user@shop.example/", "ftp://x.example/"):
        assert careful.ask(f"{here}/302{elsewhere}") == Answer(refused=True)
    assert all("secret" not in path or path.startswith("/302") for _, _, path in Shop.seen)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.1:{port}/",
        "http://[::1]/",
        "http://localhost:{port}/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "https://169.254.169.254/latest/meta-data/",
        "http://shop.example@127.0.0.1/",
        "http://shop.example\\@127.0.0.1/",
        "http://shop.example/\r\nX: y",
        "//127.0.0.1/",
        "file:///etc/passwd",
        "",
    ],
)
def test_as_it_is_out_of_the_box_it_never_asks_this_machine(port: int, url: str) -> None:
    answer = Asking(seconds=2).ask(url.format(port=port))
    assert answer.status is None
    assert Shop.seen == []


def test_a_name_is_looked_up_once_and_just_that_address_is_asked(port: int) -> None:
    """A name that says one thing to the guard and another to the connection (DNS rebinding)."""
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    looked: list[str] = []
    careful = asking(resolve=rebinding, guard=lambda address, _port: looked.append(address) is None)
    assert careful.ask(f"http://shop.example:{port}/") == Answer(200)
    assert (asked, looked) == (["shop.example"], ["127.0.0.1"])


def test_one_address_inside_is_enough_to_refuse(port: int) -> None:
    both = asking(resolve=lambda _host, _port: ["1.1.1.1", "127.0.0.1"], guard=is_public)
    assert both.ask("http://shop.example/") == Answer(refused=True)
    assert asking(resolve=lambda _host, _port: []).ask(f"http://shop.example:{port}/") == Answer(refused=True)


def test_what_never_ends_is_left_in_time(port: int) -> None:
    here = f"http://shop.example:{port}"
    began = time.monotonic()
    asking(seconds=0.6).ask(f"{here}/drip")
    assert asking(seconds=5).ask(f"{here}/huge") == Answer(200)
    assert time.monotonic() - began < 3


def test_where_nobody_listens_nothing_answers() -> None:
    def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError("no such host")

    assert asking(resolve=nowhere).ask("https://gone.example/") == Answer()
    assert asking().ask("http://gone.example:1/") == Answer()


def test_https_is_asked_by_name_and_its_certificate_believed_only_if_it_is_right(tmp_path: Path) -> None:
    here, trusted = _speaks_tls(tmp_path, "shop.example")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    names: list[str | None] = []
    here.sni_callback = lambda _socket, name, _context: names.append(name)
    server.socket = here.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        at = server.server_address[1]
        assert asking(trust=trusted).ask(f"https://shop.example:{at}/x") == Answer(200)
        assert names == ["shop.example"]
        assert asking(trust=trusted).ask(f"https://other.example:{at}/x") == Answer()
        assert asking().ask(f"https://shop.example:{at}/x") == Answer()
    finally:
        server.shutdown()
        server.server_close()


def _speaks_tls(folder: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context, and one that believes it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "both.pem").write_bytes(secret + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "both.pem")
    return server, ssl.create_default_context(cadata=pem.decode())


def test_a_port_that_was_allowed_with_its_host_is_as_good_as_the_webs(port: int) -> None:
    looked: list[int] = []
    careful = asking(guard=lambda _address, at: looked.append(at) is None and at in (80, 443))
    assert careful.ask(f"http://shop.example:{port}/302http://shop.example:{port}/there") == Answer(200)
    assert careful.ask(f"http://shop.example:{port}/302http://other.example:{port}/") == Answer(refused=True)
    assert careful.ask("http://shop.example:22/") == Answer(refused=True)
    assert looked == [80, 80, 80, port, 22]
    assert Asking(resolve=lambda _host, _port: ["10.0.0.1"]).ask("https://shop.example:8443/") == Answer(refused=True)


def test_a_name_that_is_never_found_is_left_in_time() -> None:
    found = threading.Event()
    began = time.monotonic()
    assert asking(seconds=0.2, resolve=lambda _host, _port: ["127.0.0.1"] * found.wait(5)).ask("https://shop.example/") == Answer()
    assert time.monotonic() - began < 2
    found.set()


def test_what_is_told_goes_to_one_address_with_its_headers(port: int) -> None:
    assert asking().tell(f"http://shop.example:{port}/200", b"{}", {"Content-Type": "application/json"}) == Answer(200)
    ((headers, body),) = Shop.told
    assert (headers["Content-Type"], headers["Content-Length"], body) == ("application/json", "2", b"{}")
    assert "Range" not in headers


def test_what_is_told_follows_no_redirect_and_asks_no_second_time(port: int) -> None:
    elsewhere = "https://elsewhere.example/"
    assert asking().tell(f"http://shop.example:{port}/307{elsewhere}", b"x", {}) == Answer(307, elsewhere)
    assert asking().tell(f"http://shop.example:{port}/405", b"x", {}) == Answer(405)
    assert [method for method, _, _ in Shop.seen] == ["POST", "POST"]


def test_nothing_is_told_inside(port: int) -> None:
    assert Asking(seconds=2).tell(f"http://127.0.0.1:{port}/200", b"x", {}) == Answer(refused=True)
    assert asking().tell("ftp://shop.example/", b"x", {}) == Answer(refused=True)
    assert asking(seconds=0.3).tell(f"http://shop.example:{port}/drip", b"x", {}).status in (None, 200)
    assert Shop.told[:-1] == []
