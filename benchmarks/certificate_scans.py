"""Fields read from scans and photographs of certificates, with the extra ``[ocr]``.

    python -m benchmarks.certificate_scans FOLDER

FOLDER holds pictures and truth.json: a list of {file, fields: {printed label: value}, issuer,
issue_date, qr}. A field counts when the value printed beside its label is read to the last
character, after NFKC and without blanks; the issuer, the day of issue and the QR code count as one
field each. Last line JSON: fields_right, fields_total, share, seconds (a page, on average).
"""

from __future__ import annotations

import io
import json
import sys
import time
import unicodedata
from pathlib import Path
from typing import Any

from PIL import Image

from suppliers import extraction, recognising
from suppliers.extraction import dates

LONGEST_SIDE = 1800


def score(folder: Path) -> dict[str, Any]:
    """{fields_right, fields_total, per_file: {file: [right, total]}, misses: [[file, label, wanted, got]], seconds: [...]}."""
    per_file: dict[str, list[int]] = {}
    misses: list[list[str | None]] = []
    seconds: list[float] = []
    for truth in json.loads((folder / "truth.json").read_text(encoding="utf-8")):
        began = time.perf_counter()
        wanted, got = _wanted(truth), _got(clean(folder / truth["file"]))
        seconds.append(round(time.perf_counter() - began, 2))
        wrong = [[truth["file"], label, value, got.get(label)] for label, value in wanted.items() if got.get(label) != value]
        per_file[truth["file"]] = [len(wanted) - len(wrong), len(wanted)]
        misses += wrong
    right, total = (sum(column) for column in zip(*per_file.values(), strict=True)) if per_file else (0, 0)
    return {"fields_right": right, "fields_total": total, "per_file": per_file, "misses": misses, "seconds": seconds}


def clean(path: Path) -> bytes:
    """The picture decoded and written anew, as the reading child hands it on."""
    with Image.open(path) as image:
        image = image.convert("RGB")
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        written = io.BytesIO()
        image.save(written, "PNG")
    return written.getvalue()


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _wanted(truth: dict[str, Any]) -> dict[str, str]:
    wanted = {plain(label): plain(value) for label, value in truth["fields"].items()}
    if truth.get("issuer"):
        wanted["[issuer]"] = plain(truth["issuer"])
    day = dates.first(truth.get("issue_date") or "")
    if day:
        wanted["[issued]"] = day.isoformat()
    if truth.get("qr"):
        wanted["[qr]"] = plain(truth["qr"])
    return wanted


def _got(picture: bytes) -> dict[str, str]:
    import zxingcpp

    lines = recognising.recognise([picture]) or []
    symbols = [
        {"page": 1, "format": str(code.format), "text": code.text, "box": None}
        for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    ]
    proposed = extraction.propose(lines, symbols)
    got = {plain(label): plain(value) for label, value in extraction.label_values(lines).items()}
    got |= {"[issuer]": plain(proposed["issuer_name"]["value"])} if "issuer_name" in proposed else {}
    got |= {"[issued]": proposed["issued_on"]["value"]} if "issued_on" in proposed else {}
    return got | ({"[qr]": plain(symbols[0]["text"])} if symbols else {})


def main() -> None:
    result = score(Path(sys.argv[1]))
    for file, (right, total) in result["per_file"].items():
        print(f"{file}: {right} of {total}")
    for miss in result["misses"]:
        print("missed:", *miss)
    mean = sum(result["seconds"]) / max(1, len(result["seconds"]))
    share = result["fields_right"] / max(1, result["fields_total"])
    print(
        json.dumps(
            {
                "fields_right": result["fields_right"],
                "fields_total": result["fields_total"],
                "share": round(share, 4),
                "seconds": round(mean, 2),
            }
        )
    )


if __name__ == "__main__":
    main()
