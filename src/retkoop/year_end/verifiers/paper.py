"""What the vérificateurs leave on paper: the invitation with its square, the sheet of the staff room, the quitus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from retkoop.books.models import Book, Operation
from retkoop.books.phone import square
from retkoop.books.words import amount_of
from retkoop.domain.closing import QUALITY_LABELS, ClosingState, SignerKind, VerifierQuality
from retkoop.domain.money import format_number
from retkoop.domain.sampling import RULE, Sample
from retkoop.ui.days import format_full, format_long, format_moment
from retkoop.ui.paper.document import pdf
from retkoop.ui.templates import plural
from retkoop.year_end.closing.queries import closing_of
from retkoop.year_end.models import Signature, SigningWay, Verifier
from retkoop.year_end.verifiers.grid import Grid, blank_grid, grids_of
from retkoop.year_end.verifiers.people import holders_during, is_among
from retkoop.year_end.verifiers.queries import counted_signatures, mandataires_of, verifier_rule, verifiers_of
from retkoop.year_end.verifiers.sample import operations_in, sample_of
from retkoop.year_end.verifiers.signing import digest_of, mark_of, place_of
from retkoop.year_end.verifiers.tokens import address_of

INVITATION: Final = Path(__file__).with_name("invitation.typ")
QUITUS: Final = Path(__file__).with_name("quitus.typ")

WAYS: Final = {
    SigningWay.MAIL: "avec un code reçu par courriel",
    SigningWay.HAND: "avec un code remis par le mandataire",
    SigningWay.ACCOUNT: "avec le compte de la coopérative",
    SigningWay.PAPER: "sur papier, le scan est joint",
}
VERIFIER: Final = "Vérificateur aux comptes"
NOT_DRAWN: Final = "L’échantillon sera tiré au sort quand la coopérative appellera à signer."


def invitation_pdf(verifier: Verifier, day: date) -> bytes:
    """Return the page to hand to a vérificateur: a square that opens theirs, and what is asked of them."""
    coop, year = verifier.book.coop, verifier.book.year
    return pdf(
        INVITATION,
        {
            **_sheet(verifier.book, f"Vérifier les comptes de la coopérative, {year}", day),
            "greeting": f"Bonjour {verifier.name},",
            "lines": [
                f"La coopérative scolaire «\u00a0{coop.name}\u00a0» vous demande de vérifier ses comptes {year}. Merci à vous\u202f!",
                "Aucune connaissance en comptabilité n’est nécessaire. Il faut une demi-heure environ, et un téléphone ou un ordinateur.",
            ],
            "steps": [
                "Visez le carré avec l’appareil photo du téléphone, ou tapez l’adresse. Il n’y a ni compte à créer, ni mot de passe.",
                "Lisez le compte rendu financier, puis regardez les opérations tirées au sort, chacune avec sa facture ou son ticket.",
                "Vous voulez en voir une autre\u202f? Cherchez-la et ouvrez-la\u202f: toutes vous sont ouvertes.",
                "Répondez aux questions, dites ce qui vous a étonné, et signez avec un code à six chiffres.",
            ],
            **_square(address_of(verifier)),
            "note": f"Cette page est personnelle\u202f: ne la prêtez pas. Elle s’ouvre jusqu’au {format_long(verifier.until)}.",
        },
        day,
    )


def teachers_pdf(book: Book, address: str, day: date) -> bytes:
    """Return the sheet to pin up in the staff room: a square that opens the émargement."""
    return pdf(
        INVITATION,
        {
            **_sheet(book, f"Émargement des comptes, {book.year}", day),
            "greeting": "À l’équipe enseignante",
            "lines": [f"Les comptes {book.year} de la coopérative scolaire sont prêts. Chaque enseignant peut les lire et les émarger."],
            "steps": [
                "Visez le carré avec l’appareil photo du téléphone, ou tapez l’adresse.",
                "Lisez ce que l’année a reçu et dépensé, et ce qu’il reste.",
                "Écrivez votre nom et votre prénom, puis signez.",
            ],
            **_square(address),
            "note": "Cette page ne montre que les totaux de l’année. Elle se ferme quand le compte rendu part.",
        },
        day,
    )


def _sheet(book: Book, heading: str, day: date) -> dict[str, object]:
    coop = book.coop
    return {
        "title": f"{heading}, {coop.name}",
        "heading": heading,
        "association": f"{coop.association} · {coop.association.name}",
        "running": f"{coop.name} · {coop.rne}",
        "made": f"Retkoop, le {format_long(day)}",
    }


def _square(address: str) -> dict[str, object]:
    drawn = square(address)
    # in pieces that need not break: whoever copies the address takes no sign that cannot be seen with it
    pieces = [address[place : place + 24] for place in range(0, len(address), 24)]
    return {"address": pieces, "square": {"width": drawn.width, "path": drawn.path}, "said": "Code QR qui ouvre la page"}


def quitus_name(book: Book) -> str:
    return f"Quitus-{book.coop.rne}-{book.year}.pdf"


def quitus_pdf(book: Book, day: date) -> bytes:
    """Return the quitus as it stands, with places to sign by hand for those who have not signed."""
    place = place_of(book)  # first: what changes meanwhile is not taken for printed
    mark = mark_of(place, digest_of(book)) if closing_of(book).state == ClosingState.SIGNING else ""
    places = _places(book)
    to_fill = [one["name"] for one in places if one["title"].startswith(VERIFIER)]
    grid = {"to_fill": to_fill, "questions": blank_grid(book) if to_fill else []}
    return pdf(QUITUS, {**quitus_data(book), **_sheet(book, f"Quitus {book.year}", day), "places": places, "mark": mark, **grid}, day)


def quitus_data(book: Book) -> dict[str, object]:
    """Return what `quitus_part.typ` lays out: what was looked at, what each has said, who has signed, how and when."""
    signatures, _ = counted_signatures(book)
    closing = closing_of(book)
    sample = sample_of(book, closing)
    verifiers = [one for one in signatures if one.kind == SignerKind.VERIFIER]
    grids = grids_of(verifiers)
    return {
        "heading": f"Quitus {book.year}",
        "coop": book.coop.name,
        "identity": " · ".join(filter(None, (f"RNE {book.coop.rne}", book.coop.commune, f"exercice {book.year}"))),
        "intro": _intro(book, verifiers),
        "on_paper": any(one.way == SigningWay.PAPER for one in signatures),
        "verifiers": [_verifier_told(one, grids.get(one.pk)) for one in verifiers],
        "sample": _sample_told(book, closing.sample_seed, sample),
        "asked": _asked_told(book, sample),
        "mandataires": [_signature_told(one) for one in signatures if one.kind == SignerKind.MANDATAIRE],
        "teachers": [_signature_told(one) for one in signatures if one.kind == SignerKind.TEACHER],
        "places": [],
        "mark": "",
        "to_fill": [],
    }


def _intro(book: Book, verifiers: Sequence[Signature]) -> str:
    if not verifiers:
        return f"Aucun vérificateur n’a encore signé les comptes {book.year} tels qu’ils sont."
    reserves = "avec les réserves ci-dessous" if any(one.reserves.strip() for one in verifiers) else "sans réserve"
    who, checked = ("Le vérificateur soussigné", "a contrôlé") if len(verifiers) == 1 else ("Les vérificateurs soussignés", "ont contrôlé")
    gives = "donne" if len(verifiers) == 1 else "donnent"
    return (
        f"{who} {checked} les comptes {book.year} de la coopérative scolaire, leurs justificatifs et l’argent qu’elle possède, et {gives} "
        f"quitus au mandataire, {reserves}."
    )


def _signature_told(row: Signature) -> dict[str, object]:
    way = SigningWay(row.way)
    return {
        "name": row.name,
        "signed": f"Signé le {format_moment(row.signed_at)}, {WAYS[way]}",
        "on_paper": way is SigningWay.PAPER,
    }


def _verifier_told(row: Signature, grid: Grid | None) -> dict[str, object]:
    quality = row.verifier.get_quality_display() if row.verifier else ""
    return {
        **_signature_told(row),
        "quality": quality,
        "comment": row.comment.strip(),
        "reserves": row.reserves.strip(),
        "grid": [(one.label, one.answer, one.remark) for one in grid.rows] if grid else [],
    }


def _sample_told(book: Book, seed: str, sample: Sample) -> dict[str, object]:
    if not seed:
        return {"told": NOT_DRAWN, "seed": "", "rows": []}
    found = {row.pk: row for row in operations_in(book).filter(pk__in=sample.keys)}
    largest = [_row(found[key], "plus forte dépense") for key in sample.largest if key in found]
    drawn = [_row(row, "tirée au sort") for key, row in found.items() if key not in sample.largest]
    told = f"{plural(len(found), 'opération')} sur {operations_in(book).count()}. {RULE}"
    return {"told": told, "seed": f"Graine du tirage\u202f: {seed}", "rows": [*largest, *drawn]}


def _asked_told(book: Book, sample: Sample) -> list[tuple[str, ...]]:
    """Return the operations that were asked for beside those drawn, and by whom."""
    who: dict[int, list[str]] = {}
    for verifier in verifiers_of(book):
        for key in verifier.asked:
            who.setdefault(key, []).append(verifier.name)
    rows = operations_in(book).filter(pk__in=set(who) - sample.keys) if who else ()
    return [_row(row, ", ".join(who[row.pk])) for row in rows]


def _row(row: Operation, why: str) -> tuple[str, ...]:
    return format_full(row.date), row.piece, row.label, format_number(amount_of(row)), why


def _places(book: Book) -> list[Mapping[str, str]]:
    """Return a place to sign for each who has not: the people invited, as many more as the AD wants, the mandataires."""
    signatures, _ = counted_signatures(book)
    signed = {one.verifier_id for one in signatures if one.verifier_id}
    holders = holders_during(book)
    people = [row for row in verifiers_of(book) if row.ended_at is None and not is_among(row.name, holders)]
    lacking, kinds = verifier_rule(book).lacking(VerifierQuality(row.quality) for row in people)
    named = [{"title": f"{VERIFIER}, {row.get_quality_display().lower()}", "name": row.name} for row in people if row.pk not in signed]
    titles = [f"{VERIFIER}, {QUALITY_LABELS[quality].lower()}" for quality, number in kinds.items() for _ in range(number)]
    blank = [{"title": title, "name": ""} for title in [*titles, *[VERIFIER] * (lacking - len(titles))]]
    done = {one.name for one in signatures if one.kind == SignerKind.MANDATAIRE}
    keepers = [{"title": "Mandataire", "name": name} for name in mandataires_of(book) if name not in done]
    return [*named, *blank, *keepers]
