"""Bodies that are no JSON: the fields of a form or a query, files, and CSV as it comes from a line scanner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from app.shaped import pointer, told
from kernel.errors import Invalid, flaw

Shape = TypeVar("Shape", bound=BaseModel)
CSV = "text/csv"


def fields(shape: type[Shape], values: Mapping[str, Any]) -> Shape:
    """The values in their shape, empty ones left out; Invalid names each wrong one."""
    try:
        return shape.model_validate({name: value for name, value in values.items() if not isinstance(value, str) or value.strip()})
    except ValidationError as error:
        raise Invalid(errors=[flaw(pointer(e["loc"]), str(e["type"]), told(str(e["msg"]))) for e in error.errors()]) from None


def upload(name: str, what: str) -> bytes:
    """The file of this name in a multipart body. Raises Invalid."""
    found = request.files.get(name)
    if found is None:
        raise Invalid(errors=[flaw(f"/{name}", "required", f"{what} is missing")])
    return found.read()


@contextmanager
def told_at(place: str, field: str) -> Iterator[None]:
    """Flaws at ``place`` of a use case are told at the field of the request from which it came; of a whole body, ``""``."""
    try:
        yield
    except Invalid as trouble:
        for each in trouble.errors:
            if each["pointer"] == place:
                each["pointer"] = field
        raise


def csv_or(shape: type[Shape]) -> bytes | Shape:
    """The CSV that was sent as text/csv, else the JSON body in its shape. Raises Invalid."""
    if request.mimetype == CSV:
        return request.get_data()
    body = request.get_json()
    if not isinstance(body, dict):
        raise Invalid(errors=[flaw("", "type", "must be an object")])
    return fields(shape, body)
