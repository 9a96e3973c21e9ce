"""Doors: each has a guard, and none opens to the wrong role, to nobody, or to another brand.

The walk needs no list of routes: it takes the application's own map, so a door is tried here
before it has a test. Two brands live in one database; the seed's whole dairy is the foreign one.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule

from app import relay, seed
from app.auth import credentials
from app.auth.guards import Guard, guard_of
from app.auth.models import ROLES
from app.config import Settings
from app.database import Database
from app.factory import create_app
from app.house import open_database
from app.tables import metadata
from app.wiring import Reaction
from kernel.ids import new_id
from kernel.orm import Brand, BrandOwned
from kernel.unit import PLATFORM, Actor
from monitoring import alerts, streams
from suppliers import certificates, directory, messages, rules, trust, webhooks
from suppliers.facts import PaperUploaded
from suppliers.models import Certificate, PaperOverride
from tests.factories.looks import a_look
from tests.factories.recalls import a_recall
from tests.house.tree import every_subclass
from traceability import holds, lots, printing, reports
from traceability.events import jobs, named, names, subscriptions
from traceability.models import Thing

NOT_OURS = {"gtin", "serial", "short", "token", "filename", "code", "lang"}
"""Parameters that are no id of a brand's object: what is open to everybody, or names no row."""
PRINTS, TELLS = (f"{act.__module__}.{act.__name__}" for act in (printing.on_print_asked, webhooks.on_webhook_due))
PLAIN = {"page": ["1"], "format_name": ["csv"], "step": ["scrap"], "kind": ["epcs"], "suffix": ["csv"]}
FEATURES = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@dataclass
class Street:
    """The dairy, and a neighbour's staff and machines who knock at its doors."""

    app: APIFlask
    dairy: str
    neighbour: str
    objects: dict[str, list[str]]
    """The dairy's rows: name of a table -> ids."""
    home: dict[str, FlaskClient]
    away: dict[str, FlaskClient]
    home_key: dict[str, str]
    away_key: dict[str, str]
    meagre_key: dict[str, str]

    def rules(self, kind: str) -> list[tuple[Rule, Guard]]:
        found = []
        for rule in self.app.url_map.iter_rules():
            guard = guard_of(self.app, rule.endpoint)
            if guard is not None and guard.kind == kind:
                found.append((rule, guard))
        return found

    def path(self, rule: Rule, ids: dict[str, str]) -> str:
        with self.app.test_request_context():
            return self.app.url_map.bind("localhost").build(rule.endpoint, ids, method=next(iter(FEATURES & rule.methods)))  # type: ignore[operator]

    def every_ids(self, rule: Rule) -> list[dict[str, str]]:
        """For the parameters of a rule the ids of rows of the dairy, several when there are."""
        ours = rule.arguments - NOT_OURS
        rows = {name: PLAIN.get(name) or self.objects.get(table_of(name, rule.rule)) or [new_id(datetime.now(UTC))] for name in ours}
        most = max(map(len, rows.values()), default=0)
        return [{name: found[place % len(found)] for name, found in rows.items()} for place in range(min(most, 6))]

    def ids(self, rule: Rule) -> dict[str, str] | None:
        """The first of them; None when the rule names no row."""
        return next(iter(self.every_ids(rule)), None)


def table_of(argument: str, rule: str) -> str:
    """``lot_id`` is a row of ``lot``; ``order_id`` of ``code_order``; ``no`` of ``stream``."""
    bare = argument.removesuffix("_id").removesuffix("_no")
    if bare in ("id", "no"):
        bare = re.findall(r"/([a-z-]+)/<", rule)[-1].rstrip("s")
    return {
        "order": "code_order",
        "job": "print_job",
        "move": "code_move",
        "paper": "certificate",
        "key": "api_key",
        "case": "suspicion",
        "capture": "capture_job",
        "subscription": "epcis_subscription",
        "delivery": "goods_delivery",
        "row": "requirement_row",
        "override": "paper_override",
        "lookup": "register_lookup",
        "issuer": "trusted_issuer",
        "anchor": "trust_anchor",
    }.get(bare, bare)


@pytest.fixture(scope="module")
def street(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    home = tmp_path_factory.mktemp("street")
    shutil.copyfile(sqlite_template, home / "suyuan.db")
    settings = Settings(home=str(home), database_url=f"sqlite:///{home / 'suyuan.db'}").filled()
    database = open_database(settings)
    with pytest.MonkeyPatch.context() as quick:
        # The doors are tried here, not the printers and the way out: those have their own tests. The seed's papers must stand.
        quick.setitem(relay.BY_NAME, TELLS, replace(relay.BY_NAME[TELLS], before=lambda _unit, _fact: None))
        quick.setitem(relay.BY_NAME, PRINTS, Reaction(lambda _unit, _fact: None))
        planted = seed.plant(settings, database)
        papers_afoot(database, planted.brand_id)
        a_bad_day(database, planted.brand_id)
    neighbour = new_id(datetime.now(UTC))
    with database.begin(PLATFORM) as unit:
        unit.session.add(Brand(id=neighbour, slug="next-door", name="隔壁", created_at=unit.now))
    with database.begin(Actor("brand_admin", "-", neighbour)) as unit:
        supplier = directory.add_supplier(unit, name="隔壁供应商", uscc=seed.uscc("meadow"), kind="farm")
        for role in ROLES[1:]:
            supplier_id = supplier.id if role == "supplier" else None
            credentials.add_account(unit, email=f"{role}@next.example", name=role, role=role, supplier_id=supplier_id)
        unit.session.flush()
        links = {role: "/once/" + credentials.make_link(unit, email=f"{role}@next.example") for role in ROLES[1:]}
        away_key = credentials.add_key(unit, name="away", scopes=list(credentials.SCOPES))
    with database.begin(Actor("brand_admin", "-", planted.brand_id)) as unit:
        meagre = {scope: credentials.add_key(unit, name=scope, scopes=[scope]) for scope in credentials.SCOPES}
    app = create_app(settings, database)
    app.testing = True
    with database.look(Actor("system", "-", planted.brand_id)) as unit:
        tables = [kind.__table__ for kind in every_subclass(BrandOwned) if hasattr(kind, "__table__")]
        keys = {table.name: select(table.primary_key.columns[0]).where(table.c.brand_id == planted.brand_id) for table in tables}
        objects = {name: [str(each) for each in unit.session.scalars(query)] for name, query in keys.items()}
        objects["uri"] = list(unit.session.scalars(select(Thing.uri).limit(6)))
        objects["event"] = [names.event(each) for each in objects["epcis_event"]]
        objects["query_name"] = [query.name for query in named.every(unit, most=6)]
    yield Street(
        app=app,
        dairy=planted.brand_id,
        neighbour=neighbour,
        objects=objects,
        home={role: signed_in(app, path) for role, path in planted.logins.items()},
        away={role: signed_in(app, path) for role, path in links.items()},
        home_key={"X-API-Key": planted.api_key},
        away_key={"X-API-Key": away_key},
        meagre_key=meagre,
    )
    database.engine.dispose()


def a_bad_day(database: Database, brand_id: str) -> None:
    """What a seed does not plant: an alert, a proposed hold, a recall with its notices, a report of a fake and its case."""
    with database.begin(Actor("quality", "-", brand_id)) as unit:
        running, sold = (
            next(lot for lot in lots.every(unit) if lot.kind == "product" and lot.state == state) for state in ("open", "released")
        )
        holds.propose(unit, lot_id=running.id, cause="person", cause_id=unit.new_id(), reason="to be looked at")
        stream = streams.streams(unit)[0]
        alerts.open(
            unit,
            stream=stream,
            detector="limits",
            severity="critical",
            began_at=unit.now,
            evidence={"code": "alert.limits.low", "value": 60.0, "limit": 72.0, "seconds": 5},
        )
        a_recall(unit, lot_ids=[sold.id], reason="a drill", advice="do not drink it")
        jobs.ask(unit, vault_key=unit.outside.vault.put(b"{}"), media_type="application/json")
        named.create(unit, name="all", question={})
        wish = {"dest": "https://next.example/hook", "stream": True}
        subscriptions.create(unit, query_name="all", wish=wish, epc_format="No_Preference")
        reports.tell(unit, scan_id=a_look(unit, unit.now).id, kind="fake", text="")
    relay.drain(database)
    a_file_to_confirm(database, brand_id)


def a_file_to_confirm(database: Database, brand_id: str) -> None:
    """A file of the supplier who signs in, read and with a page to look at, that nobody has confirmed yet."""
    with database.begin(Actor("quality", "-", brand_id)) as unit:
        meadow = next(each for each in directory.suppliers(unit) if each.uscc == seed.uscc("meadow"))
        row = certificates.upload(unit, supplier_id=meadow.id, content=b"%PDF-1.7 to be confirmed", filename="licence.pdf")
        page = unit.outside.vault.put(b"\x89PNG\r\n\x1a\n a page")
        seen = certificates.Inspection({"kind": "pdf", "trouble": None, "active": [], "lines": []}, {}, [page])
        certificates.uploads.on_paper_uploaded(unit, PaperUploaded(upload_id=row.id), seen)


def papers_afoot(database: Database, brand_id: str) -> None:
    """What a seed does not plant of papers: a file nobody confirmed, an override that waits, a row of the brand's, a webhook."""
    with database.begin(Actor("brand_admin", "-", brand_id)) as unit:
        supplier = directory.suppliers(unit)[0]
        webhook, _ = webhooks.add(unit, name="ERP", url="https://next.example/papers")
        webhooks.ping(unit, webhook_id=webhook.id)
        messages.say(unit, supplier.id, "hello")
        trust.add_issuer(unit, name="an authority")
        certificates.upload(unit, supplier_id=supplier.id, content=b"%PDF-1.7 nobody confirmed this", filename="paper.pdf")
        day = unit.now.date()
        asks = {"market": "CN", "supplier_kinds": ["farm"], "categories": ["dairy"], "kinds": ["haccp"], "effective_from": day}
        rules.add_row(unit, **asks, citation="house rule 1", why="because we say so")
        paper = unit.session.scalars(select(Certificate.id).limit(1)).one()
        words = {"name": "dates", "because": "check.dates.lapsed", "reason": "look again"}
        asked = {"state": "proposed", "proposed_at": unit.now, "proposed_by": "-"}
        unit.session.add(PaperOverride(id=unit.new_id(), certificate_id=paper, **words, **asked))


def signed_in(app: APIFlask, path: str) -> FlaskClient:
    client = app.test_client()
    assert client.get(path).status_code == 302
    return client


def everything(street: Street) -> dict[str, int]:
    """How many rows every table holds: whatever happens leaves at least its row in the audit trail."""
    with street.app.extensions["suyuan"].look(PLATFORM) as unit:
        return {name: unit.session.scalar(select(func.count()).select_from(table)) or 0 for name, table in metadata.tables.items()}


def test_every_door_has_a_guard(street: Street) -> None:
    open_air = [str(rule) for rule in street.app.url_map.iter_rules() if guard_of(street.app, rule.endpoint) is None]
    assert open_air == []
    assert {kind: len(street.rules(kind)) > 3 for kind in ("open", "staff", "machine")} == {"open": True, "staff": True, "machine": True}


def test_every_guard_names_roles_and_scopes_that_exist(street: Street) -> None:
    assert {role for _, guard in street.rules("staff") for role in guard.allows} <= set(ROLES)
    assert {scope for _, guard in street.rules("machine") for scope in guard.allows} <= set(credentials.SCOPES)
    assert all(guard.allows for kind in ("staff", "machine") for _, guard in street.rules(kind))


def test_a_door_without_a_guard_opens_to_nobody(street: Street) -> None:
    app = create_app(street.app.extensions["suyuan.settings"], street.app.extensions["suyuan"])
    app.add_url_rule("/forgotten", "forgotten", lambda: "in")
    assert app.test_client().get("/forgotten").status_code == 500


def test_staff_doors_send_a_stranger_to_the_sign_in(street: Street) -> None:
    stranger = street.app.test_client()
    for rule, _ in street.rules("staff"):
        path = street.path(rule, street.ids(rule) or {})
        if "GET" in rule.methods:  # type: ignore[operator]
            answer = stranger.get(path, headers={"Accept": "text/html"})
            assert answer.status_code == 302, path
            assert "/login" in answer.headers["Location"], path
            assert stranger.get(path, headers={"Accept": "application/json"}).status_code == 401, path
        else:
            assert stranger.post(path).status_code in (400, 401), path


def test_machine_doors_ask_for_a_key_and_for_the_right_scope(street: Street) -> None:
    machine = street.app.test_client()
    for rule, guard in street.rules("machine"):
        path = street.path(rule, street.ids(rule) or {})
        method = next(iter(FEATURES & rule.methods))  # type: ignore[operator]
        answer = machine.open(path, method=method)
        assert (answer.status_code, answer.content_type) == (401, "application/problem+json"), path
        assert machine.open(path, method=method, headers={"X-API-Key": "guess.ed"}).status_code == 401, path
        for scope, key in street.meagre_key.items():
            if scope not in guard.allows:
                assert machine.open(path, method=method, headers={"X-API-Key": key}).status_code == 403, (path, scope)


def test_staff_doors_open_to_their_roles_only(street: Street) -> None:
    for rule, guard in street.rules("staff"):
        if "GET" not in rule.methods:  # type: ignore[operator]
            continue
        path = street.path(rule, street.ids(rule) or {})
        for role, client in street.home.items():
            answer = client.get(path, buffered=False)
            status = answer.status_code
            answer.close()
            if role not in guard.allows:
                assert status == 403, (path, role)
            else:
                assert status < 500, (path, role)


def test_a_foreign_brands_object_is_not_there(street: Street) -> None:
    """The same paths answer their own brand, so that the neighbour's 404 is about the wall and not the path."""
    tried, unreached = 0, []
    for kind in ("staff", "machine"):
        for rule, guard in street.rules(kind):
            every = [street.path(rule, ids) for ids in street.every_ids(rule)]
            if not every or "GET" not in rule.methods or rule.arguments <= set(PLAIN):  # type: ignore[operator]
                continue
            away = {status for path in every for status in knock(street, kind, guard, path, away=True)}
            assert away <= {403, 404}, (rule.rule, away)
            tried += 1
            if not any(status < 400 for path in every for status in knock(street, kind, guard, path, away=False)):
                unreached.append(rule.rule)
    assert tried > 8
    assert len(unreached) <= tried * 0.2, f"the test has gone blind: not even their own brand gets an answer of {unreached}"


def knock(street: Street, kind: str, guard: Guard, path: str, *, away: bool) -> list[int]:
    """What everybody whom the guard allows is answered, the neighbour's people or the dairy's own."""
    if kind == "machine":
        return [street.app.test_client().get(path, headers=street.away_key if away else street.home_key).status_code]
    people = street.away if away else street.home
    return [people[role].get(path).status_code for role in people if role in guard.allows]


def test_a_supplier_sees_no_paper_of_another_supplier_of_the_same_brand(street: Street) -> None:
    (rule,) = (rule for rule, _ in street.rules("staff") if rule.rule == "/portal/papers/<paper_id>")
    answers = [street.home["supplier"].get(street.path(rule, {"paper_id": paper})).status_code for paper in street.objects["certificate"]]
    assert set(answers) == {200, 404}


def test_nobody_changes_a_foreign_brands_object(street: Street) -> None:
    """A form may send its sender back with a reason instead of a 404; in either case nothing happens."""
    before = everything(street)
    words = {"why": "mine now", "reason": "mine now", "advice": "mine now", "note": "mine now"}
    for rule, _ in street.rules("machine"):
        ids = street.ids(rule)
        if ids and "GET" not in rule.methods:  # type: ignore[operator]
            method = next(iter(FEATURES & rule.methods))  # type: ignore[operator]
            body = {**words, "inputs": [], "accept": True, "cause": "other"}
            status = street.app.test_client().open(street.path(rule, ids), method=method, headers=street.away_key, json=body).status_code
            assert 400 <= status < 500, (rule.rule, status)
    for rule, guard in street.rules("staff"):
        ids = street.ids(rule)
        if ids and "POST" in rule.methods:  # type: ignore[operator]
            for role in set(street.away) & guard.allows:
                client = street.away[role]
                form = {**words, "csrf_token": token(client), "decision": "accept", "accept": "yes", "cause": "other", "count": "1"}
                status = client.post(street.path(rule, ids), data=form).status_code
                assert status == 303 or 400 <= status < 500, (rule.rule, role, status)
    assert everything(street) == before


def test_a_form_without_its_token_is_refused(street: Street) -> None:
    for rule, guard in street.rules("staff"):
        if "POST" not in rule.methods:  # type: ignore[operator]
            continue
        path = street.path(rule, street.ids(rule) or {})
        role = next(role for role in street.home if role in guard.allows)
        assert street.home[role].post(path, data={}).status_code == 400, path


def token(client: FlaskClient) -> str:
    """A valid CSRF token of this session, from any page with a form."""
    with client.session_transaction() as session:
        session.setdefault("csrf_token", "0" * 40)
        raw = session["csrf_token"]
    from flask_wtf.csrf import _FlaskFormCSRF  # noqa: F401 (the same secret and salt as the form's own)
    from itsdangerous import URLSafeTimedSerializer

    return str(URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token").dumps(raw))


def test_problems_name_what_is_wrong_without_giving_anything_away(street: Street) -> None:
    """A malformed id, a very long one and one with markup are all simply not there."""
    for rule, guard in street.rules("machine"):
        names = rule.arguments - NOT_OURS
        if not names or "GET" not in rule.methods:  # type: ignore[operator]
            continue
        for strange in ("x", "0" * 300, "<script>", "' OR 1=1 --", "%00"):
            try:
                path = street.path(rule, dict.fromkeys(names, strange))
            except Exception:  # an integer parameter cannot even be asked so
                continue
            answer = street.app.test_client().get(path, headers=street.home_key)
            assert answer.status_code in (404, 422, 400), (path, guard)
            assert answer.content_type == "application/problem+json", path
