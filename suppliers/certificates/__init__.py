"""Papers: handed in, looked at, judged, decided on by people, and lapsing by the day.

files, uploads   a file comes in and is read
wording, papers  the words on it are confirmed: hand one in; find one again
inspecting       have bytes looked at
knowing, judging ask the checks, let a paper stand accordingly
succession       a renewal takes the place of the paper before it
calendar         many at once: what time moves, what is to be asked anew
deciding, spoken hear people
status_lists     what issuers revoke
trail, asof      how papers stood, and when that was known
needs            what a supplier still owes us
listing          papers as the desk goes through them
"""

from suppliers.certificates import listing, uploads
from suppliers.certificates.asof import Stood, standing_at, stood
from suppliers.certificates.calendar import ask_again, lapse_due, on_supplier_changed, on_trust_changed, rejudge
from suppliers.certificates.deciding import (
    DECISIONS,
    RESULTS,
    FourEyes,
    NotDecidable,
    approve_override,
    decide,
    decline_override,
    lookups,
    overridable,
    overrides,
    possible,
    propose_override,
    proposed,
    record_lookup,
)
from suppliers.certificates.inspecting import Inspection
from suppliers.certificates.judging import inspect, on_certificate_submitted, recheck
from suppliers.certificates.needs import Todo, todo
from suppliers.certificates.papers import (
    PaperSettled,
    content,
    get,
    hands,
    history,
    listed,
    numbered,
    of_supplier,
    outcomes,
    picture,
    queue,
    submit,
)
from suppliers.certificates.trail import words_digest
from suppliers.certificates.uploads import UploadSettled, upload

__all__ = [
    "DECISIONS",
    "RESULTS",
    "FourEyes",
    "Inspection",
    "NotDecidable",
    "PaperSettled",
    "Stood",
    "Todo",
    "UploadSettled",
    "approve_override",
    "ask_again",
    "content",
    "decide",
    "decline_override",
    "get",
    "hands",
    "history",
    "inspect",
    "lapse_due",
    "listed",
    "listing",
    "lookups",
    "numbered",
    "of_supplier",
    "on_certificate_submitted",
    "on_supplier_changed",
    "on_trust_changed",
    "outcomes",
    "overridable",
    "overrides",
    "picture",
    "possible",
    "propose_override",
    "proposed",
    "queue",
    "recheck",
    "record_lookup",
    "rejudge",
    "standing_at",
    "stood",
    "submit",
    "todo",
    "upload",
    "uploads",
    "words_digest",
]
