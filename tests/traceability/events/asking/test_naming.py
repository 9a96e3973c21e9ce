"""Names of extension fields: two are one when their IRIs are."""

from __future__ import annotations

from traceability.events.asking import naming


def test_gs1s_vocabulary_is_one_under_both_of_its_addresses() -> None:
    old, new = ({"gs1": space} for space in ("https://gs1.org/voc/", "https://ref.gs1.org/voc/"))
    assert naming.asked("gs1:taste", old) & naming.told("gs1:taste", new)
