"""The application identifiers of GS1: every one, with what it is made of, needs and does not bear beside it. Pure data.

Not imported by what every scan needs. The fields are told in ``identifiers``.

Sources: GS1 General Specifications, chapters 3 and 4.13; GS1 Digital Link URI Syntax 1.4, 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from traceability.gs1.identifiers import Identifier, ai
from traceability.gs1.measures import measures, prices
from traceability.gs1.parts import Part, maybe, n, n_to, x, x_to

_SERIAL_AND_LOT: Final = ("22", "10", "21")
_NO_QUALIFIER: Final = ((),)

# Whom an attribute may belong to.
_GOODS: Final = "01 02 03 8006 8026"
_ITEMS: Final = "01 03 8006"
_UNITS: Final = "01 02"
_TRADE: Final = "01 02 03"
_PATIENT: Final = "8017 8018"

# What several are made of.
_GTIN: Final = n(14, "check-digit", "prefix-second")
_GLN: Final = n(13, "check-digit", "prefix")
_GSRN: Final = n(18, "check-digit", "prefix")
_COUNTRY: Final = n(3, "country")
_COUNTRIES: Final = (_COUNTRY, *(maybe(_COUNTRY),) * 4)
_DATE: Final = n(6, "day-or-month")
_DAY: Final = n(6, "day")
_PIECE: Final = n(4, "piece-of-total")


def _keys() -> Iterator[Identifier]:
    yield ai("00", "SSCC", n(18, "check-digit", "prefix-second"), path=_NO_QUALIFIER)
    yield ai("01", "GTIN", _GTIN, apart="255 37", path=(_SERIAL_AND_LOT, ("235",)))
    yield ai("253", "GDTI", _GLN, maybe(x_to(17)), path=_NO_QUALIFIER)
    yield ai("255", "GCN", _GLN, maybe(n_to(12)), apart="01 02 415 8006 8020 8026", path=_NO_QUALIFIER)
    yield ai("401", "GINC", x_to(30, "prefix"), path=_NO_QUALIFIER)
    yield ai("402", "GSIN", n(17, "check-digit", "prefix"), path=_NO_QUALIFIER)
    yield ai("414", "LOC No.", _GLN, path=(("254",), ("7040",)))
    yield ai("415", "PAY TO", _GLN, needs="8020", path=(("8020",),))
    yield ai("417", "PARTY", _GLN, path=(("7040",),))
    yield ai("8003", "GRAI", n(1, "zero"), _GLN, maybe(x_to(16)), path=_NO_QUALIFIER)
    yield ai("8004", "GIAI", x_to(30, "prefix"), path=(("7040",),))
    yield ai("8006", "ITIP", _GTIN, _PIECE, apart="01 03 37", path=(_SERIAL_AND_LOT,))
    yield ai("8010", "CPID", Part("set 39", 1, 30, ("prefix",)), path=(("8011",),))
    yield ai("8013", "GMN", x_to(25, "check-pair", "prefix"), path=_NO_QUALIFIER)
    yield ai("8017", "GSRN - PROVIDER", _GSRN, apart="8018", path=(("8019",),))
    yield ai("8018", "GSRN - RECIPIENT", _GSRN, apart="8017", path=(("8019",),))


def _qualifiers() -> Iterator[Identifier]:
    yield ai("10", "BATCH/LOT", x_to(20), needs=_GOODS)
    yield ai("21", "SERIAL", x_to(20), needs=_ITEMS, apart="235", query=False)
    yield ai("22", "CPV", x_to(20), needs="01", query=False)
    yield ai("235", "TPX", x_to(28), needs="01", query=False)
    yield ai("254", "GLN EXTENSION COMPONENT", x_to(20), needs="414", query=False)
    yield ai("7040", "UIC+EXT", n(1), x(1), x(1), x(1, "importer"), query=False)
    yield ai("8011", "CPID SERIAL", n_to(12, "no-leading-zero"), needs="8010", query=False)
    yield ai("8019", "SRIN", n_to(10), needs=_PATIENT, query=False)
    yield ai("8020", "REF No.", x_to(25), needs="415", query=False)


def _contents() -> Iterator[Identifier]:
    yield ai("02", "CONTENT", _GTIN, needs="37", apart="01 03")
    yield ai("03", "MTO GTIN", _GTIN, apart="01 02 37 235", query=False)
    yield ai("30", "VAR. COUNT", n_to(8), needs=_UNITS)
    yield ai("37", "COUNT", n_to(8), needs="00+02 00+8026")
    yield ai("8026", "ITIP CONTENT", _GTIN, _PIECE, needs="37", apart="02 03 8006")


def _dates() -> Iterator[Identifier]:
    yield ai("11", "PROD DATE", _DATE, needs=_GOODS)
    yield ai("12", "DUE DATE", _DATE, needs="8020")
    yield ai("13", "PACK DATE", _DATE, needs=_GOODS)
    yield ai("15", "BEST BEFORE or BEST BY", _DATE, needs=_GOODS)
    yield ai("16", "SELL BY", _DATE, needs=_GOODS)
    yield ai("17", "USE BY or EXPIRY", _DATE, needs="01 02 03 255 8006 8026")
    yield ai("7003", "EXPIRY TIME", _DAY, n(4, "hour-minute"), needs=_TRADE)
    yield ai("7006", "FIRST FREEZE DATE", _DAY, needs=_UNITS)
    yield ai("7007", "HARVEST DATE", _DAY, maybe(_DAY), needs=_UNITS)
    yield ai("7011", "TEST BY DATE", _DAY, maybe(n(4, "hour-minute")), needs=_TRADE)
    yield ai("8008", "PROD TIME", _DAY, n(2, "hour"), maybe(n(2, "minute")), maybe(n(2, "second")), needs=_TRADE)


def _goods() -> Iterator[Identifier]:
    yield ai("20", "VARIANT", n(2), needs=_GOODS)
    yield ai("240", "ADDITIONAL ID", x_to(30), needs=_GOODS)
    yield ai("241", "CUST. PART No.", x_to(30), needs=_GOODS)
    yield ai("242", "MTO VARIANT", n_to(6), needs="01 02 8006 8026")
    yield ai("243", "PCN", x_to(20), needs="01 03")
    yield ai("250", "SECONDARY SERIAL", x_to(30), needs="01+21 03+21 8006+21")
    yield ai("251", "REF. TO SOURCE", x_to(30), needs=_ITEMS)
    yield ai("422", "ORIGIN", _COUNTRY, needs=_GOODS, apart="426")
    yield ai("423", "COUNTRY - INITIAL PROCESS", *_COUNTRIES, needs=_TRADE, apart="426")
    yield ai("424", "COUNTRY - PROCESS", _COUNTRY, needs=_TRADE, apart="426")
    yield ai("425", "COUNTRY - DISASSEMBLY", *_COUNTRIES, needs=_TRADE, apart="426")
    yield ai("426", "COUNTRY - FULL PROCESS", _COUNTRY, needs=_TRADE)
    yield ai("427", "ORIGIN SUBDIVISION", x_to(3), needs="01+422 02+422 03+422")
    yield ai("7001", "NSN", n(13), needs="01 02 8006 8026")
    yield ai("7002", "MEAT CUT", x_to(30), needs=_UNITS)
    yield ai("7004", "ACTIVE POTENCY", n_to(4), needs="01+10 03+10")
    yield ai("7005", "CATCH AREA", x_to(12), needs=_UNITS)
    yield ai("7008", "AQUATIC SPECIES", x_to(3), needs=_UNITS)
    yield ai("7009", "FISHING GEAR TYPE", x_to(10), needs=_UNITS)
    yield ai("7010", "PROD METHOD", x_to(2), needs=_TRADE)
    yield ai("7020", "REFURB LOT", x_to(20), needs="01+416 03+416 8006+416")
    yield ai("7021", "FUNC STAT", x_to(20), needs=_ITEMS)
    yield ai("7022", "REV STAT", x_to(20), needs="01+7021 03+7021 8006+7021")
    yield ai("7023", "GIAI - ASSEMBLY", x_to(30, "prefix"))
    for last, country in enumerate(("PZN", "CIP", "CN", "DRN", "AIM", "NDC", "AIC", "SRN")):
        yield ai(f"71{last}", f"NHRN {country}", x_to(20), needs="01")


def _more_of_goods() -> Iterator[Identifier]:
    yield ai("7240", "PROTOCOL", x_to(20), needs="01 8006", apart="03")
    roll = (n(4, "not-zero"), n(5, "not-zero"), n(3, "not-zero"), n(1, "winding"), n(1))
    yield ai("8001", "DIMENSIONS", *roll, needs="01")
    yield ai("8002", "CMT No.", x_to(20))
    yield ai("8005", "PRICE PER UNIT", n(6), needs=_UNITS)
    yield ai("8009", "OPTSEN", x_to(50), needs="00 01 03")
    yield ai("8012", "VERSION", x_to(20), needs=_ITEMS)
    yield ai("8014", "MUDI", x_to(25, "check-pair", "prefix", "not-only-digits"), needs="01", query=False)
    signed = "00 01+21 03+21 253 255 8003 8004 8006+21 8010+8011 8017 8018"
    yield ai("8030", "DIGSIG", Part("set 64", 1, 90, ()), needs=signed)
    yield ai("8040", "IMEI", n(15), needs="01+21", query=False)
    yield ai("8041", "IMEI2", n(15), needs="01+21+8040", query=False)
    yield ai("8042", "ESIM", n(32), needs="01+21+8040", query=False)
    yield ai("8043", "PSIM", n(18), maybe(n_to(2)), needs="01+21+8040", query=False)
    yield ai("8110", "", x_to(70, "coupon"))
    yield ai("8111", "POINTS", n(4), needs="255")
    yield ai("8112", "", x_to(70, "positive-offer"))
    yield ai("8200", "PRODUCT URL", x_to(70), needs="01", query=False)
    yield ai("90", "INTERNAL", x_to(30))


def _transport() -> Iterator[Identifier]:
    yield ai("400", "ORDER NUMBER", x_to(30))
    yield ai("403", "ROUTE", x_to(30), needs="00")
    for number, title in (
        ("410", "SHIP TO LOC"),
        ("411", "BILL TO"),
        ("412", "PURCHASE FROM"),
        ("413", "SHIP FOR LOC"),
        ("416", "PROD/SERV LOC"),
    ):
        yield ai(number, title, _GLN)
    yield ai("420", "SHIP TO POST", x_to(20), apart="421")
    yield ai("421", "SHIP TO POST", _COUNTRY, x_to(9), apart="4307")
    for tens, whose in (("0", "SHIP TO"), ("1", "RTN TO")):
        yield ai(f"43{tens}0", f"{whose} COMP", x_to(35, "percent"), needs="00")
        yield ai(f"43{tens}1", f"{whose} NAME", x_to(35, "percent"), needs="00")
        yield ai(f"43{tens}2", f"{whose} ADD1", x_to(70, "percent"), needs="00")
        yield ai(f"43{tens}3", f"{whose} ADD2", x_to(70, "percent"), needs=f"43{tens}2")
        yield ai(f"43{tens}4", f"{whose} SUB", x_to(70, "percent"), needs="00")
        yield ai(f"43{tens}5", f"{whose} LOC", x_to(70, "percent"), needs="00")
        yield ai(f"43{tens}6", f"{whose} REG", x_to(70, "percent"), needs="00")
        yield ai(f"43{tens}7", f"{whose} COUNTRY", x(2, "country-letters"), needs="00")
    yield ai("4308", "SHIP TO PHONE", x_to(30), needs="00")
    yield ai("4309", "SHIP TO GEO", n(10, "latitude"), n(10, "longitude"), needs="00")
    yield ai("4318", "RTN TO POST", x_to(20), needs="00")
    yield ai("4319", "RTN TO PHONE", x_to(30), needs="00")
    yield ai("4320", "SRV DESCRIPTION", x_to(35, "percent"), needs="00")
    for number, title in (("4321", "DANGEROUS GOODS"), ("4322", "AUTH TO LEAVE"), ("4323", "SIG REQUIRED")):
        yield ai(number, title, n(1, "yes-no"), needs="00")
    yield ai("4324", "NOT BEF DEL DT", _DATE, n(4, "hour-minute"), needs="00")
    yield ai("4325", "NOT AFT DEL DT", _DATE, n(4, "hour-minute"), needs="00")
    yield ai("4326", "REL DATE", _DAY, needs="00")
    for number, title, other in (
        ("4330", "MAX TEMP F.", "4331"),
        ("4331", "MAX TEMP C.", "4330"),
        ("4332", "MIN TEMP F.", "4333"),
        ("4333", "MIN TEMP C.", "4332"),
    ):
        yield ai(number, title, n(6), maybe(x(1, "minus")), needs="00", apart=other)
    yield ai("7041", "UFRGT UNIT TYPE", x_to(4, "package"), needs="00", query=False)


def _numbered() -> Iterator[Identifier]:
    for number in range(10):
        yield ai(f"703{number}", f"PROCESSOR # {number}", n(3, "country-or-999"), x_to(27), needs=_UNITS)
        yield ai(f"723{number}", f"CERT # {number + 1}", x(2), x_to(28), needs="01 8004")
    for number in range(91, 100):
        yield ai(str(number), "INTERNAL", x_to(90))


def _people() -> Iterator[Identifier]:
    full = "7256 7259"
    yield ai("7241", "AIDC MEDIA TYPE", n(2, "media"), needs=_PATIENT)
    yield ai("7242", "VCN", x_to(25), needs=_PATIENT)
    yield ai("7250", "DOB", n(8, "full-day"), needs="8018", apart="7251")
    yield ai("7251", "DOB TIME", n(8, "full-day"), n(4, "hour-minute"), needs="8018", apart="7250")
    yield ai("7252", "BIO SEX", n(1, "sex"), needs="8018")
    yield ai("7253", "FAMILY NAME", x_to(40, "percent"), needs=_PATIENT, apart=full)
    yield ai("7254", "GIVEN NAME", x_to(40, "percent"), needs=_PATIENT, apart=full)
    yield ai("7255", "SUFFIX", x_to(10), needs=_PATIENT, apart=full)
    yield ai("7256", "FULL NAME", x_to(90, "percent"), needs=_PATIENT)
    yield ai("7257", "PERSON ADDR", x_to(70, "percent"), needs="8018")
    yield ai("7258", "BIRTH SEQUENCE", x(3, "birth"), needs="8018+7259")
    yield ai("7259", "BABY", x_to(40, "percent"), needs="8018", apart="7256")
    yield ai("8007", "IBAN", x_to(34, "iban"), needs="415")


def _all() -> Iterator[Identifier]:
    for family in (_keys, _qualifiers, _contents, _dates, _goods, _more_of_goods, measures, prices, _numbered, _transport, _people):
        yield from family()


AIS: Final[dict[str, Identifier]] = {identifier.ai: identifier for identifier in _all()}


def find(text: str) -> Identifier | None:
    """The identifier at the beginning of ``text``. None is the beginning of another, so there is one at most."""
    return next((AIS[text[:length]] for length in (2, 3, 4) if text[:length] in AIS), None)
