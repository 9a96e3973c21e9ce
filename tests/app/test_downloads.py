"""Files come in portions, go on where they broke off, and are the same each time."""

from __future__ import annotations

import pytest

from tests.app.conftest import Web
from tests.factories.dairy import a_product
from traceability import codes, printing


@pytest.fixture
def path(web: Web) -> str:
    """Of a CSV in several parts."""
    with web.house.begin("brand_admin") as unit:
        order = codes.order(unit, product_id=a_product(unit).id, count=150_000, reference="R-1", formats=())
        printing.ask(unit, order_id=order.id, format="csv")
    web.house.drain()
    return f"/api/v1/orders/{order.id}/files/csv"


def test_the_whole_file_says_its_length_and_its_name(web: Web, path: str) -> None:
    headers = web.key("codes")
    answer = web.client.get(path, headers=headers)
    assert answer.status_code == 200
    assert answer.content_length == len(answer.data)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.data.count(b"\r\n") == 150_001
    again = web.client.get(path, headers=headers)
    assert (again.data, again.get_etag()) == (answer.data, answer.get_etag())
    unchanged = web.client.get(path, headers={**headers, "If-None-Match": answer.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")


@pytest.mark.parametrize("portion", ["0-9", "9000000-", "-500", "8999990-9100000"])
def test_a_broken_download_goes_on_across_parts(web: Web, path: str, portion: str) -> None:
    headers = web.key("codes")
    whole = web.client.get(path, headers=headers).data
    answer = web.client.get(path, headers={**headers, "Range": f"bytes={portion}"})
    assert answer.status_code == 206
    first, last = portion.split("-")
    start = int(first) if first else len(whole) - int(last)
    end = int(last) + 1 if first and last else len(whole)
    assert answer.data == whole[start:end]
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(whole)}"


@pytest.mark.parametrize("portion", ["99999999999-", "99999999999-99999999999", "-0"])
def test_a_range_behind_the_end_is_refused_and_the_length_told(web: Web, path: str, portion: str) -> None:
    headers = web.key("codes")
    length = web.client.head(path, headers=headers).content_length
    answer = web.client.get(path, headers={**headers, "Range": f"bytes={portion}"})
    assert (answer.status_code, answer.headers.get("Content-Range")) == (416, f"bytes */{length}")


@pytest.mark.parametrize("asked", ["items=0-1", "bytes=9-0", "bytes=a-b", "bytes=-", "bytes", "bytes=0-1,5-6", "bytes=0-1,99999999999-"])
def test_a_range_that_means_nothing_or_many_is_ignored(web: Web, path: str, asked: str) -> None:
    headers = web.key("codes")
    answer = web.client.get(path, headers={**headers, "Range": asked})
    assert (answer.status_code, answer.content_length) == (200, web.client.head(path, headers=headers).content_length)
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_another_brand_gets_none_of_it(web: Web, path: str) -> None:
    assert web.client.get(path, headers=web.key("codes", brand_id=web.house.other_brand_id)).status_code == 404
