"""The pages of a chart of accounts: all of it, a new account, one account."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from retkoop.domain.chart import Account
from retkoop.network.queries import given_settings
from retkoop.oversight.rules import charts
from retkoop.oversight.rules.forms import AccountForm, LabelForm, NewAccountForm
from retkoop.oversight.rules.page import RulesPage, open_rules

DONE: Final = {
    "enregistrer": "Le compte est enregistré.",
    "national": "Le compte a retrouvé son nom national.",
    "masquer": "Le compte est masqué\u202f: il n’est plus proposé dans les cahiers.",
    "montrer": "Le compte est de nouveau proposé dans les cahiers.",
    "supprimer": "Le compte est supprimé.",
}

OTHERS: Final = frozenset({"enregistrer", "national"})
ADDED: Final = frozenset(DONE) - {"national"}
"""What can be asked of an account that was added, and of any other."""


@require_safe
def chart(request: HttpRequest, department: str | None = None) -> HttpResponse:
    """Show the chart of a year, with what the AD (or the federation) changes in it."""
    page = open_rules(request, department)
    own = charts.own_side(page.association, given_settings(page.association, page.year))
    context = {"page": page, "access": page.access, "labels": own["labels"], "added": {row["code"] for row in own["added"]}}
    return render(request, "oversight/rules/chart.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, department: str | None = None) -> HttpResponse:
    """Show the form of a new account; a POST adds it."""
    page = open_rules(request, department)
    if not page.may_write:
        raise Http404
    form = NewAccountForm(request.POST if request.method == "POST" else None, chart=page.chart, national=page.access is None)
    if form.is_valid():
        try:
            new = charts.add_account(
                author=page.author, association=page.association, year=page.year, parent=form.parent_code, **form.facts
            )
        except charts.ChartRefusal as refusal:
            form.add_error("code" if form.cleaned_data.get("code") and "numéro" in str(refusal) else "label", str(refusal))
        else:
            messages.success(request, f"Le compte {new.alias} est ajouté.")
            return redirect(page.to("chart"))
    context = {"page": page, "access": page.access, "form": form}
    return render(request, "oversight/rules/new_account.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, account: str, department: str | None = None) -> HttpResponse:
    """Show an account; a POST gives it another label, hides it, shows it again or takes it away (`faire`)."""
    page = open_rules(request, department)
    found = page.chart.by_name.get(account)
    if found is None or found.code != account or not page.may_write:
        raise Http404
    own = charts.own_side(page.association, given_settings(page.association, page.year))
    is_added = any(row["code"] == account for row in own["added"])
    form = _form_of(request, found, is_added=is_added)
    asked = request.POST.get("faire", "enregistrer")
    if request.method == "POST" and asked in (ADDED if is_added else OTHERS) and (form.is_valid() or asked != "enregistrer"):
        try:
            _verb(page, found, form, asked, is_added=is_added)()
        except charts.ChartRefusal as refusal:
            form.add_error("label", str(refusal))
        else:
            messages.success(request, DONE[asked])
            return redirect(page.to("chart"))
    context = {"page": page, "access": page.access, "account": found, "form": form, "is_added": is_added}
    return render(request, "oversight/rules/account.html", {**context, "is_relabelled": account in own["labels"]})


def _form_of(request: HttpRequest, account: Account, *, is_added: bool) -> AccountForm | LabelForm:
    data = request.POST if request.method == "POST" else None
    if is_added:
        return AccountForm(data, initial={"label": account.label, "examples": ", ".join(account.examples)})
    return LabelForm(data, initial={"label": account.label})


def _verb(page: RulesPage, account: Account, form: AccountForm | LabelForm, asked: str, *, is_added: bool) -> Callable[[], None]:
    """Return the verb that does what was asked of an account."""
    given = {**page.place, "account": account.code}
    if asked == "supprimer":
        return partial(charts.remove_account, **given)
    if not is_added:
        return partial(charts.relabel, **given, label="" if asked == "national" else form.cleaned_data.get("label", ""))
    facts = form.facts if asked == "enregistrer" else {"label": account.label, "examples": account.examples}  # type: ignore[union-attr]  # an added one's form
    hidden = {"masquer": True, "montrer": False}.get(asked, account.hidden)
    return partial(charts.change_account, **given, **facts, hidden=hidden)
