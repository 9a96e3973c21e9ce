"""The hard ground: one transaction, one vocabulary of trouble, facts that survive a crash.

Knows no word of the trade and none of the packages above it. A file lives here only when
at least two packages need it.
"""
