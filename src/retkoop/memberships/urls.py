"""Adhésions, one module a task: what each adds under a coop's year, under an AD, under the federation, and for everybody."""

from __future__ import annotations

from retkoop.memberships.debits import urls as debits
from retkoop.memberships.declaring import urls as declaring
from retkoop.memberships.follow_up import urls as follow_up
from retkoop.memberships.pricing import urls as pricing
from retkoop.memberships.receipts import urls as receipts
from retkoop.memberships.validating import urls as validating

_TASKS = (declaring, pricing, receipts, debits, validating, follow_up)

coop_urls = [url for task in _TASKS for url in task.coop_urls]
association_urls = [url for task in _TASKS for url in task.association_urls]
federation_urls = [url for task in _TASKS for url in task.federation_urls]
public_urls = [url for task in _TASKS for url in task.public_urls]
