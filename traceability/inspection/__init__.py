"""A picture of a print sheet, compared with the symbols it should carry: each found, measured, graded. Pure.

``picture`` → ``reading`` (what a reader finds by itself) → ``register`` (so the sheet lies thus) →
``sample`` (the grey level of every module, also where nothing was read) → ``grade``; ``examine`` is the
whole way. What should be there is known, so nothing has to be decoded to be judged. It must not know
orders, serials or what happens to a bad label.
"""

from __future__ import annotations

from kernel.errors import Invalid


class NotAPicture(Invalid):
    """A sheet is inspected on a picture of it: PNG, JPEG or TIFF, whole, with at most 50 million pixels and
    60 MB. A4 scanned at 600 dpi fits."""

    code = "not-a-picture"
    title = "This is no picture that can be inspected"


class SheetNotFound(Invalid):
    """On the picture hardly any of these codes can be read, so nothing can be said of the others. Is it another
    sheet, do the first code and the layout fit, is it sharp, and has each module at least 1.8 pixels?"""

    code = "sheet-not-found"
    title = "These codes are not on the picture"
