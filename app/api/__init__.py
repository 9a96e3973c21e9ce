"""The JSON doors, under /api/v1, for machines with a key. OpenAPI 3.1 at /api/openapi.json."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask

from app.api import codes, lots, monitoring, suppliers

DOORS = (suppliers.bp, codes.bp, lots.bp, monitoring.bp)


def install(app: APIFlask) -> None:
    for bp in DOORS:
        app.register_blueprint(bp)
    app.security_schemes = {"ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}

    @app.spec_processor
    def _problems(spec: dict[str, Any]) -> dict[str, Any]:
        """Say of every operation that it needs a key and that its errors are problem details (RFC 9457)."""
        schemas = spec.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = PROBLEM
        answer = {"description": "Problem details", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        for path in spec.get("paths", {}).values():
            for operation in path.values():
                operation["security"] = [{"ApiKey": []}]
                responses = operation["responses"]
                for status in ("400", "401", "403", "404", "409", "413", "415", "422", "429", "503"):
                    responses[status] = answer
        return spec


PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "rule", "detail"],
                "properties": {"pointer": {"type": "string"}, "rule": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
