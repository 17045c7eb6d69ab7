"""From one school year of a coop to another, and to a new one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from retkoop.books import years
from retkoop.books.page import open_page
from retkoop.books.queries import books_of
from retkoop.books.writable import Refused
from retkoop.domain.school_year import InvalidSchoolYear, SchoolYear
from retkoop.network.access import open_coop


@require_safe
def change_year(request: HttpRequest, rne: str) -> HttpResponse:
    """Lead to the year asked for, else to the current one, else to the latest; offer to open one where there is none."""
    if asked := request.GET.get("annee"):
        return redirect(open_page(request, rne, asked).url("home"))
    access, today = open_coop(request.user, rne), timezone.localdate()
    books = books_of(access.coop)
    if book := years.book_on(books, today):
        return redirect("home", rne=rne, year=str(book.year))
    return render(request, "books/no_year.html", {"access": access, "to_open": years.year_to_open(books, today)})


@require_POST
def open_year(request: HttpRequest, rne: str) -> HttpResponse:
    """Open the book of the current or the next school year."""
    access = open_coop(request.user, rne, to_write=True)
    try:
        asked = SchoolYear.parse(request.POST.get("annee", ""))
        book = years.open_year(access=access, year=asked, today=timezone.localdate())
    except (InvalidSchoolYear, Refused) as refusal:
        messages.error(request, str(refusal))
        return redirect("change_year", rne=rne)
    messages.success(request, f"L’année {book.year} est ouverte.")
    return redirect("home", rne=rne, year=str(book.year))
