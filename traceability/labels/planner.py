"""From a printer and a size to a symbol: version, level, dots a module, quiet zone, thinning. Or a clear no.

A module must be a whole number of printer dots, at least four of them (Denso Wave), and not too
small for a camera. The version is chosen for the largest module, then for the strongest level, and
all symbols of a file share both, else they would jump in size. What cannot be read is refused, with
what would work instead.

Pure: it knows millimetres, dots and the capacity of symbols; no order, no link.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from kernel.errors import Invalid, flaw
from traceability.labels import fitness
from traceability.symbols import standard

LEAST_DOTS: Final = 4
"""Denso Wave, "point for determining module size": four dots or more make a stable module."""
LEAST_MODULE_MM: Final = 0.15
"""To two places. At .148 mm the page's reader still finds 88 % (15 pixels a millimetre), at .127 none."""
QUIET: Final = standard.QUIET
"""Light modules around a symbol (ISO/IEC 18004:2015, 6.3.8)."""
VERSIONS: Final = range(1, standard.LARGEST + 1)
LEVELS: Final = standard.LEVELS
RESOLUTIONS: Final = (203, 300, 360, 600, 720, 1200, 2400)
"""Of printers that are sold, in dots an inch."""
INCH: Final = 25.4
LARGEST_MM: Final = 200.0


class CannotBeRead(Invalid):
    """No symbol with this text can be printed so that it is read: its modules would be under four printer
    dots or too small for a camera. ``works`` names what would do instead: ``dpi`` at this size,
    ``size_mm`` at this resolution, ``text_length`` (characters of the whole link) with both."""

    code = "cannot-be-read"
    title = "A code printed like this could not be read"


@dataclass(frozen=True)
class Wish:
    """What the printer can and what the label should be.

    ``size_mm`` is the side of the symbol, with its quiet zone when ``with_quiet``. ``quiet`` under four
    modules is allowed only where the surround is light for certain (``light_surround``). ``gain_mm`` is how far ink spreads
    beyond each edge. The page is for sheets; with ``text`` people can read the code beside the symbol.
    Unless told otherwise a module is half a millimetre (a GS1 link of version 3), inside the range for tills and scanners
    (GS1 General Specifications 5.12: 0.396 to 0.990 mm), and a whole page can be read from one picture.
    """

    dpi: int = 600
    size_mm: float = 15.0
    with_quiet: bool = False
    quiet: int | None = None
    light_surround: bool = False
    level: standard.Level | None = None
    gain_mm: float = 0.0
    page_mm: tuple[float, float] = (210.0, 297.0)
    margin_mm: float = 8.0
    text: bool = True


@dataclass(frozen=True)
class Plan:
    """How the symbols of a file are printed. ``thin`` is how many dots a dark run loses, across and down,
    so that with the ink's spread it comes out right. ``text_length`` is that of the longest text; ``fitness`` is
    the predicted reading rate, 0 … 1."""

    dpi: int
    mode: standard.Mode
    text_length: int
    version: int
    level: standard.Level
    modules: int
    dots: int
    quiet: int
    thin: int
    fitness: float
    reasons: tuple[str, ...]
    page_mm: tuple[float, float]
    margin_mm: float
    text: bool

    @property
    def module_mm(self) -> float:
        return self.dots * INCH / self.dpi

    @property
    def symbol_mm(self) -> float:
        """Without quiet zone."""
        return self.modules * self.module_mm

    @property
    def pitch(self) -> int:
        """Modules from symbol to symbol: each keeps a quiet zone of its own when it is cut out."""
        return self.modules + 2 * self.quiet


@dataclass(frozen=True)
class _Fit:
    version: int
    level: standard.Level
    quiet: int
    dots: int

    def rank(self) -> tuple[int, bool, int, int, int]:
        """Larger modules first, then an alignment pattern, a stronger level, a full quiet zone, fewer modules."""
        return self.dots, self.version > 1, LEVELS.index(self.level), self.quiet, -self.version


def plan(wish: Wish, *, text_length: int, mode: standard.Mode) -> Plan:
    """The best plan for texts of ``text_length`` characters in ``mode`` (alphanumeric or byte).

    Raises Invalid for a wish that makes no sense, CannotBeRead (rules dots, module, text-length) for one that cannot be kept.
    """
    _check(wish)
    best = _best(wish, text_length, mode)
    if best is None:
        raise _no("text-length", "the text fits no symbol", wish, text_length, mode)
    module_mm = best.dots * INCH / wish.dpi
    if best.dots < LEAST_DOTS:
        detail = f"{best.dots} dots a module at {wish.dpi} dpi and {wish.size_mm:g} mm; {LEAST_DOTS} are needed"
        raise _no("dots", detail, wish, text_length, mode)
    if round(module_mm, 2) < LEAST_MODULE_MM:
        raise _no("module", f"modules of {module_mm:.3f} mm; {LEAST_MODULE_MM} mm are needed", wish, text_length, mode)
    thin = min(round(2 * wish.gain_mm * wish.dpi / INCH), best.dots // 2)
    left = max(wish.gain_mm - thin * INCH / wish.dpi / 2, 0.0)
    rate, reasons = fitness.predict(module_mm=module_mm, version=best.version, level=best.level, quiet=best.quiet, left_gain_mm=left)
    return Plan(
        dpi=wish.dpi,
        mode=mode,
        text_length=text_length,
        version=best.version,
        level=best.level,
        modules=standard.size(best.version),
        dots=best.dots,
        quiet=best.quiet,
        thin=thin,
        fitness=rate,
        reasons=reasons,
        page_mm=wish.page_mm,
        margin_mm=wish.margin_mm,
        text=wish.text,
    )


def dots_in(millimetres: float, dpi: int) -> int:
    """Whole printer dots in a length."""
    return math.floor(millimetres * dpi / INCH + 1e-9)


def _check(wish: Wish) -> None:
    errors = []
    for name, low, high in (("dpi", 100, 5000), ("size_mm", 1, LARGEST_MM), ("gain_mm", 0, 0.5), ("margin_mm", 0, 100)):
        if not low <= getattr(wish, name) <= high:
            errors.append(flaw(f"/{name}", "range", f"must be from {low} to {high:g}", least=low, most=high))
    if not all(10 <= side <= 2000 for side in wish.page_mm):
        errors.append(flaw("/page_mm", "range", "must be from 10 to 2000", least=10, most=2000))
    if wish.level is not None and wish.level not in LEVELS:
        errors.append(flaw("/level", "level", "must be L, M, Q or H"))
    if wish.quiet is not None and wish.quiet not in (range(1, 11) if wish.light_surround else range(QUIET, 11)):
        errors.append(flaw("/quiet", "quiet", f"must be {QUIET} modules, or 1 where the surround is light", least=QUIET))
    if errors:
        raise Invalid(errors=errors)


def _best(wish: Wish, text_length: int, mode: standard.Mode) -> _Fit | None:
    return max(_fits(wish, text_length, mode), key=_Fit.rank, default=None)


def _fits(wish: Wish, text_length: int, mode: standard.Mode) -> Iterator[_Fit]:
    levels = (wish.level,) if wish.level else LEVELS
    quiets = (wish.quiet,) if wish.quiet is not None else (QUIET, 2, 1) if wish.light_surround and wish.with_quiet else (QUIET,)
    room = dots_in(wish.size_mm, wish.dpi)
    for version in VERSIONS:
        holds = [level for level in levels if standard.capacity(version, level, mode) >= text_length]
        for quiet in quiets:
            if holds:
                wide = standard.size(version) + (2 * quiet if wish.with_quiet else 0)
                yield _Fit(version, holds[-1], quiet, room // wide)


def _no(rule: str, detail: str, wish: Wish, text_length: int, mode: standard.Mode) -> CannotBeRead:
    works = _works(wish, text_length, mode)
    ways = []
    if "dpi" in works:
        ways.append(f"{works['dpi']} dpi")
    if "size_mm" in works:
        ways.append(f"at least {works['size_mm']:g} mm at {wish.dpi} dpi")
    if "text_length" in works:
        ways.append(f"a link of at most {works['text_length']} characters ({text_length - works['text_length']:g} fewer)")
    said = f"{detail}; would work: {', or '.join(ways)}" if ways else detail
    return CannotBeRead(errors=[flaw("/plan", rule, said, dpi=wish.dpi, size_mm=wish.size_mm, **_shown(works))], works=works)


def _shown(works: dict[str, float]) -> dict[str, str]:
    """For the sentence: a dash where nothing of the kind would work."""
    return {f"works_{name}": f"{works[name]:g}" if name in works else "–" for name in ("dpi", "size_mm", "text_length")}


def _works(wish: Wish, text_length: int, mode: standard.Mode) -> dict[str, float]:
    """The least change of one thing that makes the wish possible, for each thing where there is one."""
    works: dict[str, float] = {}
    finer = (dpi for dpi in RESOLUTIONS if dpi > wish.dpi and _readable(replace(wish, dpi=dpi), text_length, mode))
    larger = (tenths / 10 for tenths in range(math.ceil(wish.size_mm * 10), int(LARGEST_MM) * 10 + 1))
    bigger = (size for size in larger if _readable(replace(wish, size_mm=size), text_length, mode))
    shorter = (length for length in range(text_length - 1, 0, -1) if _readable(wish, length, mode))
    for name, found in (("dpi", finer), ("size_mm", bigger), ("text_length", shorter)):
        value = next(found, None)
        if value is not None:
            works[name] = value
    return works


def _readable(wish: Wish, text_length: int, mode: standard.Mode) -> bool:
    best = _best(wish, text_length, mode)
    return best is not None and best.dots >= LEAST_DOTS and round(best.dots * INCH / wish.dpi, 2) >= LEAST_MODULE_MM
