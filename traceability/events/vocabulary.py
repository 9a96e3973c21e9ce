"""The words an event may use. Pure.

Source: GS1 EPCIS 2.0 §7.4 (event types, which of them bear an action and ilmd), GS1 Core Business
Vocabulary 2.0 §7 (business steps, dispositions, types of transactions, sources and destinations,
reasons of errors, components of sensor data) and the GS1 Web Vocabulary (what a sensor measures, what
it gives an alarm of). Here a word is bare, "shipping"; the standard lets it come in more spellings, as
``https://ref.gs1.org/cbv/BizStep-shipping``, ``cbv:BizStep-shipping`` or ``urn:epcglobal:cbv:bizstep:shipping``.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from kernel.errors import Invalid, flaw

EVENT_TYPES: Final = {
    "ObjectEvent": True,
    "AggregationEvent": True,
    "TransactionEvent": True,
    "TransformationEvent": False,
    "AssociationEvent": True,
}
"""Event type → whether it must bear an action (the others must not)."""

ACTIONS: Final = frozenset({"ADD", "OBSERVE", "DELETE"})

_STEPS = """
accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting
decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting
installing killing loading other packing picking receiving removing repackaging repairing replacing reserving
retail_selling sampling sensor_reporting shipping staging_outbound stock_taking stocking storing transporting
unloading unpacking void_shipping
"""
BIZ_STEPS: Final = frozenset(_STEPS.split())

_DISPOSITIONS = """
active available completeness_inferred completeness_verified conformant container_closed container_open damaged
destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class mismatch_instance
mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other partially_dispensed
recalled reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown
"""
DISPOSITIONS: Final = frozenset(_DISPOSITIONS.split())

_BIZ_TRANSACTION_TYPES = """
bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt
"""
BIZ_TRANSACTION_TYPES: Final = frozenset(_BIZ_TRANSACTION_TYPES.split())
SOURCE_DEST_TYPES: Final = frozenset({"owning_party", "possessing_party", "location"})
ERROR_REASONS: Final = frozenset({"did_not_occur", "incorrect_data"})

_COMPONENTS = """
x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting northing latitude longitude altitude
"""
COMPONENTS: Final = frozenset(_COMPONENTS.split())

_MEASUREMENTS = """
AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Altitude AmountOfSubstance AmountOfSubstancePerUnitVolume
Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance Conductance Conductivity Count Density
Dimensionless DoseEquivalent DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity
ElectricFieldStrength Energy Exposure Force Frequency Illuminance Inductance Irradiance KinematicViscosity Length
LinearMomentum Luminance LuminousFlux LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass
MassConcentration MassFlowRate MassPerAreaTime MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power
Pressure RadiantFlux RadiantIntensity Radioactivity RelativeHumidity Resistance Resistivity SolidAngle SpecificVolume
Speed SurfaceDensity SurfaceTension Temperature Time Torque Voltage Volume VolumeFlowRate VolumeFraction VolumetricFlux
Wavenumber
"""
MEASUREMENTS: Final = frozenset(_MEASUREMENTS.split())

EARLIER_MEASUREMENTS: Final = frozenset({"EffectiveDoseRate", "Molar_concentration"})
"""Words of the drafts that published examples still use; XML lets them pass, so JSON does as well."""

ALERTS: Final = frozenset({"ALARM_CONDITION", "ERROR_CONDITION"})


class Kind(NamedTuple):
    """One table of words: what a sentence calls its members, the words, the starts of their longer spellings."""

    noun: str
    words: frozenset[str]
    starts: tuple[str, ...]


def _cbv(noun: str, words: frozenset[str], name: str, urn: str) -> Kind:
    """A table of the CBV (CBV 2.0 §6.2: https URI and CURIE; §6.4: the URN of CBV 1)."""
    starts = (f"https://ref.gs1.org/cbv/{name}-", f"http://ref.gs1.org/cbv/{name}-", f"cbv:{name}-", f"urn:epcglobal:cbv:{urn}:")
    return Kind(noun, words, starts)


_VOC = ("https://gs1.org/voc/", "http://gs1.org/voc/", "https://www.gs1.org/voc/", "http://www.gs1.org/voc/", "https://ref.gs1.org/voc/")

KINDS: Final = {
    "bizStep": _cbv("business step", BIZ_STEPS, "BizStep", "bizstep"),
    "disposition": _cbv("disposition", DISPOSITIONS, "Disp", "disp"),
    "btt": _cbv("type of business transaction", BIZ_TRANSACTION_TYPES, "BTT", "btt"),
    "sdt": _cbv("type of source or destination", SOURCE_DEST_TYPES, "SDT", "sdt"),
    "er": _cbv("reason of an error", ERROR_REASONS, "ER", "er"),
    "component": _cbv("component of sensor data", COMPONENTS, "Comp", "comp"),
    "measurement": Kind("kind of measurement", MEASUREMENTS | EARLIER_MEASUREMENTS, ("gs1:", *_VOC)),
    "alert": Kind("kind of sensor alert", ALERTS, ("gs1:", *_VOC)),
}
"""Name → the table. The names are those of the schema's fields, or the letters in the CBV's own URIs."""

_BARE: Final = {name: {start + word: word for word in kind.words for start in ("", *kind.starts)} for name, kind in KINDS.items()}

_OF_GS1: Final = (
    "https://ref.gs1.org/cbv/",
    "http://ref.gs1.org/cbv/",
    "https://ns.gs1.org/cbv/",
    "http://ns.gs1.org/cbv/",
    "urn:epcglobal:cbv:",
    *_VOC,
    *(start for kind in KINDS.values() for start in kind.starts if start.startswith("cbv:")),
)


def bare(kind: str, text: str) -> str:
    """The word that a spelling means; what is none of the standard's stays as it is."""
    return _BARE[kind].get(text, text)


def full(kind: str, word: str) -> str:
    """The https URI of a bare word; anything else stays as it is."""
    table = KINDS[kind]
    return f"{next(start for start in table.starts if start.startswith('https'))}{word}" if word in table.words else word


def strange(kind: str, text: str) -> str | None:
    """Why this is neither a word of the standard nor a URI of somebody else's; None when it is one of them.

    GS1's namespaces belong to GS1: what is not in its tables does not exist. ``gs1:`` alone stays open, because
    the GS1 Web Vocabulary grows without the schema, and so does ``cbv:`` before a name that is of no table.
    """
    table = KINDS[kind]
    if text in table.words:
        return None
    if ":" not in text or text.startswith(_OF_GS1):
        return f"{text!r} is no {table.noun} of the standard"
    return None


def check(type: str, action: str | None, biz_step: str | None, disposition: str | None) -> None:
    """Raise Invalid, naming every wrong word at once, unless all four are the standard's and fit together."""
    flaws = []
    if type not in EVENT_TYPES:
        flaws.append(flaw("/type", "event-type", f"{type!r} is no event type of EPCIS 2.0"))
    elif EVENT_TYPES[type] and action not in ACTIONS:
        flaws.append(flaw("/action", "action", f"{type} needs an action: ADD, OBSERVE or DELETE"))
    elif not EVENT_TYPES[type] and action is not None:
        flaws.append(flaw("/action", "action", f"{type} bears no action"))
    if biz_step is not None and biz_step not in BIZ_STEPS:
        flaws.append(flaw("/bizStep", "biz-step", f"{biz_step!r} is no business step of CBV 2.0"))
    if disposition is not None and disposition not in DISPOSITIONS:
        flaws.append(flaw("/disposition", "disposition", f"{disposition!r} is no disposition of CBV 2.0"))
    if flaws:
        raise Invalid(errors=flaws)


def bears_ilmd(type: str, action: str | None) -> bool:
    """Instance and lot master data travel only where something comes to be (EPCIS 2.0 §7.3.7)."""
    return type == "TransformationEvent" or (type == "ObjectEvent" and action == "ADD")
