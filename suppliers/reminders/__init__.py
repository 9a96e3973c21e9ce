"""Letters about papers: a supplier hears in good time that one ends and what the law's last days are, and that one was not taken.

renewals   which rungs of its ladder each paper has behind it and before it
writing    remind once for each rung; the letter goes by the post
verdicts   a letter when a paper was turned away, stopped, or waits for words of the supplier
letters    the words of the letters, in Chinese and English *
ics        the same days as a calendar file *
"""

from suppliers.reminders import verdicts
from suppliers.reminders.renewals import Renewal, Step, calendar_file, upcoming
from suppliers.reminders.writing import on_reminder_written, post_letter, remind, ripe

__all__ = ["Renewal", "Step", "calendar_file", "on_reminder_written", "post_letter", "remind", "ripe", "upcoming", "verdicts"]
