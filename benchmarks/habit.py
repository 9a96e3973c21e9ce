"""The common habit of all benchmarks: arguments, a load generator, medians, JSON as the last line."""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count, repeat
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


def load(base: str, paths: Sequence[str], *, seconds: float, connections: int = 16, status: int = 200) -> dict[str, float]:
    """Keep ``connections`` keep-alive connections busy with GETs from a process of its own.

    Returns requests (per second), p50_ms, p99_ms and errors (answers other than ``status``).
    """
    return _in_a_process(base, paths, seconds=seconds, connections=connections, status=status, rate=0)


def steady(base: str, paths: Sequence[str], *, seconds: float, rate: float, connections: int = 16, status: int = 200) -> dict[str, float]:
    """The same at ``rate`` requests a second, begun by the clock: who waits because an earlier request is late waits
    in the figures as well."""
    return _in_a_process(base, paths, seconds=seconds, connections=connections, status=status, rate=rate)


def _in_a_process(base: str, paths: Sequence[str], **how: float) -> dict[str, float]:
    work = json.dumps({"base": base, "paths": list(paths), **how})
    done = subprocess.run([sys.executable, "-m", "benchmarks.habit"], input=work, capture_output=True, text=True, check=True, cwd=ROOT)
    return json.loads(done.stdout)


def _one_connection(
    address: tuple[str | None, int | None], requests: list[bytes], when: Iterator[float], until: float, wanted: bytes
) -> tuple[list[float], int]:
    """The seconds that each answer took, and how many were not the wanted ones."""
    times, errors = [], 0
    with socket.create_connection(address, timeout=30) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for place, due in enumerate(when):
            began = time.perf_counter()
            if began >= until or due >= until:
                break
            if due > began:
                time.sleep(due - began)
            began = due or began
            link.sendall(requests[place % len(requests)])
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
            errors += not head.startswith(wanted)
    return times, errors


def _generate(base: str, paths: list[str], seconds: float, connections: int, status: int, rate: float) -> dict[str, float]:
    parts = urlsplit(base)
    lines = [
        f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: text/html\r\nAccept-Language: zh-CN\r\n\r\n".encode() for path in paths
    ]
    began = time.perf_counter()
    wanted = f"HTTP/1.1 {status}".encode()

    def one(number: int) -> tuple[list[float], int]:
        when = (began + (number + turn * connections) / rate for turn in count()) if rate else repeat(0.0)
        return _one_connection((parts.hostname, parts.port), lines[number::connections], when, began + seconds, wanted)

    with ThreadPoolExecutor(connections) as pool:
        done = list(pool.map(one, range(connections)))
    times = sorted(each for one_times, _ in done for each in one_times)
    return {
        "requests": len(times) / (time.perf_counter() - began),
        "p50_ms": times[len(times) // 2] * 1000,
        "p99_ms": times[int(len(times) * 0.99)] * 1000,
        "errors": sum(errors for _, errors in done),
    }


if __name__ == "__main__":
    print(json.dumps(_generate(**json.loads(sys.stdin.read()))))
