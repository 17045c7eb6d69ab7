"""Activations: the coops that nobody has opened yet, and the letters and mails that invite them.

Where the AD lets the initial password start an activation, a letter tells its rule; where it does not, or where it has served already,
a letter carries a link of its own, with its date. A mail goes to the school’s official address and always carries a link.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from retkoop.audit.services import Author
from retkoop.domain.chart import fold
from retkoop.mailing.models import Letter
from retkoop.mailing.services import queue_letter
from retkoop.network.models import Coop, DepartmentalAssociation
from retkoop.network.queries import InitialPassword, initial_password_of
from retkoop.network.signature import signature_image
from retkoop.ui.days import format_long
from retkoop.ui.paper.document import pdf
from retkoop.ui.paper.square import square
from retkoop.users import links
from retkoop.users.models import User
from retkoop.users.services import make_activation_link

TEMPLATE: Final = Path(__file__).with_name("activation.typ")
MAIL: Final = "network/mail/activation.txt"
PURPOSE: Final = "activation"
LASTS: Final = timedelta(days=30)
"""Paper and school holidays are slow."""

AGAIN_AFTER: Final = timedelta(days=1)
"""A second click, or a colleague’s, writes to nobody twice."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A coop that waits for its activation, its account, and whether a mail about it was queued within the last day."""

    coop: Coop
    user: User
    just_written: bool = False

    @property
    def order(self) -> tuple[bool, str, str, str, str]:
        """Where its letter lies in the pile; those of no circonscription come last."""
        return pile_order(self.coop)


class _Placed(Protocol):
    """What says where a letter goes: a coop, or what a page knows of one."""

    @property
    def circonscription(self) -> str: ...
    @property
    def commune(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def rne(self) -> str: ...


def pile_order(coop: _Placed) -> tuple[bool, str, str, str, str]:
    """Return where the letter of a coop lies in a pile: by circonscription, commune and school."""
    return not coop.circonscription, fold(coop.circonscription), fold(coop.commune), fold(coop.name), coop.rne


def waiting_coops(association: DepartmentalAssociation, *, circonscription: str = "", rnes: Collection[str] = ()) -> list[Waiting]:
    """Return the coops of an AD that nobody has opened yet, by circonscription, commune and school; those named, or all."""
    coops = Coop.objects.filter(association=association, closed_on=None)
    if rnes:
        coops = coops.filter(rne__in=rnes)
    elif circonscription:
        coops = coops.filter(circonscription=circonscription)
    users = {user.username: user for user in User.objects.filter(username__in=coops.values("rne"), activated_at=None)}
    written = set(
        Letter.objects.filter(purpose=PURPOSE, queued_at__gte=timezone.now() - AGAIN_AFTER, chain__startswith="coop ")
        .filter(bounced_at=None, failed_at=None)
        .values_list("chain", flat=True)
    )
    found = [Waiting(coop, users[coop.rne], coop.chain in written) for coop in coops if coop.rne in users]
    for one in found:
        one.coop.association = association
    return sorted(found, key=lambda one: one.order)


def letter_of(one: Waiting, ruled: InitialPassword, today: date, token: str | None = None) -> dict[str, object]:
    """Return what a letter says; without a token, a link is told as it will be."""
    coop = one.coop
    by_rule = ruled.works_on(today) and not one.user.initial_spent
    return {
        "heading": "Ouvrir les comptes de votre coopérative",
        "association": f"{coop.association} · {coop.association.name}",
        "school": coop.name,
        "place": " · ".join(filter(None, (coop.commune, coop.circonscription and f"circonscription\u202f: {coop.circonscription}"))),
        "rne": coop.rne,
        "lines": [
            "Votre coopérative scolaire tient désormais ses comptes en ligne, avec Retkoop. Rien à installer\u202f: un navigateur suffit.",
            "Son compte vous attend. Cinq minutes suffisent pour l’ouvrir\u202f:",
        ],
        **(_by_rule(coop, ruled) if by_rule else _by_link(today, token)),
    }


def _by_rule(coop: Coop, ruled: InitialPassword) -> dict[str, object]:
    told = f"Tapez le code reçu à l’adresse de l’école, {coop.email}." if coop.email else "Demandez-nous le code à taper."
    code = [told] if settings.CAN_SEND_MAIL else []
    address = links.public_address("/connexion/")
    return {
        "address": address,
        "square": square(address),
        "steps": [
            "Visez le carré avec l’appareil photo du téléphone, ou tapez l’adresse écrite dessous.",
            f"Identifiant\u202f: le RNE de l’école, {coop.rne}.",
            "Mot de passe de départ\u202f: coop, suivi des cinq derniers caractères du RNE.",
            *code,
            "Choisissez un mot de passe à vous. Celui de départ ne servira plus.",
        ],
        "note": f"Le mot de passe de départ sert jusqu’au {format_long(ruled.until)}." if ruled.until else "",
    }


def _by_link(today: date, token: str | None) -> dict[str, object]:
    address = links.public_address(links.path_of(token)) if token else links.public_address("/activation/…")
    return {
        "address": address,
        "square": square(address),
        "steps": [
            "Visez le carré avec l’appareil photo du téléphone, ou tapez l’adresse écrite dessous.",
            "Choisissez un mot de passe\u202f: quelques mots mis bout à bout conviennent très bien.",
            "Ensuite, connectez-vous avec le RNE de l’école et ce mot de passe.",
        ],
        "note": f"Ce lien est celui de votre école\u202f: il sert une fois, jusqu’au {format_long(today + LASTS)}. Ne l’affichez pas.",
    }


def write_letters(*, author: Author, association: DepartmentalAssociation, waiting: Sequence[Waiting]) -> bytes:
    """Return one document, a page a coop; each link that a page carries is told in the trail of its coop."""
    today = timezone.localdate()
    ruled = initial_password_of(association, today)
    with transaction.atomic():
        tokens = {one.coop.rne: _token(author, one.user) for one in waiting if not ruled.works_on(today) or one.user.initial_spent}
    letters = [letter_of(one, ruled, today, tokens.get(one.coop.rne)) for one in waiting]
    return pdf(
        TEMPLATE,
        {
            "title": f"Lettres d’activation, {association}",
            "running": str(association),
            "made": f"Retkoop, le {format_long(today)}",
            "signature": signature_image(association, today),
            "letters": [{**one, "address": address_pieces(str(one["address"]))} for one in letters],
        },
        today,
    )


def address_pieces(address: str) -> list[str]:
    """Cut an address in pieces that need not break: whoever copies it takes no sign that cannot be seen with it."""
    return [address[place : place + 24] for place in range(0, len(address), 24)]


@transaction.atomic
def write_mails(*, author: Author, waiting: Sequence[Waiting]) -> int:
    """Queue a mail with a link to each coop that has an address and was not written to within the last day; return how many leave."""
    sent = 0
    until = timezone.localdate() + LASTS
    for one in waiting:
        if not one.coop.email or one.just_written or not settings.CAN_SEND_MAIL:
            continue
        address = links.public_address(links.path_of(_token(author, one.user)))
        context = {"coop": one.coop, "address": address, "until": until}
        sent += queue_letter(template=MAIL, context=context, addresses=[one.coop.email], chain=one.coop.chain)
    return sent


def _token(author: Author, user: User) -> str:
    """Return the token of a link that lasts as long as a letter takes, told in the trail as any other."""
    make_activation_link(author=author, user=user)
    return links.token_for(user, LASTS)
