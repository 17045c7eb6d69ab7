"""The code with which a vérificateur signs: six digits, for fifteen minutes and five tries; only its digest is stored."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from retkoop.year_end.models import SigningCode, Verifier

LASTS: Final = timedelta(minutes=15)
TRIES: Final = 5

NO_CODE: Final = "Demandez d’abord un code."
EXPIRED: Final = "Ce code n’est plus valable\u202f: il ne sert que quinze minutes. Demandez-en un autre."
SPENT: Final = "Ce code a été tapé faux cinq fois\u202f: il ne sert plus. Demandez-en un autre."
WRONG: Final = "Ce n’est pas le dernier code qui vous a été donné."


class WrongCode(Exception):
    """The code does not sign; the message says why, in French."""


def new_code(verifier: Verifier, *, by_hand: bool) -> str:
    """Return a new code for a vérificateur; an older one is worth nothing from now on."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    values = {"digest": _digest(verifier, code), "until": timezone.now() + LASTS, "tries": 0, "by_hand": by_hand}
    SigningCode.objects.update_or_create(verifier=verifier, defaults=values)
    return code


def keep_draft(verifier: Verifier, draft: dict[str, Any]) -> None:
    """Keep what a vérificateur has filled in, until they sign."""
    now = timezone.now()
    SigningCode.objects.update_or_create(verifier=verifier, defaults={"draft": draft}, create_defaults={"draft": draft, "until": now})


def draft_of(verifier: Verifier) -> dict[str, Any]:
    row = SigningCode.objects.filter(verifier=verifier).first()
    return dict(row.draft) if row is not None else {}


def waits_for_code(verifier: Verifier) -> bool:
    """Tell whether a code was given that can still sign."""
    return SigningCode.objects.filter(verifier=verifier, until__gt=timezone.now(), tries__lt=TRIES).exclude(digest="").exists()


def judge(verifier: Verifier, typed: str) -> SigningCode:
    """Return the code's row where it is the one that was typed. Raises WrongCode; the try is counted before it is judged."""
    with transaction.atomic():
        row = SigningCode.objects.select_for_update().filter(verifier=verifier).exclude(digest="").first()
        if row is not None:
            row.tries += 1
            row.save(update_fields=["tries"])
    if row is None:
        raise WrongCode(NO_CODE)
    if row.until <= timezone.now():
        raise WrongCode(EXPIRED)
    if row.tries > TRIES:
        raise WrongCode(SPENT)
    if not constant_time_compare(row.digest, _digest(verifier, typed)):
        raise WrongCode(SPENT if row.tries == TRIES else WRONG)
    return row


def _digest(verifier: Verifier, code: str) -> str:
    return salted_hmac("retkoop.year_end.signing_code", f"{verifier.pk} {verifier.nonce} {code}", algorithm="sha256").hexdigest()
