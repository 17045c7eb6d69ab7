"""After an upgrade: what is kept beside the operations is made again where the rules that made it have changed."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from retkoop import domain
from retkoop.audit.models import Chain
from retkoop.audit.services import SYSTEM, writing
from retkoop.books.models import Book, KeptWith, Operation
from retkoop.books.posting import rebuild
from retkoop.books.values import operation_value, with_lines


@cache
def rules_digest() -> str:
    """Return a digest of all the rules: the whole of `domain/`, code and data."""
    root = Path(domain.__file__).parent
    files = sorted(file for file in root.rglob("*") if file.is_file() and file.suffix in {".py", ".csv", ".txt"})
    return sha256(b"".join(file.relative_to(root).as_posix().encode() + file.read_bytes() for file in files)).hexdigest()


def is_up_to_date() -> bool:
    """Tell whether what is kept was made with the rules of today."""
    return KeptWith.objects.filter(digest=rules_digest()).exists()


def _read_cheques(*, book: Book) -> None:
    """Read the numbers of the cheques again. The trail knows these columns: it is told."""
    rows = with_lines(Operation.objects.filter(book=book).exclude(cheque=""))
    changed = [(row, number) for row in rows if (number := operation_value(row).cheque_number) != row.cheque_number]
    if changed:
        with writing(book.coop.chain, SYSTEM) as trail:
            for row, number in changed:
                before = row.snapshot()
                row.cheque_number = number
                row.save(update_fields=["cheque_number"])
                trail.changed(row, before, action="operation.cheque_read")


def follow_the_rules() -> int:
    """Make all that is kept again, book by book, unless it is up to date; return how many books there were.

    What is kept is nobody's writing: it has no place in the trail, apart from what the trail holds as well.
    """
    if is_up_to_date():
        return 0
    keys = list(Book.objects.order_by("pk").values_list("pk", flat=True))
    for key in keys:
        make_again(key=key, cheques=True)
    with transaction.atomic():
        KeptWith.objects.all().delete()
        KeptWith.objects.create(digest=rules_digest())
    return len(keys)


def make_again(*, key: int, cheques: bool = False) -> None:
    """Make again what a book keeps; done twice, it says the same."""
    with transaction.atomic():
        book = Book.objects.select_related("coop__association").get(pk=key)
        Chain.objects.select_for_update().filter(pk=book.coop.chain).first()
        if cheques:
            _read_cheques(book=book)
        rebuild(book)
