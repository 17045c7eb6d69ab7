"""Letters about help: a link to what was written, and no word of it, so that nothing of the accounts leaves by mail."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from retkoop.assistance.models import Message, Thread, ThreadSight
from retkoop.assistance.visits import Visit
from retkoop.mailing.services import queue_letter
from retkoop.network.access import running_roles
from retkoop.network.models import Coop
from retkoop.network.queries import staff_of


def tell_association(thread: Thread, letter: str) -> None:
    """Tell an AD that a coop has written: those who have read the thread before, else all of its people."""
    staff = [role.user for role in staff_of(thread.coop.association)]
    readers = set(ThreadSight.objects.filter(thread=thread, from_afar=True).values_list("user", flat=True))
    concerned = [user for user in staff if user.pk in readers] or staff
    _queue(thread, letter, [user.email for user in concerned])


def tell_coop(thread: Thread, message: Message) -> None:
    """Tell a coop that somebody from afar has answered: its official address, and who asked, while they are of its people."""
    roles = running_roles(thread.opened_by_id).filter(coop=thread.coop, user__is_active=True)
    asked = roles.values_list("user__email", flat=True)
    _queue(thread, "answered", [thread.coop.email, *asked], message=message)


def tell_visits(coop: Coop, visits: Sequence[Visit], year: object) -> bool:
    """Tell a coop what was changed in its books from afar: by whom, how many lines, on which day."""
    told = [visit.sentence(str(coop.association)) for visit in visits]
    context = {"coop": coop, "told": told, "address": f"{settings.PUBLIC_URL}/coop/{coop.rne}/{year}/historique/"}
    return queue_letter(template="assistance/mail/visits.txt", context=context, addresses=[coop.email], chain=coop.chain)


def _queue(thread: Thread, letter: str, addresses: Sequence[str], **more: object) -> None:
    coop = thread.coop
    address = f"{settings.PUBLIC_URL}/coop/{coop.rne}/{thread.book.year}/aide/{thread.pk}/"
    context = {"thread": thread, "coop": coop, "address": address, **more}
    queue_letter(template=f"assistance/mail/{letter}.txt", context=context, addresses=addresses, chain=coop.chain)
