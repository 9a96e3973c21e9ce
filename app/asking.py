"""Asking and telling other people's web servers, guarded against being sent inside (server-side request forgery, OWASP A10).

A link is typed by a person, and a redirect by whoever runs the server: either may name this machine, its
neighbours or the metadata service of a cloud. So each name is resolved once, every address that it has must be
a public one, and the connection goes to just that address: a name that answers differently a moment later
changes nothing. It keeps no cookies, follows no proxy of the environment and reads little.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from time import monotonic
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from kernel.ports import Answer

PORTS: Final = {"http": 80, "https": 443}
HOPS: Final = 5
SECONDS: Final = 10.0
FETCH_SECONDS: Final = 5.0
MOST_BYTES: Final = 65_536
MOST_ADDRESSES: Final = 4
NAMES: Final = 16
"""Names that are looked up at once."""
LONGEST: Final = 2000
"""Characters of an address to which a server may lead."""
FOR_GOOD: Final = (301, 308)
FOR_NOW: Final = (302, 303, 307)
NO_GET: Final = (405, 416, 501)
"""Answers after which HEAD is tried."""
_URL: Final = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?(?P<rest>[/?][!-~]*)?")
_HEADERS: Final = {
    "User-Agent": "Suyuan-link-check/1",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
_LITTLE: Final = {**_HEADERS, "Range": f"bytes=0-{MOST_BYTES - 1}"}
_GLOBAL_UNICAST: Final = ipaddress.ip_network("2000::/3")
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_NEVER: Final = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20")))
"""Special by IANA's registries (RFC 6890), and not by every Python's."""

OTHER_PORTS: Final = 1024
"""From here on a brand may allow a port with its host; below lie other services than the web."""

Guard = Callable[[str, int], bool]
Resolve = Callable[[str, int], Sequence[str]]
Place = tuple[str, int] | None


def is_public(address: str, port: int) -> bool:
    """Whether an IP address is a global unicast one, and the port the web's.

    Forms that carry an IPv4 address (mapped, RFC 4291; 6to4, RFC 3056; NAT64, RFC 6052) are as public as that one.
    """
    try:
        at: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(at, ipaddress.IPv6Address):
        carried = at.ipv4_mapped or at.sixtofour or (ipaddress.IPv4Address(int(at) & 0xFFFF_FFFF) if at in _NAT64 else None)
        if carried is None and (at not in _GLOBAL_UNICAST or at.teredo):
            return False
        at = carried or at
    if any(at in network for network in _NEVER):
        return False
    return port in PORTS.values() and at.is_global and not (at.is_multicast or at.is_reserved)


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class _Inside(Exception):
    """The address leads where we do not ask."""


class Asking:
    """The guarded way out. ``guard`` and ``resolve`` are what they are everywhere but in tests."""

    def __init__(
        self,
        *,
        guard: Guard = is_public,
        resolve: Resolve = resolved,
        seconds: float = SECONDS,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._guard, self._resolve, self._seconds, self._trust = guard, resolve, seconds, trust
        self._names = ThreadPoolExecutor(NAMES, "names")  # a look-up that hangs knows no timeout of its own

    def ask(self, url: str) -> Answer:
        """As kernel.ports.Web says. ``location`` is where the first redirects lead, as long as they are permanent.

        The port of ``url`` itself is as good as the web's, for its host alone: the brand allowed the two together.
        """
        allowed = _place(url)
        until = monotonic() + self._seconds
        moved, for_good, status = None, True, None
        for _ in range(HOPS + 1):
            try:
                status, location = self._once(url, until, allowed)
            except _Inside:
                return Answer(None, moved, refused=True)
            except (OSError, http.client.HTTPException, ValueError):
                return Answer(None, moved)
            if status not in (*FOR_GOOD, *FOR_NOW) or not location or len(location) > LONGEST:
                return Answer(status, moved)
            for_good = for_good and status in FOR_GOOD
            url = _joined(url, location)
            moved = url if for_good else moved
        return Answer(status, moved)

    def tell(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """As kernel.ports.Web says. What is told to one address is never carried to another, so a redirect is only answered."""
        try:
            status, location, _ = self._request("POST", url, monotonic() + self._seconds, _place(url), body, {**_HEADERS, **headers})
        except _Inside:
            return Answer(refused=True)
        except (OSError, http.client.HTTPException, ValueError):
            return Answer()
        return Answer(status, location[:LONGEST] if location else None)

    def fetch(self, url: str, most: int) -> Answer:
        """As kernel.ports.Web says. Only the web's own port: nobody allowed another. What came in part is nothing: neither what the
        server broke off nor what we cut."""
        if not url.startswith("https://"):
            return Answer(refused=True)
        until = monotonic() + min(self._seconds, FETCH_SECONDS)
        try:
            status, _, body = self._request("GET", url, until, None, None, _HEADERS, most + 1, whole=True)
        except _Inside:
            return Answer(refused=True)
        except (OSError, http.client.HTTPException, ValueError):
            return Answer()
        return Answer(status, body=body if status == 200 and len(body) <= most and monotonic() < until else None)

    def _once(self, url: str, until: float, allowed: Place) -> tuple[int, str | None]:
        """Status and Location of one address. Raises _Inside, OSError, HTTPException or ValueError."""
        status, location, _ = self._request("GET", url, until, allowed, None, _LITTLE)
        return self._request("HEAD", url, until, allowed, None, _LITTLE)[:2] if status in NO_GET else (status, location)

    def _request(
        self,
        method: str,
        url: str,
        until: float,
        allowed: Place,
        body: bytes | None,
        headers: Mapping[str, str],
        most: int = MOST_BYTES,
        *,
        whole: bool = False,
    ) -> tuple[int, str | None, bytes]:
        found = _URL.fullmatch(url)
        if not found:
            raise _Inside
        usual = PORTS[found["scheme"]]
        host, port = found["host"].strip("[]"), int(found["port"] or usual)
        addresses = self._addresses(host, port, until - monotonic())
        guarded = usual if (host, port) == allowed and port >= OTHER_PORTS else port
        if not addresses or not all(self._guard(address, guarded) for address in addresses):
            raise _Inside
        left = until - monotonic()
        if left <= 0:
            raise TimeoutError
        connection = _To(addresses, host, port, left, self._context() if found["scheme"] == "https" else None)
        # A server that sends a byte now and then never lets a socket's own timeout run out.
        end = threading.Timer(left, connection.cut)
        end.daemon = True
        end.start()
        try:
            connection.request(method, _path(found["rest"] or "/"), body, dict(headers))
            answer = connection.getresponse()
            told = answer.read(most)
            if whole and answer.length and len(told) < most:
                raise http.client.IncompleteRead(told, answer.length)  # read(amt) does not say so itself
            return answer.status, answer.getheader("Location"), told
        finally:
            end.cancel()
            connection.close()

    def _addresses(self, host: str, port: int, left: float) -> Sequence[str]:
        """Raises OSError, also when it takes longer than is left."""
        looked_up = self._names.submit(self._resolve, host, port)
        try:
            return looked_up.result(max(left, 0.0))
        except TimeoutError:
            looked_up.cancel()
            raise

    def _context(self) -> ssl.SSLContext:
        if self._trust is None:
            self._trust = ssl.create_default_context()
        return self._trust


class _To(http.client.HTTPConnection):
    """A connection to one of the addresses that were looked at, which speaks to the host by its name."""

    def __init__(self, addresses: Sequence[str], host: str, port: int, seconds: float, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=seconds)
        self.default_port = PORTS["https" if context else "http"]
        self._addresses, self._tls = addresses[:MOST_ADDRESSES], context
        self._line: socket.socket | None = None

    def connect(self) -> None:
        for place, address in enumerate(self._addresses, 1):
            try:
                self.sock = self._line = socket.create_connection((address, self.port), self.timeout)
                break
            except OSError:
                if place == len(self._addresses):
                    raise
        if self._tls is not None:
            # The handshake apart from the wrapping, so that it can be cut as well.
            self.sock = self._line = self._tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def cut(self) -> None:
        """End it from another thread, wherever it is."""
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)


def _place(url: str) -> Place:
    """Host and port that an address names; None for what it does not."""
    found = _URL.fullmatch(url)
    return (found["host"].strip("[]"), int(found["port"])) if found and found["port"] else None


def _path(rest: str) -> str:
    return rest if rest.startswith("/") else f"/{rest}"


def _joined(url: str, location: str) -> str:
    """Where a Location leads (RFC 9110, 10.2.2): host in lower case, without a fragment, all of it ASCII."""
    raw = location.encode("latin-1", "replace") if isinstance(location, str) else location
    parts = urlsplit(urljoin(url, quote(raw, safe="!#$%&'()*+,/:;=?@[]~")))
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), fragment="").geturl()
