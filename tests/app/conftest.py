"""The web in front of a test house, and a machine of the dairy at its JSON doors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from apiflask import APIFlask
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import event

from app.auth import credentials
from app.factory import create_app
from tests.conftest import House
from tests.factories.dairy import a_batch, a_product
from traceability import codes

PASSWORD = "four quiet cows graze"
"""Of everybody who signs in here."""


@cache
def _hashed() -> str:
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


@dataclass
class Web:
    house: House
    app: APIFlask
    client: FlaskClient

    def key(self, *scopes: str, brand_id: str | None = None) -> dict[str, str]:
        """Headers of a machine with a fresh key."""
        with self.house.begin("brand_admin", brand_id=brand_id) as unit:
            return {"X-API-Key": credentials.add_key(unit, name="test", scopes=list(scopes))}

    def sign_in(self, role: str, *, supplier_id: str | None = None, brand_id: str | None = None, password: bool = True) -> FlaskClient:
        """A browser in which an account of this role is signed in, with PASSWORD unless told otherwise."""
        email = f"{role}-{brand_id or 'own'}@example.org".lower()
        with self.house.begin("brand_admin", brand_id=brand_id) as unit:
            account = credentials.add_account(unit, email=email, name=role, role=role, supplier_id=supplier_id)
            account.password = _hashed() if password else None
            unit.session.flush()
            token = credentials.make_link(unit, email=email)
        client = self.app.test_client()
        assert client.get(f"/once/{token}").status_code == 302
        return client

    def post(self, client: FlaskClient, path: str, form: dict[str, Any] | None = None, *, page: str | None = None, **more: Any) -> Any:
        """POST a form as a browser would, with the CSRF token of ``page`` (or of the path itself)."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page or path).text)
        assert found, f"no form on {page or path}"
        return client.post(path, data={**(form or {}), "csrf_token": found[1]}, **more)


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(house.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(house.database.engine, "before_cursor_execute", note)


@pytest.fixture
def web(house: House) -> Web:
    app = create_app(house.settings, house.database)
    app.testing = True
    return Web(house, app, app.test_client())


@dataclass
class Erp:
    """A machine of the dairy with a product and a lot of it."""

    web: Web
    key: dict[str, str]
    product_id: str
    lot_id: str

    def ask(self, method: str, path: str, body: object = None, *, key: dict[str, str] | None = None, **more: Any) -> Any:
        if body is not None:
            more["json"] = body
        return self.web.client.open("/api/v1" + path, method=method, headers=key or self.key, **more)

    def post(self, path: str, body: object = None, **more: Any) -> Any:
        """The answer to a POST that must be right."""
        answer = self.ask("POST", path, {} if body is None and not more else body, **more)
        assert answer.status_code < 300, answer.text
        return answer.json

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def order(self, count: int = 100, **more: Any) -> str:
        body = {"reference": f"O-{count}", "product_id": self.product_id, "count": count, "formats": [], **more}
        return str(self.post("/orders", body)["id"])

    def links(self, order_id: str, start: int, count: int) -> list[str]:
        with self.web.house.look() as unit:
            return codes.links(unit, order_id, start, count)


@pytest.fixture
def erp(web: Web) -> Erp:
    with web.house.begin("brand_admin") as unit:
        product = a_product(unit)
        lot = a_batch(unit, "L-1", product)
        unit.session.flush()
    return Erp(web, web.key("codes", "admin"), product.id, lot.id)


def flaw_of(answer: Any) -> tuple[int, str, str]:
    """Status, place and rule of the first flaw."""
    assert answer.content_type == "application/problem+json"
    return answer.status_code, answer.json["errors"][0]["pointer"], answer.json["errors"][0]["rule"]


def trouble_of(answer: Any) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json"
    return answer.status_code, answer.json["type"].removeprefix("/problems/")
