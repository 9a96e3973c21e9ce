"""Group commit: everybody gets his own answer, groups form under load, and one's trouble stays one's own."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.together import Together


def test_everybody_gets_his_own_answer_and_groups_form_behind_a_slow_leader() -> None:
    together, sizes, gate = Together(), [], threading.Event()

    def serve(asks: list[int]) -> list[int]:
        sizes.append(len(asks))
        if len(sizes) == 1:
            gate.wait(5)
        return [ask * 2 for ask in asks]

    with ThreadPoolExecutor(20) as pool:
        first = pool.submit(together.ask, "key", 0, serve)
        while not sizes:
            pass
        others = [pool.submit(together.ask, "key", number, serve) for number in range(1, 20)]
        while len(together._queues["key"]) < 19:
            pass
        gate.set()
        assert [future.result(5) for future in (first, *others)] == [number * 2 for number in range(20)]
    assert sizes == [1, 19]
    assert together._queues == {}


def test_keys_do_not_wait_for_each_other() -> None:
    together, gate = Together(), threading.Event()

    def slow(asks: list[int]) -> list[int]:
        gate.wait(5)
        return asks

    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(together.ask, "slow", 1, slow)
        assert together.ask("quick", 2, lambda asks: asks) == 2
        gate.set()
        assert waiting.result(5) == 1


def test_a_troublemaker_in_a_group_spoils_only_his_own_answer() -> None:
    together, gate, calls = Together(), threading.Event(), []

    def serve(asks: list[int]) -> list[int]:
        calls.append(asks)
        if len(calls) == 1:
            gate.wait(5)
        if 13 in asks:
            raise ValueError(13)
        return asks

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(together.ask, "key", 0, serve)
        while not calls:
            pass
        futures = [pool.submit(together.ask, "key", number, serve) for number in (12, 13, 14)]
        while len(together._queues["key"]) < 3:
            pass
        gate.set()
        assert first.result(5) == 0
        assert futures[0].result(5) == 12
        with pytest.raises(ValueError, match="13"):
            futures[1].result(5)
        assert futures[2].result(5) == 14
    assert together._queues == {}
