"""A dairy line that can be believed: slow noise, a compressor's cycle, and faults on demand. Pure.

Knows no database and no clock: one call is one second of the plant. The numbers are those
of a small HTST line (72 °C / 15 s); they are examples, not anybody's HACCP plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import exp, pi, sin, sqrt
from random import Random


@dataclass(frozen=True)
class StreamPlan:
    """One measured quantity: how it is set up (as streams.add_stream wants it), and how it moves.

    ``level`` is the set point, ``wander`` the standard deviation of noise with a memory of
    ``memory`` seconds, ``hiss`` that of the sensor, ``swing`` and ``period`` a steady cycle,
    ``grain`` the smallest step the sensor shows.
    """

    tag: str
    name_zh: str
    name_en: str
    unit: str
    physical_low: float
    physical_high: float
    limits: Mapping[str, float]
    critical: bool
    level: float
    wander: float
    memory: float
    hiss: float
    grain: float
    swing: float = 0.0
    period: float = 1200.0
    cadence_seconds: float = 1.0


DAIRY_STREAMS: tuple[StreamPlan, ...] = (
    StreamPlan(
        "pasteuriser_outlet", "杀菌出口温度", "Pasteuriser outlet", "Cel", 0.0, 150.0,
        {"ll": 72.0, "deadband": 0.1, "on_delay": 5.0, "off_delay": 10.0}, True,
        level=72.6, wander=0.07, memory=90.0, hiss=0.04, grain=0.01,
    ),
    StreamPlan(
        "homogeniser_pressure", "均质压力", "Homogeniser pressure", "bar", 0.0, 400.0,
        {"h": 195.0, "l": 165.0, "deadband": 2.0, "on_delay": 15.0, "off_delay": 15.0}, False,
        level=181.0, wander=0.9, memory=120.0, hiss=0.6, grain=0.1,
    ),
    StreamPlan(
        "filler_flow", "灌装流量", "Filler flow", "l/min", 0.0, 300.0,
        {"l": 80.0, "deadband": 2.0, "on_delay": 15.0, "off_delay": 15.0}, False,
        level=96.0, wander=0.8, memory=60.0, hiss=0.5, grain=0.1,
    ),
    StreamPlan(
        "cold_store", "冷库温度", "Cold store", "Cel", -40.0, 60.0,
        {"hh": 7.0, "h": 5.0, "deadband": 0.2, "on_delay": 60.0, "off_delay": 60.0}, True,
        level=3.2, wander=0.08, memory=600.0, hiss=0.02, grain=0.01, swing=0.25,
    ),
)  # fmt: skip
"""The streams of the line ``Line`` plays."""

FAULTS = ("dip", "drift", "stuck", "silence")


@dataclass
class _Fault:
    kind: str
    left: int
    amount: float
    passed: int = 0


@dataclass
class Line:
    """One line, one seed: the same seed and the same faults play the same day again."""

    seed: int
    plans: tuple[StreamPlan, ...] = DAIRY_STREAMS
    second: int = 0
    _faults: dict[str, _Fault] = field(default_factory=dict)
    _wander: dict[str, float] = field(default_factory=dict)
    _shown: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chance = Random(self.seed)  # noqa: S311  (a play, not a secret)
        self._phase = {plan.tag: self._chance.random() for plan in self.plans}
        self._wander = {plan.tag: self._chance.gauss(0, plan.wander) for plan in self.plans}

    def fault(self, kind: str, tag: str, *, seconds: int, amount: float | None = None) -> None:
        """Begin a fault now: ``dip`` (to ``amount`` below the set point, by default 2.8), ``drift``
        (down by ``amount`` a second, by default 0.01), ``stuck`` (one value) or ``silence`` (none)."""
        if kind not in FAULTS:
            raise ValueError(f"no such fault: {kind}")
        self._faults[tag] = _Fault(kind, seconds, amount if amount is not None else {"dip": 2.8, "drift": 0.01}.get(kind, 0.0))

    def __iter__(self) -> Iterator[dict[str, tuple[float, str]]]:
        while True:
            yield self.step()

    def step(self) -> dict[str, tuple[float, str]]:
        """The next second: tag → (value, unit). A silent stream is not in it."""
        self.second += 1
        shown = {}
        for plan in self.plans:
            value = self._value(plan)
            if value is not None:
                shown[plan.tag] = (value, plan.unit)
        return shown

    def _value(self, plan: StreamPlan) -> float | None:
        fault = self._faults.get(plan.tag)
        value = self._healthy(plan)
        if fault is not None:
            fault.left -= 1
            fault.passed += 1
            if fault.left <= 0:
                del self._faults[plan.tag]
            if fault.kind == "silence":
                return None
            if fault.kind == "stuck":
                return self._shown.setdefault(plan.tag, round(value, 6))
            value -= fault.amount * ((1 - exp(-fault.passed / 3)) if fault.kind == "dip" else fault.passed)
        self._shown[plan.tag] = round(round(value / plan.grain) * plan.grain, 6)
        return self._shown[plan.tag]

    def _healthy(self, plan: StreamPlan) -> float:
        keep = exp(-1 / plan.memory)
        wander = keep * self._wander[plan.tag] + sqrt(1 - keep * keep) * self._chance.gauss(0, plan.wander)
        self._wander[plan.tag] = wander
        cycle = plan.swing * sin(2 * pi * (self.second / plan.period + self._phase[plan.tag]))
        return plan.level + wander + cycle + self._chance.gauss(0, plan.hiss)
