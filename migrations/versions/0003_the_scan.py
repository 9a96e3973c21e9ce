"""The scan: links of things, regions, shipments, suspicion, reports"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003_the_scan"
down_revision = "0002_life_of_a_code"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


PLACES = (("scan", "place", "region"), ("item_scans", "first_place", "first_region"))
REGION = re.compile(r"[A-Z]{2}(-[0-9]{2,4})?")
NOT_HELD = (
    *((f"rows of {table}", f"SELECT 1 FROM {table}") for table in ("link", "link_host", "site", "shipment", "suspicion", "report")),
    ("owners of items", "SELECT 1 FROM item_scans WHERE owned_at IS NOT NULL"),
)
"""What 0002 has no place for, and how any of it is found. Models, trails and devices are left out: they are made anew
from scans, or tell apart what nobody asks after any more."""


def upgrade() -> None:
    op.create_table(
        "anchor_owner",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_anchor_owner_brand_id_brand")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_anchor_owner")),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("anchor", sa.String(length=300), nullable=False),
        sa.Column("link_type", sa.String(length=40), nullable=False),
        sa.Column("href", sa.String(length=2000), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=True),
        sa.Column("media_type", sa.String(length=80), nullable=True),
        sa.Column("context", sa.String(length=40), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("passes_query", sa.Boolean(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("health", sa.String(length=40), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_link_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index("ix_link_brand_anchor", ["brand_id", "anchor"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_link_key", ["key"], unique=False)

    op.create_table(
        "link_host",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("host", sa.String(length=120), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", sa.String(length=64), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_link_host_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_host")),
        sa.UniqueConstraint("brand_id", "host", name=op.f("uq_link_host_brand_id_host")),
    )
    with op.batch_alter_table("link_host", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_host_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "scan_model",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("fitted_at", MOMENT, nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("scans", sa.Integer(), nullable=False),
        sa.Column("params", DOCUMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_scan_model_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_model")),
    )
    with op.batch_alter_table("scan_model", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scan_model_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_scan_model_gtin", ["gtin", "fitted_at"], unique=False)

    op.create_table(
        "site",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=8), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_site_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("brand_id", "name", name=op.f("uq_site_brand_id_name")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "suspicion",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("key_version", sa.Integer(), nullable=True),
        sa.Column("first", sa.BigInteger(), nullable=True),
        sa.Column("last", sa.BigInteger(), nullable=True),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("evidence", DOCUMENT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_suspicion_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspicion")),
        sa.UniqueConstraint("brand_id", "kind", "subject", name=op.f("uq_suspicion_brand_id_kind_subject")),
    )
    with op.batch_alter_table("suspicion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suspicion_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_suspicion_state", ["brand_id", "state", "opened_at"], unique=False)

    op.create_table(
        "link_change",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("link_id", sa.String(length=26), nullable=False),
        sa.Column("change", sa.String(length=8), nullable=False),
        sa.Column("document", DOCUMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_link_change_brand_id_brand")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_change_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_change")),
    )
    with op.batch_alter_table("link_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_change_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_link_change_link", ["link_id", "at"], unique=False)

    op.create_table(
        "shipment",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=120), nullable=False),
        sa.Column("regions", DOCUMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.String(length=26), nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_shipment_brand_id_brand")),
        sa.ForeignKeyConstraint(["event_id"], ["epcis_event.id"], name=op.f("fk_shipment_event_id_epcis_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment")),
        sa.UniqueConstraint("brand_id", "reference", name=op.f("uq_shipment_brand_id_reference")),
    )
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.create_index("ix_shipment_at", ["brand_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_shipment_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "shipped_range",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("shipment_id", sa.String(length=26), nullable=False),
        sa.Column("sscc", sa.String(length=18), nullable=True),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_shipped_range_brand_id_brand")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_shipped_range_shipment_id_shipment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipped_range")),
    )
    with op.batch_alter_table("shipped_range", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shipped_range_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_shipped_range_item", ["gtin", "key_version", "first"], unique=False)
        batch_op.create_index("ix_shipped_range_shipment", ["shipment_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("scan_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_report_brand_id_brand")),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_report_scan_id_scan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("scan_id", name=op.f("uq_report_scan_id")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_report_state", ["brand_id", "state", "at"], unique=False)

    with op.batch_alter_table("item_scans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_region", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("trail", sa.String(length=400), nullable=True))
        batch_op.add_column(sa.Column("owned_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("owned_device", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("wrong", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("wrong_since", MOMENT, nullable=True))

    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_inner", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("region", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("device", sa.BigInteger(), nullable=True))
        batch_op.create_index("ix_scan_brand_at", ["brand_id", "at"], unique=False)

    for table, place, region in PLACES:
        _carry_over(table, place, region)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(place)

    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """CREATE FUNCTION link_change_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'link_change is append only'; END $$"""
        )
        op.execute(
            "CREATE TRIGGER link_change_append_only BEFORE UPDATE OR DELETE ON link_change "
            "FOR EACH ROW EXECUTE FUNCTION link_change_is_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER link_change_no_{verb.lower()} BEFORE {verb} ON link_change "
            "BEGIN SELECT RAISE(ABORT, 'link_change is append only'); END"
        )


def _carry_over(table: str, place: str, region: str) -> None:
    """Places that already are codes of regions. No door ever recorded another: what else stands there was written past the
    doors, may be finer than a city, and nothing that keeps it could read it."""
    connection = op.get_bind()
    for (text,) in connection.execute(sa.text(f"SELECT DISTINCT {place} FROM {table} WHERE {place} IS NOT NULL")).all():
        if REGION.fullmatch(text):
            connection.execute(sa.text(f"UPDATE {table} SET {region} = :text WHERE {place} = :text"), {"text": text})


def downgrade() -> None:
    """Refused, before anything is touched, when something would be lost."""
    connection = op.get_bind()
    found = [words for words, query in NOT_HELD if connection.execute(sa.text(query + " LIMIT 1")).first()]
    if found:
        raise RuntimeError(f"{down_revision} cannot hold what is here: {'; '.join(found)}. Nothing was changed")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION link_change_is_append_only() CASCADE")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.VARCHAR(length=60), nullable=True))
    with op.batch_alter_table("item_scans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_place", sa.VARCHAR(length=60), nullable=True))
    for table, place, region in PLACES:
        op.execute(f"UPDATE {table} SET {place} = {region}")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_brand_at")
        batch_op.drop_column("device")
        batch_op.drop_column("region")
        batch_op.drop_column("is_inner")

    with op.batch_alter_table("item_scans", schema=None) as batch_op:
        batch_op.drop_column("wrong_since")
        batch_op.drop_column("wrong")
        batch_op.drop_column("owned_device")
        batch_op.drop_column("owned_at")
        batch_op.drop_column("trail")
        batch_op.drop_column("first_region")

    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_state")
        batch_op.drop_index(batch_op.f("ix_report_brand_id"))

    op.drop_table("report")
    with op.batch_alter_table("shipped_range", schema=None) as batch_op:
        batch_op.drop_index("ix_shipped_range_shipment")
        batch_op.drop_index("ix_shipped_range_item")
        batch_op.drop_index(batch_op.f("ix_shipped_range_brand_id"))

    op.drop_table("shipped_range")
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shipment_brand_id"))
        batch_op.drop_index("ix_shipment_at")

    op.drop_table("shipment")
    with op.batch_alter_table("link_change", schema=None) as batch_op:
        batch_op.drop_index("ix_link_change_link")
        batch_op.drop_index(batch_op.f("ix_link_change_brand_id"))

    op.drop_table("link_change")
    with op.batch_alter_table("suspicion", schema=None) as batch_op:
        batch_op.drop_index("ix_suspicion_state")
        batch_op.drop_index(batch_op.f("ix_suspicion_brand_id"))

    op.drop_table("suspicion")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_brand_id"))

    op.drop_table("site")
    with op.batch_alter_table("scan_model", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_model_gtin")
        batch_op.drop_index(batch_op.f("ix_scan_model_brand_id"))

    op.drop_table("scan_model")
    with op.batch_alter_table("link_host", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_host_brand_id"))

    op.drop_table("link_host")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index("ix_link_key")
        batch_op.drop_index(batch_op.f("ix_link_brand_id"))
        batch_op.drop_index("ix_link_brand_anchor")

    op.drop_table("link")
    op.drop_table("anchor_owner")
