"""Print sheets before they are used: a picture against the codes that should stand on it, the bad ones scrapped.

Inspecting only reads. Beside each finding stands the state of that very code, so that what is scrapped are
labels, and never an item that is on a lot already. How symbols are found and graded is not known here
(``inspection``), nor how a step is taken (``moves``).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kernel.errors import Invalid, flaw
from kernel.unit import Unit
from traceability import faces, moves, printing, spans
from traceability.given import Given
from traceability.models import CodeMove, CodeOrder

if TYPE_CHECKING:
    from traceability.inspection.examine import Finding

GRADES: Final = ("F", "D", "C", "B", "A")
"""Of ISO/IEC 15415, worst first."""
SHEETS: Final = ("pdf", "png", "svg")
"""Formats of printing with pages of a known layout."""
REASON: Final = "unreadable"
"""Of the scrapping (life.MOVES)."""


@dataclass(frozen=True)
class Label:
    """One code of the sheet: ``position`` in its order from 0, its ``state`` now, and what the picture says of it."""

    position: int
    state: str
    finding: Finding


@dataclass(frozen=True)
class Report:
    """What was found on a sheet. ``pixels`` to a module; not ``sharp``: the picture is soft, or the ink spread everywhere."""

    order_id: str
    labels: tuple[Label, ...]
    pixels: float
    sharp: bool

    def counts(self) -> dict[str, int]:
        """How many labels have each grade, best first; those outside the picture under ""."""
        found = [label.finding.grade for label in self.labels]
        return {grade: found.count(grade) for grade in (*reversed(GRADES), "")}

    def bad(self, below: str = "C") -> tuple[int, ...]:
        """Positions of the labels seen with a grade lower than this one, that can be scrapped: printed and on no item."""
        return tuple(label.position for label in self._worse(below) if label.state == "encoded")

    def stuck(self, below: str = "C") -> tuple[Label, ...]:
        """The others of such a grade: on an item already, scrapped before, or never reported as printed."""
        return tuple(label for label in self._worse(below) if label.state != "encoded")

    def _worse(self, below: str) -> list[Label]:
        worse = GRADES[: GRADES.index(below)]
        return [label for label in self.labels if label.finding.seen and label.finding.grade in worse]


def inspect(unit: Unit, *, job_id: str, page: int, picture: bytes) -> Report:
    """Compare a picture (PNG, JPEG, TIFF) of one page of a file, counted from 1 as printed below it, with the codes it should carry.

    Raises Missing, Invalid, and of ``inspection`` NotAPicture and SheetNotFound.
    """
    # Only here: the libraries that read pictures are slow to load.
    from traceability.inspection import examine, layout
    from traceability.inspection import picture as pictures
    from traceability.labels import layout as paper
    from traceability.labels import raster

    job, roll = printing.roll(unit, job_id)
    if job.format not in SHEETS:
        raise Invalid(errors=[flaw("/job_id", "sheets", f"only pages of {', '.join(SHEETS)} can be inspected", formats=list(SHEETS))])
    cells = paper.sheet(roll)
    pages = -(-roll.count // cells.a_page)
    if not spans.whole(page) or not 1 <= page <= pages:
        raise Invalid(errors=[flaw("/page", "range", f"must be a whole number from 1 to {pages}", most=pages)])
    first = job.first + (page - 1) * cells.a_page
    count = min(cells.a_page, job.last - first + 1)
    if count * cells.plan.modules**2 * examine.COARSE**2 > pictures.MOST_PIXELS:
        raise Invalid(errors=[flaw("/page", "sheet-most", f"no picture can show the {count} labels of this page", count=count)])
    order = unit.session.get_one(CodeOrder, job.order_id)
    serials = faces.serials(unit, order, face=job.face, first=first, count=count)
    found = examine.examine(
        pictures.grey(picture),
        layout.Layout(cells.columns, cells.rows, cells.plan.modules, cells.across, cells.down),
        [roll.prefix + serial.decode() for serial in raster.escaped(serials).tolist()],
        layout.unpacked(raster.words(roll, serials), cells.plan.modules),
        level=cells.plan.level,
    )
    states = _states(unit, order, first, count)
    labels = tuple(Label(first - order.first + each.place, states[each.place], each) for each in found.findings)
    return Report(order.id, labels, found.pixels, found.sharp)


def scrap_bad(unit: Unit, *, order_id: str, positions: Collection[int], below: str = "C") -> CodeMove:
    """Scrap these labels (positions from 0), which an inspection found worse than a grade, in one step.

    Raises Invalid, Missing, moves.CodesNotFree, moves.OrderClosed; then nothing is done.
    """
    given = Given()
    below = given.choice("/below", below, GRADES[1:])
    given.done()
    return moves.scrap(unit, order_id=order_id, positions=positions, reason=REASON, note=f"sheet inspected: below {below}")


def _states(unit: Unit, order: CodeOrder, first: int, count: int) -> list[str]:
    """The state of each of ``count`` codes from counter ``first`` on."""
    found = []
    for run in spans.runs(unit, order, spans.Span(order.gtin, order.key_version, first, first + count - 1)):
        within = min(run.last, first + count - 1) - max(run.first, first) + 1
        found += [run.state] * max(within, 0)
    return found
