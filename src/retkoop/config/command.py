"""The `retkoop` command: Django's own commands and ours, under French school cooperatives' roof.

Exit status: 0 done, 1 refused (why is on stderr, nothing changed), 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

WITHOUT_DATABASE = frozenset(
    {
        "help",
        "--help",
        "-h",
        "--version",
        "version",
        "migrate",
        "makemigrations",
        "restore",
        "receive_mail",
        "read_statement",
        "check-deploy",
    }
)
"""Commands that must not find, or need not find, a migrated database."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "retkoop.config.settings")
    import django  # noqa: PLC0415 -- the settings' name must be set first
    from django.core.management import ManagementUtility, get_commands  # noqa: PLC0415 -- idem
    from django.db import DatabaseError  # noqa: PLC0415 -- idem

    django.setup()
    arguments = sys.argv[:]
    name = arguments[1].replace("-", "_") if len(arguments) > 1 and not arguments[1].startswith("-") else ""
    if name:
        if name not in get_commands():
            sys.stderr.write(f"« {arguments[1]} » n’est pas une commande de retkoop. Essayez : retkoop help\n")
            sys.exit(2)
        arguments[1] = name
        if name not in WITHOUT_DATABASE:
            try:
                _make_embedded_database()
            except DatabaseError as problem:
                sys.stderr.write(f"La base de données ne peut pas être lue : {problem}\n")
                sys.exit(1)
    ManagementUtility(arguments).execute()


def _make_embedded_database() -> None:
    """Create and migrate the embedded database where it is missing, or left behind by an older version."""
    from django.conf import settings  # noqa: PLC0415 -- after set-up
    from django.core.management import call_command  # noqa: PLC0415 -- idem
    from django.db import connection  # noqa: PLC0415 -- idem
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 -- idem

    from retkoop.books.upgrade import follow_the_rules  # noqa: PLC0415 -- idem

    if connection.vendor == "sqlite":
        _refuse_to_begin_anew(settings.HOME, Path(connection.settings_dict["NAME"]))
        settings.HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    if connection.vendor != "sqlite":
        return
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    else:
        follow_the_rules()


def _refuse_to_begin_anew(home: Path, database: Path) -> None:
    """Stop where the data folder is gone and a restoration that was cut short has left it under another name."""
    names = [f"{home.name}-avant-*", f"{home.name}-en-cours"]
    left = [] if database.exists() else [found for name in names for found in sorted(home.parent.glob(f"{name}/{database.name}"))]
    if left:
        sys.stderr.write(
            f"{home} est vide, mais {left[-1].parent} contient des données\u202f: une restauration a été interrompue. "
            f"Supprimez {home}, donnez son nom à {left[-1].parent}, puis recommencez.\n"
        )
        sys.exit(1)
