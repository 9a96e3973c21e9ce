"""What every label format promises. A newcomer to FORMATS is tested here before it has a test of its own."""

from __future__ import annotations

import pytest

from tests.traceability.labels.some import some_labels
from traceability.labels import FORMATS


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_labels_give_the_same_bytes(name: str) -> None:
    labels = some_labels(130)
    assert FORMATS[name].render(labels) == FORMATS[name].render(list(labels))
    assert FORMATS[name].render(labels) != FORMATS[name].render(labels[:-1])


@pytest.mark.parametrize("name", FORMATS)
def test_a_single_label_is_a_file(name: str) -> None:
    assert FORMATS[name].render(some_labels(1))


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_named_as_its_files_are(name: str) -> None:
    assert FORMATS[name].suffix == name
    assert "/" in FORMATS[name].media_type
