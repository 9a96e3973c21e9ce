"""Labels to draw in tests."""

from __future__ import annotations

from traceability import gs1, seal
from traceability.labels import Label


def some_labels(count: int, base_url: str = "https://id.example") -> list[Label]:
    links = [gs1.Link("06901234567892", serial) for serial in seal.seal_many(bytes(32), 0, count)]
    return [Label(gs1.write(link, base_url), link.human) for link in links]
