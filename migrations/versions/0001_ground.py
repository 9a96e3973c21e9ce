"""The ground: every table of the first house"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001_ground"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
AMOUNT = sa.BigInteger()
DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    JSONB(none_as_null=True), "postgresql"
)
APPEND_ONLY = ("audit", "epcis_event", "consent", "standing_change")


def upgrade() -> None:
    op.create_table(
        "brand",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand")),
        sa.UniqueConstraint("slug", name=op.f("uq_brand_slug")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("prefix", sa.String(length=8), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scopes", DOCUMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_api_key_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_key_prefix")),
    )
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_api_key_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "audit",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("detail", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_audit_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            "ix_audit_subject", ["subject_kind", "subject_id"], unique=False
        )

    op.create_table(
        "challenge",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("matching", sa.LargeBinary(length=32), nullable=False),
        sa.Column("locked_phone", sa.LargeBinary(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("locked_code", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_challenge_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
    )
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_challenge_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            "ix_challenge_matching", ["brand_id", "matching", "made_at"], unique=False
        )

    op.create_table(
        "epcis_event",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=True),
        sa.Column("biz_step", sa.String(length=40), nullable=True),
        sa.Column("disposition", sa.String(length=40), nullable=True),
        sa.Column("event_time", MOMENT, nullable=False),
        sa.Column("event_offset", sa.String(length=6), nullable=False),
        sa.Column("record_time", MOMENT, nullable=False),
        sa.Column("read_point", sa.String(length=120), nullable=True),
        sa.Column("biz_location", sa.String(length=120), nullable=True),
        sa.Column("what", DOCUMENT, nullable=False),
        sa.Column("why", DOCUMENT, nullable=False),
        sa.Column("ilmd", DOCUMENT, nullable=False),
        sa.Column("transformation_id", sa.String(length=120), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_epcis_event_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epcis_event")),
    )
    with op.batch_alter_table("epcis_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_epcis_event_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            "ix_epcis_event_time", ["brand_id", "event_time"], unique=False
        )

    op.create_table(
        "fact",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("body", DOCUMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_fact_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
    )
    op.create_table(
        "item_scans",
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", MOMENT, nullable=False),
        sa.Column("first_place", sa.String(length=60), nullable=True),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_item_scans_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint(
            "gtin", "key_version", "counter", name=op.f("pk_item_scans")
        ),
    )
    with op.batch_alter_table("item_scans", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_item_scans_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "line",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_line_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line")),
        sa.UniqueConstraint("brand_id", "code", name=op.f("uq_line_brand_id_code")),
    )
    with op.batch_alter_table("line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_line_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "material",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_material_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material")),
        sa.UniqueConstraint("brand_id", "code", name=op.f("uq_material_brand_id_code")),
    )
    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_material_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "member",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_member_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_member_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "product",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("net_content", sa.String(length=40), nullable=False),
        sa.Column("shelf_life_days", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_product_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("brand_id", "gtin", name=op.f("uq_product_brand_id_gtin")),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_product_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "recall",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_recall_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall")),
    )
    with op.batch_alter_table("recall", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recall_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "serial_key",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=False),
        sa.Column("next_counter", sa.BigInteger(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_serial_key_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_serial_key")),
        sa.UniqueConstraint("gtin", "version", name=op.f("uq_serial_key_gtin_version")),
    )
    with op.batch_alter_table("serial_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_serial_key_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "supplier",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("market", sa.String(length=2), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_supplier_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier")),
        sa.UniqueConstraint("brand_id", "uscc", name=op.f("uq_supplier_brand_id_uscc")),
    )
    with op.batch_alter_table("supplier", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supplier_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "trust_anchor",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("crl", sa.LargeBinary(), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_trust_anchor_brand_id_brand")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_anchor")),
    )
    with op.batch_alter_table("trust_anchor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_trust_anchor_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "account",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=True),
        sa.Column("supplier_id", sa.String(length=26), nullable=True),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_account_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"],
            ["supplier.id"],
            name=op.f("fk_account_supplier_id_supplier"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_account_fs_uniquifier")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "certificate",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("supplier_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("holder_name", sa.String(length=120), nullable=False),
        sa.Column("holder_uscc", sa.String(length=18), nullable=True),
        sa.Column("issuer_name", sa.String(length=120), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("reading", DOCUMENT, nullable=True),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("because", DOCUMENT, nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("submitted_by", sa.String(length=64), nullable=False),
        sa.Column("judged_at", MOMENT, nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_certificate_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"],
            ["supplier.id"],
            name=op.f("fk_certificate_supplier_id_supplier"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint(
            "brand_id",
            "supplier_id",
            "sha256",
            name=op.f("uq_certificate_brand_id_supplier_id_sha256"),
        ),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            "ix_certificate_due", ["brand_id", "standing", "valid_until"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_sha256"), ["sha256"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certificate_supplier_id"), ["supplier_id"], unique=False
        )

    op.create_table(
        "code_order",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=False),
        sa.Column("ordered_by", sa.String(length=64), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_code_order_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
            name=op.f("fk_code_order_product_id_product"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_order")),
        sa.UniqueConstraint(
            "brand_id", "reference", name=op.f("uq_code_order_brand_id_reference")
        ),
    )
    with op.batch_alter_table("code_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_code_order_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("surface", sa.String(length=20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_consent_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_consent_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consent_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            "ix_consent_member", ["member_id", "purpose", "at"], unique=False
        )

    op.create_table(
        "delivery",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("fact_id", sa.String(length=26), nullable=False),
        sa.Column("reaction", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["fact_id"], ["fact.id"], name=op.f("fk_delivery_fact_id_fact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state <> 'dead'"),
            postgresql_where=sa.text("state <> 'dead'"),
        )
        batch_op.create_index(
            batch_op.f("ix_delivery_fact_id"), ["fact_id"], unique=False
        )

    op.create_table(
        "gtin_owner",
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_gtin_owner_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
            name=op.f("fk_gtin_owner_product_id_product"),
        ),
        sa.PrimaryKeyConstraint("gtin", name=op.f("pk_gtin_owner")),
    )
    op.create_table(
        "identity",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("matching", sa.LargeBinary(length=32), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.String(length=8), nullable=False),
        sa.Column("proven_at", MOMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_identity_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_identity_member_id_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint(
            "brand_id",
            "kind",
            "matching",
            name=op.f("uq_identity_brand_id_kind_matching"),
        ),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_identity_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_identity_member_id"), ["member_id"], unique=False
        )

    op.create_table(
        "lot",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=True),
        sa.Column("material_id", sa.String(length=26), nullable=True),
        sa.Column("supplier_id", sa.String(length=26), nullable=True),
        sa.Column("line_code", sa.String(length=40), nullable=True),
        sa.Column("quantity", AMOUNT, nullable=False),
        sa.Column("uom", sa.String(length=3), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("best_before", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_lot_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["material_id"], ["material.id"], name=op.f("fk_lot_material_id_material")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_lot_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_lot_supplier_id_supplier")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("brand_id", "code", name=op.f("uq_lot_brand_id_code")),
    )
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index(
            "ix_lot_line", ["brand_id", "line_code", "started_at"], unique=False
        )

    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("recall_id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("lot_code", sa.String(length=40), nullable=False),
        sa.Column("product_zh", sa.String(length=120), nullable=False),
        sa.Column("product_en", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_notice_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_notice_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["recall_id"], ["recall.id"], name=op.f("fk_notice_recall_id_recall")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "recall_id", "member_id", name=op.f("uq_notice_recall_id_member_id")
        ),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_notice_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            "ix_notice_member", ["member_id", "written_at"], unique=False
        )

    op.create_table(
        "stream",
        sa.Column("no", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("line_id", sa.String(length=26), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("name_zh", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("physical_low", sa.Float(), nullable=True),
        sa.Column("physical_high", sa.Float(), nullable=True),
        sa.Column("limits", DOCUMENT, nullable=False),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.Column("novelty", sa.Boolean(), nullable=False),
        sa.Column("cadence_seconds", sa.Float(), nullable=False),
        sa.Column("state", DOCUMENT, nullable=False),
        sa.Column("seen_until", MOMENT, nullable=True),
        sa.Column("last_value", sa.Float(), nullable=True),
        sa.Column("last_at", MOMENT, nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_stream_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line.id"], name=op.f("fk_stream_line_id_line")
        ),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_stream")),
        sa.UniqueConstraint(
            "brand_id", "line_id", "tag", name=op.f("uq_stream_brand_id_line_id_tag")
        ),
    )
    with op.batch_alter_table("stream", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stream_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_stream_line_id"), ["line_id"], unique=False
        )

    op.create_table(
        "supply",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("supplier_id", sa.String(length=26), nullable=False),
        sa.Column("material_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_supply_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["material_id"],
            ["material.id"],
            name=op.f("fk_supply_material_id_material"),
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"],
            ["supplier.id"],
            name=op.f("fk_supply_supplier_id_supplier"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply")),
        sa.UniqueConstraint(
            "supplier_id", "material_id", name=op.f("uq_supply_supplier_id_material_id")
        ),
    )
    with op.batch_alter_table("supply", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supply_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "alert",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("line_id", sa.String(length=26), nullable=False),
        sa.Column("stream_no", sa.Integer(), nullable=False),
        sa.Column("detector", sa.String(length=20), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("returned_at", MOMENT, nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("evidence", DOCUMENT, nullable=False),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("acknowledged_by", sa.String(length=64), nullable=True),
        sa.Column("cause", sa.String(length=30), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_alert_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["line.id"], name=op.f("fk_alert_line_id_line")
        ),
        sa.ForeignKeyConstraint(
            ["stream_no"], ["stream.no"], name=op.f("fk_alert_stream_no_stream")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint(
            "stream_no",
            "detector",
            "began_at",
            name=op.f("uq_alert_stream_no_detector_began_at"),
        ),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_alert_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            "ix_alert_state", ["brand_id", "state", "began_at"], unique=False
        )

    op.create_table(
        "check_outcome",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("certificate_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=False),
        sa.Column("because", sa.String(length=60), nullable=False),
        sa.Column("evidence", DOCUMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_check_outcome_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_check_outcome_certificate_id_certificate"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_outcome")),
        sa.UniqueConstraint(
            "certificate_id", "name", name=op.f("uq_check_outcome_certificate_id_name")
        ),
    )
    with op.batch_alter_table("check_outcome", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_check_outcome_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "code_range",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_code_range_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lot.id"], name=op.f("fk_code_range_lot_id_lot")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["code_order.id"],
            name=op.f("fk_code_range_order_id_code_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_range")),
        sa.UniqueConstraint(
            "gtin",
            "key_version",
            "first",
            name=op.f("uq_code_range_gtin_key_version_first"),
        ),
    )
    with op.batch_alter_table("code_range", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_code_range_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index("ix_code_range_lot", ["lot_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_code_range_order_id"), ["order_id"], unique=False
        )

    op.create_table(
        "event_lot",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("event_id", sa.String(length=26), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_event_lot_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["epcis_event.id"],
            name=op.f("fk_event_lot_event_id_epcis_event"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lot.id"], name=op.f("fk_event_lot_lot_id_lot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_lot")),
        sa.UniqueConstraint(
            "lot_id", "event_id", "role", name=op.f("uq_event_lot_lot_id_event_id_role")
        ),
    )
    with op.batch_alter_table("event_lot", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_event_lot_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_event_lot_event_id"), ["event_id"], unique=False
        )

    op.create_table(
        "hold",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=False),
        sa.Column("cause_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_why", sa.String(length=300), nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_hold_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lot.id"], name=op.f("fk_hold_lot_id_lot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint(
            "lot_id", "cause", "cause_id", name=op.f("uq_hold_lot_id_cause_cause_id")
        ),
    )
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hold_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index("ix_hold_state", ["brand_id", "state"], unique=False)

    op.create_table(
        "lot_input",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("output_lot_id", sa.String(length=26), nullable=False),
        sa.Column("input_lot_id", sa.String(length=26), nullable=False),
        sa.Column("quantity", AMOUNT, nullable=False),
        sa.Column("uom", sa.String(length=3), nullable=False),
        sa.Column("event_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_lot_input_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["epcis_event.id"],
            name=op.f("fk_lot_input_event_id_epcis_event"),
        ),
        sa.ForeignKeyConstraint(
            ["input_lot_id"], ["lot.id"], name=op.f("fk_lot_input_input_lot_id_lot")
        ),
        sa.ForeignKeyConstraint(
            ["output_lot_id"], ["lot.id"], name=op.f("fk_lot_input_output_lot_id_lot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_input")),
        sa.UniqueConstraint(
            "output_lot_id",
            "input_lot_id",
            "event_id",
            name=op.f("uq_lot_input_output_lot_id_input_lot_id_event_id"),
        ),
    )
    with op.batch_alter_table("lot_input", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lot_input_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_lot_input_input_lot_id"), ["input_lot_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_lot_input_output_lot_id"), ["output_lot_id"], unique=False
        )

    op.create_table(
        "lot_paper",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("certificate_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_lot_paper_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_lot_paper_certificate_id_certificate"),
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lot.id"], name=op.f("fk_lot_paper_lot_id_lot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_paper")),
        sa.UniqueConstraint(
            "lot_id", "certificate_id", name=op.f("uq_lot_paper_lot_id_certificate_id")
        ),
    )
    with op.batch_alter_table("lot_paper", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lot_paper_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_lot_paper_certificate_id"), ["certificate_id"], unique=False
        )

    op.create_table(
        "once_link",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_once_link_account_id_account")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_once_link")),
    )
    op.create_table(
        "print_job",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("order_id", sa.String(length=26), nullable=False),
        sa.Column("format", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("vault_key", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ready_at", MOMENT, nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_print_job_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"],
            ["code_order.id"],
            name=op.f("fk_print_job_order_id_code_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
        sa.UniqueConstraint(
            "order_id", "format", name=op.f("uq_print_job_order_id_format")
        ),
    )
    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_print_job_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "reading",
        sa.Column("stream_no", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("quality", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stream_no"], ["stream.no"], name=op.f("fk_reading_stream_no_stream")
        ),
        sa.PrimaryKeyConstraint("stream_no", "at", name=op.f("pk_reading")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "recall_lot",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("recall_id", sa.String(length=26), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_recall_lot_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lot.id"], name=op.f("fk_recall_lot_lot_id_lot")
        ),
        sa.ForeignKeyConstraint(
            ["recall_id"], ["recall.id"], name=op.f("fk_recall_lot_recall_id_recall")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_lot")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_recall_lot_lot_id")),
    )
    with op.batch_alter_table("recall_lot", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recall_lot_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_recall_lot_recall_id"), ["recall_id"], unique=False
        )

    op.create_table(
        "scan",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=True),
        sa.Column("counter", sa.BigInteger(), nullable=True),
        sa.Column("lot_id", sa.String(length=26), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("place", sa.String(length=60), nullable=True),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_scan_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lot.id"], name=op.f("fk_scan_lot_id_lot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
    )
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_scan_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            "ix_scan_item", ["gtin", "key_version", "counter"], unique=False
        )

    op.create_table(
        "standing_change",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("certificate_id", sa.String(length=26), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("because", DOCUMENT, nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_standing_change_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"],
            ["certificate.id"],
            name=op.f("fk_standing_change_certificate_id_certificate"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_change")),
    )
    with op.batch_alter_table("standing_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_standing_change_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_standing_change_certificate_id"),
            ["certificate_id"],
            unique=False,
        )

    op.create_table(
        "alert_lot",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("alert_id", sa.String(length=26), nullable=False),
        sa.Column("lot_id", sa.String(length=26), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("items", sa.BigInteger(), nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name=op.f("fk_alert_lot_alert_id_alert")
        ),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_alert_lot_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["lot.id"], name=op.f("fk_alert_lot_lot_id_lot")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_lot")),
        sa.UniqueConstraint(
            "alert_id", "lot_id", name=op.f("uq_alert_lot_alert_id_lot_id")
        ),
    )
    with op.batch_alter_table("alert_lot", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_alert_lot_brand_id"), ["brand_id"], unique=False
        )

    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("member_id", sa.String(length=26), nullable=False),
        sa.Column("scan_id", sa.String(length=26), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("brand_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["brand.id"], name=op.f("fk_visit_brand_id_brand")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_visit_member_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["scan_id"], ["scan.id"], name=op.f("fk_visit_scan_id_scan")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("scan_id", name=op.f("uq_visit_scan_id")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_visit_brand_id"), ["brand_id"], unique=False
        )
        batch_op.create_index(
            "ix_visit_item", ["gtin", "key_version", "counter"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_visit_member_id"), ["member_id"], unique=False
        )

    for table in APPEND_ONLY:
        _forbid_changes(table)


def _forbid_changes(table: str) -> None:
    """History is added to, never changed: the database itself refuses UPDATE and DELETE."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""CREATE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{table} is append only'; END $$"""
        )
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append only'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_is_append_only() CASCADE")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_member_id"))
        batch_op.drop_index("ix_visit_item")
        batch_op.drop_index(batch_op.f("ix_visit_brand_id"))

    op.drop_table("visit")
    with op.batch_alter_table("alert_lot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alert_lot_brand_id"))

    op.drop_table("alert_lot")
    with op.batch_alter_table("standing_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standing_change_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_standing_change_brand_id"))

    op.drop_table("standing_change")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_item")
        batch_op.drop_index(batch_op.f("ix_scan_brand_id"))

    op.drop_table("scan")
    with op.batch_alter_table("recall_lot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_lot_recall_id"))
        batch_op.drop_index(batch_op.f("ix_recall_lot_brand_id"))

    op.drop_table("recall_lot")
    op.drop_table("reading")
    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_print_job_brand_id"))

    op.drop_table("print_job")
    op.drop_table("once_link")
    with op.batch_alter_table("lot_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_paper_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_lot_paper_brand_id"))

    op.drop_table("lot_paper")
    with op.batch_alter_table("lot_input", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_input_output_lot_id"))
        batch_op.drop_index(batch_op.f("ix_lot_input_input_lot_id"))
        batch_op.drop_index(batch_op.f("ix_lot_input_brand_id"))

    op.drop_table("lot_input")
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_index("ix_hold_state")
        batch_op.drop_index(batch_op.f("ix_hold_brand_id"))

    op.drop_table("hold")
    with op.batch_alter_table("event_lot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_lot_event_id"))
        batch_op.drop_index(batch_op.f("ix_event_lot_brand_id"))

    op.drop_table("event_lot")
    with op.batch_alter_table("code_range", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_code_range_order_id"))
        batch_op.drop_index("ix_code_range_lot")
        batch_op.drop_index(batch_op.f("ix_code_range_brand_id"))

    op.drop_table("code_range")
    with op.batch_alter_table("check_outcome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_outcome_brand_id"))

    op.drop_table("check_outcome")
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index("ix_alert_state")
        batch_op.drop_index(batch_op.f("ix_alert_brand_id"))

    op.drop_table("alert")
    with op.batch_alter_table("supply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supply_brand_id"))

    op.drop_table("supply")
    with op.batch_alter_table("stream", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stream_line_id"))
        batch_op.drop_index(batch_op.f("ix_stream_brand_id"))

    op.drop_table("stream")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_member")
        batch_op.drop_index(batch_op.f("ix_notice_brand_id"))

    op.drop_table("notice")
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.drop_index("ix_lot_line")
        batch_op.drop_index(batch_op.f("ix_lot_brand_id"))

    op.drop_table("lot")
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_member_id"))
        batch_op.drop_index(batch_op.f("ix_identity_brand_id"))

    op.drop_table("identity")
    op.drop_table("gtin_owner")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_fact_id"))
        batch_op.drop_index(
            "ix_delivery_due",
            sqlite_where=sa.text("state <> 'dead'"),
            postgresql_where=sa.text("state <> 'dead'"),
        )

    op.drop_table("delivery")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_member")
        batch_op.drop_index(batch_op.f("ix_consent_brand_id"))

    op.drop_table("consent")
    with op.batch_alter_table("code_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_code_order_brand_id"))

    op.drop_table("code_order")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_sha256"))
        batch_op.drop_index("ix_certificate_due")
        batch_op.drop_index(batch_op.f("ix_certificate_brand_id"))

    op.drop_table("certificate")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_brand_id"))

    op.drop_table("account")
    with op.batch_alter_table("trust_anchor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trust_anchor_brand_id"))

    op.drop_table("trust_anchor")
    with op.batch_alter_table("supplier", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supplier_brand_id"))

    op.drop_table("supplier")
    with op.batch_alter_table("serial_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_serial_key_brand_id"))

    op.drop_table("serial_key")
    with op.batch_alter_table("recall", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_brand_id"))

    op.drop_table("recall")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_brand_id"))

    op.drop_table("product")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_brand_id"))

    op.drop_table("member")
    with op.batch_alter_table("material", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_material_brand_id"))

    op.drop_table("material")
    with op.batch_alter_table("line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_line_brand_id"))

    op.drop_table("line")
    with op.batch_alter_table("item_scans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_scans_brand_id"))

    op.drop_table("item_scans")
    op.drop_table("fact")
    with op.batch_alter_table("epcis_event", schema=None) as batch_op:
        batch_op.drop_index("ix_epcis_event_time")
        batch_op.drop_index(batch_op.f("ix_epcis_event_brand_id"))

    op.drop_table("epcis_event")
    with op.batch_alter_table("challenge", schema=None) as batch_op:
        batch_op.drop_index("ix_challenge_matching")
        batch_op.drop_index(batch_op.f("ix_challenge_brand_id"))

    op.drop_table("challenge")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_subject")
        batch_op.drop_index(batch_op.f("ix_audit_brand_id"))

    op.drop_table("audit")
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_key_brand_id"))

    op.drop_table("api_key")
    op.drop_table("brand")
