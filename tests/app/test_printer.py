"""Labels from the command line: the same file as the worker's, made by whoever comes first."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.printer import print_labels
from kernel.errors import Missing
from tests.conftest import House
from tests.factories.dairy import a_product
from traceability import codes, printing


@pytest.fixture
def order_id(house: House) -> str:
    with house.begin("brand_admin") as unit:
        return codes.order(unit, product_id=a_product(unit).id, count=220_000, reference="PO-1", formats=()).id


def _kept(house: House, order_id: str) -> bytes:
    with house.look() as unit:
        (job,) = printing.jobs(unit, order_id)
        return printing.file(unit, job.id)[1].read()


def test_a_file_is_written_and_kept(house: House, order_id: str, tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    steps = list(print_labels(house.settings, path, brand="lanmu", reference="PO-1", format="csv"))
    assert steps == [(0, 220_000), (100_000, 220_000), (200_000, 220_000), (220_000, 220_000)]
    assert path.read_bytes() == _kept(house, order_id)
    house.drain()  # what the worker was told as well changes nothing
    assert path.read_bytes() == _kept(house, order_id)


def test_broken_off_it_goes_on_where_it_was(house: House, order_id: str, tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    steps = print_labels(house.settings, path, brand="lanmu", reference="PO-1", format="csv")
    assert [next(steps), next(steps)] == [(0, 220_000), (100_000, 220_000)]
    steps.close()  # type: ignore[attr-defined]
    assert not path.exists()
    assert next(print_labels(house.settings, path, brand="lanmu", reference="PO-1", format="csv")) == (100_000, 220_000)
    house.drain()
    assert _kept(house, order_id).count(b"\n") == 220_001


def test_what_is_not_there_is_named(house: House, order_id: str, tmp_path: Path) -> None:
    for brand, reference in (("nobody", "PO-1"), ("lanmu", "PO-2"), ("other", "PO-1")):
        with pytest.raises(Missing):
            list(print_labels(house.settings, tmp_path / "x.csv", brand=brand, reference=reference, format="csv"))


def test_the_command_says_what_would_work(house: House, order_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUYUAN_HOME", house.settings.home)
    monkeypatch.setenv("DATABASE_URL", house.settings.database_url)
    path = tmp_path / "sheet.pdf"
    run = CliRunner().invoke(main, ["labels", "PO-1", str(path), "--dpi", "300", "--size", "5"])
    assert run.exit_code != 0
    assert "600 dpi" in run.output
    assert not path.exists()
    run = CliRunner().invoke(main, ["labels", "PO-1", str(path), "--count", "40"])
    assert run.exit_code == 0, run.output
    assert path.read_bytes().startswith(b"%PDF")
    run = CliRunner().invoke(main, ["labels", "PO-1", str(path), "--start", "0"])
    assert run.exit_code == 2
    assert "x>=1" in run.output
    run = CliRunner().invoke(main, ["labels", "PO-1", str(path), "--start", "220001"])
    assert "from 1 to 220000" in run.output
