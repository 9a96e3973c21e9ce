"""Draft the next migration from what the models say and the newest revision does not.

    .venv/bin/python tools/revision.py short_name "What it is for"

Writes migrations/versions/NNNN_short_name.py and ``.head``. Read the draft before you believe it:
triggers, data and names that changed are yours to write.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from alembic import command

from app.database import make_engine
from app.tables import metadata
from migrations.upgrade import HERE, configuration, head, upgrade


def main(name: str, meaning: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,40}", name):
        raise SystemExit("the name: small letters, digits and underscores")
    revision = f"{int(head()[:4]) + 1:04d}_{name}"
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/draft.db")
        upgrade(engine)
        with engine.execution_options(writes=True).begin() as connection:
            config = configuration(connection)
            config.attributes["metadata"] = metadata
            config.set_main_option("file_template", "%%(rev)s")
            command.revision(config, message=meaning, autogenerate=True, rev_id=revision)
    (HERE / ".head").write_text(revision + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
