"""`retkoop verify`: 0 and one line on a sound installation, 1 with what is wrong (docs/commandes.md)."""

from __future__ import annotations

from django.db import DatabaseError

from retkoop.books.models import Book, Operation
from retkoop.ui.commands import RetkoopCommand
from retkoop.upkeep.verification import faults


class Command(RetkoopCommand):
    help = "Vérifie la base, la piste d’audit et tout ce qui est recalculable : rien n’est modifié."

    def handle(self, **_: object) -> None:
        found = 0
        try:
            for fault in faults():
                self.stderr.write(fault)
                found += 1
        except DatabaseError as problem:
            self.refuse(f"La base de données ne peut plus être lue jusqu’au bout : {problem}")
        if found:
            self.refuse(f"Anomalies trouvées : {found}.")
        self.stdout.write(
            f"Tout est juste : {Book.objects.count()} cahiers, {Operation.objects.count()} opérations, pistes d’audit comprises."
        )
