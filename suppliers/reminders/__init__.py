"""Reminders: a supplier hears in good time that a paper ends, and what the law's last days are.

renewals   which rungs of its ladder each paper has behind it and before it
writing    remind once for each rung; the letter goes by the post
letters    the words of the letter, in Chinese and English *
ics        the same days as a calendar file *
"""

from suppliers.reminders.renewals import Renewal, Step, calendar_file, upcoming
from suppliers.reminders.writing import on_reminder_written, post_letter, remind, ripe

__all__ = ["Renewal", "Step", "calendar_file", "on_reminder_written", "post_letter", "remind", "ripe", "upcoming"]
