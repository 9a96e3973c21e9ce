"""``suyuan run``: one parent, a web process, a worker process and the line simulator.

They meet only in the database. A child dies with its parent (PDEATHSIG), so that even a
SIGKILL leaves no orphan that keeps the port.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.config import Settings
from kernel.errors import Conflict

PR_SET_PDEATHSIG = 1


class PortTaken(Conflict):
    """Another program listens there. Choose another port: PORT=8001 ./suyuan run"""

    code = "port-taken"
    title = "The port is taken"


def die_with_parent() -> None:
    """Linux: have the kernel end this process when its parent ends, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def serve_web(settings: Settings) -> None:
    """``suyuan web``: Granian. Its threads mostly wait: for a commit that many share, or for news to send."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "app.wsgi:application",
        address=settings.host,
        port=int(settings.port),
        interface=Interfaces.WSGI,
        workers=int(settings.web_workers),
        blocking_threads=int(settings.web_threads),
        backlog=1024,
        log_level=LogLevels.warning,
        ssl_cert=Path(settings.tls_certificate) if settings.tls_certificate else None,
        ssl_key=Path(settings.tls_key) if settings.tls_key else None,
        respawn_failed_workers=True,
    ).serve()


def environment(settings: Settings) -> dict[str, str]:
    """These settings as the environment of a child."""
    from dataclasses import fields

    values = {f.metadata["name"]: getattr(settings, f.name) for f in fields(settings)}
    return {**os.environ, **values}


def spawn(settings: Settings, *command: str, **options: Any) -> subprocess.Popen[bytes]:
    """A child of the house: ``suyuan <command>`` with these settings, which dies with this process."""
    return subprocess.Popen([sys.executable, "-m", "app.cli", *command], env=environment(settings), preexec_fn=die_with_parent, **options)


def check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortTaken(f"{host}:{port} is in use; try PORT={port + 1} ./suyuan run", port=port) from None


def wait_ready(url: str, children: list[subprocess.Popen[bytes]], *, patience: float = 60) -> None:
    """Until /healthz answers; a child that ended meanwhile is an error."""
    import ssl

    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # our own fresh certificate, on our own machine
    until = time.monotonic() + patience
    while time.monotonic() < until:
        ended = next((child for child in children if child.poll() is not None), None)
        if ended is not None:
            raise RuntimeError(f"a process of the house ended at once (exit {ended.returncode})")
        try:
            with urllib.request.urlopen(url + "/healthz", timeout=2, context=context):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError("the web process did not answer in time")


@dataclass
class Children:
    """The processes of one run."""

    processes: list[subprocess.Popen[bytes]]

    def stop(self, patience: float = 10) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + patience
        for process in self.processes:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()


def start(
    settings: Settings,
    *,
    between: Callable[[], object] = lambda: None,
    extra: Callable[[], Sequence[tuple[str, ...]]] = lambda: (),
    quiet: bool = False,
) -> Children:
    """Web and worker (with a broker outside also relay, beat and telemetry, as they would run on
    hosts of their own), and what ``extra`` names; returns when the web answers. ``between`` is done
    while the web gets up and before anything else is started."""
    check_port(settings.host, int(settings.port))
    options: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} if quiet else {}
    children = Children([spawn(settings, "web", **options)])
    try:
        between()
        parts = ["worker"] if settings.embedded_broker else ["worker", "relay", "beat", "telemetry"]
        children.processes += [spawn(settings, *command, **options) for command in (*((part,) for part in parts), *extra())]
        scheme = "https" if settings.tls_certificate else "http"
        host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
        wait_ready(f"{scheme}://{host}:{settings.port}", children.processes)
    except BaseException:
        children.stop(2)
        raise
    return children


def watch(children: Children, *, mailbox: Path, say: Callable[[str], None]) -> int:
    """Stay until Ctrl-C or until a child ends, and read out the letters that the demo's post takes."""
    stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.append(1))
    place = mailbox.stat().st_size if mailbox.exists() else 0
    while not stop:
        if any(child.poll() is not None for child in children.processes):
            say("A process of the house has ended; stopping the others.")
            children.stop()
            return 1
        if mailbox.exists() and mailbox.stat().st_size > place:
            with mailbox.open(encoding="utf-8") as letters:
                letters.seek(place)
                for line in letters:
                    letter = json.loads(line)
                    say(f"  ✉ {letter['to']}: {letter['text']}")
                place = letters.tell()
        time.sleep(0.3)
    children.stop()
    return 0


def on_the_lan(settings: Settings) -> Settings:
    """For phones: listen on all addresses, with a certificate of our own (a camera page needs https)."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only asks which address would be used
            address = probe.getsockname()[0]
        except OSError:
            address = "127.0.0.1"
    certificate, key = make_certificate(Path(settings.home) / "keys", address)
    return replace(
        settings,
        host="0.0.0.0",  # noqa: S104 (asked for by --lan)
        public_url=f"https://{address}:{settings.port}",
        tls_certificate=str(certificate),
        tls_key=str(key),
    )


def make_certificate(folder: Path, address: str) -> tuple[Path, Path]:
    """A self-signed certificate for one address, P-256, for a year."""
    import ipaddress
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Suyuan on this network")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address)), x509.DNSName("localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    certificate_path, key_path = folder / "lan.cert.pem", folder / "lan.key.pem"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    handle = os.open(key_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return certificate_path, key_path
