"""A made-up people that looks at labels: a million honest items and some thousand that were copied.

Everything is drawn: the numbers of the people from ranges (``People.drawn``), the looks from those numbers,
so that another seed is other people and not only other luck. Ranges in brackets are those of the draws.

Places: every prefecture of China at its true coordinates; sizes follow Zipf's law [exponent 0.7–1.0], municipalities and
provincial capitals first, the others in an order of the seed.

Honest items, 1.36 looks each on average and a first look within 30 days, are seen for 90 days after it:

* a household of one to several phones; later looks negative binomial [shape 0.45–0.65], within minutes, days or weeks;
* **devices are noisy**: a later look of the same phone bears another device number in [25–45 %] of cases, because its network changed;
* **places are noisy**: [3–8 %] of looks have none, and [1.5–4 %] are put into another city of the same province, mostly its capital;
* most households look from home, [10–18 %] travel much; a trip goes near or, as often, anywhere;
* gifts [4–8 %] move to another household once; shops look before they sell [5–10 %], a fifth of them to another city;
* parties [0.2–0.4 %]: three to nine phones at one table; chats [0.06–0.14 %]: the picture goes to one to four relatives elsewhere;
* [0.02–0.04 %] are **posted**: 10 to 80 devices from everywhere or around one place, dying away within days [mean 0.4–4]; a fifth twice;
* [0.2–0.5 %] are looked at in the plant before they are released.

Copied items bear 3–59 looks within 90 days, as evenly likely, a tenth of them only 3–12: different buyers, a few of whom look twice;
in half of the cases the true owner too. [50–70 %] are sold everywhere, the others around one place [within 60–250 km or so];
a third of all within some weeks only. One in twenty was printed from labels that were never used.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from traceability import regions

DAY = 1440
SEEN_FOR = 90 * DAY
STARTS = 30 * DAY
LARGEST = ("CN-31", "CN-11", "CN-50", "CN-4401", "CN-4403", "CN-5101", "CN-12", "CN-3301", "CN-4201", "CN-6101", "CN-3205", "CN-3201")

Ints = np.ndarray
Chance = np.random.Generator


@dataclass(frozen=True)
class People:
    """The numbers of one draw; see above for their ranges."""

    zipf: float
    shape: float
    other_network: float
    no_place: float
    misplaced: float
    travellers: float
    gifts: float
    shops: float
    parties: float
    chats: float
    posted: float
    before_release: float
    everywhere: float
    looks: float = 0.335

    @classmethod
    def drawn(cls, chance: Chance) -> People:
        return cls(
            zipf=chance.uniform(0.7, 1.0),
            shape=chance.uniform(0.45, 0.65),
            other_network=chance.uniform(0.25, 0.45),
            no_place=chance.uniform(0.03, 0.08),
            misplaced=chance.uniform(0.015, 0.04),
            travellers=chance.uniform(0.10, 0.18),
            gifts=chance.uniform(0.04, 0.08),
            shops=chance.uniform(0.05, 0.10),
            parties=chance.uniform(0.002, 0.004),
            chats=chance.uniform(0.0006, 0.0014),
            posted=chance.uniform(0.0002, 0.0004),
            before_release=chance.uniform(0.002, 0.005),
            everywhere=chance.uniform(0.5, 0.7),
        )


class Map:
    """Cities with their weights; ``near`` draws a city by weight and nearness to another."""

    def __init__(self, zipf: float, chance: Chance) -> None:
        codes = [each.code for each in regions.every() if each.code.startswith("CN-") and _is_city(each.code)]
        capitals = [code for code in codes if code.endswith("01") and code not in LARGEST]
        rest = [code for code in codes if code not in LARGEST and code not in capitals]
        chance.shuffle(capitals)
        chance.shuffle(rest)
        self.codes = [*LARGEST, *capitals, *rest]
        self.weights = 1 / np.arange(3, len(self.codes) + 3) ** zipf
        self.weights /= self.weights.sum()
        self.km = np.array([[regions.distance_km(a, b) or 0.0 for b in self.codes] for a in self.codes])
        province = np.array([int(code[3:5]) for code in self.codes])
        self.elsewhere = self._within_province(province)

    def _within_province(self, province: Ints) -> Ints:
        """For each city the one that a wrong look-up takes it for: the province's first, or its second."""
        first: dict[int, list[int]] = {}
        for city, its in enumerate(province):
            first.setdefault(int(its), []).append(city)
        return np.array([next((c for c in first[int(its)] if c != city), city) for city, its in enumerate(province)])

    def anywhere(self, count: int, chance: Chance) -> Ints:
        return chance.choice(len(self.codes), count, p=self.weights)

    def near(self, homes: Ints, reach_km: Ints | float, chance: Chance) -> Ints:
        """Another or the same city, by its weight and exp(−km / reach)."""
        found = np.empty(len(homes), dtype=np.int64)
        reach = np.broadcast_to(np.asarray(reach_km, dtype=float), homes.shape)
        for begin in range(0, len(homes), 20_000):
            part = slice(begin, begin + 20_000)
            chances = self.weights * np.exp(-self.km[homes[part]] / reach[part, None])
            sums = np.cumsum(chances, axis=1)
            drawn = chance.random(len(sums))[:, None] * sums[:, -1:]
            found[part] = (sums < drawn).sum(axis=1)
        return found

    def trip(self, homes: Ints, chance: Chance) -> Ints:
        """Where somebody goes who leaves home: near, or as often anywhere."""
        away = np.where(chance.random(len(homes)) < 0.5, self.near(homes, 120.0, chance), self.anywhere(len(homes), chance))
        return np.where(away == homes, self.near(homes, 300.0, chance), away)


def _is_city(code: str) -> bool:
    return len(code) == 7 or code in LARGEST


@dataclass
class Looks:
    """Columns, one row a look, ordered by item and time. ``region``: place in the map's codes, −1 for none."""

    item: Ints
    minute: Ints
    device: Ints
    region: Ints
    unused: Ints

    def ordered(self) -> Looks:
        order = np.lexsort((self.minute, self.item))
        return Looks(*(column[order] for column in (self.item, self.minute, self.device, self.region, self.unused)))

    @classmethod
    def of(cls, parts: list[tuple[Ints, ...]]) -> Looks:
        return cls(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _fresh(count: int, chance: Chance) -> Ints:
    """Numbers of devices that nobody else has."""
    return chance.integers(0, 1 << 40, count)


def _rows(item: Ints, minute: Ints, device: Ints, region: Ints) -> tuple[Ints, ...]:
    return item, minute.astype(np.int64), device, region, np.zeros(len(item), dtype=bool)


def honest(people: People, country: Map, items: int, chance: Chance) -> Looks:
    """Looks at so many items whose labels are on the one thing they belong to."""
    home = country.anywhere(items, chance)
    first = chance.integers(0, STARTS, items)
    parts = _households(people, country, home, first, chance)
    parts += _parties(people, home, first, chance)
    parts += _posted(people, country, home, first, chance)
    looks = Looks.of(parts)
    _plant(people, country, looks, items, chance)
    _noise(people, country, looks, chance)
    return looks.ordered()


def _households(people: People, country: Map, home: Ints, first: Ints, chance: Chance) -> list[tuple[Ints, ...]]:
    items = len(home)
    later = chance.negative_binomial(people.shape, people.shape / (people.shape + people.looks), items)
    phones = 1 + chance.poisson(1.2, items)
    moving = chance.random(items)
    travels = np.where(chance.random(items) < people.travellers, 0.2, 0.02)
    shop = chance.random(items) < people.shops
    where, minute = home.copy(), first.copy()
    networks = _fresh(items, chance)
    person, device = np.zeros(items, dtype=np.int64), networks.copy()
    owners = home.copy()
    sent = np.flatnonzero(shop & (chance.random(items) < 0.2))
    owners[sent] = country.trip(home[sent], chance)
    gifted = moving < people.gifts
    shops_looks = (np.arange(items), minute, device, where)
    parts = [_rows(*shops_looks)]
    at = np.flatnonzero(later > 0)
    place, step = where.copy(), 1
    while len(at):
        gap = _gaps(len(at), chance)
        minute[at] += gap
        changes = shop[at] & (step == 1)
        given = gifted[at] & (chance.random(len(at)) < 0.5)
        gifted[at[given]] = False
        owners[at[given]] = country.trip(owners[at[given]], chance)
        other = (chance.random(len(at)) < 0.4) & (phones[at] > 1)
        fresh_phone = changes | given | other
        person[at] = np.where(
            fresh_phone, chance.integers(0, 1 << 20, len(at)) % np.maximum(phones[at], 2) + (changes | given) * 100, person[at]
        )
        stays_on_trip = (gap < DAY) & ~fresh_phone
        away = chance.random(len(at)) < travels[at]
        place[at] = np.where(stays_on_trip, place[at], owners[at])
        place[at[away & ~stays_on_trip]] = country.trip(owners[at[away & ~stays_on_trip]], chance)
        same = networks[at] + person[at] * 7919
        other_network = chance.random(len(at)) < np.where(gap < 60, people.other_network / 3, people.other_network)
        device[at] = np.where(other_network, _fresh(len(at), chance), same)
        seen = minute[at] - first[at] < SEEN_FOR
        parts.append(_rows(at[seen], minute[at[seen]].copy(), device[at[seen]].copy(), place[at[seen]].copy()))
        at, step = at[later[at] > step], step + 1
    return parts


def _gaps(count: int, chance: Chance) -> Ints:
    """Minutes until somebody looks again: within the hour, some days or some weeks."""
    mean = chance.choice(np.array([25.0, 4.0 * DAY, 25.0 * DAY]), count, p=[0.35, 0.35, 0.30])
    return (1 + chance.exponential(mean)).astype(np.int64)


def _parties(people: People, home: Ints, first: Ints, chance: Chance) -> list[tuple[Ints, ...]]:
    item = np.flatnonzero(chance.random(len(home)) < people.parties)
    guests = np.repeat(item, chance.integers(2, 9, len(item)))
    at_table = first + chance.integers(0, 20 * DAY, len(home))
    return [_rows(guests, at_table[guests] + chance.integers(0, 120, len(guests)), _fresh(len(guests), chance), home[guests])]


def _posted(people: People, country: Map, home: Ints, first: Ints, chance: Chance) -> list[tuple[Ints, ...]]:
    chat = np.flatnonzero(chance.random(len(home)) < people.chats)
    relatives = np.repeat(chat, chance.integers(1, 5, len(chat)))
    begun = first + (chance.exponential(6.0 * DAY, len(home))).astype(np.int64)
    read = begun[relatives] + chance.exponential(0.5 * DAY, len(relatives))
    parts = [_rows(relatives, read, _fresh(len(relatives), chance), country.trip(home[relatives], chance))]
    posted = np.flatnonzero(chance.random(len(home)) < people.posted)
    decay = np.exp(chance.uniform(np.log(0.4), np.log(4.0), len(home))) * DAY
    wide = chance.random(len(home)) < 0.7
    begun = first + chance.exponential(8.0 * DAY, len(home)).astype(np.int64)
    for again in (False, True):
        if again:
            posted = posted[chance.random(len(posted)) < 0.2]
            begun = begun + chance.uniform(5 * DAY, 30 * DAY, len(home)).astype(np.int64)
        faces = chance.integers(10, 81, len(posted)) // (2 if again else 1)
        item = np.repeat(posted, faces)
        minute = begun[item] + chance.exponential(decay[item])
        place = np.where(wide[item], country.anywhere(len(item), chance), country.near(home[item], 150.0, chance))
        device = _fresh(len(item), chance)
        twice = chance.random(len(item)) < 0.1
        parts.append(_rows(item, minute, device, place))
        parts.append(_rows(item[twice], minute[twice] + 30, device[twice], place[twice]))
    return parts


def _plant(people: People, country: Map, looks: Looks, items: int, chance: Chance) -> None:
    """The first looks of some become the plant's, before the release."""
    plant = int(country.anywhere(1, chance)[0])
    mine = (chance.random(items) < people.before_release)[looks.item]
    mine[items:] = False
    looks.minute[mine] -= chance.integers(DAY, 20 * DAY, int(mine.sum()))
    looks.region[mine] = plant
    looks.unused[mine] = True


def _noise(people: People, country: Map, looks: Looks, chance: Chance) -> None:
    wrong = chance.random(len(looks.item)) < people.misplaced
    looks.region[wrong] = country.elsewhere[looks.region[wrong]]
    looks.region[chance.random(len(looks.item)) < people.no_place] = -1


def copied(people: People, country: Map, items: int, chance: Chance) -> Looks:
    """Looks at so many items whose labels are on many things."""
    count = np.where(chance.random(items) < 0.1, chance.integers(3, 13, items), chance.integers(3, 60, items))
    begun = chance.integers(0, STARTS, items)
    length = np.where(chance.random(items) < 1 / 3, chance.uniform(20, 45, items), 90.0) * DAY
    wide = chance.random(items) < people.everywhere
    centre = country.anywhere(items, chance)
    reach = np.exp(chance.uniform(np.log(60.0), np.log(250.0), items))
    item = np.repeat(np.arange(items), count)
    minute = begun[item] + chance.random(len(item)) * length[item]
    place = np.where(wide[item], country.anywhere(len(item), chance), country.near(centre[item], reach[item], chance))
    device = _fresh(len(item), chance)
    looks = Looks.of([_rows(item, minute, device, place)]).ordered()
    _buyers_again(looks, chance)
    unused = chance.random(items) < 0.05
    looks.unused = unused[looks.item]
    _noise(people, country, looks, chance)
    return looks.ordered()


def _buyers_again(looks: Looks, chance: Chance) -> None:
    """A tenth of the looks is the buyer before once more, some minutes later, by the same device unless the network changed."""
    again = np.flatnonzero((chance.random(len(looks.item)) < 0.1) & (np.roll(looks.item, 1) == looks.item))
    looks.minute[again] = looks.minute[again - 1] + chance.integers(1, 60, len(again))
    looks.device[again] = looks.device[again - 1]
    looks.region[again] = looks.region[again - 1]
