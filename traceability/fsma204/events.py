"""What one event says, in the words that the records ask for. Pure.

Source: EPCIS 2.0 §7.3 and §7.4; CBV 2.0 §7.1 (business steps), §7.3 (types of documents), §8.5 (their identifiers).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urlsplit

from traceability.events.epcs import canonical

Told = dict[str, Any]

_TRANSACTION: Final = "urn:epcglobal:cbv:bt:"
_PLACES: Final = ("location", "possessing_party", "owning_party")
"""Which source or destination says best where goods were: a place, else who had them, else whose they are."""


class Portion(NamedTuple):
    """So much of one lot, by its canonical URI; an event may leave out how much."""

    lot: str
    quantity: Decimal | None
    uom: str


@dataclass(frozen=True)
class Event:
    """``told``: one event in the JSON binding of EPCIS 2.0, bare CBV words. ``amounts``: of which lots the items are that it
    names one by one, for whoever knows that."""

    told: Told
    amounts: tuple[Portion, ...] = field(default=())

    @property
    def id(self) -> str:
        return str(self.told.get("eventID", ""))

    @property
    def at(self) -> datetime:
        """When it happened, in the offset in which it was told."""
        moment = datetime.fromisoformat(self.told["eventTime"])
        offset = datetime.fromisoformat(f"2000-01-01T00:00:00{self.told['eventTimeZoneOffset']}").tzinfo
        return moment.astimezone(offset)

    @property
    def step(self) -> str:
        return str(self.told.get("bizStep", ""))

    def portions(self, *fields: str) -> tuple[Portion, ...]:
        """What stands in these quantity lists, each lot once, with what is known of its items."""
        found: dict[tuple[str, str], Portion] = {}
        listed = [_portion(each) for name in fields for each in self.told.get(name, ())]
        for each in [*listed, *self.amounts]:
            before = found.get((each.lot, each.uom))
            if before is not None and before.quantity is not None and each.quantity is not None:
                each = each._replace(quantity=each.quantity + before.quantity)
            found[each.lot, each.uom] = each
        return tuple(found.values())

    def packs(self, *fields: str) -> list[str]:
        """The logistic units that stand in these lists."""
        texts = [text for name in fields for text in _several(self.told.get(name, ()))]
        return list(dict.fromkeys(named.uri for named in map(canonical, texts) if named.kind == "unit"))

    def place(self, *fields: str) -> str | None:
        """The first of readPoint and bizLocation, in this order, that it says."""
        found = next((self.told[name]["id"] for name in fields or ("readPoint", "bizLocation") if name in self.told), None)
        return canonical(found).uri if found else None

    def source(self, *kinds: str) -> str | None:
        """From where, or from whom."""
        return _end(self.told.get("sourceList", ()), "source", kinds or _PLACES)

    def destination(self, *kinds: str) -> str | None:
        """Where to, or to whom."""
        return _end(self.told.get("destinationList", ()), "destination", kinds or _PLACES)

    @property
    def documents(self) -> tuple[tuple[str, str], ...]:
        """(type, number) of the documents that it refers to."""
        return tuple((each.get("type", ""), number(each["bizTransaction"])) for each in self.told.get("bizTransactionList", ()))

    def born_with(self, name: str) -> list[str]:
        """Texts of the master data of its lots (ilmd) under this local name, whatever the prefix."""
        return [text for key, value in self.told.get("ilmd", {}).items() if key.rpartition(":")[2] == name for text in _texts(value)]

    @property
    def supplier_lots(self) -> dict[str, str]:
        """Lot → what its supplier calls it, where an event of this house says so."""
        told = self.told.get("suyuan:supplierLots", ())
        return {canonical(each["epcClass"]).uri: str(each["lotNumber"]) for each in told}


def number(uri: str) -> str:
    """The number of a document out of its URI: as CBV 2.0 §8.5.1 writes it, or the last part of an address."""
    if uri.startswith(_TRANSACTION):
        return unquote(uri.removeprefix(_TRANSACTION).partition(":")[2])
    if "://" in uri:
        return unquote(urlsplit(uri).path.rstrip("/").rpartition("/")[2]) or uri
    return uri


def _portion(element: Mapping[str, Any]) -> Portion:
    amount = element.get("quantity")
    uom = "" if amount is None else str(element.get("uom", "H87"))  # without a unit it is a count (EPCIS 2.0 §7.3.3.3)
    return Portion(canonical(element["epcClass"]).uri, None if amount is None else Decimal(str(amount)), uom)


def _end(listed: Any, name: str, kinds: tuple[str, ...]) -> str | None:
    by_kind = {each["type"]: each[name] for each in reversed(listed)}
    found = next((by_kind[kind] for kind in kinds if kind in by_kind), None)
    return canonical(found).uri if found else None


def _several(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        value = value.get("@value", value.get("id", value.get("@id")))
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return [] if value is None else [str(value)]
