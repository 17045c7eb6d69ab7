"""Tries (essais) are counted, and too many slow down; nobody is ever locked out.

A browser that logged in to an account before counts apart for it (`devices`), so that a stranger who guesses elsewhere
cannot make its owner wait: OWASP, "Slow Down Online Guessing Attacks with Device Cookies". Counters are rows, shared
by all processes. A try is counted before it is judged and given back afterwards: a thousand at once are a thousand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from retkoop.ui.templates import plural
from retkoop.users.models import FailedTries

FORGOTTEN_AFTER: Final = timedelta(hours=24)
FIRST_WAIT: Final = timedelta(seconds=15)
LONGEST_WAIT: Final = timedelta(minutes=15)


class TooManyTries(ValidationError):
    """Too many failures: this try was not even judged. The message says how long to wait; `wait` is that time."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"Trop d’essais. Attendez {told(wait)}, puis recommencez.", code="too_many_tries")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Counter:
    """What is counted, how many failures are free of any wait, and whether a success wipes the slate."""

    name: str
    free: int
    wiped_by_success: bool = True

    @property
    def key(self) -> str:
        return salted_hmac("retkoop.users.tries", self.name, algorithm="sha256").hexdigest()


def login_counters(identifier: str, address: str, device: str | None) -> list[Counter]:
    """Return what a log-in counts against: the known browser alone, or the stranger, the account and the address.

    The account's own counter is generous, and an address more so: a whole académie may come out of one. Neither is
    wiped by a success, or a guesser would log in to an account of their own now and then.
    """
    if device is not None:
        return [Counter(f"browser {device} {identifier}", free=10)]
    return [
        Counter(f"stranger {address} {identifier}", free=5),
        Counter(f"account {identifier}", free=50, wiped_by_success=False),
        Counter(f"address {address}", free=200, wiped_by_success=False),
    ]


@contextmanager
def counted(*counters: Counter) -> Iterator[None]:
    """Count a try, a failure if the block raises. Raises TooManyTries where one must wait."""
    rows = begin(counters)
    yield
    succeed(counters, rows)


def begin(counters: Sequence[Counter]) -> list[FailedTries]:
    """Count a try against each counter. Raises TooManyTries, and counts nothing, where one of them must wait."""
    now = timezone.now()
    with transaction.atomic():
        rows = _locked(counters, now)
        until = max((row.until for row in rows if row.until), default=now)
        if until > now:
            raise TooManyTries(until - now)
        for counter, row in zip(counters, rows, strict=True):
            _count(counter, row, now)
    return rows


def succeed(counters: Sequence[Counter], rows: Sequence[FailedTries]) -> None:
    """Give back what `begin` counted: all is forgiven, or this one try where a success proves nothing of the others."""
    for counter, row in zip(counters, rows, strict=True):
        kept = FailedTries.objects.filter(pk=row.pk)
        if counter.wiped_by_success:
            kept.delete()
        else:
            kept.update(failures=F("failures") - 1)
            kept.filter(until=row.until).update(until=None)  # unless someone else failed meanwhile


def _locked(counters: Sequence[Counter], now: datetime) -> list[FailedTries]:
    """Return the counters' rows, ours until the end of the transaction; what is a day old is forgotten."""
    FailedTries.objects.filter(last_at__lt=now - FORGOTTEN_AFTER).delete()
    keys = [counter.key for counter in counters]
    FailedTries.objects.bulk_create([FailedTries(key=key, last_at=now) for key in sorted(keys)], ignore_conflicts=True)
    rows = {row.key: row for row in FailedTries.objects.select_for_update().filter(key__in=keys).order_by("key")}
    return [rows[key] for key in keys]


def _count(counter: Counter, row: FailedTries, now: datetime) -> None:
    row.failures += 1
    row.last_at = now
    wait = wait_after(row.failures, counter.free)
    row.until = now + wait if wait else None
    row.save()


def wait_after(failures: int, free: int) -> timedelta:
    """Return how long to wait after a failure: nothing at first, then twice as long each time, up to LONGEST_WAIT."""
    if failures < free:
        return timedelta()
    return min(FIRST_WAIT * (1 << min(failures - free, 10)), LONGEST_WAIT)


def told(wait: timedelta) -> str:
    """Say a wait as people do, rounded up: `40 secondes`, `2 minutes`."""
    seconds = ceil(wait.total_seconds())
    return plural(seconds, "seconde") if seconds < 60 else plural(ceil(seconds / 60), "minute")
