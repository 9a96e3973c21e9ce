"""A family in layers: what went in on the left of the chosen one, what came of it on the right. Pure; knows no lot and no pixel of a box.

After Sugiyama, Tagawa and Toda (1981): longest-path layers, empty bends where a line passes a layer, fewer crossings by barycentres,
heights by the least squares that keep the order. The same family gives the same picture, in whatever order its lines are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

SWEEPS = 8
MOST_BENDS = 8000
"""Beyond so many the longest lines run straight; nobody could follow them anyhow."""


@dataclass(frozen=True)
class Spot:
    """``layer``: 0 is the chosen one's, below zero what came before it. ``rank``: place in the layer, from above. ``y``: of the middle."""

    layer: int
    rank: int
    y: int


@dataclass(frozen=True)
class Track:
    """A line from left to right, through a bend in every layer that it passes. ``back``: it would close a circle and runs to the left."""

    source: str
    target: str
    bends: tuple[Spot, ...] = ()
    back: bool = False


@dataclass(frozen=True)
class Layout:
    spots: dict[str, Spot]
    tracks: list[Track]


@dataclass
class _Net:
    """Nodes as numbers in the order given, bends behind them; ``before`` and ``after`` know only the next layer on each side."""

    columns: list[list[int]]
    before: list[list[int]]
    after: list[list[int]]
    bends: dict[tuple[int, int], list[int]]
    heights: list[int]
    place: list[int] = field(default_factory=list)


def lay(ids: Sequence[str], pairs: Iterable[tuple[str, str]], centre: str, *, high: int = 64, gap: int = 16, bend: int = 8) -> Layout:
    """Lay out ``ids`` around ``centre``, which is one of them; ``pairs`` are (went in, came out), others' pairs are passed over.

    Middles of boxes in one layer are ``high`` + ``gap`` apart or more.
    """
    number = {each: place for place, each in enumerate(ids)}
    edges = sorted({(number[one], number[other]) for one, other in pairs if one in number and other in number})
    order, back = _order(len(ids), edges)
    onward = [edge for edge in edges if edge not in back]
    layers = _layers(order, onward, number[centre])
    net = _net(len(ids), layers, onward, high, bend)
    _uncross(net)
    heights = _heights(net, gap)
    least = min(layers, default=0)
    spots = {node: Spot(column + least, rank, heights[node]) for column, nodes in enumerate(net.columns) for rank, node in enumerate(nodes)}
    tracks = [Track(ids[a], ids[b], tuple(spots[bend] for bend in net.bends.get((a, b), ())), (a, b) in back) for a, b in edges]
    return Layout({each: spots[place] for each, place in number.items()}, tracks)


def _order(count: int, edges: list[tuple[int, int]]) -> tuple[list[int], set[tuple[int, int]]]:
    """Every node after all that went into it, and the edges that must be turned for that: those that close a circle."""
    after: list[list[int]] = [[] for _ in range(count)]
    for one, other in edges:
        after[one].append(other)
    back: set[tuple[int, int]] = set()
    done: list[int] = []
    state = bytearray(count)
    for root in range(count):
        trail = [] if state[root] else [(root, iter(after[root]))]
        state[root] = state[root] or 1
        while trail:
            node, rest = trail[-1]
            following = next(rest, None)
            if following is None:
                state[node] = 2
                done.append(node)
                trail.pop()
            elif state[following] == 1:
                back.add((node, following))
            elif not state[following]:
                state[following] = 1
                trail.append((following, iter(after[following])))
    return done[::-1], back


def _layers(order: list[int], edges: list[tuple[int, int]], centre: int) -> list[int]:
    """The longest way to the centre for what went into it, below zero; for all else the longest way from what went into that."""
    before: list[list[int]] = [[] for _ in order]
    after: list[list[int]] = [[] for _ in order]
    for one, other in edges:
        after[one].append(other)
        before[other].append(one)
    far: dict[int, int] = {centre: 0}
    for node in reversed(order):
        if node != centre:
            ways = [far[each] + 1 for each in after[node] if each in far]
            if ways:
                far[node] = max(ways)
    layers = [0] * len(order)
    for node in order:
        layers[node] = -far[node] if node in far else max((layers[each] + 1 for each in before[node]), default=0)
    for node in order:
        if node not in far and not before[node] and after[node]:
            layers[node] = min(layers[each] for each in after[node]) - 1
    return layers


def _net(count: int, layers: list[int], edges: list[tuple[int, int]], high: int, bend: int) -> _Net:
    least = min(layers, default=0)
    columns: list[list[int]] = [[] for _ in range(max(layers, default=0) - least + 1)]
    for node in range(count):
        columns[layers[node] - least].append(node)
    net = _Net(columns, [[] for _ in range(count)], [[] for _ in range(count)], {}, [high] * count)
    for one, other in sorted(edges, key=lambda edge: (layers[edge[1]] - layers[edge[0]], edge)):
        span = layers[other] - layers[one]
        if span > 1 and len(net.heights) - count + span > MOST_BENDS:
            continue
        chain = [one]
        for layer in range(layers[one] + 1, layers[other]):
            chain.append(len(net.heights))
            columns[layer - least].append(chain[-1])
            net.heights.append(bend)
            net.before.append([])
            net.after.append([])
        net.bends[(one, other)] = chain[1:]
        for left, right in zip(chain, [*chain[1:], other], strict=True):
            net.after[left].append(right)
            net.before[right].append(left)
    return net


def _uncross(net: _Net) -> None:
    """Sweep to and fro, each node to the middle of its neighbours, and keep the best that was seen."""
    net.place = [0] * len(net.heights)
    for nodes in net.columns:
        _number(net, nodes)
    best, kept = _crossings(net), [list(nodes) for nodes in net.columns]
    for sweep in range(SWEEPS):
        rightward = sweep % 2 == 0
        beside = net.before if rightward else net.after
        for nodes in net.columns if rightward else reversed(net.columns):
            nodes.sort(key=partial(_mean, net.place, beside))
            _number(net, nodes)
        now = _crossings(net)
        if now < best:
            best, kept = now, [list(nodes) for nodes in net.columns]
        if not best:
            break
    net.columns[:] = kept
    for nodes in net.columns:
        _number(net, nodes)


def _mean(values: Sequence[float], beside: list[list[int]], node: int) -> float:
    """Where a node's neighbours on one side stand; where it stands itself when it has none."""
    near = beside[node]
    return sum(values[each] for each in near) / len(near) if near else values[node]


def _number(net: _Net, nodes: list[int]) -> None:
    for place, node in enumerate(nodes):
        net.place[node] = place


def _crossings(net: _Net) -> int:
    """Pairs of lines that cross between two layers, by counting inversions (Barth, Mutzel and Jünger, 2004)."""
    found = 0
    for nodes, following in pairwise(net.columns):
        tree = [0] * (len(following) + 1)
        drawn = 0
        for node in nodes:
            ends = sorted(net.place[each] for each in net.after[node])
            for end in ends:
                place, below = end + 1, 0
                while place:
                    below += tree[place]
                    place &= place - 1
                found += drawn - below
            for end in ends:
                place = end + 1
                while place <= len(following):
                    tree[place] += 1
                    place += place & -place
            drawn += len(ends)
    return found


def _heights(net: _Net, gap: int) -> list[int]:
    """Middles: every node as near to the mean of its neighbours as the order and the gaps allow."""
    middle = [0.0] * len(net.heights)
    fixed: list[list[int]] = []
    for nodes in net.columns:
        offsets = [0]
        for one, other in pairwise(nodes):
            offsets.append(offsets[-1] + (net.heights[one] + net.heights[other]) // 2 + gap)
        fixed.append(offsets)
        for node, offset in zip(nodes, offsets, strict=True):
            middle[node] = offset - offsets[-1] / 2
    for sweep in range(SWEEPS):
        rightward = sweep % 2 == 0
        beside = net.before if rightward else net.after
        for column in range(len(net.columns)) if rightward else reversed(range(len(net.columns))):
            nodes = net.columns[column]
            wanted = [_mean(middle, beside, node) for node in nodes]
            for node, y in zip(nodes, _settle(wanted, fixed[column]), strict=True):
                middle[node] = y
    top = min((round(y) - net.heights[node] // 2 for node, y in enumerate(middle)), default=0)
    return [round(y) - top for y in middle]


def _settle(wanted: list[float], offsets: list[int]) -> list[int]:
    """The positions next to ``wanted``, by least squares, that are ``offsets`` apart or more (pooling of neighbours that violate it)."""
    blocks: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=True):
        total, many = want - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] >= total / many:
            earlier, more = blocks.pop()
            total, many = total + earlier, many + more
        blocks.append((total, many))
    levels = [round(total / many) for total, many in blocks for _ in range(many)]
    return [level + offset for level, offset in zip(levels, offsets, strict=True)]
