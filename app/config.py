"""Settings: five URLs choose the world, each with an embedded default.

The only reader of the environment. There is no ``if production`` anywhere: what differs
between a laptop and a data centre is the values below and the commands that are started.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path


def _setting(name: str, default: str, meaning: str) -> str:
    return field(default=default, metadata={"name": name, "meaning": meaning})  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Settings:
    home: str = _setting("SUYUAN_HOME", "var", "Folder for everything the embedded default keeps: database, vault, keys, post.")
    database_url: str = _setting(
        "DATABASE_URL", "", "SQLite file or PostgreSQL: postgresql+psycopg://user@host/name. Empty: SUYUAN_HOME/suyuan.db."
    )
    broker_url: str = _setting("BROKER_URL", "memory://", "Courier of the outbox: memory:// (inside the worker), redis://… or amqp://…")
    queue: str = _setting("QUEUE", "suyuan", "Name of the queue on the broker; two houses that share a broker need two.")
    vault_url: str = _setting(
        "VAULT_URL", "", "Where papers and print files are kept: file:///folder or s3://bucket. Empty: SUYUAN_HOME/vault."
    )
    post_url: str = _setting(
        "POST_URL", "log:", "Who carries messages to people: log: (a file in SUYUAN_HOME), smtp://host or https://hook."
    )
    telemetry_url: str = _setting(
        "TELEMETRY_URL", "", "MQTT broker: mqtt://host:1883, mqtt+embedded://127.0.0.1:18830 (inside the worker), or empty for none."
    )
    scanner_url: str = _setting(
        "SCANNER_URL",
        "",
        "Who looks for viruses in papers: nobody (empty; papers say so), clamd://host:3310 or clamd:///run/clamav/clamd.ctl.",
    )
    public_url: str = _setting("PUBLIC_URL", "http://127.0.0.1:8000", "Where consumers reach the scan pages; printed into every code.")
    host: str = _setting("HOST", "127.0.0.1", "Address the web server listens on.")
    port: str = _setting("PORT", "8000", "Port the web server listens on.")
    web_workers: str = _setting("WEB_WORKERS", "1", "Web processes. With more than one, LIMITS_URL should be Redis.")
    web_threads: str = _setting("WEB_THREADS", "16", "Threads of each web process: scans that wait together are committed together.")
    tls_certificate: str = _setting("TLS_CERTIFICATE", "", "PEM file; with TLS_KEY the web server speaks https.")
    tls_key: str = _setting("TLS_KEY", "", "PEM file of the certificate's key.")
    limits_url: str = _setting("LIMITS_URL", "memory://", "Where rate limits are counted: memory:// (one process) or redis://…")
    secret_key: str = _setting("SECRET_KEY", "", "Signs sessions and tickets. Empty: made once and kept in SUYUAN_HOME/keys.")
    root_key: str = _setting(
        "ROOT_KEY", "", "Root of all encryption at rest, 64 hex digits. Empty: made once and kept in SUYUAN_HOME/keys."
    )
    root_key_old: str = _setting(
        "ROOT_KEY_OLD", "", "The root key before a change, 64 hex digits: what it locked can be read until all is locked anew."
    )
    timezone: str = _setting("TIMEZONE", "Asia/Shanghai", "Time zone in which pages tell times and days begin.")
    proxies: str = _setting("PROXIES", "0", "How many reverse proxies stand in front and set X-Forwarded-*.")
    geo_url: str = _setting(
        "GEO_URL",
        "",
        "Who knows the city of a scan: nobody (empty), ip2region:///folder/v4.xdb?v6=/folder/v6.xdb, "
        "or header:X-Region that a proxy sets (with PROXIES).",
    )
    epcis_most_events: str = _setting("EPCIS_MOST_EVENTS", "2000", "Events that one document may bring to the EPCIS door; 413 above.")
    epcis_most_bytes: str = _setting("EPCIS_MOST_BYTES", "16777216", "Bytes that one document may have at the EPCIS door; 413 above.")
    log_format: str = _setting("LOG_FORMAT", "console", "console or json.")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        environ = os.environ if environ is None else environ
        given = {f.name: environ[f.metadata["name"]] for f in fields(cls) if environ.get(f.metadata["name"])}
        return cls(**given).filled()

    def filled(self) -> Settings:
        """The same settings with every empty value replaced by its embedded default."""
        home = Path(self.home).absolute()
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["home"] = str(home)
        values["database_url"] = self.database_url or f"sqlite:///{home / 'suyuan.db'}"
        values["vault_url"] = self.vault_url or f"file://{home / 'vault'}"
        values["secret_key"] = self.secret_key or _kept_key(home, "secret")
        values["root_key"] = self.root_key or _kept_key(home, "root")
        return Settings(**values)

    @property
    def embedded_database(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def embedded_broker(self) -> bool:
        return self.broker_url.startswith("memory:")


def _kept_key(home: Path, name: str) -> str:
    """A random key made once, readable by the owner alone. Two processes may race: the first wins."""
    path = home / "keys" / name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    draft = secrets.token_hex(32)
    with os.fdopen(handle, "w") as out:
        out.write(draft)
        out.flush()
        os.fsync(out.fileno())
    return draft
