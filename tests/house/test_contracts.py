"""The order of the house: an import may only fall, and the rooms that decide stay plain."""

from __future__ import annotations

import subprocess
import sys
from configparser import ConfigParser

from importlinter import api

from tests.house.tree import ROOT


def test_every_contract_is_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as go; sys.exit(go())", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 broken" in done.stdout


def test_architecture_quotes_every_contract_word_for_word() -> None:
    architecture = " ".join((ROOT / "ARCHITECTURE.md").read_text("utf-8").split())
    for contract in api.read_configuration(str(ROOT / "setup.cfg"))["contracts_options"]:
        assert contract["name"] in architecture


def test_no_import_is_excused_but_the_tools_own_rooms() -> None:
    excused = [
        line.strip()
        for contract in api.read_configuration(str(ROOT / "setup.cfg"))["contracts_options"]
        for line in contract.get("ignore_imports", [])
    ]
    assert sorted(excused) == [
        "app.demo_papers -> reportlab",
        "monitoring.baselines -> statsmodels",
        "suppliers.reading.symbols -> zxingcpp",
        "suppliers.recognising.channels -> cv2",
        "suppliers.recognising.engine -> cv2",
        "suppliers.recognising.engine -> rapidocr",
        "suppliers.recognising.seals -> cv2",
        "traceability.clone_fitting -> statsmodels",
        "traceability.inspection.reading -> zxingcpp",
        "traceability.symbols.draw -> segno",
        "traceability.workbook -> xlsxwriter",
    ]


def test_pure_rooms_open_without_a_database_library() -> None:
    """The contract reads imports; this one runs them, where SQLAlchemy and Flask cannot be found."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    rooms = setup["importlinter:contract:pure"]["source_modules"].split()
    assert len(rooms) > 10
    script = "import sys, importlib\n" + "".join(f"sys.modules[{name!r}] = None\n" for name in ("sqlalchemy", "flask", "celery"))
    script += "".join(f"importlib.import_module({room!r})\n" for room in rooms)
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
