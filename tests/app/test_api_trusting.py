"""Machines change whom a brand believes, and only with a key for it."""

from __future__ import annotations

from tests.app.conftest import Erp, trouble_of


def test_an_issuer_is_said_anew_ended_and_believed_again(erp: Erp) -> None:
    erp.key = erp.web.key("suppliers", "admin")
    made = erp.post("/trusted-issuers", {"name": "Lab", "kinds": ["inspection_report"], "hosts": ["lab.example"]})
    here = f"/trusted-issuers/{made['id']}"
    changed = erp.ask("PUT", here, {"name": "Lab", "dids": ["did:web:lab.example"]})
    assert changed.status_code == 200
    assert changed.json is not None
    assert changed.json == made | {"kinds": [], "hosts": [], "dids": ["did:web:lab.example"], "added_at": changed.json["added_at"]}
    assert erp.ask("PUT", here, {"name": "Lab"}, key=erp.web.key("suppliers")).status_code == 403
    assert erp.ask("PUT", "/trusted-issuers/nobody", {"name": "Lab"}).status_code == 404
    assert erp.ask("DELETE", here).status_code == 204
    ended = erp.ask("PUT", here, {"name": "Lab"})
    assert trouble_of(ended) == (409, "issuer-ended")
    assert erp.post("/trusted-issuers", {"name": "Lab"})["id"] == made["id"]
    assert [each["ended_at"] for each in erp.get("/trusted-issuers")] == [None]
