"""Which services answer on this machine, as lines a shell can read; what does not answer is said on stderr.

    eval "$(python tools/services.py)"

Prints ``export SUYUAN_TEST_POSTGRES=…``, ``…_BROKER=…``, ``…_REDIS=…``, ``…_MQTT=…`` for those that do.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable

HOST = "127.0.0.1"


def postgres() -> str | None:
    """A server on which databases may be made."""
    import psycopg

    for user, password in (("postgres", ""), ("root", ""), ("postgres", "postgres"), ("test", "test")):
        for database in ("test", "postgres"):
            try:
                with psycopg.connect(host=HOST, port=5432, user=user, password=password, dbname=database, connect_timeout=3) as connection:
                    row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
            except psycopg.Error:
                continue
            if row and row[0]:
                return f"postgresql+psycopg://{user}{':' + password if password else ''}@{HOST}:5432/{database}"
    return None


def broker(url: str) -> Callable[[], str | None]:
    """A broker that Celery can speak to."""

    def ask() -> str | None:
        from kombu import Connection

        try:
            with Connection(url, connect_timeout=3) as connection:
                connection.ensure_connection(max_retries=1, timeout=3)
        except Exception:  # whatever keeps it from answering: it does not answer
            return None
        return url

    return ask


def mqtt() -> str | None:
    """A broker that lets anybody in."""
    connect = bytes.fromhex("100c00044d51545404020005") + b"\x00\x00"
    try:
        with socket.create_connection((HOST, 1883), timeout=3) as line:
            line.sendall(connect)
            return f"mqtt://{HOST}:1883" if line.recv(4)[:1] == b"\x20" else None
    except OSError:
        return None


SERVICES: dict[str, tuple[str, Callable[[], str | None]]] = {
    "POSTGRES": (f"PostgreSQL at {HOST}:5432", postgres),
    "BROKER": (f"RabbitMQ at {HOST}:5672", broker(f"amqp://guest:guest@{HOST}:5672//")),
    "REDIS": (f"Redis at {HOST}:6379", broker(f"redis://{HOST}:6379/9")),
    "MQTT": (f"Mosquitto at {HOST}:1883", mqtt),
}


def main() -> int:
    for name, (service, ask) in SERVICES.items():
        url = ask()
        print(f"{'answers' if url else 'does not answer'}: {service}", file=sys.stderr)
        if url:
            print(f"export SUYUAN_TEST_{name}='{url}'")
    return 0


if __name__ == "__main__":
    sys.exit(main())
