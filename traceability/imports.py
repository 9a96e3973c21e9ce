"""Serials made elsewhere: by a printer, by an older system. The only codes that have a row each.

They come as one list, are numbered in its order and become an order like any other; from then on
ranges say how they stand. Rows are written sorted by serial, which is two to ten times quicker than
as they come. A serial that is there already, or that our own keys have issued, is refused. One that
our keys issue later may meet an imported one by chance (issued · imported / 2⁶⁰, seal.py); the look-up
then takes ours.

It must not know how serials of our own are made beyond asking whether one is issued (``keys``).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import IntegrityError

from kernel.errors import Conflict, Invalid, flaw
from kernel.unit import Unit
from traceability import addresses, codes, gs1, keys, seal
from traceability.given import Given
from traceability.gs1.keys import CSET82
from traceability.models import CodeOrder
from traceability.prepared import Prepared
from traceability.symbols import standard

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST: Final = 1_000_000
"""Serials in one list."""
LONGEST: Final = 20
_SERIAL: Final = re.compile(f"[{CSET82}]{{1,{LONGEST}}}")
_AT_ONCE: Final = 10_000
_NAMED: Final = 10
_FOREIGN: Final = object()
"""Stands for the serial of a link of another product."""
_NO_SERIAL: Final = "no serial of 1 to 20 characters of GS1's set 82"
_INSERT = Prepared(
    {
        "sqlite": """INSERT INTO imported_serial (gtin, serial, key_version, counter, brand_id)
            SELECT :gtin, row.value ->> 0, :version, row.value ->> 1, :brand_id FROM json_each(:rows) AS row""",
        "postgresql": """INSERT INTO imported_serial (gtin, serial, key_version, counter, brand_id)
            SELECT CAST(:gtin AS varchar), row.value ->> 0, CAST(:version AS int), CAST(row.value ->> 1 AS bigint),
                CAST(:brand_id AS varchar)
            FROM json_array_elements(CAST(:rows AS json)) AS row(value)""",
    }
)
"""Ten thousand rows in one statement, as [[serial, counter], …]."""


class SerialsTaken(Conflict):
    """Some of these serials exist for this GTIN already, imported before or issued by us. ``lines`` names them by
    line, the first ten at most. Nothing was imported."""

    code = "serials-taken"
    title = "Some of these serials are there already"


def bring_in(unit: Unit, *, product_id: str, reference: str, serials: bytes | Iterable[str], printed: bool = False) -> CodeOrder:
    """Take over serials of a product: an order of scheme ``imported``, positions as in the list.

    ``serials``: a CSV file with a column ``serial`` or ``link`` (GS1 Digital Links of this GTIN), UTF-8, or the
    serials themselves, each 1 to 20 characters of GS1's set 82. ``printed``: the codes are on labels already. The same
    list under the same reference is the same order. Raises Missing, Invalid, SerialsTaken or codes.ReferenceUsed.
    """
    given = Given()
    reference = given.text("/reference", reference, 64)
    given.done()
    product = codes.alone_with(unit, product_id)
    lines, fields = _read(_of_file(serials, product.gtin) if isinstance(serials, bytes) else enumerate(serials, 1))
    places = _sorted(lines, fields)
    earlier = codes.by_reference(unit, reference)
    if earlier is not None:
        if earlier.scheme != keys.IMPORTED or earlier.product_id != product.id or not _same(unit, earlier, fields):
            raise codes.ReferenceUsed("this reference was used for other codes", reference=reference)
        return earlier
    _not_issued(unit, product.gtin, lines, fields)
    version, first = keys.take(unit, kind=keys.IMPORTED, gtin=product.gtin, count=len(fields))
    try:
        with unit.session.begin_nested():
            _write(unit, product.gtin, version, first, fields, places)
    except IntegrityError as error:
        raise _taken(_there(unit, product.gtin, lines, fields)) from error
    longest, alphanumeric = _in_links(fields)
    order = CodeOrder(
        id=unit.new_id(),
        reference=reference,
        product_id=product.id,
        gtin=product.gtin,
        scheme=keys.IMPORTED,
        base_url=addresses.for_links(unit, kept=True),
        key_version=version,
        first=first,
        count=len(fields),
        longest=longest,
        alphanumeric=alphanumeric,
        ordered_at=unit.now,
        ordered_by=unit.actor.id,
    )
    codes.put_in(unit, order, state="encoded" if printed else "allocated")
    unit.record("codes.imported", "code_order", order.id, product=product.id, count=order.count, printed=printed)
    return order


def _in_links(fields: NDArray[np.bytes_]) -> tuple[int, bool]:
    """Characters of the longest serial as it stands in a link, and whether a QR code's alphanumeric mode holds them all."""
    import numpy as np

    from traceability.labels import raster

    texts = raster.escaped(fields)
    letters = np.unique(texts.view(np.uint8)).tolist()
    return int(np.strings.str_len(texts).max()), standard.mode_of("".join(map(chr, filter(None, letters)))) == "alphanumeric"


def _of_file(content: bytes, gtin: str) -> Iterator[tuple[int, object]]:
    """(line in the file, serial); a link of another GTIN is ``_FOREIGN``."""
    try:
        text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
        reader = csv.reader(text)
        head = [name.strip().lower() for name in next(reader, [])]
        column = next((name for name in ("serial", "link") if name in head), None)
        if column is None:
            raise Invalid(errors=[flaw("/serials", "serials-column", "the first line must name a column serial or link")])
        at = head.index(column)
        for row in reader:
            if row:
                value = row[at].strip() if at < len(row) else ""
                yield reader.line_num, _serial_of(value, gtin) if column == "link" else value
    except (UnicodeDecodeError, csv.Error):
        raise Invalid(errors=[flaw("/serials", "serials-column", "must be a CSV file in UTF-8")]) from None


def _serial_of(link: str, gtin: str) -> object:
    try:
        read = gs1.parse(link)
    except Invalid:
        return ""
    return read.serial or "" if read.gtin == gtin else _FOREIGN


def _read(serials: Iterable[tuple[int, object]]) -> tuple[NDArray[np.int64], NDArray[np.bytes_]]:
    """(n,) lines and (n,) serials as S20. Raises Invalid and names the first wrong lines."""
    import numpy as np

    lines: list[int] = []
    fields, wrong = bytearray(), []
    for line, serial in serials:
        if len(lines) == MOST:
            raise Invalid(errors=[flaw("/serials", "most", f"at most {MOST} serials at once", most=MOST)])
        if not isinstance(serial, str) or not _SERIAL.fullmatch(serial):
            rule, detail = ("other-product", "of another product") if serial is _FOREIGN else ("serial", _NO_SERIAL)
            wrong.append(flaw("/serials", rule, f"line {line} is {detail}", line=line))
            if len(wrong) == _NAMED:
                break
            continue
        lines.append(line)
        fields += serial.encode().ljust(LONGEST, b"\0")
    if wrong:
        raise Invalid(errors=wrong)
    if not lines:
        raise Invalid(errors=[flaw("/serials", "empty", "there is no serial in it")])
    return np.array(lines, dtype=np.int64), np.frombuffer(fields, dtype=f"S{LONGEST}")


def _sorted(lines: NDArray[np.int64], fields: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """The places in the order of the serials. Raises Invalid when one is there twice."""
    import numpy as np

    places = np.argsort(fields, kind="stable")
    ordered = fields[places]
    twice = np.flatnonzero(ordered[1:] == ordered[:-1])[:_NAMED]
    if len(twice):
        pairs = sorted((int(lines[places[at + 1]]), int(lines[places[at]])) for at in twice)
        told = [flaw("/serials", "serial-twice", f"line {line} repeats line {other}", line=line, earlier=other) for line, other in pairs]
        raise Invalid(errors=told)
    return places


def _not_issued(unit: Unit, gtin: str, lines: NDArray[np.int64], fields: NDArray[np.bytes_]) -> None:
    """Raises SerialsTaken when our own keys have issued one of them."""
    import numpy as np

    letters = fields.view(np.uint8).reshape(-1, LONGEST)
    ours = np.flatnonzero((letters[:, seal.LETTERS - 1] != 0) & (letters[:, seal.LETTERS] == 0))
    issued = keys.issued(unit, gtin=gtin, fields=np.ascontiguousarray(letters[ours, : seal.LETTERS]))
    if issued.any():
        raise _taken(lines[ours[issued]].tolist())


def _write(unit: Unit, gtin: str, version: int, first: int, fields: NDArray[np.bytes_], places: NDArray[np.int64]) -> None:
    given = {"gtin": gtin, "version": version, "brand_id": unit.brand_id}
    for at in range(0, len(places), _AT_ONCE):
        part = places[at : at + _AT_ONCE]
        rows = [(serial.decode(), first + place) for serial, place in zip(fields[part].tolist(), part.tolist(), strict=True)]
        _INSERT.run(unit.session.connection(), given | {"rows": json.dumps(rows)})


def _there(unit: Unit, gtin: str, lines: NDArray[np.int64], fields: NDArray[np.bytes_]) -> list[int]:
    """The lines whose serials were imported before, the first ten."""
    found: list[int] = []
    for at in range(0, len(fields), _AT_ONCE):
        serials = [serial.decode() for serial in fields[at : at + _AT_ONCE].tolist()]
        known = keys.imported(unit, gtin=gtin, serials=serials)
        found += [int(line) for line, serial in zip(lines[at : at + _AT_ONCE], serials, strict=True) if serial in known]
        if len(found) >= _NAMED:
            break
    return found


def _same(unit: Unit, order: CodeOrder, fields: NDArray[np.bytes_]) -> bool:
    """Whether the order holds just these serials, in this order."""
    if order.count != len(fields):
        return False
    kept = keys.serials(unit, gtin=order.gtin, key_version=order.key_version, first=order.first, count=order.count)
    return bool((kept == fields).all())


def _taken(lines: list[int]) -> SerialsTaken:
    named = ", ".join(map(str, lines[:_NAMED]))
    return SerialsTaken(f"there already: lines {named}{' and more' if len(lines) > _NAMED else ''}", lines=lines[:_NAMED], named=named)
