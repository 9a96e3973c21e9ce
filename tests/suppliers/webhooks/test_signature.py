"""Signatures of webhooks, against the vector of the standard's own libraries."""

from __future__ import annotations

import pytest

from suppliers.webhooks import signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_standards_own_example() -> None:
    """Of the reference libraries of Standard Webhooks: the same secret, id, seconds and body make the same signature."""
    headers = signature.headers(
        signature.read(SECRET), message="msg_p5jXN8AQM9LWM0D4loKWxJek", seconds=1614265330, body=b'{"test": 2432232314}'
    )
    assert headers == {
        "Content-Type": "application/json",
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_is_read_as_it_was_written() -> None:
    secret = bytes(range(32))
    assert signature.read(signature.written(secret)) == secret
    assert signature.written(secret).startswith("whsec_")


@pytest.mark.parametrize("text", ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_!", "sk_MfKQ9r8G"])
def test_what_is_no_secret_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        signature.read(text)


@pytest.mark.parametrize("change", [{"message": "msg_2"}, {"seconds": 2}, {"body": b"{ }"}])
def test_whatever_changes_changes_the_signature(change: dict[str, object]) -> None:
    given = {"message": "msg_1", "seconds": 1, "body": b"{}"}
    one, other = (signature.headers(b"k" * 32, **each)["webhook-signature"] for each in (given, given | change))  # type: ignore[arg-type]
    assert one != other
