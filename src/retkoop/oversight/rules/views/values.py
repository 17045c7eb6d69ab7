"""The pages of figures, words and days: all groups, the form of one with the effect of what is typed, the history of a setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from retkoop.domain.school_year import SchoolYear
from retkoop.network.models import DepartmentalAssociation
from retkoop.network.queries import given_settings, rules_of
from retkoop.network.services import SettingsChanged, set_values
from retkoop.oversight.rules.forms import GroupForm
from retkoop.oversight.rules.groups import Group, group_named, item_named
from retkoop.oversight.rules.page import RulesPage, open_rules
from retkoop.oversight.rules.preview import Effect, effect_of
from retkoop.oversight.rules.previewing import ask_for_preview, found_so_far, preview_of
from retkoop.oversight.rules.queries import history_of


@require_safe
def overview(request: HttpRequest, department: str | None = None) -> HttpResponse:
    """Show all that is set in a year: each value, whose it is, who set it last."""
    page = open_rules(request, department)
    return render(request, "oversight/rules/settings.html", {"page": page, "access": page.access})


@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, group: str, department: str | None = None) -> HttpResponse:
    """Show the form of a group; a POST keeps it, shows its effect (`apercu`), or proposes a national value (`national`)."""
    page = open_rules(request, department)
    chosen = group_named(group, national=page.access is None)
    if request.method != "POST":
        return _show(request, page, chosen, GroupForm(group=chosen, lines=page.lines_in([chosen])))
    form = GroupForm(request.POST, group=chosen, lines=page.lines_in([chosen]))
    back = request.POST.get("national", "")
    if back in chosen.names:
        return _propose(request, page, form, back)
    if not form.is_valid() or "apercu" in request.POST:
        return _show(request, page, chosen, form)
    return _keep(request, page, form)


def _keep(request: HttpRequest, page: RulesPage, form: GroupForm) -> HttpResponse:
    try:
        changed = set_values(author=page.author, association=page.association, year=page.year, values=form.values, seen=form.shown_before)
    except SettingsChanged as refusal:
        messages.error(request, str(refusal))
        return redirect(page.to("setting_group", group=form.group.slug))
    messages.success(request, "Les réglages sont enregistrés." if changed else "Rien n’a changé.")
    return redirect(page.to("settings"))


def _propose(request: HttpRequest, page: RulesPage, form: GroupForm, name: str) -> HttpResponse:
    """Show the form as it was typed, with the national value of one setting in its place."""
    typed = form.values if form.is_valid() else {}
    lines = page.lines_in([form.group])
    shown = {**typed, name: lines[name].national}
    return _show(request, page, form.group, GroupForm(group=form.group, lines=lines, shown=shown), proposed=name)


def _show(request: HttpRequest, page: RulesPage, chosen: Group, form: GroupForm, proposed: str = "") -> HttpResponse:
    context = {
        "page": page,
        "access": page.access,
        "group": chosen,
        "form": form,
        "lines": page.lines_in([chosen]),
        "proposed": proposed,
        **_effects(page, form),
    }
    return render(request, "oversight/rules/group.html", context, status=422 if form.is_bound and form.errors else 200)


def _effects(page: RulesPage, form: GroupForm) -> dict[str, Any]:
    """Return what the values that the form holds would change: in the books of the AD, as far as anybody waits for (`effect`).

    Where there are more, the worker looks at all of them (`preview`). Both are None where nothing is asked.
    """
    values = _asked(form) if form.group.has_effect else None
    effect = None if values is None or page.association is None else _effect(page.association, page.year, values)
    slow = effect is None or not effect.whole
    preview = ask_for_preview(association=page.association, year=page.year, values=values) if values is not None and slow else None
    return {"effect": effect, "preview": preview}


def _asked(form: GroupForm) -> dict[str, Any] | None:
    if form.is_bound:
        return form.values if form.is_valid() else None
    return {name: form.initial[name] for name in form.group.names} if form.proposes else None


def _effect(association: DepartmentalAssociation, year: SchoolYear, values: Mapping[str, Any]) -> Effect:
    given = given_settings(association, year)
    after = rules_of(replace(given, own={**given.own, **values}))
    return effect_of(association, year, before=rules_of(given), after=after, today=timezone.localdate())


@require_safe
def preview(request: HttpRequest, key: int, department: str | None = None) -> HttpResponse:
    """Show how far the worker is in holding the books against other values, and what they would say."""
    page = open_rules(request, department)
    row = preview_of(page.association, key)
    if row is None:
        raise Http404
    context = {"page": page, "access": page.access, "preview": row, "found": found_so_far(row) if page.association else None}
    return render(request, "oversight/rules/preview.html", context)


@require_safe
def history(request: HttpRequest, name: str, department: str | None = None) -> HttpResponse:
    """Show all that a setting has been, who changed it and when."""
    page, item = open_rules(request, department), item_named(name)
    context = {"page": page, "access": page.access, "item": item, "moments": history_of(page.association, item)}
    return render(request, "oversight/rules/history.html", context)
