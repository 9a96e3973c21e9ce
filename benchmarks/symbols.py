"""Symbols a second against segno, in the same run, one thread, CPU time.

    python benchmarks/symbols.py [--quick] [--rounds N] [--vectors FILE]

The text is a GS1 Digital Link in upper case with a serial of twelve letters, version 3-M. Rounds
are interleaved and the medians of the rounds' ratios are printed; what both made in a round must be
equal, module by module. ``--vectors`` takes a CSV in which each row names a payload, version,
level, a fixed mask, and the modules that other encoders made of it.
"""

from __future__ import annotations

import csv
import secrets
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import segno

from benchmarks.habit import arguments, emit, median, note
from traceability import seal
from traceability.symbols import Batch, Symbol, make

PREFIX = "HTTPS://ID.EXAMPLE.CN/01/06901234567892/21/"
VERSION, LEVEL, MASK = 3, "M", 3


def main() -> None:
    given = arguments(
        "Symbols a second against segno",
        vectors=lambda parser: parser.add_argument("--vectors", type=Path, help="a CSV of what other encoders made"),
    )
    rounds = given.rounds or (3 if given.quick else 7)
    theirs = 60 if given.quick else 200
    fixed_many, chosen_many = (200_000, 16_384) if given.quick else (1_000_000, 65_536)
    fields = seal.letters(secrets.token_bytes(32), 0, fixed_many)
    began = time.process_time()
    fixed = Batch(PREFIX, seal.LETTERS, version=VERSION, level=LEVEL, mask=MASK, padding="segno")
    plan_seconds = time.process_time() - began
    chosen = Batch(PREFIX, seal.LETTERS, version=VERSION, level=LEVEL, mask=None, padding="segno")
    standard = Batch(PREFIX, seal.LETTERS, version=VERSION, level=LEVEL, mask=None)
    texts = [PREFIX + row.tobytes().decode() for row in fields[:theirs]]
    for batch in (fixed, chosen, standard):
        batch.rows(fields[:8192])
    figures: dict[str, list[float]] = {name: [] for name in ("fixed", "segno_fixed", "chosen", "segno_chosen", "standard")}
    for number in range(1, rounds + 1):
        note(f"round {number} of {rounds}")
        ours, figures_of = timed(lambda: fixed.rows(fields), fixed_many)
        figures["fixed"].append(figures_of)
        their, figures_of = timed(lambda: [peer(text, MASK) for text in texts], theirs)
        figures["segno_fixed"].append(figures_of)
        compare(fixed, ours[:theirs], their)
        ours, figures_of = timed(lambda: chosen.rows(fields[:chosen_many]), chosen_many)
        figures["chosen"].append(figures_of)
        their, figures_of = timed(lambda: [peer(text, None) for text in texts], theirs)
        figures["segno_chosen"].append(figures_of)
        compare(chosen, ours[:theirs], their)
        _, figures_of = timed(lambda: standard.rows(fields[:chosen_many]), chosen_many)
        figures["standard"].append(figures_of)
    emit(
        fixed_mask_ratio=ratio(figures["segno_fixed"], figures["fixed"]),
        auto_mask_ratio=ratio(figures["segno_chosen"], figures["chosen"]),
        auto_mask_iso_ratio=ratio(figures["segno_chosen"], figures["standard"]),
        fixed_per_second=per_second(figures["fixed"]),
        auto_per_second=per_second(figures["chosen"]),
        auto_iso_per_second=per_second(figures["standard"]),
        peer=f"segno {segno.__version__}",
        peer_fixed_per_second=per_second(figures["segno_fixed"]),
        peer_auto_per_second=per_second(figures["segno_chosen"]),
        compared=rounds * 2 * theirs,
        plan_ms=round(plan_seconds * 1000, 1),
        rounds=rounds,
        **(vectors(given.vectors) if given.vectors else {}),
    )


def timed(work: Callable[[], Any], many: int) -> tuple[Any, float]:
    """What it made, and CPU seconds each."""
    began = time.process_time()
    made = work()
    return made, (time.process_time() - began) / many


def ratio(theirs: list[float], ours: list[float]) -> float:
    return median([their / our for their, our in zip(theirs, ours, strict=True)])


def per_second(seconds: list[float]) -> int:
    return round(1 / statistics.median(seconds))


def peer(text: str, mask: int | None) -> Any:
    return segno.make(text, version=VERSION, error=LEVEL, mask=mask, boost_error=False, micro=False)


def compare(batch: Batch, rows: Any, theirs: list[Any]) -> None:
    bits = np.unpackbits(rows.astype(batch.word.newbyteorder(">")).view(np.uint8).reshape(len(rows), batch.size, -1), axis=2)
    for ours, their in zip(bits[:, :, : batch.size], theirs, strict=True):
        if ours.tobytes() != b"".join(map(bytes, their.matrix)):
            raise SystemExit("a symbol differs from the peer's")


def vectors(path: Path) -> dict[str, int]:
    """How many of the symbols in the file are made alike: three of each row."""
    equal = total = 0
    with path.open(newline="") as lines:
        for row in csv.DictReader(lines):
            text, size = row["payload"], {"version": int(row["version"]), "level": row["level"]}
            made = {
                "hex_iso_fixed": make(text, mask=int(row["mask_fixed"]), **size),
                "hex_iso_nayuki_auto": make(text, mask=None, **size),
                "hex_segno166_auto": make(text, mask=None, padding="segno", **size),
            }
            for column, symbol in made.items():
                equal += as_hex(symbol) == row[column]
                total += 1
    return {"vectors_equal": equal, "vectors_total": total}


def as_hex(symbol: Symbol) -> str:
    return np.packbits(np.frombuffer(b"".join(symbol.matrix), dtype=np.uint8)).tobytes().hex()


if __name__ == "__main__":
    main()
