"""The JSON doors, under /api/v1, for machines with a key. OpenAPI 3.1 at /api/openapi.json."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask

from app.api import (
    books,
    brand,
    codes,
    decisions,
    deliveries,
    exports,
    fraud,
    links,
    lots,
    messages,
    monitoring,
    moves,
    packs,
    papers,
    prints,
    recalls,
    scans,
    shapes,
    shapes_codes,
    shapes_papers,
    shapes_prints,
    shipments,
    sites,
    suppliers,
    trusting,
    uploads,
    webhooks,
    whereabouts,
)

DOORS = (
    suppliers.bp,
    uploads.bp,
    papers.bp,
    decisions.bp,
    trusting.bp,
    messages.bp,
    webhooks.bp,
    whereabouts.bp,
    codes.bp,
    moves.bp,
    prints.bp,
    packs.bp,
    brand.bp,
    sites.bp,
    links.bp,
    lots.bp,
    exports.bp,
    recalls.bp,
    books.bp,
    deliveries.bp,
    scans.bp,
    fraud.bp,
    shipments.bp,
    monitoring.bp,
)


def install(app: APIFlask) -> None:
    for bp in (*DOORS, scans.moved):
        app.register_blueprint(bp)
    app.security_schemes = {"ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"}}

    @app.spec_processor
    def _problems(spec: dict[str, Any]) -> dict[str, Any]:
        """Say of every operation that it needs a key and that its errors are problem details (RFC 9457)."""
        spec["info"]["description"] = MANNERS
        schemas = spec.setdefault("components", {}).setdefault("schemas", {})
        schemas["Problem"] = PROBLEM
        schemas.update(monitoring.SHAPES)
        for path, body in BODIES.items():
            spec["paths"][path]["post"]["requestBody"] = {"required": True, "content": body}
        spec["paths"][IMPORTS]["post"]["parameters"] = [
            {"name": name, "in": "query", "description": "with text/csv", "schema": schema}
            for name, schema in shapes_codes.ImportForm.model_json_schema()["properties"].items()
        ]
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


MANNERS = (
    "Codes of an order have positions, counted from 0: `start`, `count` and `positions` say which codes are meant. "
    "The `spans` of a problem say it twice: `from` and `to` count from 1, both included, as labels and people do; "
    "`start` and `count` count from 0, as requests do. "
    "Errors are problem documents (RFC 9457) in English: `type`, and the `rule` and `pointer` (RFC 6901) of each of `errors`, are the "
    "contract; titles and details may change, and pages say them in the reader's language. "
    "Long lists come newest first and a page at a time: `limit` says how many, `before` the last id of the page before."
)
"""What holds at every door."""

IMPORTS = "/api/v1/orders/imports"
_CSV: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}, "example": "serial\n7QK2M9XTAB3C\n0F4ZH2WNYT6P\n"}


def _form(shape: type[shapes.In], file: str) -> dict[str, Any]:
    """A multipart body: the fields of a shape, and a file."""
    fields = shape.model_json_schema()
    properties = {**fields.get("properties", {}), file: {"type": "string", "format": "binary"}}
    return {
        "multipart/form-data": {"schema": {"type": "object", "required": [*fields.get("required", []), file], "properties": properties}}
    }


_LINKS: dict[str, Any] = {
    "schema": {"type": "string", "format": "binary"},
    "example": "key,link_type,href,title,language\n(01)09521234500018,gs1:recipeInfo,https://www.lanmu.example/recipes/milk,鲜牛奶的做法,zh\n",
}

BODIES: dict[str, dict[str, Any]] = {
    "/api/v1/telemetry": {"application/json": {"schema": {"$ref": "#/components/schemas/BatchIn"}}},
    "/api/v1/certificates": _form(shapes_papers.CertificateForm, "file"),
    "/api/v1/uploads": _form(shapes_papers.UploadForm, "file"),
    "/api/v1/certificates/{certificate_id}/lookups": _form(shapes_papers.LookupForm, "screenshot"),
    "/api/v1/links/imports": _form(shapes.In, "file") | {"text/csv": _LINKS},
    IMPORTS: _form(shapes_codes.ImportForm, "file") | {"text/csv": _CSV},
    "/api/v1/lots/{lot_id}/commissionings": {"application/json": {"schema": shapes_codes.SerialsIn.model_json_schema()}, "text/csv": _CSV},
    "/api/v1/files/{job_id}/inspections": _form(shapes_prints.InspectionForm, "picture"),
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
