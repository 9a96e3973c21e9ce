"""What the fourth revision makes of old packings is what events make of them since."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from traceability.events import things
from traceability.events.states import Packing, last_parent

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
CASES = ["urn:x:case:1", "urn:x:case:2"]
PALLETS = ["urn:x:pallet:1", "urn:x:pallet:2"]
_steps = st.tuples(st.sampled_from(["ADD", "DELETE", "OBSERVE"]), st.sampled_from(PALLETS), st.lists(st.sampled_from(CASES), unique=True))


@settings(max_examples=60, deadline=None)
@given(st.lists(_steps, max_size=8), st.randoms(use_true_random=False))
def test_old_packings_are_understood_as_new_ones(steps: list[tuple[str, str, list[str]]], order: Any) -> None:
    revision = importlib.import_module("migrations.versions.0004_the_spine")
    projected = revision.Projected({}, {})
    told: dict[str, list[Packing]] = {case: [] for case in CASES}
    events = []
    for number, (action, pallet, cases) in enumerate(steps):
        events.append(
            SimpleNamespace(
                id=f"{number:026d}", brand_id="b", type="AggregationEvent", action=action, event_time=AT + timedelta(hours=number),
                record_time=AT, biz_location=None, disposition=None, what={"parentID": pallet, "childEPCs": cases},
            )
        )  # fmt: skip
        for case in cases or (CASES if action == "DELETE" else ()):
            told[case].append(Packing(events[-1].event_time, AT, events[-1].id, action, things.key("b", pallet)))
    for uri in CASES:
        projected.thing("b", uri, "unit")
    order.shuffle(events)
    for event in events:
        projected.take(event, event.what, {}, [])
    parents = {row["uri"]: row["parent"] for row in projected.rows()["thing"]}
    assert {case: parents[case] for case in CASES} == {case: last_parent(told[case]) for case in CASES}
