"""How operations are proven: by files, by documents that are there already, on paper; and those that are not proven yet."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from retkoop.books import vouchers
from retkoop.books.attestation import attestation_pdf, file_name
from retkoop.books.documents import Missing, vouchers_of
from retkoop.books.models import Proof
from retkoop.books.page import CoopPage, open_page
from retkoop.books.queries import operation_of
from retkoop.books.receiving import NOTHING_SENT, Outcome, receive_files, told_before
from retkoop.books.words import named
from retkoop.books.writable import Refused
from retkoop.ui.keys import read_key
from retkoop.ui.templates import plural

PARTED = "Le document est retiré de l’opération. Il reste parmi les documents de l’année."
PARTED_ALL = "Les documents sont retirés de l’opération. Ils restent parmi les documents de l’année."


@require_safe
def missing(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The operations without voucher, each with its quick ways."""
    page = open_page(request, rne, year)
    waiting = Missing(page, request.GET)
    context = {
        "page": page,
        "here": "documents",
        "missing": waiting,
        "joined": list(vouchers_of(waiting.said)) if waiting.said else [],
        "next_key": waiting.next_key or read_key(request.GET.get("ligne", "")),
    }
    return render(request, "books/documents_missing.html", context)


@require_POST
def add(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Prove an operation by files, or by a document that is there already."""
    page = open_page(request, rne, year, to_write=True)
    document = read_key(request.POST.get("document", ""))
    if document is not None:
        return redirect(_back(request, page, key, said=_join(request, page, document, key)))
    files = request.FILES.getlist("fichiers")
    before = told_before(page.book, request.POST.get("avant", ""))
    outcome = before + receive_files(access=page.access, book=page.book, files=files, operation=key)
    if one_by_one(request):
        return JsonResponse(outcome.as_json())
    tell(request, outcome)
    return redirect(_back(request, page, key, said=bool(outcome.kept)))


@require_POST
def join(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Prove by a document (`key`) the operation that the form names."""
    page = open_page(request, rne, year, to_write=True)
    operation = read_key(request.POST.get("operation", ""))
    joined = operation is not None and _join(request, page, key, operation)
    if request.POST.get("de") == "documents":
        return redirect(page.url("documents") + (f"?joint={key}&operation={operation}" if joined else ""))
    return redirect(page.url("document", key=key))


@require_POST
def part(request: HttpRequest, rne: str, year: str, key: int, document: int) -> HttpResponse:
    """Take a document off an operation, and with it those that were joined at the same time (`aussi`)."""
    page = open_page(request, rne, year, to_write=True)
    others = [other for other in map(read_key, request.POST.getlist("aussi")) if other is not None]
    try:
        for one in (document, *others):
            vouchers.part_document(access=page.access, book=page.book, document=one, operation=key)
        messages.success(request, PARTED_ALL if others else PARTED)
    except Refused as refusal:
        messages.error(request, str(refusal))
    if request.POST.get("de") == "document":
        return redirect(page.url("document", key=document))
    return redirect(_back(request, page, key))


@require_POST
def say(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Say that the voucher of an operation is on paper, lost, or missing after all."""
    page = open_page(request, rne, year, to_write=True)
    said = request.POST.get("preuve", "")
    proof = Proof(said) if said in (Proof.PAPER, Proof.LOST) else Proof.MISSING
    if proof is Proof.PAPER and not _place(request).strip():
        return redirect(_back(request, page, key, asked="sans-place"))
    try:
        vouchers.say_proof(access=page.access, book=page.book, operation=key, proof=proof, place=_place(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_back(request, page, key))
    return redirect(_back(request, page, key, said=proof is not Proof.MISSING))


@require_POST
def say_all(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Say that all vouchers that are still missing are on paper, in one place."""
    page = open_page(request, rne, year, to_write=True)
    try:
        noted = vouchers.say_all_on_paper(access=page.access, book=page.book, place=_place(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(page.url("missing_vouchers"))
    return redirect(f"{page.url('missing_vouchers')}?papiers={noted.operations}&depuis={noted.sequence}")


@require_POST
def take_back_all(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Undo what was said of all vouchers at once."""
    page = open_page(request, rne, year, to_write=True)
    papers = vouchers.Papers(*(read_key(request.POST.get(name, "")) or 0 for name in ("papiers", "depuis")))
    count = vouchers.take_back_papers(access=page.access, book=page.book, papers=papers)
    waiting = plural(count, "opération attend de nouveau son justificatif", "opérations attendent de nouveau leur justificatif")
    messages.success(request, f"C’est annulé\u202f: {waiting}.")
    return redirect(page.url("missing_vouchers"))


@require_safe
def attestation(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """The attestation sur l’honneur of an operation whose voucher is lost, to be signed."""
    page = open_page(request, rne, year)
    row = operation_of(page.book, key)
    if row is None or row.proof != Proof.LOST:
        raise Http404
    disposition = f'attachment; filename="{file_name(row)}"'
    return HttpResponse(attestation_pdf(page, row), content_type="application/pdf", headers={"Content-Disposition": disposition})


def one_by_one(request: HttpRequest) -> bool:
    """Tell whether a page sends several files, each in a request of its own, and says itself what became of them."""
    return request.headers.get("Accept") == "application/json"


def tell(request: HttpRequest, outcome: Outcome) -> None:
    """Say what became of the files that were sent; many refusals are told together."""
    if outcome.said and request.POST.get("de") != "manquants":  # there, the page itself says it, and offers to undo it
        messages.success(request, outcome.said)
    if outcome.refused:
        messages.error(request, "\n".join(outcome.refusals))
    if not outcome.kept and not outcome.refused:
        messages.error(request, NOTHING_SENT)


def _place(request: HttpRequest) -> str:
    """Return where a paper is said to be, without signs that nobody sees."""
    return "".join(sign for sign in request.POST.get("place", "") if sign.isprintable())[:120]


def _join(request: HttpRequest, page: CoopPage, document: int, operation: int) -> bool:
    try:
        row = vouchers.join_document(access=page.access, book=page.book, document=document, operation=operation)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    if request.POST.get("de") not in ("documents", "manquants"):  # there, the page itself says it, and offers to undo it
        messages.success(request, f"Justificatif joint\u202f: {named(row)}.")
    return True


def _back(request: HttpRequest, page: CoopPage, key: int, *, said: bool = False, asked: str = "ligne") -> str:
    """Return the address of the page from which something was said of an operation; `asked` is why it is gone back to."""
    match request.POST.get("de"):
        case "manquants":
            number = read_key(request.POST.get("page", "")) or 1
            return f"{page.url('missing_vouchers')}?page={number}&{'dite' if said else asked}={key}"
        case "documents":
            return page.url("documents")
    return f"{page.url('operation', key=key)}{f'?{asked}={key}' if asked != 'ligne' else ''}#justificatifs"
