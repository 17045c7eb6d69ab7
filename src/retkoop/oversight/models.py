"""The tables of this room; each folder has its own, Django finds them here."""

from __future__ import annotations

from retkoop.oversight.board.models import Follow, SavedView
from retkoop.oversight.bulk.models import BulkOutcome, BulkRun
from retkoop.oversight.national.models import Announcement, AnnouncementRead, NationalState, NationalTotal, Publication, Summing
from retkoop.oversight.reminders.models import Campaign, Reminder
from retkoop.oversight.rules.models import RulesPreview, RulesUpdate

__all__ = [
    "Announcement",
    "AnnouncementRead",
    "BulkOutcome",
    "BulkRun",
    "Campaign",
    "Follow",
    "NationalState",
    "NationalTotal",
    "Publication",
    "Reminder",
    "RulesPreview",
    "RulesUpdate",
    "SavedView",
    "Summing",
]
