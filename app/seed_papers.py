"""The demo's suppliers and their papers: those that the rules ask today, a report for each lot, and three things to look at.

A permit ends soon, a photographed certificate waits for a person, and a report that was changed after it was signed is turned away.
Everything is invented: registration numbers lie in the unassigned region 999999, and the certification body exists only here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from app import demo_papers, relay
from app.database import Database
from app.demo_papers import Body
from kernel.unit import Actor, Unit, system
from suppliers import certificates, directory, trust
from suppliers.identifiers import gs1_check_digit, mod_11_10, organisation_check_character, uscc_check_character

BODY: Final = "华北示例认证中心"
ACCREDITATION: Final = "999999990001"
FARM: Final = "青原示例牧场有限公司"
SUPPLIERS: Final = (
    ("meadow", FARM, "farm", ("RAW-MILK", "生牛乳", "Raw milk", "dairy")),
    ("bottle", "云岭示例包装有限公司", "packaging", ("BOTTLE", "PET 瓶", "PET bottle", "packaging")),
    ("culture", "和光示例菌种有限公司", "manufacturer", ("CULTURE", "发酵菌种", "Starter culture", "additive")),
)
SITE: Final = "内蒙古示例旗坝上镇一号牧场"


@dataclass(frozen=True)
class Sheet:
    """One paper: ``number`` None for the supplier's own credit code, ``until`` so many days from now (None: no end), ``about``
    further lines on it, ``lots`` of the supplier's that it speaks of, ``what`` it was drawn from."""

    kind: str
    title: str
    number: str | None
    until: int | None = None
    about: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    what: str = ""


def uscc(key: str) -> str:
    """An invented credit code whose both checks hold, in the unassigned region 999999."""
    inner = {"meadow": "MA0DEM01", "bottle": "MA0DEM02", "culture": "MA0DEM03"}[key]
    first = "91999999" + inner + organisation_check_character(inner)
    return first + uscc_check_character(first)


def sc_number() -> str:
    """Of a maker of food additives (SC 201)."""
    body = "2" + "01" + "999999" + "0001"
    return f"SC{body}{mod_11_10(body)}"


def ggn() -> str:
    """Of a producer, with GS1's prefix for examples."""
    body = "952000000017"
    return body + str(gs1_check_digit(body))


PAPERS: Final[dict[str, tuple[Sheet, ...]]] = {
    "meadow": (
        Sheet("business_licence", "营业执照", None),
        Sheet("raw_milk_purchase", "生鲜乳收购许可证", "RM-99999900017", 40),
        Sheet("animal_epidemic_conditions", "动物防疫条件合格证", "DF-99999900003"),
    ),
    "bottle": (
        Sheet("business_licence", "营业执照", None),
        Sheet("packaging_conformity", "食品接触材料符合性声明", "DOC-2026-031", 400, ("产品名称:PET 瓶",)),
    ),
    "culture": (
        Sheet("business_licence", "营业执照", None),
        Sheet("additive_production", "食品添加剂生产许可证", sc_number(), 900, ("食品添加剂类别:食品添加剂",)),
    ),
}


class Suppliers:
    """Plants them for one brand. ``ids``: supplier by key, material by code."""

    def __init__(self, database: Database, brand_id: str, now: datetime) -> None:
        self.database, self.brand_id, self.now = database, brand_id, now
        self.ids: dict[str, str] = {}
        self.body: Body = demo_papers.make_body(BODY)

    def plant(self) -> None:
        """Four weeks ago: who supplies what, whom the brand believes, and the papers asked of each."""
        at = self.now - timedelta(days=30)
        with self.database.begin(system(self.brand_id), now=at) as unit:
            trust.add_anchor(unit, name=self.body.name, pem=self.body.pem, crl=self.body.crl)
            kinds = {sheet.kind for sheets in PAPERS.values() for sheet in sheets} | {"inspection_report", "factory_report"}
            trust.add_issuer(
                unit, name=self.body.name, kinds=sorted(kinds), hosts=["north.cert.example"], accreditation=f"CMA {ACCREDITATION}"
            )
            for key, name, kind, material in SUPPLIERS:
                who = directory.add_supplier(unit, name=name, uscc=uscc(key), kind=kind, email=f"{key}@supplier.example")
                what = directory.add_material(unit, code=material[0], name_zh=material[1], name_en=material[2], category=material[3])
                directory.list_supply(unit, supplier_id=who.id, material_id=what.id)
                self.ids[key], self.ids[material[0]] = who.id, what.id
            directory.add_site(unit, supplier_id=self.ids["meadow"], name="坝上一号牧场", address=SITE)
        relay.drain(self.database, now=at)  # a new supply has the papers of before judged anew, and there are none yet
        at += timedelta(days=1)
        for key, sheets in PAPERS.items():
            for sheet in sheets:
                self.hand_in(key, sheet, at, at.date() - timedelta(days=200))
        self.judged(at + timedelta(minutes=1))

    def reports(self, day: str, at: datetime) -> None:
        """What came with the lots of the day: each names the supplier's own lot."""
        for key, sheet in (
            ("meadow", milk_report(f"QY-{day}")),
            ("culture", Sheet("factory_report", "出厂检验报告", f"CJ-{day}", lots=(f"JZ{day}B",), what="发酵菌种")),
        ):
            self.hand_in(key, sheet, at, at.date())
        self.judged(at + timedelta(minutes=1))

    def hand_in(self, key: str, sheet: Sheet, at: datetime, since: date, *, spoilt: bool = False) -> str:
        """The id of the paper. ``spoilt``: with a byte changed after it was signed."""
        name = next(each[1] for each in SUPPLIERS if each[0] == key)
        number, until = sheet.number or uscc(key), self.now.date() + timedelta(days=sheet.until) if sheet.until else None
        lines = [*sheet.about, *([f"产品名称:{sheet.what}"] if sheet.what else []), *(f"批号:{lot}" for lot in sheet.lots)]
        if sheet.lots:
            lines += [f"签发日期:{since.isoformat()}", f"资质:CMA {ACCREDITATION}"]
        words: dict[str, Any] = {"number": number, "valid_from": since, "valid_until": until}
        content = demo_papers.make_paper(self.body, title=sheet.title, holder=name, lines=tuple(lines), **words)
        if spoilt:
            content = demo_papers.change_a_byte(content)
        words |= {"kind": sheet.kind, "holder_name": name, "holder_uscc": uscc(key), "issuer_name": self.body.name, "lots": sheet.lots}
        if sheet.lots:
            words |= {"issued_on": since, "products": (sheet.what,), "accreditation": f"CMA {ACCREDITATION}"}
        return self._submit(key, at, content=content, filename=f"{sheet.title}.pdf", **words)

    def judged(self, at: datetime) -> None:
        """Their checks run; what they leave open a person answers for, an hour later."""
        relay.drain(self.database, threads=2, now=at)
        with self.database.begin(Actor("quality", "seed-quality", self.brand_id), now=at + timedelta(hours=1)) as unit:
            for paper in certificates.queue(unit):
                certificates.decide(unit, certificate_id=paper.id, decision="accept", reason="与原件核对一致")
        relay.drain(self.database, now=at + timedelta(hours=1))

    def to_look_at(self, day: str, at: datetime) -> None:
        """Handed in just now, for the worker to judge: a photograph that waits for a person, and a report changed after it was signed."""
        self.hand_in("meadow", milk_report(f"QY-{day}-2"), at, at.date(), spoilt=True)
        since, until = at.date() - timedelta(days=60), at.date() + timedelta(days=305)
        name, english = FARM, "Qingyuan Example Dairy Farm Co., Ltd."
        photo = demo_papers.photograph(
            (
                "GLOBALG.A.P. CERTIFICATE",
                "",
                f"GGN: {ggn()}",
                f"Company: {english}",
                "Certification body: Example Farm Assurance Ltd.",
                f"Valid from: {since.isoformat()}",
                f"Valid until: {until.isoformat()}",
                "Product: Raw milk",
                "",
                "Demo. This body does not exist.",
            )
        )
        words: dict[str, Any] = {
            "kind": "gfsi_globalgap",
            "number": ggn(),
            "holder_name": name,
            "issuer_name": "Example Farm Assurance Ltd.",
        }
        self._submit(
            "meadow", at, content=photo, filename="IMG_2031.jpg", valid_from=since, valid_until=until, products=("Raw milk",), **words
        )

    def _submit(self, key: str, at: datetime, **words: Any) -> str:
        with self._of(key, at) as unit:
            return certificates.submit(unit, supplier_id=self.ids[key], **words).id

    def _of(self, key: str, at: datetime) -> Unit:
        return self.database.begin(Actor("supplier", f"seed-{key}", self.brand_id, self.ids[key]), now=at)


def milk_report(lot: str) -> Sheet:
    return Sheet("inspection_report", "生乳检验报告", f"JB-{lot}", lots=(lot,), what="生牛乳")
