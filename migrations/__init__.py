"""Numbered, linear revisions by Alembic; ``.head`` names the last one."""
