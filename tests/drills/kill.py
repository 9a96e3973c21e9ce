"""kill -9 at random moments of the loop: nothing acknowledged is lost, nothing happens twice.

    python -m tests.drills.kill [--rounds 50] [--seed N]

Each round a lot is made, a file of many labels is asked for, a member scans an item of the lot, a dip of
the pasteuriser is sent, the lot is recalled by two persons; meanwhile, at a random moment, the web and the worker process are killed with
SIGKILL (one of them, or both), and started again. Every action goes into a ledger with its
outcome as the client saw it: acknowledged, refused, or unknown (the connection broke). At
the end, when the outbox is silent, an auditor who knows only the ledger and the tables says
what was lost and what was doubled. ``--blind`` corrupts the tables first, to show that the
auditor sees.

A kill proves nothing about power: that is what synchronous=FULL is for.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
import urllib.error
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app import running, seed
from app.config import Settings
from app.demo import OUTLET, Home, Refusal, Visitor, at_desk, decide, free_port, join, verdict_of, wait_for
from app.house import open_database
from app.simulate import batch
from migrations.upgrade import upgrade
from monitoring.simulator import Line

LABELS = 250_000
"""Codes of a CSV in three parts (labels/rows.py)."""
ACKNOWLEDGED, REFUSED, UNKNOWN = "acknowledged", "refused", "unknown"


@dataclass
class Ledger:
    """What the clients saw: (kind, key, outcome), in order."""

    entries: list[tuple[str, str, str]] = field(default_factory=list)

    def note(self, kind: str, key: str, act: Callable[[], Any]) -> Any:
        try:
            answer = act()
        except Refusal as refusal:
            self.entries.append((kind, key, UNKNOWN if refusal.status >= 500 else REFUSED))
            return None
        except (OSError, urllib.error.URLError, ValueError):
            self.entries.append((kind, key, UNKNOWN))
            return None
        self.entries.append((kind, key, ACKNOWLEDGED))
        return answer

    def count(self, kind: str, key: str, outcome: str) -> int:
        return self.entries.count((kind, key, outcome))

    def keys(self, kind: str, outcome: str) -> set[str]:
        return {key for k, key, o in self.entries if k == kind and o == outcome}


class Round(threading.Thread):
    """One turn of the loop; errors of the connection end only the step they struck."""

    def __init__(self, home: Home, ledger: Ledger, number: int, member: Visitor, start: datetime) -> None:
        super().__init__(daemon=True)
        self.home, self.ledger, self.number, self.member = home, ledger, number, member
        self.start_of_line = start + timedelta(minutes=2 * number)

    def run(self) -> None:
        note, machine, name = self.ledger.note, self.home.machine, f"KILL-{self.number}"
        products = note("read", name, lambda: machine.get("/products"))
        if not products:
            return
        began, product = self.start_of_line, products[0]["id"]
        body = {
            "code": name,
            "product_id": product,
            "line_code": "L1",
            "place": "一号线",
            "quantity": "50",
            "started_at": began.isoformat(),
        }
        lot = note("lot", name, lambda: machine.post("/lots", body))
        order = note("order", name, lambda: machine.post("/orders", {"reference": name, "product_id": product, "count": 50}))
        self._file(name + "-FILE", product)
        if lot is None or order is None:
            return
        note("printed", name, lambda: machine.post(f"/orders/{order['id']}/prints", {"start": 0, "count": 40}))
        note("activation", name, lambda: machine.post(f"/orders/{order['id']}/activations", {"lot_id": lot["id"], "start": 0, "count": 40}))
        link = self._link(order["id"])
        if link:
            for _ in range(3):
                note("scan", link, lambda: self._scan(link))
        for part in self._readings(began):
            note("telemetry", part["readings"][0]["at"], lambda part=part: machine.post("/telemetry", part))
        recall = {"lot_ids": [lot["id"]], "reason": name, "advice": "请勿饮用"}
        proposed = note("recall", name, lambda: machine.post("/recalls", recall))
        if proposed is not None:
            note("approval", name, lambda: decide(self.home, proposed["id"]))

    def _file(self, reference: str, product_id: str) -> None:
        """A file of several parts, which the worker makes while the rest goes on."""
        body = {"reference": reference, "product_id": product_id, "count": LABELS, "formats": []}
        order = self.ledger.note("order", reference, lambda: self.home.machine.post("/orders", body))
        if order is not None:
            self.ledger.note("file", reference, lambda: self.home.machine.post(f"/orders/{order['id']}/files", {"format": "csv"}))

    def _link(self, order_id: str) -> str:
        database = open_database(self.home.settings)
        from kernel.unit import system
        from traceability import codes

        with database.look(system(self.home.planted.brand_id)) as unit:
            link = codes.links(unit, order_id, start=0, count=1)[0]
        database.engine.dispose()
        return self.home.here(link)

    def _scan(self, path: str) -> None:
        page = self.member.get(path)
        if verdict_of(page) == "none":
            raise OSError("no page")

    def _readings(self, began: datetime) -> list[dict[str, Any]]:
        plant = Line(self.number)
        parts: list[dict[str, Any]] = []
        for second in range(90):
            if second == 30:
                plant.fault("dip", OUTLET, seconds=30)
            reading: Any = batch("L1", {OUTLET: plant.step()[OUTLET]}, began + timedelta(seconds=second))
            if second % 15 == 0:
                parts.append({"line": "L1", "readings": []})
            parts[-1]["readings"] += reading["readings"]
        return parts


def drill(*, rounds: int, seed_number: int, say: Callable[[str], None], blind: bool = False) -> dict[str, Any]:
    chance, ledger = random.Random(seed_number), Ledger()
    with tempfile.TemporaryDirectory(prefix="suyuan-kill-") as folder:
        port = free_port()
        settings = Settings(home=folder, port=str(port), public_url=f"http://127.0.0.1:{port}").filled()
        database = open_database(settings)
        upgrade(database.engine)
        planted = seed.plant(settings, database)
        database.engine.dispose()
        home = Home(settings, planted, running.start(settings, quiet=True))
        try:
            member = join(home, planted.scan_link, "+8613899990000")
            for role in ("quality", "brand_admin"):
                at_desk(home, role)
            start = datetime.now(UTC) - timedelta(minutes=2 * rounds + 5)
            kills: Counter[str] = Counter()
            for number in range(rounds):
                turn = Round(home, ledger, number, member, start)
                turn.start()
                if blind:
                    turn.join(60)  # all is acknowledged, so that what is taken away below was there
                else:
                    time.sleep(chance.uniform(0.02, 2.0))
                    kills[_kill(home, chance.choice(("web", "worker", "both")))] += 1
                    turn.join(60)
                home.children.stop(2)
                home.children = running.start(settings, quiet=True)
                say(f"round {number + 1}/{rounds}: {len(ledger.entries)} actions so far")
            _settle(home)
        finally:
            home.children.stop()
        if blind:
            _corrupt(Path(folder) / "suyuan.db")
        found = audit(Path(folder), ledger)
    return {"rounds": rounds, "seed": seed_number, "kills": dict(kills), **found}


def _kill(home: Home, which: str) -> str:
    """SIGKILL, also to Granian's own child, as a machine's out-of-memory killer would."""
    for place, process in enumerate(home.children.processes[:2]):
        if which in ("both", ("web", "worker")[place]):
            for child in _children(process.pid):
                os.kill(child, signal.SIGKILL)
            process.kill()
    return which


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in path.read_text().split()] if path.exists() else []


def _settle(home: Home) -> None:
    """Until the outbox is silent: leases of killed workers must run out first."""

    def silent() -> bool:
        page = json.loads(Visitor(home.url).get("/readyz") or "{}")
        return page.get("waiting") == 0

    wait_for(silent, seconds=180, pause=0.5)


def _corrupt(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM reading WHERE at = (SELECT max(at) FROM reading)")
        db.execute("UPDATE item_scans SET times = times + 7")
        db.execute("UPDATE print_part SET number = 7 WHERE number = 1")
        db.execute("DELETE FROM hold WHERE cause = 'alert'")


def audit(folder: Path, ledger: Ledger) -> dict[str, Any]:
    """Lost and doubled, from the ledger and the tables alone."""
    lost: list[str] = []
    doubled: list[str] = []
    with sqlite3.connect(folder / "suyuan.db") as db:

        def ask(sql: str, *values: object) -> list[tuple[Any, ...]]:
            return db.execute(sql, values).fetchall()

        for kind, table, column in (("lot", "lot", "code"), ("order", "code_order", "reference"), ("recall", "recall", "reason")):
            rows = Counter(value for (value,) in ask(f"SELECT {column} FROM {table}"))
            lost += [f"{kind} {key}" for key in ledger.keys(kind, ACKNOWLEDGED) if rows[key] == 0]
            doubled += [f"{kind} {key}" for key, times in rows.items() if times > 1]
        _audit_scans(ask, ledger, lost, doubled)
        files = _audit_files(ask, ledger, lost)
        stored = {at for (at,) in ask("SELECT at FROM reading")}
        for key in ledger.keys("telemetry", ACKNOWLEDGED):
            first = int(datetime.fromisoformat(key).timestamp() * 1_000_000)
            lost += [f"reading {key}+{second}" for second in range(15) if first + second * 1_000_000 not in stored]
        doubled += [f"alert {row}" for row in ask("SELECT stream_no, detector, began_at FROM alert GROUP BY 1,2,3 HAVING count(*) > 1")]
        doubled += [f"hold {row}" for row in ask("SELECT lot_id, cause, cause_id FROM hold GROUP BY 1,2,3 HAVING count(*) > 1")]
        critical = ask("SELECT id FROM alert WHERE severity = 'critical'")
        lost += [f"hold of alert {alert}" for (alert,) in critical if _on_line(ask, alert) - _held(ask, alert)]
        doubled += [f"notice {row}" for row in ask("SELECT recall_id, member_id FROM notice GROUP BY 1,2 HAVING count(*) > 1")]
        lost += [f"unsent notice {row}" for row in ask("SELECT id FROM notice WHERE sent_at IS NULL")]
        lost += [f"dead delivery {row}" for row in ask("SELECT id, reaction, error FROM delivery")]
        lost += [f"no notice for recall {row}" for row in _recalls_without_notice(ask)]
    letters = Counter(json.loads(line)["key"] for line in (folder / "post.log").read_text().splitlines())
    doubled += [f"letter {key}" for key, times in letters.items() if times > 1]
    outcomes = Counter(outcome for _, _, outcome in ledger.entries)
    return {
        "actions": len(ledger.entries),
        "outcomes": dict(outcomes),
        "lost": lost,
        "doubled": doubled,
        "alerts": len(critical),
        "files": files,
    }


def _audit_scans(ask: Callable[..., list[tuple[Any, ...]]], ledger: Ledger, lost: list[str], doubled: list[str]) -> None:
    """Every acknowledged look is a row; looks with an unknown outcome may be one or none."""
    acked = sum(1 for kind, _, outcome in ledger.entries if (kind, outcome) == ("scan", ACKNOWLEDGED))
    unknown = sum(1 for kind, _, outcome in ledger.entries if (kind, outcome) == ("scan", UNKNOWN))
    counted = "SELECT count(*) FROM scan s JOIN lot l ON l.id = s.lot_id WHERE l.code LIKE 'KILL-%'"
    ((rows,),) = ask(counted)
    if rows < acked:
        lost.append(f"{acked - rows} scans")
    if rows > acked + unknown:
        doubled.append(f"{rows - acked - unknown} scans")
    wrong = ask(
        "SELECT i.counter FROM item_scans i WHERE i.times <> "
        "(SELECT count(*) FROM scan s WHERE s.gtin = i.gtin AND s.key_version = i.key_version AND s.counter = i.counter)"
    )
    doubled += [f"counter of item {row}" for row in wrong]


def _audit_files(ask: Callable[..., list[tuple[Any, ...]]], ledger: Ledger, lost: list[str]) -> int:
    """Every file is whole: all its codes, its parts numbered from 0 without a gap, their sizes together its own.

    Answers how many have three or more.
    """
    large: set[str] = set()
    jobs = ask(
        "SELECT j.id, o.reference, j.format, j.state, j.done, j.last - j.first + 1, j.size "
        "FROM print_job j JOIN code_order o ON o.id = j.order_id"
    )
    for id, reference, format, state, done, count, size in jobs:
        parts = ask("SELECT number, size FROM print_part WHERE job_id = ? ORDER BY number", id)
        numbered = [number for number, _ in parts] == list(range(len(parts)))
        if (state, done, size, numbered) != ("ready", count, sum(each for _, each in parts), True):
            lost.append(f"file {reference}.{format}: {state}, {done} of {count} codes, {size} bytes, parts {parts}")
        if len(parts) >= 3:
            large.add(reference)
    lost += [f"file {key}" for key in ledger.keys("file", ACKNOWLEDGED) if key not in large]
    return len(large)


def _on_line(ask: Callable[..., list[tuple[Any, ...]]], alert_id: str) -> set[str]:
    return {lot for (lot,) in ask("SELECT lot_id FROM alert_lot WHERE alert_id = ? AND action = 'held'", alert_id)}


def _held(ask: Callable[..., list[tuple[Any, ...]]], alert_id: str) -> set[str]:
    return {lot for (lot,) in ask("SELECT lot_id FROM hold WHERE cause = 'alert' AND cause_id = ?", alert_id)}


def _recalls_without_notice(ask: Callable[..., list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    """Recalls of lots of which the member scanned an item before, but nobody was told."""
    return ask(
        "SELECT r.reason FROM recall r JOIN recall_lot rl ON rl.recall_id = r.id "
        "JOIN scan s ON s.lot_id = rl.lot_id AND s.at < r.opened_at JOIN visit v ON v.scan_id = s.id "
        "WHERE NOT EXISTS (SELECT 1 FROM notice n WHERE n.recall_id = r.id AND n.member_id = v.member_id)"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--blind", action="store_true", help="corrupt the tables first: the auditor must see it")
    given = parser.parse_args()
    found = drill(rounds=given.rounds, seed_number=given.seed, blind=given.blind, say=lambda text: print(text, file=sys.stderr))
    print(json.dumps(found, ensure_ascii=False))
    return 1 if found["lost"] or found["doubled"] else 0


if __name__ == "__main__":
    sys.exit(main())
