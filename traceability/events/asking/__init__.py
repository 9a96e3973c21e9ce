"""SimpleEventQuery: a question in the standard's parameters, and whether an event answers it. Pure.

``read`` takes the parameters of an address, or of a named query's JSON body, to a ``Question``. A store narrows
its search by ``Question.narrow`` and lets ``fits`` decide. Source: EPCIS 2.0 §8.2.7.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kernel.errors import Invalid, flaw
from traceability.events.asking import naming
from traceability.events.asking.families import reader
from traceability.events.asking.fixed import FIXED
from traceability.events.asking.matching import fits, place
from traceability.events.asking.patterns import Pattern
from traceability.events.asking.questions import Asked, Draft, Match, Narrow, Order, Question
from traceability.events.asking.values import Wrong

__all__ = ["Match", "Narrow", "Order", "Pattern", "Question", "context_of", "fits", "gather", "place", "read"]

MOST_NAME = 2_000
"""Characters of a parameter's name; longer ones are not read."""


def gather(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """The parameters of an address, decoded, as ``read`` takes them: a text, or a list where a name comes more than once."""
    found: dict[str, object] = {}
    for name, text in pairs:
        earlier = found.get(name)
        found[name] = text if earlier is None else [*earlier, text] if isinstance(earlier, list) else [earlier, text]
    return found


def context_of(header: str) -> dict[str, str]:
    """The prefixes that header GS1-Extensions declares (``ext=https://ns.example.com/,…``). Raises Invalid."""
    try:
        return naming.context_of(header)
    except Wrong as wrong:
        raise Invalid(errors=[flaw("/GS1-Extensions", wrong.rule, wrong.detail)]) from None


def read(params: Mapping[str, object], context: Mapping[str, str] | None = None) -> Question:
    """The question that ``params`` ask. ``context``: what prefixes mean, besides those that ``params["@context"]`` declares.

    A value is a text (of an address; lists with ``|`` or commas), a list, a number, a boolean or None (of a JSON body).
    Raises Invalid, each flaw with the parameter's name as pointer: unknown ones (``unknown-parameter``), wrong values.
    """
    draft, flaws, known = Draft(), [], dict(naming.STANDARD)
    try:
        known |= {**(context or {}), **naming.prefixes(params.get("@context", ()))}
    except Wrong as wrong:
        flaws.append(flaw("/@context", wrong.rule, wrong.detail))
    for name, raw in params.items():
        try:
            if name != "@context":
                _reader(name, draft, Asked(name, raw, known))
        except Wrong as wrong:
            flaws.append(flaw(_pointer(name), wrong.rule, wrong.detail))
    flaws += _apart(params, flaws)
    if flaws:
        raise Invalid(errors=flaws)
    return draft.question()


def _reader(name: str, draft: Draft, asked: Asked) -> None:
    found = FIXED.get(name) or (reader(name) if len(name) <= MOST_NAME else None)
    if found is None:
        raise Wrong("unknown-parameter", f"{name[:80]!r} is no parameter of SimpleEventQuery")
    found(draft, asked)


def _apart(params: Mapping[str, object], flaws: list[dict[str, object]]) -> list[dict[str, object]]:
    """What the standard says of two parameters together."""
    found = []
    if "eventCountLimit" in params and "maxEventCount" in params:
        found.append(flaw("/maxEventCount", "apart", "cannot stand together with eventCountLimit"))
    if "eventCountLimit" in params and "orderBy" not in params:
        found.append(flaw("/eventCountLimit", "order-by", "needs orderBy: the first of which order?"))
    return found


def _pointer(name: str) -> str:
    return "/" + name[:MOST_NAME].replace("~", "~0").replace("/", "~1")
