"""The JSON doors, under /api/v1, for machines with a key. OpenAPI 3.1 at /api/openapi.json."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask

from app.api import codes, lots, monitoring, shapes, suppliers

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
        schemas.update(monitoring.SHAPES)
        for path, body in BODIES.items():
            spec["paths"][path]["post"]["requestBody"] = {"required": True, "content": body}
        answer = {
            "description": "Problem details",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for path in spec.get("paths", {}).values():
            for operation in path.values():
                operation["security"] = [{"ApiKey": []}]
                responses = operation["responses"]
                for status in ("400", "401", "403", "404", "409", "413", "415", "422", "429", "503"):
                    responses[status] = answer
        return spec


_PAPER = shapes.CertificateForm.model_json_schema()
BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/telemetry": {"application/json": {"schema": {"$ref": "#/components/schemas/BatchIn"}}},
    "/api/v1/certificates": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": [*_PAPER["required"], "file"],
                "properties": {**_PAPER["properties"], "file": {"type": "string", "format": "binary"}},
            }
        }
    },
}
"""Bodies of the doors that read them by themselves."""

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
