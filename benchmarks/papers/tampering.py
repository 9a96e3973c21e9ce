"""Changing what was signed: single bytes, saved-on revisions, other claims, other entries. Seeded, so that a run can be repeated.

An attempt either changes what a signature answers for, and then it must not hold any more, or it changes
bytes that no signature covers (the room around a signature, what was saved after it, the list of
signatures in an OFD); those are counted apart, with the place.
"""

from __future__ import annotations

import base64
import io
import json
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

UNSEALED = ("Signatures.xml",)
"""In an OFD: the list of seals, which its seals may leave out (GB/T 33190-2016, 18.1)."""


@dataclass(frozen=True)
class Attempt:
    what: str
    content: bytes
    covered: bool
    """A signature answers for what was changed."""


def attempts(content: bytes, kind: str, chance: random.Random, count: int) -> Iterator[Attempt]:
    """``count`` single bytes, and what else its kind of file allows."""
    if kind == "pdf":
        yield from _pdf(content, chance, count)
    elif kind == "ofd":
        yield from _ofd(content, chance, count)
    elif kind == "credential":
        yield from _token(content, chance, count) if content.strip().startswith(b"ey") else _document(content, chance, count)


def flipped(content: bytes, place: int, chance: random.Random) -> bytes:
    return content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]


def _pdf(content: bytes, chance: random.Random, count: int) -> Iterator[Attempt]:
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    covered: set[range] = set()
    for signature in reader.embedded_regular_signatures:
        first, one, second, two = (int(number) for number in signature.byte_range)
        covered |= {range(first, first + one), range(second, second + two)}
    places = sorted({place for part in covered for place in part})
    others = sorted(set(range(len(content))) - set(places))
    for place in chance.sample(places, min(count, len(places))):
        yield Attempt(f"byte {place}", flipped(content, place, chance), covered=True)
    for place in chance.sample(others, min(count // 2, len(others))):
        yield Attempt(f"byte {place} outside", flipped(content, place, chance), covered=False)
    for what, change in (("page", _other_page), ("annotation", _note), ("catalogue", _other_catalogue)):
        writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
        change(writer)
        out = io.BytesIO()
        writer.write(out)
        yield Attempt(f"saved on: {what}", out.getvalue(), covered=True)
    yield Attempt("bytes after the end", content + b"\n% more\n", covered=True)


def _other_page(writer: IncrementalPdfFileWriter) -> None:
    drawn = generic.StreamObject(stream_data=b"0 g 40 40 300 300 re f")
    _page(writer)[generic.NameObject("/Contents")] = writer.add_object(drawn)


def _note(writer: IncrementalPdfFileWriter) -> None:
    look = generic.StreamObject(stream_data=b"0 g 0 0 200 60 re f")
    look |= {
        generic.NameObject("/Type"): generic.NameObject("/XObject"),
        generic.NameObject("/Subtype"): generic.NameObject("/Form"),
        generic.NameObject("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 60))),
    }
    note = generic.DictionaryObject(
        {
            generic.NameObject("/Type"): generic.NameObject("/Annot"),
            generic.NameObject("/Subtype"): generic.NameObject("/Stamp"),
            generic.NameObject("/Rect"): generic.ArrayObject(map(generic.NumberObject, (50, 50, 250, 110))),
            generic.NameObject("/F"): generic.NumberObject(4),
            generic.NameObject("/AP"): generic.DictionaryObject({generic.NameObject("/N"): writer.add_object(look)}),
        }
    )
    page = _page(writer)
    notes = generic.ArrayObject(page.get("/Annots", ()))
    notes.append(writer.add_object(note))
    page[generic.NameObject("/Annots")] = notes


def _other_catalogue(writer: IncrementalPdfFileWriter) -> None:
    """The pages in another tree: nothing that was there is changed."""
    old = writer.root["/Pages"]
    tree = generic.DictionaryObject({name: old.raw_get(name) for name in old})
    writer.root[generic.NameObject("/Pages")] = writer.add_object(tree)
    writer.update_root()


def _page(writer: IncrementalPdfFileWriter) -> Any:
    reference = writer.find_page_for_modification(0)[0]
    page = reference.get_object()
    writer.mark_update(reference)
    return page


def _ofd(content: bytes, chance: random.Random, count: int) -> Iterator[Attempt]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    for name in entries:
        for _ in range(max(1, count // 4)):
            changed = {**entries, name: flipped(entries[name], chance.randrange(len(entries[name])), chance)} if entries[name] else entries
            yield Attempt(f"a byte of {name}", packed(changed), covered=not name.endswith(UNSEALED))
        rest = {each: entries[each] for each in entries if each != name}
        yield Attempt(f"without {name}", packed(rest), covered=not name.endswith(UNSEALED))
    yield Attempt("a file more", packed({**entries, "Doc_0/Pages/Page_77/Content.xml": b"<x/>"}), covered=True)
    for place in chance.sample(range(len(content)), count):
        raw = flipped(content, place, chance)
        yield Attempt(f"byte {place} of the zip", raw, covered=not _same_files(raw, entries))


def packed(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, entry in entries.items():
            archive.writestr(name, entry)
    return out.getvalue()


def _same_files(content: bytes, entries: dict[str, bytes]) -> bool:
    """Only the zip around the files was changed: a time, a version, an attribute."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")} == entries
    except Exception:  # a changed zip breaks in any way; then its files are not the same
        return False


def _token(content: bytes, chance: random.Random, count: int) -> Iterator[Attempt]:
    head, body, signature = content.strip().split(b".")
    claims = json.loads(_open(body))
    for what, changed in other_claims(claims, chance, count):
        yield Attempt(what, b".".join((head, _shut(json.dumps(changed).encode()), signature)), covered=True)
    for place in chance.sample(range(len(content.strip())), count):
        yield Attempt(f"byte {place}", flipped(content.strip(), place, chance), covered=True)
    nobody = _shut(json.dumps({**json.loads(_open(head)), "alg": "none"}).encode())
    yield Attempt("no algorithm", b".".join((nobody, body, b"")), covered=True)
    yield Attempt("no signature", b".".join((head, body, b"")), covered=True)
    yield Attempt("a signature of zeros", b".".join((head, body, _shut(bytes(len(_open(signature)))))), covered=True)


def _document(content: bytes, chance: random.Random, count: int) -> Iterator[Attempt]:
    """JSON: blanks and the way in which a sign is written are nobody's; what it says is the signer's."""
    document = json.loads(content)
    if "EnvelopedVerifiableCredential" in str(document.get("type")):
        head, _, token = document["id"].partition(",")
        for each in _token(token.encode(), chance, count):
            yield Attempt(each.what, json.dumps({**document, "id": head + "," + each.content.decode("latin-1")}).encode(), each.covered)
        return
    for what, changed in other_claims(document, chance, count):
        yield Attempt(what, json.dumps(changed, ensure_ascii=False).encode(), covered=True)
    for place in chance.sample(range(len(content)), count):
        raw = flipped(content, place, chance)
        yield Attempt(f"byte {place}", raw, covered=_read(raw) != document)


def other_claims(value: Any, chance: random.Random, count: int) -> Iterator[tuple[str, Any]]:
    """Copies in which one text or number is another one."""
    places = [place for place in _leaves(value) if place[0] != "proof" or place[-1] == "created"]
    for place in chance.sample(places, min(count, len(places))):
        copy = json.loads(json.dumps(value))
        inner = copy
        for step in place[:-1]:
            inner = inner[step]
        old = inner[place[-1]]
        inner[place[-1]] = not old if isinstance(old, bool) else old + 1 if isinstance(old, int | float) else f"{old}x"
        yield "/".join(map(str, place)), copy


def _leaves(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        if isinstance(inner, dict | list):
            yield from _leaves(inner, (*place, step))
        elif inner is not None:
            yield *place, step


def _read(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _open(part: bytes) -> bytes:
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def _shut(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")
