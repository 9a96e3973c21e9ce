"""The child: bind its own hands, read standard input, answer one line of JSON.

stdin   a line of JSON (``at``, ``anchors``), then the bytes as they are
stdout  the reading
"""

from __future__ import annotations

import base64
import io
import json
import resource
import sys
import zipfile
from datetime import datetime
from typing import Any

from suppliers.reading import media_type_of, troubled

MEMORY = 1 << 30
CPU_SECONDS = 20


def main() -> None:
    _bind()
    try:
        header = json.loads(sys.stdin.buffer.readline())
        seen = _look(sys.stdin.buffer.read(), header)
    except MemoryError:
        seen = troubled("child.memory")
    json.dump(seen, sys.stdout)


def _bind() -> None:
    """Address space, processor seconds, files written, files open, core dumps."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _look(content: bytes, header: dict[str, Any]) -> dict[str, Any]:
    kind = media_type_of(content)
    if not kind:
        return troubled("file.unknown")
    if zipfile.is_zipfile(io.BytesIO(content)):
        return troubled("file.archive")
    if kind != "application/pdf":
        from suppliers.reading import images

        return images.look(content, kind)
    from suppliers.reading import documents

    anchors = [(anchor["pem"], base64.b64decode(anchor["crl"]) if anchor["crl"] else None) for anchor in header["anchors"]]
    return documents.look(content, anchors, datetime.fromisoformat(header["at"]))


if __name__ == "__main__":
    main()
