"""Codes at scale: schemes, the life of a code, files in parts, packs, imported serials"""

from __future__ import annotations

from hashlib import sha256

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002_life_of_a_code"
down_revision = "0001_ground"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "code_address",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_code_address_brand_id_brand")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_code_address")),
    )
    op.create_table(
        "imported_serial",
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("serial", sa.String(length=20), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_imported_serial_brand_id_brand")),
        sa.PrimaryKeyConstraint("gtin", "serial", name=op.f("pk_imported_serial")),
        sa.UniqueConstraint("gtin", "key_version", "counter", name=op.f("uq_imported_serial_gtin_key_version_counter")),
    )
    with op.batch_alter_table("imported_serial", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_serial_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "pack",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("sscc", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("parent_id", sa.String(length=26), nullable=True),
        sa.Column("packed_at", MOMENT, nullable=False),
        sa.Column("packed_by", sa.String(length=64), nullable=False),
        sa.Column("unpacked_at", MOMENT, nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_pack_brand_id_brand")),
        sa.ForeignKeyConstraint(["parent_id"], ["pack.id"], name=op.f("fk_pack_parent_id_pack")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
        sa.UniqueConstraint("sscc", name=op.f("uq_pack_sscc")),
    )
    with op.batch_alter_table("pack", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pack_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_pack_parent", ["parent_id"], unique=False)

    op.create_table(
        "sscc_prefix",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("next_reference", sa.BigInteger(), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_sscc_prefix_brand_id_brand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sscc_prefix")),
        sa.UniqueConstraint("brand_id", name=op.f("uq_sscc_prefix_brand_id")),
        sa.UniqueConstraint("prefix", name=op.f("uq_sscc_prefix_prefix")),
    )
    with op.batch_alter_table("sscc_prefix", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sscc_prefix_brand_id"), ["brand_id"], unique=False)

    op.create_table(
        "packed_range",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("pack_id", sa.String(length=26), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_packed_range_brand_id_brand")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_packed_range_pack_id_pack")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packed_range")),
        sa.UniqueConstraint("gtin", "key_version", "first", name=op.f("uq_packed_range_gtin_key_version_first")),
    )
    with op.batch_alter_table("packed_range", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_packed_range_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_packed_range_pack", ["pack_id"], unique=False)

    op.create_table(
        "code_move",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("move", sa.String(length=14), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("lot_id", sa.String(length=26), nullable=True),
        sa.Column("before", DOCUMENT, nullable=False),
        sa.Column("event_id", sa.String(length=26), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_code_move_brand_id_brand")),
        sa.ForeignKeyConstraint(["event_id"], ["epcis_event.id"], name=op.f("fk_code_move_event_id_epcis_event")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_code_move_lot_id_lot")),
        sa.ForeignKeyConstraint(["order_id"], ["code_order.id"], name=op.f("fk_code_move_order_id_code_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_move")),
    )
    with op.batch_alter_table("code_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_code_move_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_code_move_order", ["order_id", "at"], unique=False)

    op.create_table(
        "reprint",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_reprint_brand_id_brand")),
        sa.ForeignKeyConstraint(["order_id"], ["code_order.id"], name=op.f("fk_reprint_order_id_code_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reprint")),
    )
    with op.batch_alter_table("reprint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reprint_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index("ix_reprint_order", ["order_id", "asked_at"], unique=False)

    op.create_table(
        "print_part",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("job_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("vault_key", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", DOCUMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_print_part_brand_id_brand")),
        sa.ForeignKeyConstraint(["job_id"], ["print_job.id"], name=op.f("fk_print_part_job_id_print_job")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_part")),
        sa.UniqueConstraint("job_id", "number", name=op.f("uq_print_part_job_id_number")),
    )
    with op.batch_alter_table("print_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_part_brand_id"), ["brand_id"], unique=False)

    with op.batch_alter_table("code_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scheme", sa.String(length=8), nullable=False, server_default="gs1"))
        batch_op.add_column(sa.Column("base_url", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("inner_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("inner_first", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("inner_url", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("longest", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("alphanumeric", sa.Boolean(), nullable=True))
        batch_op.create_index("ix_code_order_inner", ["brand_id", "inner_version", "inner_first"], unique=False)
        batch_op.add_column(sa.Column("closed_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("closed_by", sa.String(length=64), nullable=True))

    with op.batch_alter_table("code_range", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason", sa.String(length=20), nullable=True))
        batch_op.create_index("ix_code_range_key", ["brand_id", "key_version", "first"], unique=False)

    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("face", sa.String(length=8), nullable=False, server_default="outer"))
        batch_op.add_column(sa.Column("first", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("last", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("plan", DOCUMENT, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("plan_key", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("done", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("digest", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("failure", sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column("reprint_id", sa.String(length=26), nullable=True))
        batch_op.add_column(sa.Column("told_at", MOMENT, nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_print_job_order_id_format"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_print_job_order_id_format_face_first_last_plan_key"), ["order_id", "format", "face", "first", "last", "plan_key"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_print_job_reprint_id_reprint"), "reprint", ["reprint_id"], ["id"])

    _move_files_to_parts()
    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.drop_column("vault_key")
    op.execute("UPDATE code_range SET state = 'inactive', reason = 'other' WHERE state = 'void' AND lot_id IS NOT NULL")
    op.execute("UPDATE code_range SET state = 'invalid', reason = 'other' WHERE state = 'void'")

    with op.batch_alter_table("serial_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=8), nullable=False, server_default="gs1"))
        batch_op.add_column(sa.Column("retired_at", MOMENT, nullable=True))
        batch_op.alter_column("gtin", existing_type=sa.VARCHAR(length=14), nullable=True)
        batch_op.alter_column("locked", existing_type=sa.LargeBinary(), nullable=True)
        batch_op.create_index("ix_serial_key_brand", ["brand_id", "kind", "version"], unique=False)


def _move_files_to_parts() -> None:
    """A file was one object of the vault; now it is parts, and an old one is its only part."""
    connection = op.get_bind()
    connection.execute(
        sa.text(
            """UPDATE print_job SET
            first = (SELECT o.first FROM code_order o WHERE o.id = print_job.order_id),
            last = (SELECT o.first + o.count - 1 FROM code_order o WHERE o.id = print_job.order_id),
            done = CASE WHEN state = 'ready' THEN (SELECT o.count FROM code_order o WHERE o.id = print_job.order_id) ELSE 0 END"""
        )
    )
    job = sa.table("print_job", *map(sa.column, ("id", "brand_id", "vault_key", "size", "digest")))
    part = sa.table("print_part", *map(sa.column, ("id", "brand_id", "job_id", "number", "vault_key", "size")), sa.column("note", DOCUMENT))
    for id, brand_id, vault_key, size in connection.execute(sa.select(job.c.id, job.c.brand_id, job.c.vault_key, job.c.size)).all():
        if vault_key is None:
            continue
        row = {"id": id, "brand_id": brand_id, "job_id": id, "number": 0, "vault_key": vault_key, "size": size, "note": {}}
        connection.execute(part.insert().values(row))
        digest = sha256(vault_key.encode()).hexdigest()
        connection.execute(job.update().where(job.c.id == id).values(digest=digest))


NOT_HELD = (
    *(
        (f"rows of {table}", f"SELECT 1 FROM {table}")
        for table in ("code_address", "imported_serial", "sscc_prefix", "pack", "packed_range", "code_move", "reprint")
    ),
    ("keys of another kind than gs1, or destroyed", "SELECT 1 FROM serial_key WHERE kind <> 'gs1' OR gtin IS NULL OR locked IS NULL"),
    (
        "orders of another scheme than gs1, with inner codes, or closed",
        "SELECT 1 FROM code_order WHERE scheme <> 'gs1' OR inner_version IS NOT NULL OR closed_at IS NOT NULL",
    ),
    (
        "files of a part of an order, of inner codes, or several in one format",
        """SELECT 1 FROM print_job j JOIN code_order o ON o.id = j.order_id
        WHERE j.face <> 'outer' OR j.first <> o.first OR j.last <> o.first + o.count - 1
        OR EXISTS (SELECT 1 FROM print_job k WHERE k.order_id = j.order_id AND k.format = j.format AND k.id <> j.id)""",
    ),
    (
        "files that failed, are half made, or have several parts",
        """SELECT 1 FROM print_job j WHERE (SELECT count(*) FROM print_part p WHERE p.job_id = j.id)
        <> CASE j.state WHEN 'waiting' THEN 0 WHEN 'ready' THEN 1 ELSE -1 END""",
    ),
)
"""What 0001 has no place for, and how any of it is found."""


def downgrade() -> None:
    """Refused, before anything is touched, when something would be lost."""
    connection = op.get_bind()
    found = [words for words, query in NOT_HELD if connection.execute(sa.text(query + " LIMIT 1")).first()]
    if found:
        raise RuntimeError(f"{down_revision} cannot hold what is here: {'; '.join(found)}. Nothing was changed")
    op.execute("UPDATE code_range SET state = 'void' WHERE state NOT IN ('allocated', 'encoded', 'commissioned', 'released')")
    op.execute("UPDATE code_range SET state = 'commissioned' WHERE state = 'released'")
    op.execute("UPDATE code_range SET state = 'encoded' WHERE state = 'allocated'")
    with op.batch_alter_table("serial_key", schema=None) as batch_op:
        batch_op.drop_index("ix_serial_key_brand")
        batch_op.alter_column("locked", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.alter_column("gtin", existing_type=sa.VARCHAR(length=14), nullable=False)
        batch_op.drop_column("retired_at")
        batch_op.drop_column("kind")

    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("vault_key", sa.VARCHAR(length=64), nullable=True))
    op.execute("UPDATE print_job SET vault_key = (SELECT p.vault_key FROM print_part p WHERE p.job_id = print_job.id)")
    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_print_job_reprint_id_reprint"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_print_job_order_id_format_face_first_last_plan_key"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_print_job_order_id_format"), ["order_id", "format"])
        batch_op.drop_column("told_at")
        batch_op.drop_column("reprint_id")
        batch_op.drop_column("failure")
        batch_op.drop_column("digest")
        batch_op.drop_column("done")
        batch_op.drop_column("plan_key")
        batch_op.drop_column("plan")
        batch_op.drop_column("last")
        batch_op.drop_column("first")
        batch_op.drop_column("face")

    with op.batch_alter_table("code_range", schema=None) as batch_op:
        batch_op.drop_index("ix_code_range_key")
        batch_op.drop_column("reason")

    with op.batch_alter_table("code_order", schema=None) as batch_op:
        batch_op.drop_column("closed_by")
        batch_op.drop_column("closed_at")
        batch_op.drop_index("ix_code_order_inner")
        batch_op.drop_column("alphanumeric")
        batch_op.drop_column("longest")
        batch_op.drop_column("inner_url")
        batch_op.drop_column("inner_first")
        batch_op.drop_column("inner_version")
        batch_op.drop_column("base_url")
        batch_op.drop_column("scheme")

    with op.batch_alter_table("print_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_print_part_brand_id"))

    op.drop_table("print_part")
    with op.batch_alter_table("reprint", schema=None) as batch_op:
        batch_op.drop_index("ix_reprint_order")
        batch_op.drop_index(batch_op.f("ix_reprint_brand_id"))

    op.drop_table("reprint")
    with op.batch_alter_table("code_move", schema=None) as batch_op:
        batch_op.drop_index("ix_code_move_order")
        batch_op.drop_index(batch_op.f("ix_code_move_brand_id"))

    op.drop_table("code_move")
    with op.batch_alter_table("packed_range", schema=None) as batch_op:
        batch_op.drop_index("ix_packed_range_pack")
        batch_op.drop_index(batch_op.f("ix_packed_range_brand_id"))

    op.drop_table("packed_range")
    with op.batch_alter_table("sscc_prefix", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sscc_prefix_brand_id"))

    op.drop_table("sscc_prefix")
    with op.batch_alter_table("pack", schema=None) as batch_op:
        batch_op.drop_index("ix_pack_parent")
        batch_op.drop_index(batch_op.f("ix_pack_brand_id"))

    op.drop_table("pack")
    with op.batch_alter_table("imported_serial", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_serial_brand_id"))

    op.drop_table("imported_serial")
    op.drop_table("code_address")
