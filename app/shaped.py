"""What is wrong with the shape of a request, in the words of the house: neither names of classes nor regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_SAYINGS: Final = (
    (re.compile(r"Field required"), "is missing"),
    (re.compile(r"Extra inputs are not permitted"), "is not known here"),
    (re.compile(r"String should match pattern .*", re.DOTALL), "has not the form that is asked for"),
    (re.compile(r"Input should be (?:a valid dictionary|an object).*", re.DOTALL), "must be an object"),
    (re.compile(r"(?:Value|Assertion) error, "), ""),
    (re.compile(r"(?:Input|\w+) should (?!\w*n't)"), "must "),
)
"""Openings of the messages of pydantic."""


def told(message: str) -> str:
    """A message of the validator as a detail of ours."""
    for saying, ours in _SAYINGS:
        found = saying.match(message)
        if found:
            return ours + message[found.end() :]
    return message


def pointer(place: Iterable[object]) -> str:
    """The JSON pointer to a place (RFC 6901); the whole document is the empty one."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)
