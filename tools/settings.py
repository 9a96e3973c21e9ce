"""Write .env.example and docs/settings.md from app/config.py, the one place where settings are said.

.venv/bin/python tools/settings.py
"""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from app.config import Settings  # noqa: E402

HEAD = """# Settings

Everything that differs between a laptop and a data centre is a value below, read once from the environment
by [app/config.py](../app/config.py); there is no `if production` anywhere. An empty value means the embedded
default. `./suyuan settings` prints the same; `.env.example` is the same as a file for `set -a; . ./.env`.

| setting | default | meaning |
|---|---|---|
"""


def main() -> None:
    rows = [(f.metadata["name"], str(f.default), f.metadata["meaning"]) for f in fields(Settings)]
    page = "".join(f"| `{name}` | {f'`{default}`' if default else '–'} | {meaning} |\n" for name, default, meaning in rows)
    (ROOT / "docs" / "settings.md").write_text(HEAD + page, "utf-8")
    lines = "".join(f"# {meaning}\n#{name}={default}\n\n" for name, default, meaning in rows)
    head = "# Every setting with its default. Written by tools/settings.py; take away a # to change one.\n\n"
    (ROOT / ".env.example").write_text(head + lines.rstrip("\n") + "\n", "utf-8")


if __name__ == "__main__":
    main()
