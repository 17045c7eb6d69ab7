"""The pages of the inventory: its list, on screen, on paper and as a file; one good; the labels."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.archive.models import DocumentKind
from retkoop.books.page import CoopPage, open_page
from retkoop.registers import services
from retkoop.registers.documents import document_picks, sent_data
from retkoop.registers.forms import ClickForm, ItemForm
from retkoop.registers.inventory import Inventory, csv_of, item_of, operation_that_bought
from retkoop.registers.labels import labels_pdf
from retkoop.registers.models import InventoryItem
from retkoop.registers.views.saving import Attempt, attempt, closed_instead, over, remove, removed_key, restore
from retkoop.ui.keys import read_key
from retkoop.ui.typed import typed_values


@require_safe
def inventory(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """All that the coop holds, what left this year, what was bought and is not listed yet."""
    page = open_page(request, rne, year)
    context = {"page": page, "here": "registers", "inventory": Inventory(page), "removed": removed_key(request)}
    return render(request, "registers/inventory.html", context)


@require_safe
def print_inventory(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The inventory, to be printed."""
    page = open_page(request, rne, year)
    return render(request, "registers/print_inventory.html", {"page": page, "inventory": Inventory(page)})


@require_safe
def export_inventory(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """The inventory as a file for spreadsheets."""
    page = open_page(request, rne, year)
    disposition = f'attachment; filename="inventaire-{page.coop.rne}-{page.year}.csv"'
    content = "\ufeff" + csv_of(Inventory(page))  # by this mark, spreadsheets know UTF-8
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


@require_safe
def labels(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Labels to stick on the goods that the coop holds; `bien` asks for one of them alone."""
    page = open_page(request, rne, year)
    asked = read_key(request.GET.get("bien", ""))
    held = [item for item in Inventory(page).held if asked is None or item.pk == asked]
    disposition = f'inline; filename="etiquettes-{page.coop.rne}.pdf"'
    return HttpResponse(labels_pdf(page, held), content_type="application/pdf", headers={"Content-Disposition": disposition})


@require_POST
def list_purchase(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Put what an operation bought on the inventory, as the cahier tells it, in one click."""
    page = open_page(request, rne, year, to_write=True)
    found = next((one for one in Inventory(page).proposals if one.operation == key), None)
    if found is None:
        messages.info(request, "Cet achat est déjà à l’inventaire.")
        return redirect(page.url("inventory"))
    form = ClickForm(request.POST)
    given: dict[str, Any] = {"access": page.access, "book": page.book, "facts": found.facts, "operation": key}
    tried = attempt(request, form, lambda: services.record_item(**given, submission=form.cleaned_data["submission"]))
    if tried.done:
        messages.success(request, _listed(page, found.label, tried.made))
    for refusal in form.non_field_errors():
        messages.error(request, str(refusal))
    return redirect(page.url("inventory"))


@require_http_methods(["GET", "HEAD", "POST"])
def new_item(request: HttpRequest, rne: str, year: str) -> HttpResponse:
    """Put a good on the inventory that no operation of the year has bought: a gift, or one of former years."""
    page = open_page(request, rne, year, to_write=True)
    if closed := closed_instead(request, page, "inventory"):
        return closed
    if request.method != "POST":
        return _show(request, page, ItemForm(typed_values(request), picks=_picks(page)))
    data = sent_data(request, page, DocumentKind.PHOTO)
    form = ItemForm(data, picks=_picks(page, data.get("document")))
    tried = attempt(
        request,
        form,
        lambda: services.record_item(access=page.access, book=page.book, facts=form.facts, submission=form.given_submission),
    )
    return _saved(request, page) if tried.done else _show(request, page, form, tried=tried)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """One good: seen, corrected, taken out of use."""
    page = open_page(request, rne, year, to_write=request.method == "POST")
    shown = item_of(page.coop, key)
    if request.method != "POST":
        waiting, picks = typed_values(request), _picks(page, shown.photo_id)
        return _show(request, page, ItemForm(waiting, picks=picks) if waiting else ItemForm.of(shown, picks), shown)
    data = sent_data(request, page, DocumentKind.PHOTO)
    picks = _picks(page, data.get("document"))
    form = ItemForm(data, picks=picks)
    tried = attempt(
        request,
        form,
        lambda: services.edit_item(access=page.access, book=page.book, key=key, version=form.given_version, facts=form.facts),
    )
    if tried.current is not None:
        form = ItemForm(over(data, tried.current.version), picks=picks)
    return _saved(request, page) if tried.done else _show(request, page, form, shown, tried)


def _listed(page: CoopPage, label: str, made: InventoryItem | None) -> str:
    """Say that a purchase is on the inventory, and lead to its page."""
    if made is None:
        return f"«\u202f{label}\u202f» est à l’inventaire."
    said = '«\u202f{}\u202f» est à l’inventaire. <a href="{}">Dites où il est, et ajoutez sa photo</a> si vous en avez une.'
    return format_html(said, label, page.url("inventory_item", key=made.pk))


def _picks(page: CoopPage, chosen: object = None) -> Any:  # noqa: ANN401 -- picks of a field
    return document_picks(page.book, DocumentKind.PHOTO, chosen)


def _saved(request: HttpRequest, page: CoopPage) -> HttpResponse:
    messages.success(request, "C’est enregistré.")
    return redirect(page.url("inventory"))


def _show(
    request: HttpRequest, page: CoopPage, form: ItemForm, shown: InventoryItem | None = None, tried: Attempt | None = None
) -> HttpResponse:
    context = {
        "page": page,
        "here": "registers",
        "form": form,
        "item": shown,
        "operation": operation_that_bought(shown) if shown else None,
        "current": tried.current if tried else None,
    }
    return render(request, "registers/item.html", context, status=tried.status if tried else 200)


@require_POST
def remove_item(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Take a good off the inventory; the page offers to bring it back."""
    return remove(request, open_page(request, rne, year, to_write=True), services.remove_item, key, "inventory")


@require_POST
def restore_item(request: HttpRequest, rne: str, year: str, key: int) -> HttpResponse:
    """Bring a good back."""
    return restore(request, open_page(request, rne, year, to_write=True), services.restore_item, key, "inventory")
