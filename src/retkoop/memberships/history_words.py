"""The words of the trail in adhésions, one module a task."""

from __future__ import annotations

from typing import Final

from retkoop.books.vocabulary import Vocabulary
from retkoop.memberships.debits import history_words as debits
from retkoop.memberships.declaring import history_words as declaring
from retkoop.memberships.follow_up import history_words as follow_up
from retkoop.memberships.pricing import history_words as pricing
from retkoop.memberships.receipts import history_words as receipts
from retkoop.memberships.validating import history_words as validating

_ALL: Final = (declaring, pricing, receipts, debits, validating, follow_up)

WORDS: Final = Vocabulary(
    {key: words for task in _ALL for key, words in task.ACTIONS.items()},
    {key: words for task in _ALL for key, words in task.RECORDS.items()},
)
