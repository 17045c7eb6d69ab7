from __future__ import annotations

import errno

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class CannotBackUp(Exception):
    """No backup was made, and nothing of it is left; the message says why, in French."""


class CannotRestore(Exception):
    """Nothing was restored, and nothing has changed; the message says why, in French."""


def reason_of(trouble: OSError) -> str:
    """Say in French what the system refused."""
    where = f" ({trouble.filename})" if trouble.filename else ""
    if trouble.errno in _FULL:
        return f"il n’y a plus de place sur le disque{where}"
    if isinstance(trouble, PermissionError):
        return f"ce compte n’a pas le droit d’écrire ou de lire ici{where}"
    if isinstance(trouble, FileNotFoundError):
        return f"ce fichier ou ce dossier n’existe pas{where}"
    return f"{trouble.strerror or trouble}{where}"
