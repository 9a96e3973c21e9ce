"""Small codes in bad pictures: the page's own reader, in a real browser, against others.

    python benchmarks/camera.py [--quick] [--pictures ../shared/data/codes/camera5mm]

The page /scan is opened in headless Chromium and asked for every picture through the very function that a
chosen picture goes through. Two sets: the given one, whose truth.csv says what WeChat's reader made of it,
and a fresh one that is simulated here and that nobody has looked at. ``plain`` is zxing-cpp, the same
engine, on the picture as it is. A text that is not the printed one counts as wrong, not as decoded.
Last line: decoded, total, wechat, plain, wrong; the same with fresh_ for the simulated set; median_ms.
"""

from __future__ import annotations

import base64
import csv
import io
import logging
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # so that it runs as a file as well

from PIL import Image
from werkzeug.serving import make_server

from app.config import Settings
from app.factory import create_app
from benchmarks.habit import ROOT, arguments, emit, median, note
from benchmarks.photographs import take

GIVEN = ROOT.parent / "shared" / "data" / "codes" / "camera5mm"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
FLAGS += ("--disable-component-update", "--disable-sync")
ASK = """async (jpeg) => {
    const bytes = Uint8Array.from(atob(jpeg), (letter) => letter.charCodeAt(0));
    return window.suyuanReader.readPicture(new Blob([bytes], { type: "image/jpeg" }));
}"""
Pictures = Sequence[tuple[str, bytes]]
"""(payload, JPEG)"""


@contextmanager
def page() -> Iterator[Any]:
    """The reader's page of a house without anything in it; the reader needs none."""
    from playwright.sync_api import sync_playwright

    browser_path = shutil.which("chromium")
    if browser_path is None:
        raise SystemExit("no browser, so nothing was measured: apt-get install -y chromium")
    with tempfile.TemporaryDirectory() as home:
        app = create_app(Settings(home=home).filled())
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            with sync_playwright() as play:
                browser = play.chromium.launch(executable_path=browser_path, args=list(FLAGS))
                opened = browser.new_page()
                opened.goto(f"http://127.0.0.1:{server.port}/scan")
                yield opened
                browser.close()
        finally:
            server.shutdown()


def ours(opened: Any, pictures: Pictures) -> tuple[int, int, list[float]]:
    """Decoded, wrong, and milliseconds of each."""
    decoded = wrong = 0
    times = []
    for payload, jpeg in pictures:
        began = time.perf_counter()
        texts = opened.evaluate(ASK, base64.b64encode(jpeg).decode())
        times.append((time.perf_counter() - began) * 1000)
        decoded += texts == [payload]
        wrong += bool(texts) and texts != [payload]
    return decoded, wrong, times


def plain(pictures: Pictures) -> int:
    import zxingcpp

    qr = zxingcpp.BarcodeFormat.QRCode
    return sum([code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(jpeg)), qr)] == [text] for text, jpeg in pictures)


def main() -> None:
    given = arguments(__doc__ or "", pictures=lambda parser: parser.add_argument("--pictures", type=Path, default=GIVEN))
    if not (given.pictures / "truth.csv").exists():
        raise SystemExit(f"no truth.csv in {given.pictures}, so nothing was measured: name a folder with --pictures")
    with (given.pictures / "truth.csv").open(newline="") as table:
        truth = list(csv.DictReader(table))
    known = [(row["payload"], (given.pictures / row["file"]).read_bytes()) for row in truth]
    fresh = list(take(seed=20261121, each=1 if given.quick else 5))
    note(f"{len(known)} given pictures, {len(fresh)} fresh ones")
    with page() as opened:
        decoded, wrong, times = ours(opened, known)
        note(f"given: {decoded} of {len(known)}")
        fresh_decoded, fresh_wrong, _ = ours(opened, fresh)
    emit(
        peer="WeChatQRCode (OpenCV 4.14, its networks), as truth.csv has it; zxing-cpp on the picture as it is",
        decoded=decoded,
        total=len(known),
        wechat=sum(int(row["wechat"]) for row in truth),
        plain=plain(known),
        zxing2x=sum(int(row["zxing2x"]) for row in truth),
        wrong=wrong,
        fresh_decoded=fresh_decoded,
        fresh_total=len(fresh),
        fresh_plain=plain(fresh),
        fresh_wrong=fresh_wrong,
        median_ms=median(times),
    )


if __name__ == "__main__":
    main()
