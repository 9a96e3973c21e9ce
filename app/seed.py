"""The demo brand: a small dairy, planted through the use cases and nothing else.

Everything in it is invented: GTINs carry GS1's prefix for examples (952), registration
numbers the unassigned region 999999, and the certification body exists only here.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app import relay
from app.auth import credentials
from app.config import Settings
from app.database import Database
from app.seed_papers import Suppliers, uscc
from kernel.ids import new_id
from kernel.orm import Brand
from kernel.unit import PLATFORM, Actor, Unit, system
from members import enrolment, identity
from monitoring import alerts, detection, streams, telemetry
from monitoring.simulator import DAIRY_STREAMS, Line
from monitoring.telemetry import Sample
from traceability import arrivals, codes, deliveries, gs1, link_hosts, links, lots, moves, printing, products, scans, shipments, sites
from traceability.events import capturing, documents, export
from traceability.events import names as gs1_names

__all__ = ["Letters", "Planted", "is_empty", "plant", "uscc"]

SLUG = "lanmu"
LINE = "L1"
MADE = 27.0
"""So many hours ago the sold lot was begun; it took MINUTES."""
MINUTES = 10
FARM_MILK = "09521234600015"
"""The GTIN under which the farm sells its milk."""
STATION, STORE, HALL = "坝上收奶站", "岚牧一厂 原料库", "岚牧一厂 一号线"
SITES = {STATION: "CN-1307", STORE: "CN-1301", HALL: "CN-1301"}


@dataclass(frozen=True)
class Planted:
    """What ``run`` prints, shown once."""

    brand_id: str
    scan_link: str
    logins: dict[str, str]
    """Role -> path of a one-time link."""
    device_key: str
    api_key: str
    milk_lot: str
    """As the farm calls it: the lot that its newest report speaks of."""


class Letters:
    """A post office that hands letters back, so that planting can read a member's code."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def send(self, *, to: str, subject: str, text: str, key: str) -> None:
        self.texts.append(text)


def is_empty(database: Database) -> bool:
    with database.look(PLATFORM) as unit:
        return unit.session.scalar(select(Brand.id).limit(1)) is None


def plant(settings: Settings, database: Database, *, now: datetime | None = None, for_the_desk: bool = True) -> Planted:
    """Plant the demo brand as if it had been at work since yesterday. ``for_the_desk``: with papers that came in just now, which the
    worker has yet to judge."""
    now = now or datetime.now(UTC)
    letters = Letters()
    quiet = Database(database.engine, outside=dataclasses.replace(database.outside, post=letters), reactions=database.reactions)
    brand_id = _brand(quiet, now - timedelta(days=30))
    gardener = Gardener(quiet, brand_id, now)
    gardener.suppliers.plant()
    gardener.line()
    link = gardener.lots()
    gardener.shift()
    gardener.links()
    gardener.shipment()
    gardener.people(letters)
    if for_the_desk:
        gardener.suppliers.to_look_at(f"{now:%y%m%d}", now)
    return gardener.doors(link)


def _brand(database: Database, at: datetime) -> str:
    brand_id = new_id(at)
    with database.begin(PLATFORM, now=at) as unit:
        unit.session.add(Brand(id=brand_id, slug=SLUG, name="岚牧乳业", created_at=at))
        unit.record("brand.added", "brand", brand_id)
    return brand_id


class Gardener:
    """Plants one brand; ``self.at(hours)`` is a unit so many hours ago."""

    def __init__(self, database: Database, brand_id: str, now: datetime) -> None:
        self.database, self.brand_id, self.now = database, brand_id, now
        self.suppliers = Suppliers(database, brand_id, now)
        self.ids = self.suppliers.ids

    def at(self, hours: float, kind: str = "system") -> Unit:
        actor = system(self.brand_id) if kind == "system" else Actor(kind, f"seed-{kind}", self.brand_id)
        return self.database.begin(actor, now=self.now - timedelta(hours=hours))

    def line(self) -> None:
        with self.at(29 * 24) as unit:
            line = streams.add_line(unit, code=LINE, name_zh="一号线", name_en="Line 1")
            for plan in DAIRY_STREAMS:
                streams.add_stream(
                    unit,
                    line_id=line.id,
                    tag=plan.tag,
                    name_zh=plan.name_zh,
                    name_en=plan.name_en,
                    unit_code=plan.unit,
                    physical_low=plan.physical_low,
                    physical_high=plan.physical_high,
                    limits=dict(plan.limits),
                    critical=plan.critical,
                    cadence_seconds=plan.cadence_seconds,
                )

    def lots(self) -> str:
        """Three lots came in, one was made and sold, one is on the line now; the link of a code of the sold one."""
        day = f"{self.now:%y%m%d}"
        with self.at(29 * 24) as unit:
            milk = products.add(
                unit, gtin="09521234500018", name_zh="岚牧鲜牛奶", name_en="Lanmu fresh milk", net_content="950 ml", shelf_life_days=15
            )
            yogurt = products.add(
                unit, gtin="09521234500025", name_zh="岚牧原味酸奶", name_en="Lanmu plain yoghurt", net_content="200 g", shelf_life_days=21
            )
            for place, region in SITES.items():
                sites.put(unit, name=place, region=region)
        self.partners(day)
        self.suppliers.reports(day, self.now - timedelta(hours=32))
        received = {}
        for hours, key, material, code, theirs, quantity, uom, place in (
            (30, "meadow", "RAW-MILK", f"RM-{day}", (f"QY-{day}", FARM_MILK), Decimal(8000), "LTR", STATION),
            (29, "culture", "CULTURE", f"CU-{day}", (f"JZ{day}B", None), Decimal(50), "KGM", STORE),
            (28, "bottle", "BOTTLE", f"BT-{day}", (f"{day}-3", None), Decimal(20000), "H87", STORE),
        ):
            line = arrivals.Line(self.ids[material], quantity, uom, code, *theirs)
            with self.at(hours) as unit:
                note = deliveries.receive(unit, supplier_id=self.ids[key], reference=f"SH-{key[0].upper()}{day}", place=place, lines=[line])
                (received[key],) = [lot.id for lot in lots.every(unit) if lot.delivery_id == note.id]
        with self.at(27.5) as unit:
            order = codes.order(unit, product_id=milk.id, count=1000, reference="demo-1", formats=())
            moves.printed(unit, order_id=order.id, count=900)
        with self.at(MADE) as unit:
            sold = lots.open(unit, code=f"M{day}-1", product_id=milk.id, line_code=LINE, place=HALL, quantity=Decimal(500)).id
        with self.at(MADE - MINUTES / 60) as unit:
            moves.commission(unit, order_id=order.id, lot_id=sold, start=0, count=500)
            lots.finish(
                unit, lot_id=sold, inputs=[(received["meadow"], Decimal(480)), (received["bottle"], Decimal(500))], quantity=Decimal(500)
            )
        with self.at(20, "quality") as unit:
            lots.release(unit, lot_id=sold)
        with self.at(1) as unit:
            running = lots.open(unit, code=f"M{day}-2", product_id=milk.id, line_code=LINE, place=HALL, quantity=Decimal(500)).id
            moves.commission(unit, order_id=order.id, lot_id=running, start=500, count=400)
        self.ids.update(milk=milk.id, yogurt=yogurt.id, sold=sold, running=running, order=order.id)
        with self.at(0) as unit:
            return codes.links(unit, order.id, start=41, count=1)[0]

    def partners(self, day: str) -> None:
        """What the farm tells of its own morning, as its own EPCIS events: two milkings into one tank, and off it went, cold."""
        milk = gs1_names.product_lot(FARM_MILK, f"QY-{day}")
        milkings = [gs1_names.product_lot(FARM_MILK, f"QY-{day}-{herd}") for herd in ("A", "B")]
        at = self.now - timedelta(hours=32)
        tank: dict[str, Any] = {
            "type": "TransformationEvent",
            "bizStep": "commissioning",
            "inputQuantityList": [{"epcClass": each, "quantity": 4100, "uom": "LTR"} for each in milkings],
            "outputQuantityList": [{"epcClass": milk, "quantity": 8000, "uom": "LTR"}],
        }
        left: dict[str, Any] = {
            "type": "ObjectEvent",
            "action": "OBSERVE",
            "bizStep": "shipping",
            "disposition": "in_transit",
            "quantityList": [{"epcClass": milk, "quantity": 8000, "uom": "LTR"}],
            "sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 3.6, "uom": "CEL"}]}],
        }
        when = {"eventTime": at.isoformat(timespec="milliseconds"), "eventTimeZoneOffset": "+00:00"}
        told = {"@context": [export.CONTEXT], "type": "EPCISDocument", "schemaVersion": "2.0", "creationDate": when["eventTime"]}
        body = json.dumps({**told, "epcisBody": {"eventList": [{**each, **when} for each in (tank, left)]}})
        with self.at(31) as unit:
            capturing.capture(unit, documents.read(body.encode(), "application/json"))

    def shift(self) -> None:
        """What the line showed, second by second, while the sold lot was made; then it stood still, and the plant said why."""
        plant, begin = Line(seed=3), self.now - timedelta(hours=MADE)
        shown = [(begin + timedelta(seconds=second), plant.step()) for second in range(MINUTES * 60 + 30)]
        readings = [Sample(tag, at, value, unit) for at, values in shown for tag, (value, unit) in values.items()]
        with self.at(MADE - MINUTES / 60 - 0.1) as unit:
            for start in range(0, len(readings), telemetry.MOST):
                telemetry.ingest(unit, readings=readings[start : start + telemetry.MOST], line_code=LINE)
        relay.drain(self.database)
        with self.at(MADE - 1) as unit:
            detection.watch_silence(unit)
        with self.at(MADE - 1, "plant") as unit:
            for alert in alerts.active(unit):
                alerts.acknowledge(unit, alert_id=alert.id, cause="process", note="班次结束，停线清洗")
                alerts.close(unit, alert_id=alert.id)

    def links(self) -> None:
        """Where the products lead beside the house's own pages: a recipe, a certificate, how to keep them."""
        www = "https://www.lanmu.example"
        with self.at(2 * 24, "brand_admin") as unit:
            for host in ("www.lanmu.example", "*.cert.example"):
                link_hosts.allow(unit, host=host)
            for gtin, link_type, href, title, language in (
                ("09521234500018", "recipeInfo", f"{www}/recipes/shuangpinai", "双皮奶的做法", "zh-CN"),
                ("09521234500018", "recipeInfo", f"{www}/en/recipes/milk-pudding", "Milk pudding", "en"),
                ("09521234500018", "consumerHandlingStorageInfo", f"{www}/care/milk", "开封前后怎么保存", "zh-CN"),
                ("09521234500018", "consumerHandlingStorageInfo", f"{www}/en/care/milk", "Keeping it before and after opening", "en"),
                ("09521234500018", "certificationInfo", "https://north.cert.example/c/0017", "有机产品认证", None),
                ("09521234500025", "consumerHandlingStorageInfo", f"{www}/care/yoghurt", "酸奶怎么保存", "zh-CN"),
                ("09521234500025", "consumerHandlingStorageInfo", f"{www}/en/care/yoghurt", "Keeping yoghurt", "en"),
            ):
                links.add(unit, thing=gtin, link_type=link_type, href=href, title=title, language=language)

    def shipment(self) -> None:
        """Some of the sold lot went to a customer who sells in Zhejiang and Shanghai."""
        with self.at(18, "quality") as unit:
            shipments.ship(
                unit,
                reference=f"FH-{self.now:%y%m%d}-1",
                customer="杭州江南示例商贸有限公司",
                regions=["CN-33", "CN-31"],
                order_id=self.ids["order"],
                start=0,
                count=240,
            )

    def people(self, letters: Letters) -> None:
        """Two members who scanned, joined and agreed."""
        for place, phone, marketing, hours in ((0, "+8613800000001", True, 10), (1, "+8613800000002", False, 5)):
            with self.at(hours) as unit:
                parts = gs1.parse(codes.links(unit, self.ids["order"], start=place, count=1)[0])
                reading = scans.read(unit, gtin=parts.gtin, serial=parts.serial or "", region="CN-3301")
            with self.at(0) as unit:
                challenge_id = identity.ask_code(unit, phone=phone)
            relay.drain(self.database)
            code = "".join(c for c in letters.texts[-1] if c.isdigit())[:6]
            with self.at(0) as unit:
                enrolment.join(
                    unit,
                    challenge_id=challenge_id,
                    code=code,
                    scan_id=reading.scan_id,
                    consents={"membership": True, "marketing": marketing},
                    language="zh",
                    surface="scan-page",
                )

    def doors(self, link: str) -> Planted:
        """Accounts with one-time links, and keys for the gateway and the ERP."""
        logins: dict[str, str] = {}
        with self.at(0) as unit:
            for kind in ("pdf", "csv"):
                printing.ask(unit, order_id=self.ids["order"], format=kind, start=900)  # the worker's first work
            for role, name in (("brand_admin", "品牌管理员"), ("quality", "质量员"), ("plant", "班长")):
                credentials.add_account(unit, email=f"{role}@lanmu.example", name=name, role=role)
            credentials.add_account(unit, email="supplier@lanmu.example", name="青原牧场", role="supplier", supplier_id=self.ids["meadow"])
            device_key = credentials.add_key(unit, name="一号线网关", scopes=["telemetry"])
            api_key = credentials.add_key(unit, name="ERP", scopes=list(credentials.SCOPES))
            unit.session.flush()
            for role in ("brand_admin", "quality", "plant", "supplier"):
                logins[role] = "/once/" + credentials.make_link(unit, email=f"{role}@lanmu.example")
        return Planted(self.brand_id, link, logins, device_key, api_key, f"QY-{self.now:%y%m%d}")
