"""The WSGI application: ``gunicorn app.wsgi:application`` works as well as Granian."""

from app.factory import create_app
from app.running import die_with_parent

die_with_parent()
application = create_app()
