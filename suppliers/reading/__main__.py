"""The child: put up the walls, read standard input, answer (suppliers.reading.child says how).

stdin   a line of JSON (``kind``, ``at``, ``anchors``, ``documents``, ``lists``), then the bytes as they are
"""

from __future__ import annotations

import base64
import importlib
import json
import os
import sys
from datetime import datetime
from typing import Any, Final

from suppliers.reading import child, kinds, troubled, walls

READERS: Final = {
    "application/pdf": "suppliers.reading.papers",
    "image/jpeg": "suppliers.reading.images",
    "image/png": "suppliers.reading.images",
    "application/ofd": "suppliers.reading.others",
    "application/vc": "suppliers.reading.others",
    "application/ld+json": "suppliers.reading.others",
    "application/json": "suppliers.reading.others",
    "application/vc+jwt": "suppliers.reading.others",
}


def main() -> None:
    header = json.loads(sys.stdin.buffer.readline())
    reader = importlib.import_module(READERS[header["kind"]]) if header["kind"] in READERS else None
    status = os.open("/proc/self/status", os.O_RDONLY) if sys.platform.startswith("linux") else None
    walls.raise_walls()
    try:
        reading, pictures = _look(reader, sys.stdin.buffer.read(), header)
    except MemoryError:
        reading, pictures = troubled("child.memory"), []
    reading |= {"previews": len(pictures), "peak_mb": _peak(status)}
    sys.stdout.buffer.write(child.compose(reading, pictures))
    sys.stdout.buffer.flush()
    os._exit(0)  # nothing of what was read is given a last word


def _look(reader: Any, content: bytes, header: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    kind = header["kind"]
    if kind == "image/heic":
        return troubled("image.heic", "image"), []
    hidden = "file.unknown" if reader is None else kinds.also(content, kind)
    if hidden:
        return troubled(hidden), []
    known = header | {
        "at": datetime.fromisoformat(header["at"]),
        "anchors": [(anchor["pem"], base64.b64decode(anchor["crl"]) if anchor["crl"] else None) for anchor in header["anchors"]],
        "lists": {url: base64.b64decode(body) for url, body in header["lists"].items()},
    }
    seen: tuple[dict[str, Any], list[bytes]] = reader.look(content, known)
    return seen


def _peak(status: int | None) -> int | None:
    """MB of memory this process had at most: of this program alone, which getrusage cannot tell from its parent's."""
    if status is None:
        return None
    for line in os.pread(status, 4096, 0).splitlines():
        if line.startswith(b"VmHWM:"):
            return int(line.split()[1]) // 1024
    return None


if __name__ == "__main__":
    main()
