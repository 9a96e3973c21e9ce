"""Revisions meet the rows of a house in use: nothing is lost on the way there, or on the way back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text

from app.database import make_engine
from kernel.orm import BrandSession
from migrations import upgrade as migrations
from migrations.upgrade import downgrade, head, upgrade
from suppliers.models import TrustedIssuer
from tests.house.old_rows import AT, FILE, GTIN, OLD, UNLIKE


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
        ("C-lapsed", "lapsed"),
        ("C-lapsing", "expiring"),
        ("C-rejected", "rejected"),
        ("C-revoked", "revoked"),
        ("C-unverified", "submitted"),
    ]
    assert _rows(old, "SELECT id, standing, place, seal FROM standing_change ORDER BY id") == [
        ("S1", "verified", 2, None),
        ("S2", "expiring", 1, None),
        ("S3", "submitted", 1, None),
        ("S4", "submitted", 1, None),
        ("S5", "verified", 2, None),
        ("S6", "revoked", 3, None),
    ], "moments may be the same: then the ids count"
    assert _rows(old, "SELECT id FROM certificate WHERE due_on IS NULL") == [("C-unverified",)], "its checks never ran"
    assert _rows(old, "SELECT country, lei FROM supplier") == [("CN", None)]
    assert not any(_rows(old, "SELECT final FROM check_outcome WHERE final"))
    assert _rows(old, "SELECT name, crl, ended_at FROM trust_anchor") == [("根", b"\x30\x00", None)]


def test_history_cannot_be_changed_on_the_way_up_nor_after_the_way_down(old: Engine) -> None:
    def is_kept() -> None:
        for change in ("UPDATE standing_change SET note = 'x'", "DELETE FROM standing_change"):
            with pytest.raises(Exception, match="append only"), _writing(old) as connection:
                connection.execute(text(change))

    upgrade(old)
    is_kept()
    downgrade(old, "0004_the_spine")
    is_kept()
    upgrade(old)
    is_kept()


def test_whoever_issued_a_paper_that_stands_is_believed_on_such_papers(old: Engine) -> None:
    with _writing(old) as connection:
        connection.execute(text("UPDATE certificate SET issuer_name = '*管理局' WHERE id = 'C-lapsing'"))
        _put(connection, "certificate", {**OLD["certificate"][1], "id": "C-2", "sha256": "2" * 64, "standing": "accepted"})
        _put(connection, "brand", {"id": "B2", "slug": "b2", "name": "别家", "created_at": AT})
        _put(connection, "supplier", {**OLD["supplier"][0], "id": "F2", "brand_id": "B2"})
        _put(connection, "certificate", {**OLD["certificate"][0], "id": "C-3", "supplier_id": "F2", "brand_id": "B2"})
    upgrade(old)
    listed = {
        (brand, name): (kinds, by) for brand, name, kinds, by in _rows(old, "SELECT brand_id, name, kinds, added_by FROM trusted_issuer")
    }
    told = {key: (json.loads(kinds) if isinstance(kinds, str) else kinds, by) for key, (kinds, by) in listed.items()}
    name = "青原市 市场监督管理局"
    assert told == {("B", name): (["business_licence", "organic"], "-"), ("B2", name): (["business_licence"], "-")}
    (issuer,) = _issuers(old, "B2")
    assert (issuer.name, issuer.kinds, issuer.added_at.tzinfo) == (name, ["business_licence"], UTC)


def _issuers(engine: Engine, brand_id: str) -> list[TrustedIssuer]:
    with BrandSession(engine, info={"brand": brand_id}) as session:
        return list(session.scalars(select(TrustedIssuer)))


LATER = {
    "id": "T", "certificate_id": "C-accepted", "place": 3, "standing": "suspended", "because": "[]", "decision": "suspend", "at": AT,
    "by": "q", "brand_id": "B",
}  # fmt: skip
ISSUER = {
    "id": "I", "name": "某局", "names": "[]", "kinds": "[]", "hosts": "[]", "dids": "[]", "documents": "{}", "added_at": AT,
    "added_by": "q", "brand_id": "B",
}  # fmt: skip


@pytest.mark.parametrize(
    ("new", "word"),
    [
        ("UPDATE supplier SET uscc = NULL", "suppliers without a unified social credit code"),
        *(
            (f"UPDATE supplier SET {change}", "suppliers of other countries or with numbers of theirs")
            for change in ("country = 'US'", "lei = 'x'", "gln = 'x'", "vat = 'x'")
        ),
        ("UPDATE supplier SET kind = 'importer'", "suppliers of a kind or for a market that it does not know"),
        ("UPDATE supplier SET market = 'EU'", "suppliers of a kind or for a market that it does not know"),
        ("UPDATE material SET category = 'tea'", "materials of a category that it does not know"),
        ("UPDATE certificate SET kind = 'us_fsvp'", "papers of a kind that it does not know"),
        *(
            (f"UPDATE certificate SET {change}", "papers with a scope, a site, an accreditation or a day of issue")
            for change in ("scope = 'x'", "site = 'x'", "accreditation = 'x'", "issued_on = '2026-01-01'")
        ),
        ("UPDATE certificate SET lots = '[\"T7\"]'", "papers that speak of lots or products"),
        (f"UPDATE certificate SET number = '{'1' * 61}'", "numbers of more than 60 characters"),
        ("UPDATE material SET claims = '[\"organic\"]'", "materials of which something is claimed"),
        (("standing_change", {**LATER, "decision": None}), "papers suspended, superseded or waiting for a person"),
        *(
            (("standing_change", {**LATER, "standing": "verified", **more}), "decisions with what they rest on, and their seals")
            for more in ({"decision": None, "seal": FILE}, {"decision": None, "basis": "{}"}, {"decision": "override"})
        ),
        (("supplier_site", {"id": "W", "supplier_id": "F", "name": "一号牧场", "brand_id": "B"}), "rows of supplier_site"),
        (("trusted_issuer", ISSUER), "whom somebody believes since"),
        (f"UPDATE trusted_issuer SET ended_at = '{AT}'", "whom somebody believes since"),
        (f"UPDATE trust_anchor SET ended_at = '{AT}'", "roots that are believed no more"),
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


def test_checks_that_the_fourth_revision_does_not_know_are_asked_anew_by_whoever_does(old: Engine) -> None:
    upgrade(old)
    with _writing(old) as connection:
        _put(connection, "check_outcome", {**OLD["check_outcome"][0], "id": "N", "name": "issuer"})
    downgrade(old, "0004_the_spine")
    assert len(_rows(old, "SELECT id FROM check_outcome")) == len(OLD["check_outcome"])
    assert not _rows(old, "SELECT id FROM check_outcome WHERE name = 'issuer'")


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
