"""Papers: handed in, looked at, judged, decided on by people, and lapsing by the day.

papers    hand one in; find one again
judging   look at the bytes, ask the checks, hear a person, follow the calendar
needs     what a supplier still owes us
"""

from suppliers.certificates.judging import FourEyes, NotDecidable, decide, inspect, lapse_due, on_certificate_submitted
from suppliers.certificates.needs import Todo, todo
from suppliers.certificates.papers import (
    PaperSettled,
    content,
    get,
    history,
    numbered,
    of_supplier,
    outcomes,
    submit,
    waiting,
)

__all__ = [
    "FourEyes",
    "NotDecidable",
    "PaperSettled",
    "Todo",
    "content",
    "decide",
    "get",
    "history",
    "inspect",
    "lapse_due",
    "numbered",
    "of_supplier",
    "on_certificate_submitted",
    "outcomes",
    "submit",
    "todo",
    "waiting",
]
