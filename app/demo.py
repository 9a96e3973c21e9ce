"""``suyuan demo``: the whole loop through the real doors, told with a stop-watch.

A house of its own is built in a temporary folder, with real processes, and torn down at the
end. ``Visitor`` and ``Machine`` are the two kinds of outsider: a browser with cookies and a
system with a key. tests/journeys and benchmarks/loop.py tell their stories with them too.
"""

from __future__ import annotations

import http.cookiejar
import json
import re
import socket
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app import running, seed, seed_papers
from app.config import Settings
from app.house import open_database
from app.simulate import batch
from migrations.upgrade import upgrade
from monitoring.simulator import Line

OUTLET = "pasteuriser_outlet"
PASSWORD = "quiet cows graze at night"  # noqa: S105 (it opens nothing but that)
"""Of the demo's own people at the desk, who live as long as its house."""
Say = Callable[[str], None]


class Refusal(Exception):
    """A door answered with an error status; ``status`` and ``body`` say which and why."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status}: {body[:300]}")
        self.status, self.body = status, body


class Visitor:
    """A browser without a screen: cookies, redirects, and the CSRF token of the page it is on."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.page = ""

    def get(self, path: str) -> str:
        return self._open(urllib.request.Request(self._url(path), headers={"Accept": "text/html", "Accept-Language": "en"}))  # noqa: S310

    def post(self, path: str, **form: str) -> str:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.page)
        body = urllib.parse.urlencode({**form, "csrf_token": token[1] if token else ""}).encode()
        return self._open(urllib.request.Request(self._url(path), body, {"Accept": "text/html", "Accept-Language": "en"}))  # noqa: S310

    def field(self, name: str) -> str:
        """The value of a hidden field of the page."""
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', self.page)
        return found[1] if found else ""

    def _url(self, path: str) -> str:
        return path if path.startswith("http") else self.base + path

    def _open(self, request: urllib.request.Request) -> str:
        try:
            with self._opener.open(request, timeout=20) as answer:
                self.page = answer.read().decode()
        except urllib.error.HTTPError as error:
            self.page = error.read().decode(errors="replace")
        return self.page


class Machine:
    """An ERP or a gateway: JSON with a key."""

    def __init__(self, base: str, key: str) -> None:
        self.base, self.key = base, key

    def get(self, path: str) -> Any:
        return self._open(urllib.request.Request(f"{self.base}/api/v1{path}", headers={"X-API-Key": self.key}))  # noqa: S310

    def post(self, path: str, body: object | None = None) -> Any:
        return self.send(path, json.dumps(body or {}).encode(), "application/json")

    def send(self, path: str, content: bytes, media_type: str) -> Any:
        headers = {"X-API-Key": self.key, "Content-Type": media_type}
        return self._open(urllib.request.Request(f"{self.base}/api/v1{path}", content, headers))  # noqa: S310

    def _open(self, request: urllib.request.Request) -> Any:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                content = answer.read()
                return json.loads(content) if "json" in answer.headers.get("Content-Type", "") else content
        except urllib.error.HTTPError as error:
            raise Refusal(error.code, error.read().decode(errors="replace")) from None


@dataclass
class Home:
    """A running house with its demo brand."""

    settings: Settings
    planted: seed.Planted
    children: running.Children
    desks: dict[str, Visitor] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.settings.public_url

    @property
    def machine(self) -> Machine:
        return Machine(self.url, self.planted.api_key)

    def letters(self) -> list[dict[str, str]]:
        """What the post office has taken so far."""
        path = Path(self.settings.home) / "post.log"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    def here(self, link: str) -> str:
        """The path behind a printed link."""
        return urllib.parse.urlsplit(link).path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def house(*, quiet: bool = True, home: str | None = None, **given: str) -> Iterator[Home]:
    """Build, plant and start a house; stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="suyuan-house-") as folder:
        port = free_port()
        settings = Settings(home=home or folder, port=str(port), public_url=f"http://127.0.0.1:{port}", **given).filled()
        database = open_database(settings)
        upgrade(database.engine)
        planted = seed.plant(settings, database, for_the_desk=False)
        database.engine.dispose()
        children = running.start(settings, quiet=quiet)
        try:
            yield Home(settings, planted, children)
        finally:
            children.stop()


def wait_for(what: Callable[[], Any], *, seconds: float = 30, pause: float = 0.02) -> Any:
    """The first true answer of ``what``; TimeoutError when there is none in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answer = what()
        if answer:
            return answer
        time.sleep(pause)
    raise TimeoutError("it did not happen in time")


def verdict_of(page: str) -> str:
    """The verdict that a scan page states, as its code (``data-verdict`` on the page)."""
    found = re.search(r'data-verdict="([a-z_]+)"', page)
    return found[1] if found else "none"


@dataclass
class Batch:
    """A lot made through the doors, with its codes."""

    lot_id: str
    code: str
    order_id: str
    links: list[str]


def make_lot(
    home: Home,
    *,
    name: str,
    minutes: float,
    count: int = 1000,
    bound: int = 600,
    formats: tuple[str, ...] = ("pdf", "csv"),
    papers: tuple[str, ...] = (),
) -> Batch:
    """Receive, make, code, finish and release a lot whose line time was ``minutes`` … 5 minutes ago. ``papers``: ids of those that are
    laid beside its milk."""
    machine = home.machine
    now = datetime.now(UTC)
    product = machine.get("/products")[0]
    suppliers = {row["name"]: row["id"] for row in machine.get("/suppliers")}
    materials = {row["code"]: row["id"] for row in machine.get("/materials")}
    began = now - timedelta(minutes=minutes)
    milk = machine.post(
        "/intake",
        {
            "supplier_id": suppliers[seed_papers.FARM],
            "material_id": materials["RAW-MILK"],
            "lot_code": f"RM-{name}",
            "supplier_lot": home.planted.milk_lot,
            "quantity": str(max(1000, bound)),
            "uom": "LTR",
            "place": "岚牧一厂 收奶间",
            "received_at": (began - timedelta(hours=1)).isoformat(),
            "certificate_ids": list(papers),
        },
    )
    lot = machine.post(
        "/lots",
        {
            "code": name,
            "product_id": product["id"],
            "line_code": "L1",
            "place": "岚牧一厂 一号线",
            "quantity": str(bound),
            "started_at": began.isoformat(),
        },
    )
    order = machine.post("/orders", {"reference": f"order-{name}", "product_id": product["id"], "count": count, "formats": list(formats)})
    machine.post(f"/orders/{order['id']}/prints", {})
    machine.post(f"/orders/{order['id']}/activations", {"lot_id": lot["id"], "start": 0, "count": bound})
    inputs = [{"lot_id": milk["id"], "quantity": str(bound)}]
    machine.post(f"/lots/{lot['id']}/finish", {"inputs": inputs, "finished_at": (now - timedelta(minutes=5)).isoformat()})
    machine.post(f"/lots/{lot['id']}/release")
    wait_for(lambda: all(file["state"] == "ready" for file in machine.get(f"/orders/{order['id']}")["files"]))
    table = machine.get(f"/orders/{order['id']}/files/csv").decode("utf-8-sig")
    links = re.findall(r"HTTPS?://[^,\"\s]+", table)
    return Batch(lot["id"], name, order["id"], links)


def line_with_a_dip(*, minutes: float, dip_after: float, seconds: int = 41, seed_number: int = 7) -> list[dict[str, Any]]:
    """The outlet's readings of the last ``minutes`` with a dip under the critical limit, as bodies of POST /telemetry."""
    plant = Line(seed_number)
    end = datetime.now(UTC) - timedelta(minutes=5)
    begin = end - timedelta(minutes=minutes)
    total = int(minutes * 60)
    readings: list[dict[str, Any]] = []
    for second in range(total):
        if second == int(dip_after * 60):
            plant.fault("dip", OUTLET, seconds=seconds)
        value = plant.step()[OUTLET]
        body: Any = batch("L1", {OUTLET: value}, begin + timedelta(seconds=second))
        readings += body["readings"]
    return [{"line": "L1", "readings": readings[i : i + 4000]} for i in range(0, len(readings), 4000)]


def join(home: Home, link: str, phone: str) -> Visitor:
    """Scan a code and join as a member, by the code that the post brought."""
    visitor = Visitor(home.url)
    visitor.get(home.here(link))
    before = len(home.letters())
    visitor.post("/join/open", ticket=visitor.field("ticket"))
    visitor.post("/join", phone=phone, ticket=visitor.field("ticket"), membership="yes")
    letter = wait_for(lambda: home.letters()[before:])[-1]
    code = re.search(r"\d{6}", letter["text"])
    assert code is not None
    visitor.post("/join/code", code=code[0])
    return visitor


def at_desk(home: Home, role: str) -> Visitor:
    """A colleague of this role with a password to sign with, who came in by the one-time link of the welcome."""
    if role not in home.desks:
        desk = Visitor(home.url)
        desk.get(home.planted.logins[role])
        desk.get("/account/password")
        desk.post("/account/password", new=PASSWORD, again=PASSWORD)
        home.desks[role] = desk
    return home.desks[role]


def decide(home: Home, recall_id: str) -> None:
    """Two persons recall what a machine proposed: one takes it up, the other looks at the same lots and approves."""
    first, second, case = at_desk(home, "quality"), at_desk(home, "brand_admin"), f"/desk/recalls/{recall_id}"
    first.get(case)
    first.post(f"{case}/adopt", seen=first.field("seen"), agreed="yes", password=PASSWORD)
    second.get(case)
    second.post(f"{case}/approve", seen=second.field("seen"), agreed="yes", password=PASSWORD)
    if home.machine.get(f"/recalls/{recall_id}")["state"] != "open":
        raise OSError("the recall was not approved")


def tell(say: Say) -> int:
    """The story. Exit code 0 when every step came out as promised."""
    began = time.monotonic()

    def clock(text: str) -> None:
        say(f"{time.monotonic() - began:6.2f} s  {text}")

    clock("建一所房子,种下一家小乳品厂 · building a house and planting a small dairy")
    with house() as home:
        clock(f"门开了 · the doors are open at {home.url}")
        lot = make_lot(home, name="DEMO-1", minutes=25)
        clock(f"批次 {lot.code}:收奶、订码 1000、绑码 600、放行 · received, coded, released; {len(lot.links)} links in the CSV")
        bottle = home.here(lot.links[0])
        visitor = Visitor(home.url)
        first, second = verdict_of(visitor.get(bottle)), verdict_of(visitor.get(bottle))
        clock(f"扫一次:{first};再扫:{second} · scanned twice")
        wrong = verdict_of(visitor.get(bottle[:-4] + "0000"))
        clock(f"猜一个码:{wrong} · guessed a code")
        member = join(home, lot.links[1], "+8613812345678")
        joined = "/me" in member.page or "DEMO-1" in member.get("/me")
        clock(f"扫码入会,凭短信验证码 · joined after a scan with a phone code: {'yes' if joined else 'NO'}")
        for body in line_with_a_dip(minutes=15, dip_after=8):
            home.machine.post("/telemetry", body)
        sent = time.monotonic()
        clock("网关补传 15 分钟数据,其中杀菌出口跌破 72 °C 41 秒 · the gateway sends 15 minutes late, with a dip below the limit")
        wait_for(lambda: verdict_of(visitor.get(bottle)) == "on_hold")
        clock(f"报警 → 批次 → 暂停 → 扫码页已变 · alert → lot → hold → page changed, {time.monotonic() - sent:.2f} s after the readings")
        alert = home.machine.get("/alerts")[0]
        clock(f"报警:{alert['detector']} {alert['severity']} {json.dumps(alert['evidence'], ensure_ascii=False)}")
        letters = len(home.letters())
        proposed = home.machine.post(
            "/recalls", {"lot_ids": [lot.lot_id], "reason": "杀菌温度低于临界限", "advice": "请勿饮用,凭瓶身二维码到门店退款。"}
        )
        for role in ("quality", "brand_admin"):
            at_desk(home, role)
        clock("接口提出召回,一切先暂停;两个人核对、签名 · a machine proposes, everything is held; two persons look and sign")
        decide(home, proposed["id"])
        sent = time.monotonic()
        notice = wait_for(lambda: home.letters()[letters:])[0]
        clock(f"召回,{time.monotonic() - sent:.2f} s 后通知送达 · recalled, notice posted: {notice['text']}")
        told, last = len(home.letters()) - letters, verdict_of(visitor.get(bottle))
        clock(f"通知 {told} 位持有人,扫码页:{last} · people told: {told}, page says {last}")
        good = (first, second, wrong, joined, last) == ("first_check", "seen_before", "unknown", True, "recalled") and told == 1
    clock("完 · done" if good else "有一步不对 · a step went wrong")
    return 0 if good else 1
