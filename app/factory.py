"""``create_app``: the table of contents of the web."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from apiflask import APIFlask
from flask import current_app, request
from flask_babel import Babel
from flask_talisman import Talisman
from werkzeug.middleware.proxy_fix import ProxyFix

from app import api, epcis, health, limits, logs, pages, problems, whereabouts
from app.auth import accounts, guards
from app.config import Settings
from app.database import Database
from app.house import open_database
from app.resolver import Resolver
from app.together import Together
from app.words import say
from kernel.errors import Missing

LANGUAGES = ("zh", "en")
LARGEST_BODY = 24 * 1024 * 1024
CONTENT_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


def create_app(settings: Settings | None = None, database: Database | None = None) -> APIFlask:
    """The web application of these settings; without arguments, of the environment's."""
    settings = settings or Settings.from_environment()
    app = APIFlask("app", title="Suyuan", version="0.1", spec_path="/api/openapi.json", docs_path=None, json_errors=True)
    app.extensions["suyuan"] = database or open_database(settings)
    app.extensions["suyuan.settings"] = settings
    app.extensions["suyuan.together"] = Together()
    secret_key, public_url = settings.secret_key, settings.public_url
    app.extensions["suyuan.resolver"] = Resolver(app.extensions["suyuan"], public_url=public_url, secret_key=secret_key)
    app.extensions["suyuan.whereabouts"] = whereabouts.make(settings.geo_url, proxies=int(settings.proxies))
    _configure(app, settings)
    logs.install(settings.log_format)
    languages(app, settings)
    headers(app, settings)
    guards.csrf.init_app(app)
    accounts.install(app)
    limits.install(app, settings)
    guards.enforce(app)
    app.before_request(_nothing_has_such_a_name)
    problems.install(app)
    health.install(app)
    api.install(app)
    epcis.install(app)
    pages.install(app)
    if settings.proxies != "0":
        count = int(settings.proxies)
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    return app


def _nothing_has_such_a_name() -> None:
    """No text in a database holds U+0000, and PostgreSQL fails when it is asked for one: what is named so is not there. Strangers'
    doors take links apart by themselves, and say what is wrong with one."""
    named = [value for value in (request.view_args or {}).values() if isinstance(value, str)]
    guard = guards.guard_of(current_app, request.endpoint) if request.endpoint else None
    if guard is not None and guard.kind != "open" and any("\0" in value for value in named):
        raise Missing("nothing has a name with U+0000 in it")


def _configure(app: APIFlask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECURITY_PASSWORD_SALT=settings.secret_key[::-1],
        WTF_CSRF_CHECK_DEFAULT=False,  # guards.enforce checks it, after it knows the door
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https:"),
        PERMANENT_SESSION_LIFETIME=timedelta(days=180),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
        OPENAPI_VERSION="3.1.0",
        TEMPLATES_AUTO_RELOAD=False,
        JSON_SORT_KEYS=False,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def languages(app: APIFlask, settings: Settings) -> None:
    """zh first: ``?lang=``, then the cookie, then what the browser asks for."""

    def choose() -> str:
        asked = request.args.get("lang") or request.cookies.get("lang")
        if asked in LANGUAGES:
            return asked
        return request.accept_languages.best_match(LANGUAGES) or "zh"

    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(__file__).parent / "translations")
    Babel(app, default_locale="zh", default_timezone=settings.timezone, locale_selector=choose)

    @app.after_request
    def _remember(response):  # type: ignore[no-untyped-def]
        lang = request.args.get("lang")
        if lang in LANGUAGES:
            response.set_cookie("lang", lang, max_age=180 * 86400, samesite="Lax", secure=app.config["SESSION_COOKIE_SECURE"])
        return response

    app.jinja_env.globals["say"] = say


def headers(app: APIFlask, settings: Settings) -> None:
    """Security headers on every answer; https is the proxy's or the server's matter."""
    secure = settings.public_url.startswith("https:")
    Talisman(
        app,
        force_https=False,
        strict_transport_security=secure,
        session_cookie_secure=secure,
        content_security_policy=CONTENT_POLICY,
        referrer_policy="no-referrer",
        permissions_policy={"camera": "(self)", "geolocation": "()", "microphone": "()"},
    )
