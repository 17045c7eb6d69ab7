"""The page of the vérificateurs as the mandataire sees it, and all that is done from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.archive.cleaning import RefusedFile
from retkoop.archive.reception import ACCEPTED, limits_for, received
from retkoop.archive.storage import NoRoom
from retkoop.audit.services import AlreadySubmitted
from retkoop.books.page import CoopPage, open_page
from retkoop.books.writable import Refused
from retkoop.domain.elision import of
from retkoop.network.models import RoleKind
from retkoop.year_end.models import SigningWay
from retkoop.year_end.verifiers import invitations, signing
from retkoop.year_end.verifiers.board import Board
from retkoop.year_end.verifiers.forms import InviteForm, MandataireForm, PaperForm, TeacherForm
from retkoop.year_end.verifiers.invitations import NOT_SIGNING
from retkoop.year_end.verifiers.mails import can_write_to
from retkoop.year_end.verifiers.paper import invitation_pdf, quitus_name, quitus_pdf, teachers_pdf
from retkoop.year_end.verifiers.queries import verifier_in
from retkoop.year_end.verifiers.tokens import teachers_address

TEACHER: Final = "enseignant"
"""Two forms of the page ask for a name: this one's has its own."""


@require_http_methods(["GET", "HEAD", "POST"])
def verifiers(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Whom the mandataire invited and what each has done; an invitation."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    if request.method != "POST":
        return _show(request, page)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _show(request, page, status=422, invite=form)
    try:
        row = invitations.invite(access=page.access, book=page.book, invited=form.invited, submission=form.cleaned_data["submission"])
    except AlreadySubmitted:
        return redirect(page.url("verifiers"))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, page, status=422, invite=form)
    messages.success(request, f"C’est noté pour {row.name}. {_how_told(row)}")
    return redirect(page.url("verifiers"))


def _how_told(row: Any) -> str:  # noqa: ANN401 -- a Verifier
    if can_write_to(row):
        return f"L’invitation part à {row.email}."
    why = "Cette installation n’envoie pas de courriels\u202f: i" if row.email else "I"
    return f"{why}mprimez sa page avec le carré, et donnez-la-lui."


@require_POST
def resend(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Send an invitation again."""
    page = open_page(request, rne, year, to_write=True)
    return _do(request, page, lambda: _told_again(invitations.resend(access=page.access, book=page.book, key=key)))


def _told_again(row: Any) -> str:  # noqa: ANN401 -- a Verifier
    if can_write_to(row):
        return f"L’invitation repart à {row.email}."
    return f"L’invitation {of(row.name)} est prolongée\u202f: imprimez sa page avec le carré."


@require_POST
def end_invitation(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """End an invitation."""
    page = open_page(request, rne, year, to_write=True)
    ended = invitations.end_invitation
    return _do(request, page, lambda: f"L’invitation {of(ended(access=page.access, book=page.book, key=key).name)} est retirée.")


@require_POST
def ask_again(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Ask those whose signature is void to sign again."""
    page = open_page(request, rne, year, to_write=True)
    return _do(request, page, lambda: _told_all(invitations.ask_again(access=page.access, book=page.book)))


def _told_all(rows: list[Any]) -> str:
    if not rows:
        return "Personne n’a à signer de nouveau."
    return f"La signature est redemandée à {', '.join(row.name for row in rows)}."


@require_POST
def give_code(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Show a code to hand to a vérificateur; it is shown this once."""
    page = open_page(request, rne, year, to_write=True)
    try:
        row, code = invitations.give_code(access=page.access, book=page.book, key=key)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url("verifiers"))
    return render(request, "year_end/verifiers/code.html", {"page": page, "here": "closing", "verifier": row, "code": code})


@require_POST
def sign_as_mandataire(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Sign as a mandataire, whose account the password confirms: the coop's own account alone can."""
    page = open_page(request, rne, year, to_write=True)
    if page.access.role != RoleKind.COOP:
        raise Http404
    form = MandataireForm(request.POST, user=page.access.user, prefix=f"mandat-{key}")
    try:
        if form.is_valid():
            signed = signing.sign_as_mandataire(access=page.access, book=page.book, mandate=key, seen=form.cleaned_data["seen"])
            messages.success(request, f"{signed.name} a signé.")
            return redirect(page.url("verifiers"))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url("verifiers"))
    return _show(request, page, status=422, signing_forms={key: form})


@require_POST
def add_teacher(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """A teacher signs the émargement on the coop's own page."""
    page = open_page(request, rne, year, to_write=True)
    form = TeacherForm(request.POST, prefix=TEACHER)
    try:
        if form.is_valid():
            given = {"author": page.access.author, "way": SigningWay.ACCOUNT, **form.cleaned_data}
            signed = signing.sign_as_teacher(book=page.book, **given)
            messages.success(request, f"{signed.name} a signé l’émargement.")
            return redirect(page.url("verifiers"))
    except Refused as refusal:
        form.add_error("name", str(refusal))
    return _show(request, page, status=422, teacher=form)


@require_POST
def withdraw_teacher(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Take a line off the émargement."""
    page = open_page(request, rne, year, to_write=True)
    return _do(request, page, lambda: signing.withdraw_teacher(access=page.access, book=page.book, key=key), "La ligne est retirée.")


@require_POST
def upload_quitus(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Keep the scan of a quitus that was signed on paper."""
    page = open_page(request, rne, year, to_write=True)
    board = Board(page)
    form = PaperForm(request.POST, request.FILES, verifiers=board.waited_for, mandates=board.unsigned_mandates)
    if form.is_valid():
        try:
            with received(form.cleaned_data["fichiers"], limits_for(page.coop, page.year)) as clean:
                name = form.cleaned_data["fichiers"].name
                signing.sign_on_paper(access=page.access, book=page.book, cleaned=clean, file_name=name, signed=form.signed)
        except (RefusedFile, NoRoom) as refusal:
            form.add_error("fichiers", str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Le quitus signé sur papier est gardé avec les documents.")
            return redirect(page.url("verifiers"))
    return _show(request, page, status=422, paper=form)


@require_safe
def invitation_paper(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """The page to print for a vérificateur: a square, and what is asked."""
    page = open_page(request, rne, year, to_write=True)
    row = verifier_in(page.book, key)
    if row.ended_at is not None:
        raise Http404
    return _pdf(invitation_pdf(row, page.today), f"Verificateur-{page.coop.rne}-{row.pk}.pdf")


@require_safe
def teachers_paper(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The page to pin up in the staff room."""
    page = open_page(request, rne, year, to_write=True)
    board = Board(page)
    if not board.signing:
        messages.error(request, NOT_SIGNING)
        return redirect(page.url("verifiers"))
    return _pdf(teachers_pdf(page.book, teachers_address(board.closing), page.today), f"Emargement-{page.coop.rne}-{page.year}.pdf")


@require_safe
def quitus_paper(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The quitus as it stands, with places to sign for those who have not."""
    page = open_page(request, rne, year)
    return _pdf(quitus_pdf(page.book, page.today), quitus_name(page.book))


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _do(request: HttpRequest, page: CoopPage, verb: Callable[[], object], said: str = "") -> HttpResponse:
    """Do a verb and say what it did, or why it did not."""
    try:
        done = verb()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said or str(done))
    return redirect(page.url("verifiers"))


def _show(request: HttpRequest, page: CoopPage, status: int = 200, **forms: Any) -> HttpResponse:  # noqa: ANN401 -- the forms that were sent
    board = Board(page)
    seen = signing.seen_of(page.book) if board.signing else ""
    sent = forms.pop("signing_forms", {})
    if "teacher" in forms:
        forms["teacher"].shown_again(seen)
    fresh = {
        "invite": InviteForm(),
        "teacher": TeacherForm(prefix=TEACHER, initial={"seen": seen}),
        "paper": PaperForm(verifiers=board.waited_for, mandates=board.unsigned_mandates),
        "signing_forms": {
            mandate.pk: sent.get(mandate.pk) or MandataireForm(user=page.access.user, prefix=f"mandat-{mandate.pk}", initial={"seen": seen})
            for mandate in board.unsigned_mandates
        },
    }
    context = {"page": page, "here": "closing", "board": board, "accepted": ACCEPTED, **fresh, **forms}
    return render(request, "year_end/verifiers/verifiers.html", context, status=status)
