"""The common habit of all benchmarks: arguments, a load generator, medians, JSON as the last line."""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]


def arguments(description: str, **more: Callable[[argparse.ArgumentParser], object]) -> argparse.Namespace:
    """``--quick`` and ``--rounds`` for everyone; ``more`` may add arguments of its own."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help="smaller work, same keys, under 50 s")
    parser.add_argument("--rounds", type=int, help="how many counted rounds")
    for add in more.values():
        add(parser)
    return parser.parse_args()


def emit(**figures: Any) -> None:
    """The result, as one JSON object on the last line."""
    print(json.dumps(figures, ensure_ascii=False))


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def median(values: Sequence[float]) -> float:
    return round(statistics.median(values), 4)


def load(base: str, paths: Sequence[str], *, seconds: float, connections: int = 16) -> dict[str, float]:
    """Keep ``connections`` keep-alive connections busy with GETs from a process of its own.

    Returns requests (per second), p50_ms, p99_ms and errors (answers other than 200).
    """
    work = json.dumps({"base": base, "paths": list(paths), "seconds": seconds, "connections": connections})
    done = subprocess.run([sys.executable, "-m", "benchmarks.habit"], input=work, capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout)


def _one_connection(host: str, port: int, requests: list[bytes], until: float, times: list[float], errors: list[int]) -> None:
    with socket.create_connection((host, port), timeout=30) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        place = 0
        while time.perf_counter() < until:
            began = time.perf_counter()
            link.sendall(requests[place % len(requests)])
            place += 1
            answer = link.recv(65536)
            head, split, body = answer.partition(b"\r\n\r\n")
            while not split:
                answer += link.recv(65536)
                head, split, body = answer.partition(b"\r\n\r\n")
            lower = head.lower()
            start = lower.index(b"content-length:") + 15
            missing = int(lower[start:].split(b"\r\n", 1)[0]) - len(body)
            while missing > 0:
                missing -= len(link.recv(65536))
            times.append(time.perf_counter() - began)
            if not head.startswith(b"HTTP/1.1 200"):
                errors.append(1)


def _generate(base: str, paths: list[str], seconds: float, connections: int) -> dict[str, float]:
    parts = urlsplit(base)
    times: list[float] = []
    errors: list[int] = []
    lines = [
        f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: text/html\r\nAccept-Language: zh-CN\r\n\r\n".encode() for path in paths
    ]
    began = time.perf_counter()
    threads = [
        threading.Thread(target=_one_connection, args=(parts.hostname, parts.port, lines[i::connections], began + seconds, times, errors))
        for i in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    return {
        "requests": len(times) / (time.perf_counter() - began),
        "p50_ms": times[len(times) // 2] * 1000,
        "p99_ms": times[int(len(times) * 0.99)] * 1000,
        "errors": len(errors),
    }


if __name__ == "__main__":
    given = json.loads(sys.stdin.read())
    print(json.dumps(_generate(given["base"], given["paths"], given["seconds"], given["connections"])))
