"""Group commit: requests that come at the same moment share one transaction.

A durable commit costs a millisecond, whoever waits for it. The first request to come leads: it
serves itself and all who have come meanwhile in one unit; those who come while it is at work
wait, and the first of them leads the next group. Nobody is answered before the commit, and
nobody waits for more than the group before his own.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")
MOST = 64
"""Requests in one group: bounds how long one transaction can be."""


class _Turn(Generic[Ask, Answer]):
    """One request's place in the queue. ``gate`` is a lock that is held until something happens to it:
    the cheapest way for one thread to wait for another."""

    __slots__ = ("answer", "ask", "gate", "state")

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.answer: Answer | None = None
        self.state = "waiting"
        self.gate = Lock()
        self.gate.acquire()

    def become(self, state: str) -> None:
        self.state = state
        self.gate.release()

    def wait(self) -> str:
        self.gate.acquire()
        return self.state


class Together:
    """``ask(key, one, serve)`` is ``serve([one])[0]``, done for many of one key at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._queues: dict[Hashable, list[_Turn[Any, Any]]] = {}

    def ask(self, key: Hashable, one: Ask, serve: Callable[[list[Ask]], list[Answer]]) -> Answer:
        turn: _Turn[Ask, Answer] = _Turn(one)
        with self._lock:
            queue = self._queues.get(key)
            if queue is None:
                self._queues[key] = []
            else:
                queue.append(turn)
        state = "leading" if queue is None else turn.wait()
        if state == "served":
            return turn.answer  # type: ignore[return-value]
        if state == "alone":
            return serve([one])[0]
        return self._lead(key, turn, serve)

    def _lead(self, key: Hashable, mine: _Turn[Ask, Answer], serve: Callable[[list[Ask]], list[Answer]]) -> Answer:
        with self._lock:
            queue = self._queues[key]
            group, self._queues[key] = queue[: MOST - 1], queue[MOST - 1 :]
        try:
            mine.answer, *answers = serve([mine.ask, *(turn.ask for turn in group)])
        except BaseException:
            for turn in group:  # one's trouble is not another's: each tries for himself, the leader too
                turn.become("alone")
            if not group:
                raise
            return serve([mine.ask])[0]
        else:
            for turn, answer in zip(group, answers, strict=True):
                turn.answer = answer
                turn.become("served")
            return mine.answer
        finally:
            self._hand_on(key)

    def _hand_on(self, key: Hashable) -> None:
        with self._lock:
            queue = self._queues[key]
            if not queue:
                del self._queues[key]
                return
            following = queue.pop(0)
        following.become("leading")
