"""Revisions meet the rows of a house in use: nothing is lost on the way there, or on the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from app.database import make_engine
from migrations import upgrade as migrations
from migrations.upgrade import downgrade, head, upgrade

AT = "2026-03-01 08:00:00+00:00"
GTIN = "06901234567892"
FILE = "ab" * 32
OLD: dict[str, list[dict[str, Any]]] = {
    "brand": [{"id": "B", "slug": "lanmu", "name": "岚牧乳业", "created_at": AT}],
    "product": [
        {
            "id": "P", "gtin": GTIN, "name_zh": "鲜牛奶", "name_en": "Milk", "net_content": "1 L", "shelf_life_days": 7,
            "category": "milk", "created_at": AT, "brand_id": "B",
        }
    ],
    "lot": [
        {
            "id": "L", "code": "L-1", "kind": "product", "product_id": "P", "quantity": 50, "uom": "EA", "place": "一号线",
            "started_at": AT, "state": "open", "standing": "good", "revision": 1, "brand_id": "B",
        }
    ],
    "serial_key": [
        {"id": "K", "gtin": GTIN, "version": 1, "locked": b"key", "next_counter": 90, "created_at": AT, "brand_id": "B"}
    ],
    "code_order": [
        {
            "id": "O", "reference": "PO-1", "product_id": "P", "gtin": GTIN, "key_version": 1, "first": 40, "count": 50,
            "ordered_at": AT, "ordered_by": "q", "brand_id": "B",
        }
    ],
    "code_range": [
        {"id": name, "order_id": "O", "gtin": GTIN, "key_version": 1, "first": first, "last": last, "state": state,
         "lot_id": lot, "brand_id": "B"}
        for name, first, last, state, lot in (
            ("R1", 40, 49, "encoded", None), ("R2", 50, 69, "commissioned", "L"), ("R3", 70, 79, "void", "L"), ("R4", 80, 89, "void", None),
        )
    ],
    "print_job": [
        {"id": "J1", "order_id": "O", "format": "csv", "state": "waiting", "asked_at": AT, "brand_id": "B"},
        {
            "id": "J2", "order_id": "O", "format": "pdf", "state": "ready", "vault_key": FILE, "size": 900, "asked_at": AT,
            "ready_at": AT, "brand_id": "B",
        },
    ],
    "scan": [
        {"id": "S", "gtin": GTIN, "key_version": 1, "counter": 51, "lot_id": "L", "verdict": "genuine", "place": "CN-3301", "at": AT,
         "brand_id": "B"}
    ],
    "item_scans": [
        {"gtin": GTIN, "key_version": 1, "counter": 51, "times": 1, "first_place": "CN-3301", "first_at": AT, "last_at": AT,
         "brand_id": "B"}
    ],
    "supplier": [
        {"id": "F", "name": "青原牧场", "uscc": "91150100MA0N000010", "kind": "farm", "market": "CN", "email": None, "created_at": AT,
         "brand_id": "B"}
    ],
    "material": [{"id": "MM", "code": "MILK", "name_zh": "生乳", "name_en": "Raw milk", "category": "dairy", "brand_id": "B"}],
    "certificate": [
        {"id": f"C-{standing}", "supplier_id": "F", "kind": kind, "number": "1", "holder_name": "青原牧场", "valid_from": "2026-01-01",
         "valid_until": "2027-01-01", "sha256": standing.ljust(64, "0"), "filename": "paper.pdf", "media_type": "application/pdf",
         "size": 9, "reading": "{}", "standing": standing, "because": "[]", "submitted_at": AT, "submitted_by": "s",
         "judged_at": None if standing == "unverified" else AT, "brand_id": "B"}
        for kind, standing in (
            ("business_licence", "accepted"), ("organic", "lapsing"), ("quarantine", "unverified"), ("food_trade", "revoked"),
        )
    ],
    "check_outcome": [
        {"id": "OC", "certificate_id": "C-accepted", "name": "dates", "result": "passed", "because": "check.dates.good",
         "evidence": "{}", "at": AT, "brand_id": "B"}
    ],
    "standing_change": [
        {"id": id, "certificate_id": paper, "standing": standing, "because": "[]", "decision": decision, "note": None, "at": at,
         "by": "q", "brand_id": "B"}
        for id, paper, standing, decision, at in (
            ("S3", "C-accepted", "unverified", None, AT), ("S1", "C-accepted", "accepted", "accept", "2026-03-01 09:00:00+00:00"),
            ("S2", "C-lapsing", "lapsing", None, AT),
        )
    ],
}  # fmt: skip
UNLIKE = ("valid_from", "valid_until", "because", "evidence", "reading")
"""Days and documents, for which as for moments each database has its own."""


@pytest.fixture
def old(database_url: str) -> Iterator[Engine]:
    """A house at the first revision with an order in it; left at the last one, for the next test."""
    engine = make_engine(database_url)
    downgrade(engine, "0001_ground")
    with _writing(engine) as connection:
        for table, rows in OLD.items():
            for row in rows:
                _put(connection, table, row)
    yield engine
    upgrade(engine)
    engine.dispose()


def _writing(engine: Engine) -> Any:
    return engine.execution_options(writes=True).begin()


def _put(connection: Connection, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})"), row)


def _rows(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def _old_rows(engine: Engine) -> dict[str, list[Any]]:
    """Those of ``OLD``, by the columns it has; without what each database has in its own way."""
    found = {}
    for table, rows in OLD.items():
        names = sorted({name for row in rows for name in row if not name.endswith("at") and name not in UNLIKE})
        columns = ", ".join(f'"{name}"' for name in names)
        found[table] = sorted(_rows(engine, f"SELECT {columns} FROM {table}"), key=str)
        wanted = sorted((tuple(row.get(name) for name in names) for row in rows), key=str)
        assert [len(each) for each in found[table]] == [len(each) for each in wanted]
    return found


def test_a_house_in_use_goes_to_the_last_revision_and_back(old: Engine) -> None:
    before = _old_rows(old)
    upgrade(old)
    assert _rows(old, "SELECT state, reason, lot_id FROM code_range ORDER BY first") == [
        ("encoded", None, None),
        ("commissioned", None, "L"),
        ("inactive", "other", "L"),
        ("invalid", "other", None),
    ]
    assert _rows(old, "SELECT id, state, first, last, done, size, digest IS NULL FROM print_job ORDER BY id") == [
        ("J1", "waiting", 40, 89, 0, None, True),
        ("J2", "ready", 40, 89, 50, 900, False),
    ]
    assert _rows(old, "SELECT job_id, number, vault_key, size, brand_id FROM print_part") == [("J2", 0, FILE, 900, "B")]
    assert _rows(old, "SELECT scheme, inner_version, closed_at FROM code_order") == [("gs1", None, None)]
    assert _rows(old, "SELECT kind, locked FROM serial_key") == [("gs1", b"key")]
    assert _rows(old, "SELECT s.counter, i.times FROM scan s JOIN item_scans i ON i.counter = s.counter") == [(51, 1)]
    assert _rows(old, "SELECT s.region, i.first_region FROM scan s JOIN item_scans i ON i.counter = s.counter") == [("CN-3301", "CN-3301")]
    downgrade(old, "0001_ground")
    assert _old_rows(old) == before


def test_standings_have_their_new_names_and_papers_are_asked_about_anew(old: Engine) -> None:
    upgrade(old)
    assert _rows(old, "SELECT id, standing FROM certificate ORDER BY id") == [
        ("C-accepted", "verified"),
        ("C-lapsing", "expiring"),
        ("C-revoked", "revoked"),
        ("C-unverified", "submitted"),
    ]
    assert _rows(old, "SELECT id, standing, place, seal FROM standing_change ORDER BY id") == [
        ("S1", "verified", 2, None),
        ("S2", "expiring", 1, None),
        ("S3", "submitted", 1, None),
    ]
    assert _rows(old, "SELECT id FROM certificate WHERE due_on IS NULL") == [("C-unverified",)], "its checks never ran"
    assert _rows(old, "SELECT country, lei FROM supplier") == [("CN", None)]
    assert not _rows(old, "SELECT final FROM check_outcome")[0][0]
    for change in ("UPDATE standing_change SET note = 'x'", "DELETE FROM standing_change"):
        with pytest.raises(Exception, match="append only"), _writing(old) as connection:
            connection.execute(text(change))


LATER = {
    "id": "T", "certificate_id": "C-accepted", "place": 3, "standing": "suspended", "because": "[]", "decision": "suspend", "at": AT,
    "by": "q", "brand_id": "B",
}  # fmt: skip


@pytest.mark.parametrize(
    ("new", "word"),
    [
        ("UPDATE supplier SET uscc = NULL, lei = 'x'", "suppliers without a unified social credit code"),
        ("UPDATE certificate SET lots = '[\"T7\"]'", "papers that speak of lots or products"),
        (f"UPDATE certificate SET number = '{'1' * 61}'", "numbers of more than 60 characters"),
        ("UPDATE material SET claims = '[\"organic\"]'", "materials of which something is claimed"),
        (("standing_change", LATER), "papers suspended, superseded or waiting for a person"),
        (("supplier_site", {"id": "W", "supplier_id": "F", "name": "一号牧场", "brand_id": "B"}), "rows of supplier_site"),
    ],
)
def test_what_the_fourth_revision_cannot_hold_is_not_thrown_away(old: Engine, new: tuple[str, dict[str, Any]] | str, word: str) -> None:
    upgrade(old)
    with _writing(old) as connection:
        if isinstance(new, str):
            connection.execute(text(new))
        else:
            _put(connection, *new)
    with pytest.raises(RuntimeError, match=f"0004_the_spine cannot hold what is here: {word}. Nothing was changed"):
        downgrade(old, "0004_the_spine")
    assert _rows(old, "SELECT version_num FROM alembic_version") == [(head(),)]


@pytest.mark.parametrize(
    ("place", "region"),
    [("JP", "JP"), ("CN-33", "CN-33"), ("CN-3301", "CN-3301"), ("杭州", None), ("CN-3301 西湖区", None), ("", None), (None, None)],
)
def test_of_places_only_those_are_kept_that_already_are_regions(old: Engine, place: str | None, region: str | None) -> None:
    with _writing(old) as connection:
        connection.execute(text("UPDATE scan SET place = :place"), {"place": place})
        connection.execute(text("UPDATE item_scans SET first_place = :place"), {"place": place})
    upgrade(old)
    assert _rows(old, "SELECT region FROM scan UNION ALL SELECT first_region FROM item_scans") == [(region,), (region,)]


def test_foreign_keys_are_asked_after_again(old: Engine) -> None:
    upgrade(old)
    with pytest.raises(Exception, match=r"(?i)foreign key"), _writing(old) as connection:
        _put(
            connection, "print_part", {"id": "X", "job_id": "none", "number": 1, "vault_key": "", "size": 1, "note": "{}", "brand_id": "B"}
        )


MOVE = {"id": "M", "order_id": "O", "move": "print", "first": 40, "last": 49, "before": "[]", "at": AT, "by": "q", "brand_id": "B"}
PART = {"id": "X", "job_id": "J2", "number": 1, "vault_key": FILE, "size": 9, "note": "{}", "brand_id": "B"}
SECOND = {
    "id": "J3",
    "order_id": "O",
    "format": "pdf",
    "state": "waiting",
    "first": 40,
    "last": 89,
    "plan_key": "x",
    "asked_at": AT,
    "brand_id": "B",
}


@pytest.mark.parametrize(
    ("new", "word"),
    [
        (("code_address", {"name": "s.cn", "brand_id": "B", "added_at": AT}), "code_address"),
        (("code_move", MOVE), "code_move"),
        (("print_part", PART), "several parts"),
        (("print_job", SECOND), "several in one format"),
        (("print_job", {**SECOND, "format": "zpl", "last": 60}), "a part of an order"),
        (("print_job", {**SECOND, "format": "zpl", "state": "failed"}), "failed"),
        ("UPDATE serial_key SET locked = NULL", "destroyed"),
        ("UPDATE code_order SET scheme = 'compact'", "another scheme"),
    ],
)
def test_what_the_first_revision_cannot_hold_is_not_thrown_away(old: Engine, new: tuple[str, dict[str, Any]] | str, word: str) -> None:
    upgrade(old)
    with _writing(old) as connection:
        if isinstance(new, str):
            connection.execute(text(new))
        else:
            _put(connection, *new)
    with pytest.raises(RuntimeError, match=f"0001_ground cannot hold what is here: .*{word}.* Nothing was changed"):
        downgrade(old)
    assert _rows(old, "SELECT version_num FROM alembic_version") == [(head(),)]
    assert _rows(old, "SELECT count(*) FROM code_range WHERE state = 'void'") == [(0,)]


def test_a_revision_that_cuts_rows_off_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite nobody asks while it runs, so it is asked before it is committed."""
    engine = make_engine(f"sqlite:///{tmp_path / 'suyuan.db'}")
    upgrade(engine, "0001_ground")
    whole = migrations.command.upgrade

    def careless(*args: Any) -> None:
        whole(*args)
        _put(args[0].attributes["connection"], "line", {"id": "X", "code": "L1", "name_zh": "x", "name_en": "x", "brand_id": "none"})

    monkeypatch.setattr(migrations.command, "upgrade", careless)
    with pytest.raises(migrations.RowsCutOff, match="line → brand"):
        upgrade(engine)
    assert _rows(engine, "SELECT version_num FROM alembic_version") == [("0001_ground",)]
    engine.dispose()


LINK = {
    "id": "A", "key": f"01/{GTIN}", "anchor": f"01/{GTIN}", "link_type": "pip", "href": "https://example.cn/", "title": "x",
    "is_default": False, "passes_query": True, "added_at": AT, "failures": 0, "brand_id": "B",
}  # fmt: skip
SHIPMENT = {"id": "D", "reference": "DN-1", "customer": "x", "regions": "[]", "at": AT, "by": "q", "brand_id": "B"}
REPORT = {"id": "T", "scan_id": "S", "kind": "fake", "text": "", "at": AT, "state": "open", "brand_id": "B"}
CASE = {
    "id": "C", "kind": "copied", "subject": "x", "evidence": "{}", "state": "open", "opened_at": AT, "updated_at": AT, "brand_id": "B",
}  # fmt: skip


@pytest.mark.parametrize(
    ("new", "word"),
    [
        (("link", LINK), "rows of link"),
        (("link_host", {"id": "H", "host": "example.cn", "added_at": AT, "added_by": "q", "brand_id": "B"}), "rows of link_host"),
        (("site", {"id": "W", "name": "一号仓", "region": "CN-3301", "added_at": AT, "brand_id": "B"}), "rows of site"),
        (("shipment", SHIPMENT), "rows of shipment"),
        (("report", REPORT), "rows of report"),
        (("suspicion", CASE), "rows of suspicion"),
        ("UPDATE item_scans SET owned_at = first_at", "owners of items"),
    ],
)
def test_what_the_second_revision_cannot_hold_is_not_thrown_away(old: Engine, new: tuple[str, dict[str, Any]] | str, word: str) -> None:
    upgrade(old)
    with _writing(old) as connection:
        if isinstance(new, str):
            connection.execute(text(new))
        else:
            _put(connection, *new)
    with pytest.raises(RuntimeError, match=f"0002_life_of_a_code cannot hold what is here: {word}. Nothing was changed"):
        downgrade(old, "0002_life_of_a_code")
    assert _rows(old, "SELECT version_num FROM alembic_version") == [(head(),)]
    assert _rows(old, "SELECT region FROM scan") == [("CN-3301",)]
