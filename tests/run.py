"""``./suyuan test``: the whole suite on two processes, and at the end plainly what was skipped and why.

    python -m tests.run [arguments of pytest]

Environment: SUYUAN_TEST_DATABASES (sqlite,postgres), SUYUAN_TEST_POSTGRES (a server instead of
the one from a wheel), SUYUAN_TEST_BROKER and SUYUAN_TEST_MQTT (services instead of the embedded ones).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROCESSES = ["-n", "2", "--dist", "loadfile"]


class Ledger:
    """Counts what came of every test; with several processes their reports arrive here too."""

    def __init__(self) -> None:
        self.skipped: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._note(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._note(report)

    def _note(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.skipped and isinstance(report.longrepr, tuple):
            self.skipped[str(report.longrepr[2]).removeprefix("Skipped: ")] += 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        say = terminalreporter.write_line
        say("")
        say(f"World: {world()}")
        say(f"Skipped: {self.skipped.total()}" if self.skipped else "Nothing was skipped.")
        for reason, count in self.skipped.most_common():
            say(f"  {count:>4} × {reason}")


def world() -> str:
    """Which databases and services this run used, in a line."""
    databases = os.environ.get("SUYUAN_TEST_DATABASES", "sqlite,postgres").split(",")
    said = []
    if "sqlite" in databases:
        said.append("SQLite")
    if "postgres" in databases:
        given = os.environ.get("SUYUAN_TEST_POSTGRES")
        said.append(f"PostgreSQL ({given.rpartition('@')[2]})" if given else "PostgreSQL (wheel)")
    broker, mqtt = os.environ.get("SUYUAN_TEST_BROKER"), os.environ.get("SUYUAN_TEST_MQTT")
    said.append(f"broker {broker.rpartition('@')[2]} ({broker.partition(':')[0]})" if broker else "embedded broker")
    said.append(f"MQTT {mqtt.rpartition('//')[2]}" if mqtt else "embedded MQTT")
    return ", ".join(said)


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    subprocess.run(["sh", "tools/browser.sh"], check=False)
    given = arguments if any(each.startswith("-n") for each in arguments) else [*PROCESSES, *arguments]
    return int(pytest.main(given, plugins=[Ledger()]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
