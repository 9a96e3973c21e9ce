"""The child that recognises: bind its own hands, then answer one line of JSON for each picture.

stdin   4 bytes of length (big-endian), then the picture; again and again
stdout  a list of lines as JSON, or ``null`` for a picture that cannot be read

It ends when nobody asks for a while, or after so many pictures, so that nothing piles up.
"""

from __future__ import annotations

import io
import json
import os
import resource
import select
import struct
import sys
from typing import Any, BinaryIO

MEMORY = 2 << 30
"""Address space, mostly of libraries and threads; a page touches about 0.6 GB of it."""
CPU_SECONDS = 60
"""For one picture; the first also pays for loading the models."""
MOST_PICTURES = 200
IDLE_SECONDS = 120
MOST_PIXELS = 8_000_000


def main() -> None:
    _bind()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    asked = sys.stdin.buffer
    for _ in range(MOST_PICTURES):
        if not select.select([asked.fileno()], [], [], IDLE_SECONDS)[0]:
            return
        picture = _next(asked)
        if picture is None:
            return
        _allow_one_more()
        answers.write(json.dumps(_read(picture)) + "\n")
        answers.flush()


def _bind() -> None:
    """No file written, no socket, no program; bounded memory."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn")):
        raise PermissionError(event)


def _allow_one_more() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _next(asked: BinaryIO) -> bytes | None:
    head = asked.read(4)
    return asked.read(struct.unpack(">I", head)[0]) if len(head) == 4 else None


def _read(picture: bytes) -> list[dict[str, Any]] | None:
    import numpy as np
    from PIL import Image

    from suppliers.recognising import pages

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            pixels = np.asarray(image.convert("RGB"))
        return pages.read(pixels)
    except Exception:  # whatever a library of pictures raises, this picture has no lines
        return None


if __name__ == "__main__":
    main()
