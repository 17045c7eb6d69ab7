"""The verbs of signatures: of vérificateurs, mandataires and teachers, with a code, with the account, or on paper.

Each signature tells the digest of the CRF that was signed and where the coop's chain stood: a change that comes later makes it void.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils import timezone

from retkoop.archive.cleaning import Cleaned
from retkoop.archive.models import Document, DocumentKind
from retkoop.archive.services import Sent, add_document
from retkoop.audit.models import Chain
from retkoop.audit.services import Author, Trail, writing
from retkoop.books.models import Book
from retkoop.books.queries import books_of, standing_of
from retkoop.books.writable import Refused
from retkoop.domain.closing import ClosingState, SignerKind
from retkoop.domain.elision import of
from retkoop.domain.names import words_of
from retkoop.network.access import Access
from retkoop.network.models import Mandate
from retkoop.network.queries import running_mandates
from retkoop.users.tries import Counter, begin, counted
from retkoop.year_end.closing.changes import changes_since
from retkoop.year_end.closing.queries import closing_of
from retkoop.year_end.crf_digest import crf_digest
from retkoop.year_end.models import Signature, SigningCode, SigningWay, Verifier
from retkoop.year_end.verifiers import codes, mails
from retkoop.year_end.verifiers.grid import kept_answers
from retkoop.year_end.verifiers.people import refuse_closed_coop, refuse_mandataire, signs_for
from retkoop.year_end.verifiers.queries import valid_signatures
from retkoop.year_end.verifiers.sample import operations_in
from retkoop.year_end.verifiers.tokens import verifier_of

MOST_TEACHERS: Final = 120
MOST_ASKED: Final = 200
CLOSED: Final = "On ne peut pas signer maintenant\u202f: le compte rendu n’attend pas de signatures."
CHANGED: Final = "Les comptes ont changé pendant que vous les lisiez. Relisez-les, puis signez."
GONE: Final = "Cette adresse n’ouvre plus rien."
OTHERS: Final = "Votre compte est au nom {of_name}\u202f: {holder} signe avec le sien, ou avec celui de l’école."
NO_MARK: Final = "Ce repère n’est celui d’aucun quitus de la coopérative\u202f: relisez-le, au-dessus des signatures."
PRINTED_BEFORE: Final = (
    "Les comptes ont changé depuis que ce quitus a été imprimé\u202f: ces signatures ne valent plus. Imprimez-le de nouveau, "
    "et faites-le signer."
)
NO_ONE: Final = "Cochez qui a signé sur ce papier."


@dataclass(frozen=True, slots=True)
class Filled:
    """What a vérificateur has filled in: the answers to the grid, whose version is `grid`, a comment, reserves."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    grid: int = 0
    comment: str = ""
    reserves: str = ""


def digest_of(book: Book) -> str:
    """Return the digest of the CRF of a book as it is now."""
    books = books_of(book.coop)
    others = [one for one in books if one.pk != book.pk]
    current = next(one for one in books if one.pk == book.pk)
    return crf_digest(current, books, standing_of(current, others=others))


def place_of(book: Book) -> int:
    """Return where the chain of a book's coop stands."""
    return int(Chain.objects.get(pk=book.coop.chain).sequence)


def as_seen(place: int, digest: str) -> str:
    """Return what a form keeps of the accounts that its reader saw: where the chain stood, and the digest of the CRF."""
    return f"{place}.{digest}"


def seen_of(book: Book) -> str:
    """Return what a form keeps of a book as it is now; the chain is read first: what changes meanwhile is not taken for seen."""
    place = place_of(book)
    return as_seen(place, digest_of(book))


def mark_of(place: int, digest: str) -> str:
    """Return what a quitus on paper bears of the accounts that it is signed for, short enough to be copied: `412-3f9a`."""
    return f"{place}-{digest[:4]}"


def _place_on_paper(book: Book, mark: str) -> int:
    """Return where the chain stood when a quitus was printed. Raises Refused where it is none, or the accounts have changed since."""
    found = re.fullmatch(r"([0-9]{1,9})-?([0-9a-f]{4})", "".join(mark.split()).lower())
    if found is None or int(found[1]) > place_of(book):
        raise Refused(NO_MARK)
    if mark_of(0, digest_of(book)) != f"0-{found[2]}" or changes_since(book, int(found[1])):
        raise Refused(PRINTED_BEFORE)
    return int(found[1])


def author_of(verifier: Verifier) -> Author:
    return Author(None, verifier.name, "verifier")


def ask_for(*, verifier: Verifier, operation: int) -> None:
    """Note that a vérificateur wants to see an operation beside those drawn; asked twice, it is noted once. Raises Refused."""
    with writing(verifier.coop.chain, author_of(verifier)) as trail:
        row = Verifier.objects.select_for_update().get(pk=verifier.pk)
        if operation in row.asked:
            return
        if not operations_in(verifier.book).filter(pk=operation).exists():
            raise Refused("Cette opération n’est plus dans le cahier.")
        if len(row.asked) >= MOST_ASKED:
            raise Refused(f"Vous avez déjà demandé {MOST_ASKED} opérations\u202f: demandez à voir le classeur entier.")
        before = row.snapshot()
        row.asked = [*row.asked, operation]
        row.version += 1
        row.save()
        trail.changed(row, before, action="verifier.asked")
        verifier.asked = row.asked


def send_code(*, verifier: Verifier, draft: dict[str, Any], seen: str) -> bool:
    """Send the code that signs, and keep what was filled in; return whether a mail will leave.

    Raises TooManyTries where too many were asked for, Refused where nobody signs now, or the accounts have changed.
    """
    if mails.can_write_to(verifier):
        begin([Counter(f"code for verifier {verifier.pk}", free=5)])
    with writing(verifier.coop.chain, author_of(verifier)) as trail:
        _signing_round(verifier.book)
        _refuse_changed(verifier.book, seen)
        codes.keep_draft(verifier, draft)
        if not mails.can_write_to(verifier):
            return False
        trail.changed(verifier, verifier.snapshot(), action="verifier.code_sent")
        return mails.tell(verifier, mails.CODE, code=codes.new_code(verifier, by_hand=False))


def sign_as_verifier(*, verifier: Verifier, token: str, filled: Filled, code: str, seen: str) -> Signature:
    """Sign the accounts as a vérificateur. `seen` is what they read, as `seen_of` told it.

    Raises WrongCode, TooManyTries; Refused where nobody signs now, the accounts or the grid have changed, the grid is not filled in, they
    are a mandataire, or have signed.
    """
    with counted(Counter(f"typed code of verifier {verifier.pk}", free=10)):
        codes.judge(verifier, code)
    with writing(verifier.coop.chain, author_of(verifier)) as trail:
        verifier = _still_invited(token)
        row = SigningCode.objects.select_for_update().filter(verifier=verifier).exclude(digest="").first()
        if row is None:
            raise codes.WrongCode(codes.NO_CODE)
        refuse_mandataire(verifier.book, verifier.name, verifier.email)
        _refuse_changed(verifier.book, seen)
        filled = replace(filled, answers=kept_answers(verifier.book, filled.answers, filled.grid))
        way = SigningWay.HAND if row.by_hand else SigningWay.MAIL
        signature = _of_verifier(trail, verifier, way, filled)
        row.delete()
        return signature


def _still_invited(token: str) -> Verifier:
    verifier = verifier_of(token)
    if verifier is None:
        raise Refused(GONE)
    return verifier


def sign_as_mandataire(*, access: Access, book: Book, mandate: int, seen: str) -> Signature:
    """Sign as one of the mandataires of today, whose account the password has confirmed; somebody's own account signs for nobody else.

    Raises Refused.
    """
    with writing(access.coop.chain, access.author) as trail:
        row = running_mandates(access.coop, timezone.localdate()).filter(pk=mandate).first()
        if row is None:
            raise Refused("Ce mandat n’est plus en cours.")
        if not signs_for(access.user, row):
            raise Refused(OTHERS.format(of_name=of(access.user.name), holder=row.holder))
        _refuse_changed(book, seen)
        return _of_mandataire(trail, book, row, SigningWay.ACCOUNT)


def sign_as_teacher(*, book: Book, name: str, author: Author, way: SigningWay, seen: str) -> Signature:
    """Sign the émargement. Raises Refused where nobody signs now, the accounts have changed, or somebody of that name has signed."""
    with writing(book.coop.chain, author) as trail:
        _signing_round(book)
        _refuse_changed(book, seen)
        signed = [one for one in valid_signatures(book) if one.kind == SignerKind.TEACHER]
        if len(signed) >= MOST_TEACHERS:
            raise Refused("L’émargement est complet.")
        if any(words_of(one.name) == words_of(name) for one in signed):
            raise Refused(f"{name} a déjà signé l’émargement.")
        return _keep(trail, book, Signature(kind=SignerKind.TEACHER, name=name, way=way))


def withdraw_teacher(*, access: Access, book: Book, key: int) -> None:
    """Take a line off the émargement: a name that nobody bears, or twice the same. Raises Refused where it is gone."""
    with writing(access.coop.chain, access.author) as trail:
        _signing_round(book)
        row = Signature.objects.filter(book=book, kind=SignerKind.TEACHER, pk=key).first()
        if row is None:
            raise Refused("Cette ligne n’est plus dans l’émargement.")
        subject, before = row.subject, row.snapshot()
        row.delete()
        trail.deleted(subject, before, action="signature.withdrawn")


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What a scan shows: who signed it, by the keys of their invitations and mandates, its mark, and the reserves written on it."""

    verifiers: Sequence[int]
    mandates: Sequence[int]
    mark: str
    reserves: str = ""


def sign_on_paper(*, access: Access, book: Book, cleaned: Cleaned, file_name: str, signed: OnPaper) -> list[Signature]:
    """Keep the scan of a signed quitus and the signatures that it shows: they stand where the chain stood when it was printed.

    Raises NoRoom, and Refused where one of them cannot be, or the accounts have changed since it was printed.
    """
    if not signed.verifiers and not signed.mandates:
        raise Refused(NO_ONE)
    with writing(access.coop.chain, access.author) as trail:
        _signing_round(book)
        place = _place_on_paper(book, signed.mark)
        day = timezone.localdate(trail.at)
        sent = Sent(DocumentKind.QUITUS, file_name, f"Quitus signé {book.year}", day)
        scan = add_document(trail, coop=access.coop, year=book.year, cleaned=cleaned, sent=sent)
        verifiers = list(Verifier.objects.filter(book=book, ended_at=None, pk__in=signed.verifiers))
        mandates = list(running_mandates(access.coop, day).filter(pk__in=signed.mandates))
        if (len(verifiers), len(mandates)) != (len(set(signed.verifiers)), len(set(signed.mandates))):
            raise Refused("Une des personnes cochées n’est plus parmi les signataires\u202f: rechargez la page.")
        return _of_scan(trail, book, verifiers, mandates, Paper(scan, place), signed.reserves)


@dataclass(frozen=True, slots=True)
class Paper:
    """A scan, and where the chain stood when what it shows was printed."""

    scan: Document
    place: int


def _of_scan(  # noqa: PLR0913, PLR0917 -- the scan, and all that it shows
    trail: Trail, book: Book, verifiers: Sequence[Verifier], mandates: Sequence[Mandate], paper: Paper, reserves: str
) -> list[Signature]:
    rows = []
    for verifier in verifiers:
        verifier.book = book
        refuse_mandataire(book, verifier.name, verifier.email)
        rows.append(_of_verifier(trail, verifier, SigningWay.PAPER, Filled(reserves=reserves), paper))
        SigningCode.objects.filter(verifier=verifier).delete()
    return rows + [_of_mandataire(trail, book, mandate, SigningWay.PAPER, paper) for mandate in mandates]


def _of_verifier(trail: Trail, verifier: Verifier, way: SigningWay, filled: Filled, paper: Paper | None = None) -> Signature:
    if any(one.verifier_id == verifier.pk for one in valid_signatures(verifier.book)):
        raise Refused(f"{verifier.name} a déjà signé.")
    told = {"answers": filled.answers, "comment": filled.comment, "reserves": filled.reserves}
    row = Signature(kind=SignerKind.VERIFIER, name=verifier.name, verifier=verifier, way=way, **told)
    return _keep(trail, verifier.book, row, paper)


def _of_mandataire(trail: Trail, book: Book, mandate: Mandate, way: SigningWay, paper: Paper | None = None) -> Signature:
    if any(one.kind == SignerKind.MANDATAIRE and one.name == mandate.holder for one in valid_signatures(book)):
        raise Refused(f"{mandate.holder} a déjà signé.")
    return _keep(trail, book, Signature(kind=SignerKind.MANDATAIRE, name=mandate.holder, mandate=mandate, way=way), paper)


def _keep(trail: Trail, book: Book, row: Signature, paper: Paper | None = None) -> Signature:
    row.coop, row.book, row.round = book.coop, book, _signing_round(book)
    row.crf_digest, row.sequence = digest_of(book), paper.place if paper else place_of(book)
    row.scan = paper.scan if paper else None
    row.signed_at = trail.at
    row.save()
    trail.created(row, action="signature.given")
    return row


def _signing_round(book: Book) -> int:
    """Return the round that is being signed. Raises Refused where the year does not wait for signatures, or its coop is closed."""
    refuse_closed_coop(book)
    closing = closing_of(book)
    if closing.state != ClosingState.SIGNING:
        raise Refused(CLOSED)
    return int(closing.round)


def _refuse_changed(book: Book, seen: str) -> None:
    place, _, digest = seen.partition(".")
    if not re.fullmatch(r"[0-9]{1,18}", place) or digest != digest_of(book) or changes_since(book, int(place)):
        raise Refused(CHANGED)
