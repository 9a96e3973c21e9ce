"""The peer of scan.py: the smallest Flask there is."""

from flask import Flask

application = Flask(__name__)


@application.get("/")
def hello() -> str:
    return "hello"
