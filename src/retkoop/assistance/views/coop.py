"""Help as a coop and whoever helps it see it: the questions of the coop, one of them with its answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from retkoop.assistance import queries, services
from retkoop.assistance.about import About, Matter, about_asked
from retkoop.assistance.forms import AskForm, MessageForm
from retkoop.assistance.models import Theme, Thread
from retkoop.audit.services import AlreadySubmitted
from retkoop.books.page import CoopPage, open_page
from retkoop.books.writable import Refused
from retkoop.ui.keys import read_key
from retkoop.ui.typed import forget_typed, typed_values


@require_http_methods(["GET", "HEAD", "POST"])
def help_page(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Show what a coop has asked, and ask: the address says of what (`adresse`, `titre`, `operation`, `controle`)."""
    page = open_page(request, rne, year)
    about = about_asked(page, request.POST if request.method == "POST" else request.GET)
    if request.method == "POST":
        return _ask(request, page, about)
    asked = {name: request.GET.get(name, "")[:300] for name in ("adresse", "titre", "operation", "controle")}
    initial = {**asked, "theme": about.theme, "topic": about.topic}
    form = AskForm(typed_values(request), documents=queries.at_hand(page).documents, initial=initial)
    return _show(request, page, about, form)


def _show(request: HttpRequest, page: CoopPage, about: About, form: AskForm, status: int = 200) -> HttpResponse:
    access = page.access
    threads = queries.threads_of(page.coop, access.user, from_afar=access.from_afar, page=request.GET.get("page"))
    context = {"page": page, "here": "help", "about": about, "form": form, "threads": threads, "asks": may_ask(page)}
    return render(request, "assistance/help.html", context, status=status)


def may_ask(page: CoopPage) -> bool:
    """Tell whether who looks is of the coop itself."""
    return not page.access.from_afar and not page.access.by_merger


def _ask(request: HttpRequest, page: CoopPage, about: About) -> HttpResponse:
    if not may_ask(page):
        raise Http404
    form = AskForm(request.POST, documents=queries.at_hand(page).documents)
    if not form.is_valid():
        return _show(request, page, about, form, status=422)
    try:
        key = services.open_thread(
            access=page.access,
            book=page.book,
            about=about,
            topic=form.called,
            theme=Theme(form.cleaned_data["theme"]),
            said=form.said,
            submission=form.cleaned_data["submission"],
        ).pk
    except AlreadySubmitted as done:
        key = int(done.subject.rpartition(":")[2])
    except Refused as refusal:
        form.add_error("document", str(refusal))
        return _show(request, page, about, form, status=422)
    forget_typed(request)
    messages.success(request, "Votre question est envoyée à votre association. Sa réponse se lira ici.")
    return redirect(page.url("help_thread", key=key))


@require_http_methods(["GET", "HEAD", "POST"])
def help_thread(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Show a question and what was answered; a POST answers, or (`inserer`) puts an answer kept ready into the form."""
    page = open_page(request, rne, year)
    thread = queries.thread_of(page.access, page.year, key)
    at_hand = queries.at_hand(page)
    if request.method != "POST":
        return _show_thread(request, page, thread, MessageForm(typed_values(request), documents=at_hand.documents), at_hand)
    if page.access.by_merger:
        raise Http404
    if "inserer" in request.POST:
        return _insert(request, page, thread, at_hand)
    return _write(request, page, thread, at_hand)


def _write(request: HttpRequest, page: CoopPage, thread: Thread, at_hand: queries.AtHand) -> HttpResponse:
    form = MessageForm(request.POST, documents=at_hand.documents)
    if not form.is_valid():
        return _show_thread(request, page, thread, form, at_hand, status=422)
    try:
        services.write_message(access=page.access, thread=thread, said=form.said, submission=form.cleaned_data["submission"])
    except AlreadySubmitted:
        pass
    except Refused as refusal:
        form.add_error("document", str(refusal))
        return _show_thread(request, page, thread, form, at_hand, status=422)
    forget_typed(request)
    messages.success(request, "Votre message est envoyé.")
    return redirect(f"{page.url('help_thread', key=thread.pk)}#dernier")


def _insert(request: HttpRequest, page: CoopPage, thread: Thread, at_hand: queries.AtHand) -> HttpResponse:
    """Show the form with an answer kept ready after what was typed. Nothing is written."""
    chosen = queries.canned_text(page, read_key(request.POST.get("modele", "")))
    typed = request.POST.copy()
    typed["text"] = "\n\n".join(filter(None, (typed.get("text", "").strip(), chosen)))
    initial = {name: typed[name] for name in ("text", "document", "submission") if name in typed}
    return _show_thread(request, page, thread, MessageForm(documents=at_hand.documents, initial=initial), at_hand)


def _show_thread(  # noqa: PLR0913, PLR0917 -- what the page is made of
    request: HttpRequest, page: CoopPage, thread: Thread, form: MessageForm, at_hand: queries.AtHand, status: int = 200
) -> HttpResponse:
    shown = queries.messages_of(thread)
    context = {
        "page": page,
        "here": "help",
        "thread": thread,
        "matter": Matter(page, thread),
        "shown": shown,
        "unread": queries.unread_by(page.access, shown),
        "canned": at_hand.canned,
        "form": form,
    }
    return render(request, "assistance/thread.html", context, status=status)


@require_POST
def settle(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Say that a question is settled (`regle`: oui), or is not."""
    page = open_page(request, rne, year)
    thread = queries.thread_of(page.access, page.year, key)
    if page.access.by_merger:
        raise Http404
    settled = request.POST.get("regle") == "oui"
    services.settle_thread(access=page.access, thread=thread, settled=settled)
    messages.success(request, "C’est noté\u202f: la question est réglée." if settled else "La question est rouverte.")
    return redirect(page.url("help") if settled else page.url("help_thread", key=key))


@require_POST
def see(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Keep that whoever asks has the thread before them; the menu's count follows."""
    page = open_page(request, rne, year)
    services.see_thread(access=page.access, thread=queries.thread_of(page.access, page.year, key))
    return render(request, "books/_nav_help.html", {"page": open_page(request, rne, year), "here": "help", "oob": True})


@require_POST
def see_visits(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Keep that the coop has seen what was changed from afar (`place`: as far as there)."""
    page = open_page(request, rne, year)
    if not may_ask(page):
        raise Http404
    services.acknowledge_visits(access=page.access, sequence=read_key(request.POST.get("place", "")) or 0)
    return redirect(page.url("home"))
