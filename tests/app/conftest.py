"""The web in front of a test house."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from app.auth import credentials
from app.factory import create_app
from tests.conftest import House


@dataclass
class Web:
    house: House
    app: APIFlask
    client: FlaskClient

    def key(self, *scopes: str, brand_id: str | None = None) -> dict[str, str]:
        """Headers of a machine with a fresh key."""
        with self.house.begin("brand_admin", brand_id=brand_id) as unit:
            return {"X-API-Key": credentials.add_key(unit, name="test", scopes=list(scopes))}

    def sign_in(self, role: str, *, supplier_id: str | None = None, brand_id: str | None = None) -> FlaskClient:
        """A browser in which an account of this role is signed in."""
        email = f"{role}-{brand_id or 'own'}@example.org".lower()
        with self.house.begin("brand_admin", brand_id=brand_id) as unit:
            credentials.add_account(unit, email=email, name=role, role=role, supplier_id=supplier_id)
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


@pytest.fixture
def web(house: House) -> Web:
    app = create_app(house.settings, house.database)
    app.testing = True
    return Web(house, app, app.test_client())
