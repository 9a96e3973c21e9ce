"""How a person puts their name to a decision at the desk.

They prove who they are first; then the decision and its signature become true together, which is the use case's business.
"""

from __future__ import annotations

from app.auth.passwords import prove
from app.pages.forms import line
from traceability.signing import Proof


def proved() -> Proof:
    """That the password in the form is that of the one who is signed in. Before any unit is begun: hashing takes its time.
    Raises NoPassword, WrongPassword, TooManyTries."""
    return prove(line("password"))
