"""Seconds from a critical reading to every consumer page of the lot saying "on hold".

    python benchmarks/loop.py [--quick]

Real processes, embedded default: the readings go in by HTTP; detection, alert, impact and hold
run in the worker through the outbox; a sample of the lot's pages is asked until all have
changed. The peer is the shortest way there could be: the same lot held directly by one API
call, with no telemetry, detection or outbox in between.
Last line: alert_to_page_seconds (median), its worst round, and the peer's median.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file as well

from app.demo import Batch, Home, Visitor, house, line_with_a_dip, make_lot, verdict_of, wait_for
from benchmarks.habit import arguments, emit, median, note


def until_all_held(home: Home, lot: Batch, sample: int) -> float:
    began = time.perf_counter()
    visitor = Visitor(home.url)
    waiting = [home.here(link) for link in lot.links[:sample]]

    def all_changed() -> bool:
        waiting[:] = [path for path in waiting if verdict_of(visitor.get(path)) != "on_hold"]
        return not waiting

    wait_for(all_changed, seconds=60)
    return time.perf_counter() - began


def by_alert(sample: int) -> float:
    with house() as home:
        lot = make_lot(home, name="LOOP-A", minutes=25, count=200, bound=150)
        *early, last = line_with_a_dip(minutes=15, dip_after=12)
        for body in early:
            home.machine.post("/telemetry", body)
        time.sleep(1)
        home.machine.post("/telemetry", last)
        return until_all_held(home, lot, sample)


def directly(sample: int) -> float:
    with house() as home:
        lot = make_lot(home, name="LOOP-B", minutes=25, count=200, bound=150)
        home.machine.post("/holds", {"lot_id": lot.lot_id, "reason": "benchmark"})
        return until_all_held(home, lot, sample)


def main() -> None:
    given = arguments(__doc__ or "")
    rounds = given.rounds or (1 if given.quick else 5)
    sample = 20
    ours, peer = [], []
    for number in range(rounds):
        ours.append(by_alert(sample))
        peer.append(directly(sample))
        note(f"round {number + 1}: alert {ours[-1]:.3f} s, direct hold {peer[-1]:.3f} s")
    emit(
        peer="direct hold by the API",
        rounds=rounds,
        pages=sample,
        alert_to_page_seconds=median(ours),
        worst_seconds=round(max(ours), 4),
        direct_hold_seconds=median(peer),
    )


if __name__ == "__main__":
    main()
