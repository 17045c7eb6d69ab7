"""A coop whose account was just activated lands on its year: the book is opened for it, before its first page."""

from __future__ import annotations

from django.utils import timezone

from retkoop.books.services import open_book
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import open_coop, running_roles
from retkoop.users.models import User


def open_first_book(*, user: User) -> None:
    """Open the book of the current school year of each coop that an account keeps, unless the coop has a book already.

    Named by the setting AFTER_ACTIVATION: `users` activates accounts and knows no books.
    """
    year = SchoolYear.containing(timezone.localdate())
    for rne in running_roles(user).filter(coop__isnull=False, coop__books__isnull=True).values_list("coop__rne", flat=True):
        open_book(access=open_coop(user, str(rne), to_write=True), year=year)
