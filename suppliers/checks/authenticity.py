"""Does anything but the sight of it vouch for this paper? Pure.

One of three is enough: a signature or seal that passed; a credential's proof that holds, bound to an
issuer of the trust list; or a fresh look-up in the register by a person. A scan or a photograph has
neither of the first two, so that a person looks at it unless a register vouches. A signature that was taken
out, or does not cover the whole file, is a reason to look whatever the register says.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from suppliers.checks.base import Finding, Paper
from suppliers.checks.binding import Binding
from suppliers.checks.proof import Proof
from suppliers.checks.register import vouched
from suppliers.checks.signature import Signature

_ALARMS: Final = ("filled_in", "not_compared", "not_read", "not_whole", "stamped_later", "stripped", "uncovered")
_ALARMING: Final = frozenset(f"check.signature.{why}" for why in _ALARMS)


class Authenticity:
    def ask(self, paper: Paper, day: date) -> Finding:
        signature = Signature().ask(paper, day)
        if signature.result == "passed":
            return Finding("passed", "check.authenticity.signature", signature.evidence)
        if Proof().ask(paper, day).result == Binding().ask(paper, day).result == "passed":
            return Finding("passed", "check.authenticity.credential")
        if signature.result == "inconclusive" and signature.because not in _ALARMING and vouched(paper, day):
            return Finding("passed", "check.authenticity.register")
        return Finding("inconclusive", "check.authenticity.unvouched")
