"""EPCIS 2.0 over REST, under /epcis, for repositories and machines with a key: all 29 paths of the standard.

negotiation    versions, formats and media types, before and after every door; OPTIONS
capture        documents handed in, and their jobs
events         events asked for, told, looked at
resources      what events name: things, steps, places
queries        questions with a name
subscriptions  who is told of new answers
asked          parameters and URIs of an address
paging         pages and their tokens
writing        answers in JSON and XML
problems       trouble in the standard's words
"""

from __future__ import annotations

from apiflask import APIBlueprint, APIFlask
from werkzeug.exceptions import HTTPException

from app.epcis import capture, events, negotiation, problems, queries, resources, subscriptions

DOORS = (capture.bp, events.bp, queries.bp, subscriptions.bp, resources.bp)


def install(app: APIFlask) -> None:
    together = APIBlueprint("epcis", __name__, url_prefix="/epcis", enable_openapi=False)
    together.before_request(negotiation.check)
    together.after_request(negotiation.say)
    together.register_error_handler(HTTPException, problems.said)
    for bp in DOORS:
        together.register_blueprint(bp)
    app.register_blueprint(together)
    app.extensions["suyuan.answers"] = {"/epcis/": problems.answer}
