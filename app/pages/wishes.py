"""How labels are to be printed, as people say it on a form; what it would look like, or why it cannot be.

It must not know whether the codes are ordered already: a page gives the function that makes the proof.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from flask import request

from app.pages.forms import Slips, line, number, slips, whole
from app.pages.look import tell
from app.problems import status_of
from kernel.errors import Invalid, Trouble, flaw
from traceability.labels import FORMATS
from traceability.labels.planner import QUIET, RESOLUTIONS, CannotBeRead, Wish
from traceability.proofs import Proof
from traceability.symbols.standard import LEVELS

FIELDS: Final = ("dpi", "size_mm", "quiet", "level")
QUIETS: Final = (QUIET, 2, 1)
LARGE: Final = 160
"""Pixels of the enlarged picture."""
USUAL: Final = {"dpi": str(Wish.dpi), "size_mm": f"{Wish.size_mm:g}", "quiet": str(QUIET), "level": ""}
DPIS: Final = RESOLUTIONS
GOOD, FAIR = 0.95, 0.6
"""Predicted reading rates from which a label is called good, or fair."""

Face = tuple[str, Callable[[Wish], Proof]]


@dataclass(frozen=True)
class Shown:
    """One face as it would be: a proof and its pictures, or what is wrong with it and ``works``, what would do."""

    face: str
    proof: Proof | None = None
    svg: str = ""
    large: str = ""
    slips: Slips = field(default_factory=Slips)
    works: dict[str, str] = field(default_factory=dict)
    trouble: str = ""

    @property
    def tone(self) -> str:
        rate = self.proof.plan.fitness if self.proof else 0.0
        return "good" if rate >= GOOD else "look" if rate >= FAIR else "stop"


def typed() -> dict[str, str]:
    """The fields as they were typed, or the usual ones."""
    return {name: line(name) if name in request.form else usual for name, usual in USUAL.items()}


def read() -> Wish:
    """The wish of the form; the usual one where nothing was asked yet. Raises Invalid.

    Less quiet zone than the standard's is a promise that the surround is light.
    """
    if not any(name in request.form for name in FIELDS):
        return Wish()
    quiet, level = whole("quiet"), line("level")
    if level and level not in LEVELS:
        raise Invalid(errors=[flaw("/level", "level", "must be L, M, Q or H")])
    dpi, size_mm = whole("dpi"), number("size_mm")
    return Wish(dpi=dpi, size_mm=size_mm, quiet=quiet, light_surround=quiet < QUIET, level=level or None)  # type: ignore[arg-type]


def formats() -> list[str]:
    """The kinds of file that were ticked, each known. Raises Invalid."""
    chosen = request.form.getlist("formats")
    if any(name not in FORMATS for name in chosen):
        raise Invalid(errors=[flaw("/formats", "choice", "must be one of those listed")])
    return list(dict.fromkeys(chosen))


def shown(faces: list[Face], known: tuple[str, ...] = FIELDS) -> list[Shown]:
    """Each face of the labels as the form wishes it."""
    return [_shown(face, make, known) for face, make in faces]


def _shown(face: str, make: Callable[[Wish], Proof], known: tuple[str, ...]) -> Shown:
    try:
        proof = make(read())
    except CannotBeRead as trouble:
        works = {name: f"{value:g}" for name, value in trouble.more["works"].items()}
        said = Slips(status_of(trouble), {}, [tell(f"proof.{wrong['rule']}", wrong) for wrong in trouble.errors])
        return Shown(face, slips=said, works=works, trouble=trouble.code)
    except Trouble as trouble:
        return Shown(face, slips=slips(trouble, known), trouble=trouble.code)
    side = proof.plan.pitch * proof.plan.module_mm
    return Shown(face, proof, picture(proof, f"{side:.3f}mm"), picture(proof, str(LARGE)))


def picture(proof: Proof, side: str) -> str:
    """The symbol with its quiet zone, ``side`` wide and high as SVG measures it (a number of pixels, or millimetres)."""
    from traceability.symbols import draw

    return draw.svg(proof.symbol, quiet=proof.plan.quiet).replace("<svg ", f'<svg width="{side}" height="{side}" ', 1)


def choices() -> dict[str, Any]:
    """What a form of a wish lists."""
    return {"dpis": DPIS, "quiets": QUIETS, "levels": LEVELS, "kinds": list(FORMATS)}
