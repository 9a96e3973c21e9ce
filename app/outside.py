"""The scheme of a URL picks the adapter of a port: vault, post, keyring."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import smtplib
import threading
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.asking import Asking
from app.config import Settings
from app.scanning import make_scanner
from kernel.errors import Missing, Unavailable
from kernel.ports import Keyring, Outside, Post, Vault


class ObjectVault:
    """A folder or an S3 bucket by obstore; names are hashes, so nothing is ever overwritten."""

    def __init__(self, url: str) -> None:
        from obstore.store import LocalStore, S3Store

        parts = urlsplit(url)
        self._store: Any
        if parts.scheme == "file":
            Path(parts.path).mkdir(parents=True, exist_ok=True, mode=0o700)
            self._store = LocalStore(parts.path)
        elif parts.scheme == "s3":
            self._store = S3Store(parts.netloc, prefix=parts.path.strip("/") or None)
        else:
            raise ValueError(f"VAULT_URL: unknown scheme {parts.scheme!r}; file:// and s3:// are known")

    def put(self, content: bytes) -> str:
        import obstore
        from obstore.exceptions import AlreadyExistsError

        key = hashlib.sha256(content).hexdigest()
        with suppress(AlreadyExistsError):
            obstore.put(self._store, f"{key[:2]}/{key}", content, mode="create")
        return key

    def get(self, key: str) -> bytes:
        import obstore

        try:
            return bytes(obstore.get(self._store, f"{key[:2]}/{key}").bytes())
        except FileNotFoundError:
            raise Missing("not in the vault") from None


class LogPost:
    """The embedded post office: a letter is a line in SUYUAN_HOME/post.log, readable by its owner
    alone. It is a mailbox for trying things out, not an application log. A letter whose key it
    has taken before is the same letter, and is taken once."""

    def __init__(self, home: str) -> None:
        self.path = Path(home) / "post.log"
        self._lock = threading.Lock()

    def send(self, *, to: str, subject: str, text: str, key: str) -> None:
        line = json.dumps(
            {"at": datetime.now(UTC).isoformat(), "to": to, "subject": subject, "text": text, "key": key},
            ensure_ascii=False,
        )
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with self._lock, os.fdopen(handle, "a+", encoding="utf-8") as letters:
            fcntl.flock(letters, fcntl.LOCK_EX)
            letters.seek(0)
            if f'"key": {json.dumps(key)}' in letters.read():
                return
            letters.write(line + "\n")
            letters.flush()
            os.fsync(letters.fileno())


class SmtpPost:
    """Mail over SMTP: smtp://user:password@host:port, smtps:// for TLS from the first byte."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def send(self, *, to: str, subject: str, text: str, key: str) -> None:
        mail = EmailMessage()
        mail["To"], mail["Subject"] = to, subject
        mail["From"] = self._url.username or "suyuan@localhost"
        mail["Message-ID"] = f"<{key}@suyuan>"
        mail.set_content(text)
        kind = smtplib.SMTP_SSL if self._url.scheme == "smtps" else smtplib.SMTP
        try:
            with kind(self._url.hostname or "localhost", self._url.port or 0, timeout=10) as server:
                if self._url.username and self._url.password:
                    server.login(self._url.username, self._url.password)
                server.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable("the mail server did not take the letter") from error


class HookPost:
    """A gateway for SMS or chat: one POST of {to, subject, text} with an Idempotency-Key."""

    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, *, to: str, subject: str, text: str, key: str) -> None:
        body = json.dumps({"to": to, "subject": subject, "text": text}).encode()
        request = urllib.request.Request(self._url, body, {"Content-Type": "application/json", "Idempotency-Key": key})  # noqa: S310 (scheme checked in make_post)
        try:
            with urllib.request.urlopen(request, timeout=10):  # noqa: S310
                pass
        except (urllib.error.URLError, TimeoutError) as error:
            raise Unavailable("the gateway did not take the message") from error


class RootKeyring:
    """One root key; a key for each purpose by HKDF. What the root key before it locked can still be read."""

    def __init__(self, root_hex: str, old_hex: str = "") -> None:
        self._root = _root("ROOT_KEY", root_hex)
        self._old = _root("ROOT_KEY_OLD", old_hex) if old_hex else None
        self._derived: dict[tuple[bytes, str], bytes] = {}

    def mac(self, purpose: str, data: bytes) -> bytes:
        return hmac.digest(self._key(self._root, "mac:" + purpose), data, "sha256")

    def lock(self, purpose: str, plain: bytes) -> bytes:
        nonce = secrets.token_bytes(12)
        return nonce + AESGCM(self._key(self._root, "lock:" + purpose)).encrypt(nonce, plain, purpose.encode())

    def unlock(self, purpose: str, locked: bytes) -> bytes:
        try:
            return self._unlock(self._root, purpose, locked)
        except ValueError:
            if self._old is None:
                raise
            return self._unlock(self._old, purpose, locked)

    def relock(self, purpose: str, locked: bytes) -> bytes:
        try:
            self._unlock(self._root, purpose, locked)
        except ValueError:
            return self.lock(purpose, self.unlock(purpose, locked))
        return locked

    def _unlock(self, root: bytes, purpose: str, locked: bytes) -> bytes:
        try:
            return AESGCM(self._key(root, "lock:" + purpose)).decrypt(locked[:12], locked[12:], purpose.encode())
        except InvalidTag:
            raise ValueError("not locked with this key and purpose") from None

    def _key(self, root: bytes, purpose: str) -> bytes:
        key = self._derived.get((root, purpose))
        if key is None:
            key = HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(root)
            self._derived[root, purpose] = key
        return key


def _root(setting: str, text: str) -> bytes:
    root = bytes.fromhex(text)
    if len(root) != 32:
        raise ValueError(f"{setting}: 64 hex digits are needed")
    return root


def make_post(url: str, home: str) -> Post:
    scheme = urlsplit(url).scheme
    if scheme == "log":
        return LogPost(home)
    if scheme in ("smtp", "smtps"):
        return SmtpPost(url)
    if scheme == "https":
        return HookPost(url)
    raise ValueError(f"POST_URL: unknown scheme {scheme!r}; log:, smtp://, smtps:// and https:// are known")


def make_outside(settings: Settings) -> Outside:
    vault: Vault = ObjectVault(settings.vault_url)
    keys: Keyring = RootKeyring(settings.root_key, settings.root_key_old)
    post = make_post(settings.post_url, settings.home)
    return Outside(
        vault=vault,
        post=post,
        keys=keys,
        web=Asking(),
        public_url=settings.public_url.rstrip("/"),
        scanner=make_scanner(settings.scanner_url),
    )
