"""The shell: the only package that knows Flask, Celery, click and the environment.

Its doors (api, pages, cli) are thin: guard, shape in, one use case, shape out.
"""
