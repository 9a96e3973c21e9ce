"""The spine: events of others, things, transformations, errors, recalls of two persons"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004_the_spine"
down_revision = "0003_the_scan"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

URI = sa.String(length=400).with_variant(sa.String(length=400, collation="C"), "postgresql")

NOT_HELD = (
    *(
        (f"rows of {table}", f"SELECT 1 FROM {table}")
        for table in ("capture_job", "epcis_query", "master_datum", "goods_delivery", "shipped_lot", "recall_drill", "signature")
    ),
    ("captured events", "SELECT 1 FROM epcis_event WHERE told IS NOT NULL"),
    ("recalls that are not open", "SELECT 1 FROM recall WHERE state <> 'open'"),
    ("lots with a supplier's own code", "SELECT 1 FROM lot WHERE supplier_lot IS NOT NULL"),
)
"""What 0003 has no place for, and how any of it is found."""
QUANTITIES = {
    "quantityList": "object",
    "childQuantityList": "child",
    "inputQuantityList": "input",
    "outputQuantityList": "output",
}


def upgrade() -> None:
    op.create_table(
        "capture_job",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("success", sa.Boolean(), nullable=True),
        sa.Column("behaviour", sa.String(length=8), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("extensions", DOCUMENT, nullable=False),
        sa.Column("vault_key", sa.String(length=64), nullable=False),
        sa.Column("events", sa.Integer(), nullable=True),
        sa.Column("captured", sa.Integer(), nullable=True),
        sa.Column("errors", DOCUMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_capture_job_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture_job")),
    )
    with op.batch_alter_table("capture_job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_capture_job_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_capture_job_created", ["brand_id", "created_at"], unique=False)

    op.create_table(
        "epcis_query",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("question", DOCUMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_epcis_query_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epcis_query")),
        sa.UniqueConstraint("brand_id", "name", name=op.f("uq_epcis_query_brand_id_name")),
    )
    with op.batch_alter_table("epcis_query", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_epcis_query_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "event_thing",
        sa.Column("thing", sa.LargeBinary(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("uom", sa.String(length=3), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_event_thing_brand_id_brand")),
        sa.PrimaryKeyConstraint("thing", "event_id", "role", name=op.f("pk_event_thing")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("event_thing", schema=None) as batch_op:
        batch_op.create_index("ix_event_thing_event", ["event_id"], unique=False)

    op.create_table(
        "master_datum",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("uri", URI, nullable=False),
        sa.Column("attributes", DOCUMENT, nullable=False),
        sa.Column("children", DOCUMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_master_datum_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_master_datum")),
        sa.UniqueConstraint("brand_id", "kind", "uri", name=op.f("uq_master_datum_brand_id_kind_uri")),
    )
    with op.batch_alter_table("master_datum", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_master_datum_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "recall_drill",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("scope", DOCUMENT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("started_by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("steps", DOCUMENT, nullable=False),
        sa.Column("found", DOCUMENT, nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_recall_drill_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_drill")),
    )
    with op.batch_alter_table("recall_drill", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_drill_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_recall_drill_started", ["brand_id", "started_at"], unique=False)

    op.create_table(
        "signature",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.String(length=26), nullable=False),
        sa.Column("intent", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_signature_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signature_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_signature_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "thing",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("uri", URI, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=True),
        sa.Column("location", sa.String(length=255), nullable=True),
        sa.Column("located_at", MOMENT, nullable=True),
        sa.Column("disposition", sa.String(length=255), nullable=True),
        sa.Column("disposed_at", MOMENT, nullable=True),
        sa.Column("parent", sa.LargeBinary(length=16), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_thing_brand_id_brand")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_thing")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("thing", schema=None) as batch_op:
        batch_op.create_index(
            "ix_thing_lot",
            ["lot_id"],
            unique=False,
            sqlite_where=sa.text("lot_id IS NOT NULL"),
            postgresql_where=sa.text("lot_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_thing_parent",
            ["parent"],
            unique=False,
            sqlite_where=sa.text("parent IS NOT NULL"),
            postgresql_where=sa.text("parent IS NOT NULL"),
        )
        batch_op.create_index("ix_thing_uri", ["brand_id", "uri"], unique=True)

    op.create_table(
        "flow",
        sa.Column("src", sa.LargeBinary(length=16), nullable=False),
        sa.Column("dst", sa.LargeBinary(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=26), nullable=False),
        sa.Column("side", sa.String(length=3), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("event_time", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("annulled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_flow_brand_id_brand")),
        sa.PrimaryKeyConstraint("src", "dst", "event_id", name=op.f("pk_flow")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("flow", schema=None) as batch_op:
        batch_op.create_index("ix_flow_back", ["dst", "src", "annulled_at", "recorded_at", "event_time"], unique=False)
        batch_op.create_index("ix_flow_event", ["event_id"], unique=False)

    op.create_table(
        "epcis_subscription",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("query_id", sa.String(length=26), nullable=False),
        sa.Column("dest", sa.String(length=500), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("report_if_empty", sa.Boolean(), nullable=False),
        sa.Column("schedule", DOCUMENT, nullable=True),
        sa.Column("stream", sa.Boolean(), nullable=False),
        sa.Column("epc_format", sa.String(length=30), nullable=False),
        sa.Column("min_record_time", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure", sa.String(length=120), nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_epcis_subscription_brand_id_brand")),
        sa.ForeignKeyConstraint(["query_id"], ["epcis_query.id"], name=op.f("fk_epcis_subscription_query_id_epcis_query")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epcis_subscription")),
    )
    with op.batch_alter_table("epcis_subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_epcis_subscription_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_epcis_subscription_due", ["due_at"], unique=False)
        batch_op.create_index("ix_epcis_subscription_query", ["query_id"], unique=False)

    op.create_table(
        "event_error",
        sa.Column("event_id", sa.String(length=26), nullable=False),
        sa.Column("declared_by", sa.String(length=26), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_event_error_brand_id_brand")),
        sa.ForeignKeyConstraint(["declared_by"], ["epcis_event.id"], name=op.f("fk_event_error_declared_by_epcis_event")),
        sa.ForeignKeyConstraint(["event_id"], ["epcis_event.id"], name=op.f("fk_event_error_event_id_epcis_event")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_error")),
    )
    with op.batch_alter_table("event_error", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_error_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "event_range",
        sa.Column("event_id", sa.String(length=26), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_event_range_brand_id_brand")),
        sa.ForeignKeyConstraint(["event_id"], ["epcis_event.id"], name=op.f("fk_event_range_event_id_epcis_event")),
        sa.PrimaryKeyConstraint("event_id", "place", name=op.f("pk_event_range")),
    )
    with op.batch_alter_table("event_range", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_range_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_event_range_item", ["gtin", "key_version", "first"], unique=False)

    op.create_table(
        "goods_delivery",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("supplier_id", sa.String(length=26), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_goods_delivery_brand_id_brand")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_goods_delivery_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_delivery")),
        sa.UniqueConstraint("brand_id", "supplier_id", "reference", name=op.f("uq_goods_delivery_brand_id_supplier_id_reference")),
    )
    with op.batch_alter_table("goods_delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goods_delivery_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "subscription_event",
        sa.Column("subscription_id", sa.String(length=26), nullable=False),
        sa.Column("event_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_subscription_event_brand_id_brand")),
        sa.ForeignKeyConstraint(["event_id"], ["epcis_event.id"], name=op.f("fk_subscription_event_event_id_epcis_event")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["epcis_subscription.id"], name=op.f("fk_subscription_event_subscription_id_epcis_subscription")
        ),
        sa.PrimaryKeyConstraint("subscription_id", "event_id", name=op.f("pk_subscription_event")),
    )
    with op.batch_alter_table("subscription_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_event_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "shipped_lot",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("shipment_id", sa.String(length=26), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("uom", sa.String(length=3), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_shipped_lot_brand_id_brand")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_shipped_lot_lot_id_lot")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_shipped_lot_shipment_id_shipment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipped_lot")),
        sa.UniqueConstraint("shipment_id", "lot_id", name=op.f("uq_shipped_lot_shipment_id_lot_id")),
    )
    with op.batch_alter_table("shipped_lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shipped_lot_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_shipped_lot_lot", ["lot_id"], unique=False)

    if _on_postgres():
        op.execute("DROP FUNCTION epcis_event_is_append_only() CASCADE")
    with op.batch_alter_table("epcis_event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("declares", sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column("uri", URI, nullable=True))
        batch_op.add_column(sa.Column("hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("capture_id", sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column("told", sa.Text(), nullable=True))
        batch_op.alter_column("type", existing_type=sa.VARCHAR(length=24), type_=sa.String(length=255), existing_nullable=False)
        batch_op.alter_column("biz_step", existing_type=sa.VARCHAR(length=40), type_=sa.String(length=255), existing_nullable=True)
        batch_op.alter_column("disposition", existing_type=sa.VARCHAR(length=40), type_=sa.String(length=255), existing_nullable=True)
        batch_op.alter_column("read_point", existing_type=sa.VARCHAR(length=120), type_=sa.String(length=255), existing_nullable=True)
        batch_op.alter_column("biz_location", existing_type=sa.VARCHAR(length=120), type_=sa.String(length=255), existing_nullable=True)
        batch_op.alter_column(
            "transformation_id", existing_type=sa.VARCHAR(length=120), type_=sa.String(length=255), existing_nullable=True
        )
        batch_op.create_index("ix_epcis_event_record", ["brand_id", "record_time", "id"], unique=False)
        batch_op.create_index(
            "ix_epcis_event_declares",
            ["brand_id", "declares"],
            unique=False,
            sqlite_where=sa.text("declares IS NOT NULL"),
            postgresql_where=sa.text("declares IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_epcis_event_uri",
            ["brand_id", "uri"],
            unique=True,
            sqlite_where=sa.text("uri IS NOT NULL AND declares IS NULL"),
            postgresql_where=sa.text("uri IS NOT NULL AND declares IS NULL"),
        )

    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("uri", URI, nullable=True))
        batch_op.add_column(sa.Column("thing", sa.LargeBinary(length=16), nullable=True))
        batch_op.add_column(sa.Column("supplier_lot", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("delivery_id", sa.String(length=26), nullable=True))
        batch_op.create_index(batch_op.f("ix_lot_delivery_id"), ["delivery_id"], unique=False)
        batch_op.create_index("ix_lot_supplier_lot", ["brand_id", "supplier_lot"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_lot_delivery_id_goods_delivery"), "goods_delivery", ["delivery_id"], ["id"])

    with op.batch_alter_table("recall", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=10), nullable=False, server_default="open"))
        batch_op.add_column(sa.Column("scope", DOCUMENT, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("proposed_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("proposed_by", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("declined_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("declined_by", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("declined_why", sa.String(length=300), nullable=True))
        batch_op.alter_column("opened_at", existing_type=MOMENT, nullable=True)
        batch_op.alter_column("opened_by", existing_type=sa.VARCHAR(length=64), nullable=True)
    op.execute("UPDATE recall SET proposed_at = opened_at, proposed_by = opened_by")
    with op.batch_alter_table("recall", schema=None) as batch_op:
        batch_op.alter_column("proposed_at", existing_type=MOMENT, nullable=False)
        batch_op.alter_column("proposed_by", existing_type=sa.String(length=64), nullable=False)

    _project()
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.alter_column("uri", existing_type=URI, nullable=False)
        batch_op.alter_column("thing", existing_type=sa.LargeBinary(length=16), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_lot_thing"), ["thing"])

    with op.batch_alter_table("event_lot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_lot_brand_id"))
        batch_op.drop_index(batch_op.f("ix_event_lot_event_id"))

    op.drop_table("event_lot")
    with op.batch_alter_table("lot_input", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_input_brand_id"))
        batch_op.drop_index(batch_op.f("ix_lot_input_input_lot_id"))
        batch_op.drop_index(batch_op.f("ix_lot_input_output_lot_id"))

    op.drop_table("lot_input")

    for table in ("epcis_event", "signature", "recall_lot"):
        _forbid_changes(table)
    _forbid_undoing()


def downgrade() -> None:
    """Refused, before anything is touched, when something would be lost."""
    connection = op.get_bind()
    found = [words for words, query in NOT_HELD if connection.execute(sa.text(query + " LIMIT 1")).first()]
    if found:
        raise RuntimeError(f"{down_revision} cannot hold what is here: {'; '.join(found)}. Nothing was changed")
    if _on_postgres():
        for table in ("epcis_event", "signature", "recall_lot"):
            op.execute(f"DROP FUNCTION {table}_is_append_only() CASCADE")
        op.execute("DROP FUNCTION recall_is_final() CASCADE")
    else:
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER epcis_event_no_{verb}")
            op.execute(f"DROP TRIGGER recall_lot_no_{verb}")
            op.execute(f"DROP TRIGGER recall_no_{verb}")
    op.create_table(
        "lot_input",
        sa.Column("id", sa.VARCHAR(length=26), nullable=False),
        sa.Column("output_lot_id", sa.VARCHAR(length=26), nullable=False),
        sa.Column("input_lot_id", sa.VARCHAR(length=26), nullable=False),
        sa.Column("quantity", sa.BIGINT(), nullable=False),
        sa.Column("uom", sa.VARCHAR(length=3), nullable=False),
        sa.Column("event_id", sa.VARCHAR(length=26), nullable=False),
        sa.Column("brand_id", sa.VARCHAR(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_lot_input_brand_id_brand")),
        sa.ForeignKeyConstraint(["event_id"], ["epcis_event.id"], name=op.f("fk_lot_input_event_id_epcis_event")),
        sa.ForeignKeyConstraint(["input_lot_id"], ["lot.id"], name=op.f("fk_lot_input_input_lot_id_lot")),
        sa.ForeignKeyConstraint(["output_lot_id"], ["lot.id"], name=op.f("fk_lot_input_output_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_input")),
        sa.UniqueConstraint("output_lot_id", "input_lot_id", "event_id", name=op.f("uq_lot_input_output_lot_id_input_lot_id_event_id")),
    )
    with op.batch_alter_table("lot_input", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_input_output_lot_id"), ["output_lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_input_input_lot_id"), ["input_lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_input_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "event_lot",
        sa.Column("id", sa.VARCHAR(length=26), nullable=False),
        sa.Column("event_id", sa.VARCHAR(length=26), nullable=False),
        sa.Column("lot_id", sa.VARCHAR(length=26), nullable=False),
        sa.Column("role", sa.VARCHAR(length=8), nullable=False),
        sa.Column("brand_id", sa.VARCHAR(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_event_lot_brand_id_brand")),
        sa.ForeignKeyConstraint(["event_id"], ["epcis_event.id"], name=op.f("fk_event_lot_event_id_epcis_event")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_event_lot_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_lot")),
        sa.UniqueConstraint("lot_id", "event_id", "role", name=op.f("uq_event_lot_lot_id_event_id_role")),
    )
    with op.batch_alter_table("event_lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_lot_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_lot_brand_id"), ["brand_id"], unique=False)

    _put_back()
    with op.batch_alter_table("recall", schema=None) as batch_op:
        batch_op.alter_column("opened_by", existing_type=sa.VARCHAR(length=64), nullable=False)
        batch_op.alter_column("opened_at", existing_type=MOMENT, nullable=False)
        batch_op.drop_column("declined_why")
        batch_op.drop_column("declined_by")
        batch_op.drop_column("declined_at")
        batch_op.drop_column("proposed_by")
        batch_op.drop_column("proposed_at")
        batch_op.drop_column("scope")
        batch_op.drop_column("state")

    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_lot_delivery_id_goods_delivery"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_lot_thing"), type_="unique")
        batch_op.drop_index("ix_lot_supplier_lot")
        batch_op.drop_index(batch_op.f("ix_lot_delivery_id"))
        batch_op.drop_column("delivery_id")
        batch_op.drop_column("supplier_lot")
        batch_op.drop_column("thing")
        batch_op.drop_column("uri")

    with op.batch_alter_table("epcis_event", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_epcis_event_uri",
            sqlite_where=sa.text("uri IS NOT NULL AND declares IS NULL"),
            postgresql_where=sa.text("uri IS NOT NULL AND declares IS NULL"),
        )
        batch_op.drop_index("ix_epcis_event_record")
        batch_op.drop_index(
            "ix_epcis_event_declares",
            sqlite_where=sa.text("declares IS NOT NULL"),
            postgresql_where=sa.text("declares IS NOT NULL"),
        )
        batch_op.alter_column(
            "transformation_id", existing_type=sa.String(length=255), type_=sa.VARCHAR(length=120), existing_nullable=True
        )
        batch_op.alter_column("biz_location", existing_type=sa.String(length=255), type_=sa.VARCHAR(length=120), existing_nullable=True)
        batch_op.alter_column("read_point", existing_type=sa.String(length=255), type_=sa.VARCHAR(length=120), existing_nullable=True)
        batch_op.alter_column("disposition", existing_type=sa.String(length=255), type_=sa.VARCHAR(length=40), existing_nullable=True)
        batch_op.alter_column("biz_step", existing_type=sa.String(length=255), type_=sa.VARCHAR(length=40), existing_nullable=True)
        batch_op.alter_column("type", existing_type=sa.String(length=255), type_=sa.VARCHAR(length=24), existing_nullable=False)
        batch_op.drop_column("told")
        batch_op.drop_column("capture_id")
        batch_op.drop_column("hash")
        batch_op.drop_column("uri")
        batch_op.drop_column("declares")

    op.drop_table("shipped_lot")
    op.drop_table("subscription_event")
    op.drop_table("goods_delivery")
    op.drop_table("event_range")
    op.drop_table("event_error")
    op.drop_table("epcis_subscription")
    op.drop_table("flow")
    op.drop_table("thing")
    op.drop_table("signature")
    op.drop_table("recall_drill")
    op.drop_table("master_datum")
    op.drop_table("event_thing")
    op.drop_table("epcis_query")
    op.drop_table("capture_job")
    _forbid_changes("epcis_event")


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _forbid_changes(table: str) -> None:
    """History is added to, never changed: the database itself refuses UPDATE and DELETE."""
    if _on_postgres():
        op.execute(
            f"""CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{table} is append only'; END $$"""
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
        )


def _forbid_undoing() -> None:
    """A recall that is open stays as it is, and none is ever deleted."""
    if _on_postgres():
        op.execute(
            """CREATE FUNCTION recall_is_final() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'recall is final once it is open'; END $$"""
        )
        is_open = "FOR EACH ROW WHEN (OLD.state = 'open')"
        op.execute(f"CREATE TRIGGER recall_no_update BEFORE UPDATE ON recall {is_open} EXECUTE FUNCTION recall_is_final()")
        op.execute("CREATE TRIGGER recall_no_delete BEFORE DELETE ON recall FOR EACH ROW EXECUTE FUNCTION recall_is_final()")
        return
    final = "BEGIN SELECT RAISE(ABORT, 'recall is final once it is open'); END"
    op.execute(f"CREATE TRIGGER recall_no_update BEFORE UPDATE ON recall WHEN OLD.state = 'open' {final}")
    op.execute(f"CREATE TRIGGER recall_no_delete BEFORE DELETE ON recall {final}")


def _tables(*names: str) -> list[sa.Table]:
    return [sa.Table(name, sa.MetaData(), autoload_with=op.get_bind(), resolve_fks=False) for name in names]


def _key(brand: str, uri: str) -> bytes:
    return hashlib.blake2b(f"{brand}|{uri}".encode(), digest_size=16).digest()


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value or {}


def _kept(value: Any) -> Any:
    return value if _on_postgres() else json.dumps(value, ensure_ascii=False)


def _project() -> None:
    """Lots get the URI by which their events call them; events get their things, ranges, parts and errors."""
    connection = op.get_bind()
    lot, event, event_lot, lot_input, product = _tables("lot", "epcis_event", "event_lot", "lot_input", "product")
    named: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(sa.select(event_lot)):
        named.setdefault(row.event_id, []).append((row.lot_id, row.role))
    gtins = dict(connection.execute(sa.select(product.c.id, product.c.gtin)).tuples().all())
    lots: dict[str, tuple[str, bytes]] = {}
    received = {}
    for row in connection.execute(sa.select(event.c.id, event.c.what).where(event.c.biz_step == "receiving")):
        for element in _loaded(row.what).get("quantityList", ()):
            for lot_id, _role in named.get(row.id, ()):
                received.setdefault(lot_id, element["epcClass"])
    for row in connection.execute(sa.select(lot.c.id, lot.c.code, lot.c.brand_id, lot.c.product_id)).all():
        known = received.get(row.id, f"urn:suyuan:lot:{row.id}")
        uri = f"https://id.gs1.org/01/{gtins[row.product_id]}/10/{quote(row.code, safe='')}" if row.product_id else known
        lots[row.id] = (uri, _key(row.brand_id, uri))
        connection.execute(sa.update(lot).where(lot.c.id == row.id).values(uri=uri, thing=lots[row.id][1]))
    parts = {(row.event_id, row.input_lot_id): row for row in connection.execute(sa.select(lot_input))}
    rows = connection.execute(sa.select(event).order_by(event.c.event_time, event.c.record_time, event.c.id)).all()
    projected = Projected(lots, {(each.event_id, each.input_lot_id): each.quantity for each in parts.values()})
    for lot_id, brand in connection.execute(sa.select(lot.c.id, lot.c.brand_id)).all():
        projected.thing(brand, lots[lot_id][0], "lot", lot_id)
    for row in rows:
        projected.take(row, _loaded(row.what), _loaded(row.why), named.get(row.id, []))
    for row in rows:
        what, why = _loaded(row.what), _loaded(row.why)
        told = {element["epcClass"] for field in QUANTITIES for element in what.get(field, ())}
        more = {lots[lot_id][0]: role for lot_id, role in named.get(row.id, ()) if lots[lot_id][0] not in told}
        given: dict[str, Any] = {"what": _kept({**what, "lots": more})} if more else {}
        if "inErrorOf" in why:
            given |= {"declares": why.pop("inErrorOf"), "why": _kept(why)}
        if given:
            connection.execute(sa.update(event).where(event.c.id == row.id).values(given))
    for name, found in projected.rows().items():
        (table,) = _tables(name)
        if found:
            connection.execute(sa.insert(table), found)


class Projected:
    """What the new tables hold of old events."""

    def __init__(self, lots: dict[str, tuple[str, bytes]], used: dict[tuple[str, str], int]) -> None:
        self.lots, self.used = lots, used
        self.things: dict[bytes, dict[str, Any]] = {}
        self.named: dict[tuple[bytes, str, str], dict[str, Any]] = {}
        self.parts: list[dict[str, Any]] = []
        self.ranges: list[dict[str, Any]] = []
        self.errors: dict[str, dict[str, Any]] = {}
        self.declaring: set[str] = set()
        self.packings: list[tuple[Any, bytes, list[bytes]]] = []

    def thing(self, brand: str, uri: str, kind: str, lot_id: str | None = None) -> bytes:
        key = _key(brand, uri)
        empty = dict.fromkeys(("location", "located_at", "disposition", "disposed_at", "parent"))
        self.things.setdefault(key, {"key": key, "brand_id": brand, "uri": uri, "kind": kind, "lot_id": lot_id, **empty})
        return key

    def take(self, event: Any, what: dict[str, Any], why: dict[str, Any], lots: list[tuple[str, str]]) -> None:
        if "inErrorOf" in why:
            told = (why.get("errorDeclaration") or {}).get("reason")
            wrong = {"event_id": why["inErrorOf"], "declared_by": event.id, "reason": told, "at": event.record_time}
            self.errors.setdefault(why["inErrorOf"], {**wrong, "brand_id": event.brand_id})
            self.declaring.add(event.id)
        for lot_id, role in lots:
            self._name(event, self.lots[lot_id][1], role)
        for field, role in QUANTITIES.items():
            for element in what.get(field, ()):
                key = self.thing(event.brand_id, element["epcClass"], "lot")
                self._name(event, key, role, int(Decimal(element["quantity"]).scaleb(6)), element.get("uom"))
        units = [*((uri, "child") for uri in what.get("childEPCs", ())), *((uri, "object") for uri in what.get("epcList", ()))]
        for uri, role in [*units, *([(what["parentID"], "parent")] if "parentID" in what else [])]:
            self._name(event, self.thing(event.brand_id, uri, "unit"), role)
        if event.type == "AggregationEvent" and "parentID" in what:
            cases = [_key(event.brand_id, uri) for uri in what.get("childEPCs", ())]
            self.packings.append((event, _key(event.brand_id, what["parentID"]), cases))
        for place, span in enumerate(what.get("codeRanges", ())):
            self.ranges.append(
                {
                    "place": place, "event_id": event.id, "brand_id": event.brand_id, "gtin": span["gtin"],
                    "key_version": span["keyVersion"], "first": span["first"], "last": span["last"],
                }
            )  # fmt: skip

    def _name(self, event: Any, key: bytes, role: str, quantity: int | None = None, uom: str | None = None) -> None:
        row = self.named.setdefault(
            (key, event.id, role),
            {"thing": key, "event_id": event.id, "role": role, "brand_id": event.brand_id, "quantity": None, "uom": None, "event": event},
        )
        if quantity is not None:
            row.update(quantity=quantity, uom=uom)

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Table → rows, with the states of things as the events that are not in error leave them."""
        for (key, event_id, role), row in self.named.items():
            event = row.pop("event")
            annulled = self.errors.get(event_id, {}).get("at")
            if role in ("input", "output") and event_id not in self.declaring:
                group = hashlib.blake2b(f"{event.brand_id}|event:{event_id}".encode(), digest_size=16, person=b"step").digest()
                src, dst = (key, group) if role == "input" else (group, key)
                self.parts.append(
                    {
                        "src": src, "dst": dst, "side": "in" if role == "input" else "out", "event_id": event_id,
                        "brand_id": event.brand_id, "event_time": event.event_time, "recorded_at": event.record_time,
                        "annulled_at": annulled,
                    }
                )  # fmt: skip
            if annulled is None and role != "input" and event_id not in self.declaring:
                self._state(self.things[key], event)
        self._pack()
        named = list(self.named.values())
        found = {"thing": list(self.things.values()), "event_thing": named, "event_range": self.ranges, "flow": self.parts}
        return {**found, "event_error": list(self.errors.values())}

    def _pack(self) -> None:
        """What stands in what now: who is taken out of a pack in which they are not stays where they are, and a pack that is
        taken apart without naming anything is empty."""
        full = {row["event_id"] for row in self.ranges}
        inside: dict[bytes, set[bytes]] = {}
        for event, parent, cases in sorted(self.packings, key=lambda each: (each[0].event_time, each[0].record_time, each[0].id)):
            if event.id in self.errors or event.id in self.declaring:
                continue
            if event.action == "ADD":
                for case in cases:
                    inside.setdefault(self.things[case]["parent"], set()).discard(case)
                    inside.setdefault(parent, set()).add(case)
                    self.things[case]["parent"] = parent
            elif event.action == "DELETE":
                emptied = not cases and event.id not in full
                for case in list(inside.get(parent, ())) if emptied else cases:
                    if self.things[case]["parent"] == parent:
                        inside[parent].discard(case)
                        self.things[case]["parent"] = None

    def _state(self, thing: dict[str, Any], event: Any) -> None:
        for word, moment, told in (("location", "located_at", event.biz_location), ("disposition", "disposed_at", event.disposition)):
            if told is not None and (thing[moment] is None or (thing[moment], thing[word]) < (event.event_time, told)):
                thing[word], thing[moment] = told, event.event_time


def _put_back() -> None:
    """event_lot and lot_input as they were, and declarations in their old place."""
    connection = op.get_bind()
    lot, event, thing = _tables("lot", "epcis_event", "event_thing")
    event_lot, lot_input = _tables("event_lot", "lot_input")
    query = sa.select(thing, lot.c.id.label("lot_id")).join(lot, lot.c.thing == thing.c.thing)
    named = connection.execute(query.order_by(thing.c.event_id, lot.c.id)).all()
    outputs: dict[str, list[str]] = {}
    for place, row in enumerate(named):
        given = {"id": f"{row.event_id[:20]}{place:06d}", "event_id": row.event_id, "lot_id": row.lot_id, "brand_id": row.brand_id}
        connection.execute(sa.insert(event_lot).values(given | {"role": row.role}))
        if row.role == "output":
            outputs.setdefault(row.event_id, []).append(row.lot_id)
    for place, row in enumerate(each for each in named if each.role == "input"):
        for output in outputs.get(row.event_id, ()):
            given = {"id": f"{row.event_id[:20]}{place:06d}", "event_id": row.event_id, "output_lot_id": output, "input_lot_id": row.lot_id}
            connection.execute(sa.insert(lot_input).values(given | {"quantity": row.quantity, "uom": row.uom, "brand_id": row.brand_id}))
    for row in connection.execute(sa.select(event.c.id, event.c.why, event.c.declares).where(event.c.declares.is_not(None))).all():
        why = _kept(_loaded(row.why) | {"inErrorOf": row.declares})
        connection.execute(sa.update(event).where(event.c.id == row.id).values(why=why))
