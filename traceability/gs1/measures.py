"""The application identifiers whose last digit tells the decimals: measures, amounts, prices. Pure data.

Source: GS1 General Specifications 3.6.2, 3.6.5 (measures), 3.6.6 to 3.6.12 (amounts and prices).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from traceability.gs1.identifiers import Identifier, each
from traceability.gs1.parts import n, n_to

_MEASURED: Final = "30 31nn 32nn 35nn 36nn"
_TRADE_ITEM_MEASURES: Final = {
    "310": "NET WEIGHT (kg)",
    "311": "LENGTH (m)",
    "312": "WIDTH (m)",
    "313": "HEIGHT (m)",
    "314": "AREA (m²)",
    "315": "NET VOLUME (l)",
    "316": "NET VOLUME (m³)",
    "320": "NET WEIGHT (lb)",
    "321": "LENGTH (in)",
    "322": "LENGTH (ft)",
    "323": "LENGTH (yd)",
    "324": "WIDTH (in)",
    "325": "WIDTH (ft)",
    "326": "WIDTH (yd)",
    "327": "HEIGHT (in)",
    "328": "HEIGHT (ft)",
    "329": "HEIGHT (yd)",
    "350": "AREA (in²)",
    "351": "AREA (ft²)",
    "352": "AREA (yd²)",
    "356": "NET WEIGHT (tr oz)",
    "357": "NET VOLUME (oz)",
    "360": "NET VOLUME (qt (US))",
    "361": "NET VOLUME (gal.)",
    "364": "NET VOLUME (in³)",
    "365": "NET VOLUME (ft³)",
    "366": "NET VOLUME (yd³)",
}
_LOGISTIC_MEASURES: Final = {
    "330": "GROSS WEIGHT (kg)",
    "331": "LENGTH (m), log",
    "332": "WIDTH (m), log",
    "333": "HEIGHT (m), log",
    "334": "AREA (m²), log",
    "335": "VOLUME (l), log",
    "336": "VOLUME (m³), log",
    "340": "GROSS WEIGHT (lb)",
    "341": "LENGTH (in), log",
    "342": "LENGTH (ft), log",
    "343": "LENGTH (yd), log",
    "344": "WIDTH (in), log",
    "345": "WIDTH (ft), log",
    "346": "WIDTH (yd), log",
    "347": "HEIGHT (in), log",
    "348": "HEIGHT (ft), log",
    "349": "HEIGHT (yd), log",
    "353": "AREA (in²), log",
    "354": "AREA (ft²), log",
    "355": "AREA (yd²), log",
    "362": "VOLUME (qt (US)), log",
    "363": "VOLUME (gal (US)), log",
    "367": "VOLUME (in³), log",
    "368": "VOLUME (ft³), log",
    "369": "VOLUME (yd³), log",
}


def measures() -> Iterator[Identifier]:
    """AIs 310n to 369n."""
    for stem, title in _TRADE_ITEM_MEASURES.items():
        yield from each(stem, 6, title, n(6), needs="01 02", apart=f"{stem}n")
    for stem, title in _LOGISTIC_MEASURES.items():
        yield from each(stem, 6, title, n(6), needs="00 01", apart=f"{stem}n")
    yield from each("337", 6, "KG PER m²", n(6), needs="01", apart="337n")


def prices() -> Iterator[Identifier]:
    """AIs 390n to 395n."""
    singly = "01+30 01+31nn 01+32nn 01+35nn 01+36nn"
    yield from each("390", 10, "AMOUNT", n_to(15), needs="255 8020", apart="390n 391n 394n 8111")
    yield from each("391", 10, "AMOUNT", n(3, "currency"), n_to(15), needs="8020", apart="391n")
    yield from each("392", 10, "PRICE", n_to(15), needs=singly, apart="392n 393n")
    yield from each("393", 10, "PRICE", n(3, "currency"), n_to(15), needs=_MEASURED, apart="393n")
    yield from each("394", 4, "PRCNT OFF", n(4), needs="255", apart="394n 8111")
    yield from each("395", 6, "PRICE/UoM", n(6), needs=_MEASURED, apart="392n 393n 395n 8005")
