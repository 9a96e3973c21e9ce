"""Where the boxes of a family stand."""

from __future__ import annotations

from itertools import pairwise

from app.pages.drawing import HIGH, SMALL, TALLEST, WIDE, clip, draw, near

FAMILY = [("milk", "one"), ("caps", "one"), ("one", "tray"), ("milk", "two"), ("tray", "truck")]


def _column(drawing: object, lot: str) -> int:
    columns = sorted({box.x for box in drawing.boxes})  # type: ignore[attr-defined]
    return columns.index(next(box.x for box in drawing.boxes if box.lot_id == lot))  # type: ignore[attr-defined]


def test_what_went_in_stands_left_and_what_came_of_it_right() -> None:
    drawing = draw(["milk", "caps", "one", "tray", "truck"], FAMILY, "one")
    assert [_column(drawing, lot) for lot in ("milk", "caps", "one", "tray", "truck")] == [0, 0, 1, 2, 3]
    assert len(drawing.paths) == 4


def test_a_lot_that_is_reached_on_two_ways_stands_behind_both() -> None:
    edges = [("milk", "cream"), ("milk", "butter"), ("cream", "butter")]
    drawing = draw(["milk", "cream", "butter"], edges, "milk")
    assert [_column(drawing, lot) for lot in ("milk", "cream", "butter")] == [0, 1, 2]


def test_boxes_never_overlap_and_stay_inside() -> None:
    outputs = [f"lot {number}" for number in range(9)]
    drawing = draw(["milk", *outputs], [("milk", lot) for lot in outputs], "milk")
    places = [(box.x, box.y) for box in drawing.boxes]
    assert all(abs(x1 - x2) >= WIDE or abs(y1 - y2) >= HIGH for i, (x1, y1) in enumerate(places) for x2, y2 in places[:i])
    assert all(0 <= x <= drawing.width - WIDE and 0 <= y <= drawing.height - HIGH for x, y in places)


def test_a_great_many_are_counted_in_one_box() -> None:
    outputs = [f"lot {number:04}" for number in range(1000)]
    drawing = draw(["milk", *outputs], [("milk", lot) for lot in outputs], "milk")
    (rest,) = [box for box in drawing.boxes if box.lot_id is None]
    assert rest.more == 1000 - TALLEST
    assert len(drawing.boxes) == 1 + TALLEST + 1
    assert len(drawing.paths) == TALLEST + 1


def test_a_circle_ends_and_a_lot_alone_is_one_box() -> None:
    assert len(draw(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")], "a").boxes) == 3
    assert len(draw(["a"], [], "a").boxes) == 1


def test_a_name_is_cut_by_its_width() -> None:
    assert clip("M261121-1", 12) == "M261121-1"
    assert clip("岚牧原味高钙低脂酸奶", 6) == "岚牧原味高…"
    assert clip("a" * 40, 12) == "a" * 19 + "…"


def test_a_large_family_is_drawn_near_by_and_the_rest_counted() -> None:
    chain = [f"{number:03}" for number in range(100)]
    drawing = draw(chain, list(pairwise(chain)), "050")
    assert [box.lot_id for box in sorted(drawing.boxes, key=lambda box: box.x)] == ["048", "049", "050", "051", "052"]
    assert (drawing.beyond, len(drawing.paths)) == (95, 4)
    assert draw(chain[:SMALL], list(pairwise(chain[:SMALL])), "050").beyond == 0


def test_near_goes_straight_up_and_down_and_not_around_corners() -> None:
    pairs = [("milk", "one"), ("milk", "two"), ("two", "three"), ("one", "box"), ("box", "truck")]
    assert near(["milk", "one", "two", "three", "box", "truck"], pairs, "one", 1) == ["milk", "one", "box"]


def test_the_chosen_lot_is_never_the_one_without_room() -> None:
    sisters = [f"lot {number:02}" for number in range(30)]
    pairs = [("milk", sister) for sister in sisters] + [(sister, "shop") for sister in sisters]
    drawing = draw(["milk", *sisters, "shop"], pairs, "milk")
    assert sum(box.more for box in drawing.boxes) == 30 - TALLEST
    assert "milk" in {box.lot_id for box in drawing.boxes}
