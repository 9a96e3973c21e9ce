"""Seconds from a critical reading to every consumer page of the lot saying "on hold", and from the decision on a recall to "recalled".

    python benchmarks/loop.py [--quick]

Real processes, embedded default: the readings go in by HTTP; detection, alert, impact and hold
run in the worker through the outbox; a sample of the lot's pages is asked until all have
changed. The peer is the shortest way there could be: the same lot held directly by one API
call, with no telemetry, detection or outbox in between.
For the recall a machine proposes the lot's milk, one person takes that up, and the clock starts when the second one presses
the button (password, signature, exact set, events, all of it); the sample of bottles made of that milk is asked.
Last line: alert_to_page_seconds and recall_to_page_seconds (medians), their worst rounds, and the peer's median.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file as well

from app.demo import PASSWORD, Batch, Home, Visitor, at_desk, house, line_with_a_dip, make_lot, verdict_of, wait_for
from benchmarks.habit import arguments, emit, median, note


def until_all_say(word: str, home: Home, lot: Batch, sample: int, *, began: float | None = None) -> float:
    began = began or time.perf_counter()
    visitor = Visitor(home.url)
    waiting = [home.here(link) for link in lot.links[:sample]]

    def all_changed() -> bool:
        waiting[:] = [path for path in waiting if verdict_of(visitor.get(path)) != word]
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
        return until_all_say("on_hold", home, lot, sample)


def directly(sample: int) -> float:
    with house() as home:
        lot = make_lot(home, name="LOOP-B", minutes=25, count=200, bound=150)
        home.machine.post("/holds", {"lot_id": lot.lot_id, "reason": "benchmark"})
        return until_all_say("on_hold", home, lot, sample)


def by_recall(sample: int) -> float:
    with house() as home:
        lot = make_lot(home, name="LOOP-C", minutes=25, count=200, bound=150)
        graph = home.machine.get(f"/lots/{lot.lot_id}/graph")
        milk = next(edge["input"] for edge in graph["edges"] if edge["output"] == lot.lot_id)
        recall = home.machine.post("/recalls", {"lot_ids": [milk], "reason": "benchmark", "advice": "benchmark"})
        began = adopt_and_approve(home, recall["id"])
        return until_all_say("recalled", home, lot, sample, began=began)


def adopt_and_approve(home: Home, recall_id: str) -> float:
    """When the second person pressed the button; everything before is asked for first."""
    case = f"/desk/recalls/{recall_id}"
    first, second = at_desk(home, "quality"), at_desk(home, "brand_admin")
    first.get(case)
    first.post(f"{case}/adopt", seen=first.field("seen"), agreed="yes", password=PASSWORD)
    second.get(case)
    began = time.perf_counter()
    second.post(f"{case}/approve", seen=second.field("seen"), agreed="yes", password=PASSWORD)
    return began


def main() -> None:
    given = arguments(__doc__ or "")
    rounds = given.rounds or (1 if given.quick else 5)
    sample = 20
    ours, peer, recalls = [], [], []
    for number in range(rounds):
        ours.append(by_alert(sample))
        peer.append(directly(sample))
        recalls.append(by_recall(sample))
        note(f"round {number + 1}: alert {ours[-1]:.3f} s, direct hold {peer[-1]:.3f} s, recall {recalls[-1]:.3f} s")
    emit(
        peer="direct hold by the API",
        rounds=rounds,
        pages=sample,
        alert_to_page_seconds=median(ours),
        worst_seconds=round(max(ours), 4),
        direct_hold_seconds=median(peer),
        recall_to_page_seconds=median(recalls),
        worst_recall_seconds=round(max(recalls), 4),
    )


if __name__ == "__main__":
    main()
