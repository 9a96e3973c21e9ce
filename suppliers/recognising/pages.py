"""One page: turn it upright, read what is black, then what is red, then round the seals.

Runs in the child. Black ink is dark in the red channel and a red seal is as light as paper
there, so the seal falls off the words under it. Red words fall off too, so where red ink stands
outside the seals the grey picture is looked at as well, for lines that the first look did not have.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from suppliers.recognising import channels, engine, seals
from suppliers.recognising.channels import Pixels
from suppliers.recognising.engine import Quads

LEAST_SURE: Final = 0.5
LITTLE: Final = 4
"""So few lines in the red channel make the grey picture worth a look."""
_VOTERS: Final = 16


def read(pixels: Pixels) -> list[dict[str, Any]]:
    """The lines of a page (RGB): text, box, confidence; turn, tilt and channel where they say something."""
    black = channels.black(pixels)
    quads = engine.find(black)
    turn = _turn(black, quads)
    if turn:
        pixels, black = channels.turned(pixels, turn), channels.turned(black, turn)
        quads = engine.find(black)
    lines = _lines(black, quads)
    rings = seals.find(pixels)
    _look_again(channels.red(pixels), [line for line in lines if any(ring.touches(line["quad"]) for ring in rings)])
    if len(lines) < LITTLE or seals.red_outside(pixels, rings):
        grey = channels.grey(pixels)
        more = engine.find(grey)
        lines += _lines(grey, more[[not _known(quad, lines, rings) for quad in more]])
    _lean(lines, pixels.shape[1])
    for ring in rings:
        text, sure = seals.read(pixels, ring)
        if text:
            lines.append({"text": text, "confidence": sure, "quad": ring.corners(), "tilt": 0.0, "channel": "seal"})
    return [_placed(line, pixels, turn) for line in lines]


def _turn(black: Pixels, quads: Quads) -> int:
    """By how many degrees clockwise the page must be turned: long lines lie, and stand on their feet."""
    if len(quads) == 0:
        return 0
    wide = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    high = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    long = (np.maximum(wide, high) >= 2 * np.minimum(wide, high)).nonzero()[0]
    if len(long) == 0:
        return 0
    lying = wide[long][wide[long] > high[long]].sum() >= high[long][high[long] >= wide[long]].sum()
    of_kind = [i for i in long if (wide[i] > high[i]) == lying]
    voters = sorted(of_kind, key=lambda i: -max(wide[i], high[i]))[:_VOTERS]
    on_head = engine.upside_down(engine.crop(black, quads[voters])) > 0.5
    # A crop that stands is turned anticlockwise before it is asked.
    return (180 if on_head else 0) if lying else (90 if on_head else 270)


def _lines(pixels: Pixels, quads: Quads) -> list[dict[str, Any]]:
    said = engine.say(engine.crop(pixels, quads))
    return [
        {"text": text.strip(), "confidence": sure, "quad": quad}
        for quad, (text, sure) in zip(quads, said, strict=True)
        if text.strip() and sure >= LEAST_SURE
    ]


def _look_again(pixels: Pixels, lines: list[dict[str, Any]]) -> None:
    """Lines under a seal are read from the bare red channel too; the surer reading stays."""
    said = engine.say(engine.crop(pixels, np.array([line["quad"] for line in lines], np.float32).reshape(-1, 4, 2)))
    for line, (text, sure) in zip(lines, said, strict=True):
        if text.strip() and sure > line["confidence"]:
            line["text"], line["confidence"] = text.strip(), sure


def _known(quad: Quads, lines: list[dict[str, Any]], rings: list[seals.Ring]) -> bool:
    """Whether a line that was read, or a seal, is already there."""
    x, y = quad.mean(axis=0)
    if any(ring.holds(float(x), float(y)) for ring in rings):
        return True
    boxes = [(line["quad"].min(axis=0), line["quad"].max(axis=0)) for line in lines]
    return any(low[0] <= x <= high[0] and low[1] <= y <= high[1] for low, high in boxes)


def _lean(lines: list[dict[str, Any]], width: int) -> None:
    """The tilt of every line: one straight law over the height of the page, weighed by how long lines are.

    A scan leans everywhere alike, a photograph more at the top or at the bottom; one short line
    says little about itself, so all are asked.
    """
    quads = np.array([line["quad"] for line in lines], np.float64).reshape(-1, 4, 2)
    across = (quads[:, 1] - quads[:, 0] + quads[:, 2] - quads[:, 3]) / 2
    long = across[:, 0] > 0.08 * width
    if long.sum() == 0:
        for line in lines:
            line["tilt"] = 0.0
        return
    slopes = across[:, 1] / np.maximum(across[:, 0], 1)
    middles = quads.mean(axis=1)[:, 1]
    usual = np.median(slopes[long])
    fair = long & (np.abs(slopes - usual) < 0.06)
    law = np.polyfit(middles[fair], slopes[fair], 1, w=across[fair, 0]) if fair.sum() >= 6 else (0.0, usual)
    for line, middle in zip(lines, middles, strict=True):
        line["tilt"] = float(law[0] * middle + law[1])


def _placed(line: dict[str, Any], pixels: Pixels, turn: int) -> dict[str, Any]:
    """The line as it is told: its box on the picture as it was given."""
    height, width = pixels.shape[:2]
    corners = np.clip(np.asarray(line["quad"]) / (width, height), 0, 1)
    left, top = corners.min(axis=0).tolist()
    right, bottom = corners.max(axis=0).tolist()
    if turn == 180:
        left, top, right, bottom = 1 - right, 1 - bottom, 1 - left, 1 - top
    elif turn == 90:
        left, top, right, bottom = top, 1 - right, bottom, 1 - left
    elif turn == 270:
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    told = {
        "text": line["text"],
        "box": [round(edge, 4) for edge in (left, top, right, bottom)],
        "confidence": round(line["confidence"], 3),
    }
    if turn:
        told["turn"] = turn
    if abs(line["tilt"]) >= 0.001:
        # as box shares run: the page's width and height are 1 each
        told["tilt"] = round(line["tilt"] * width / height, 4)
    if "channel" in line:
        told["channel"] = line["channel"]
    return told
