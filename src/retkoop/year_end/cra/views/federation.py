"""The federation's pages on its questionnaires: the list, a draft and what changes it, the preview, publishing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from retkoop.books.writable import Refused
from retkoop.domain.questionnaire import KIND_LABELS, KNOWN_LABELS, InvalidQuestionnaire, Question, QuestionKind, Questionnaire, Section
from retkoop.domain.school_year import SchoolYear
from retkoop.network.access import open_federation
from retkoop.year_end.cra import editing, questionnaires
from retkoop.year_end.cra.editor import GESTURES, Editor, editor_of, listed_kinds
from retkoop.year_end.cra.editor_forms import (
    BaseColumns,
    DraftForm,
    PublishForm,
    QuestionForm,
    SectionForm,
    TitleForm,
    columns_form,
    new_key,
    over,
    question_initial,
)
from retkoop.year_end.models import QuestionnaireKind


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """List the questionnaires and their versions."""
    open_federation(request.user)
    kinds = listed_kinds(SchoolYear.containing(timezone.localdate()))
    return render(request, "year_end/cra/federation_versions.html", {"kinds": kinds})


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Begin a draft of a questionnaire (`questionnaire`), or go on with the one that is there."""
    author = open_federation(request.user)
    kind = request.POST.get("questionnaire", "")
    if kind not in QuestionnaireKind.values:
        messages.error(request, "Choisissez un questionnaire.")
        return redirect("questionnaires")
    row = questionnaires.new_draft(author=author, kind=QuestionnaireKind(kind))
    return redirect("questionnaire", key=row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request: HttpRequest, key: int) -> HttpResponse:
    """Show a version; a POST changes the title of a draft."""
    editor = editor_of(open_federation(request.user), key)
    if request.method != "POST":
        return _show(request, editor)
    form = TitleForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        if _changed(form, editor, replace(editor.content, title=given["title"], help=given["help"])):
            messages.success(request, "Le titre est enregistré.")
            return redirect("questionnaire", key=key)
    return _show(request, editor, status=422, title_form=form)


@require_safe
def preview(request: HttpRequest, key: int) -> HttpResponse:
    """Show a version as those who answer will see it."""
    editor = editor_of(open_federation(request.user), key)
    return render(request, "year_end/cra/federation_preview.html", {"editor": editor})


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, key: int) -> HttpResponse:
    """Add a section, or change the one that `partie` names."""
    editor = editor_of(open_federation(request.user), key, draft=True)
    named = request.GET.get("partie", "")
    there = editor.section(named) if named else None
    start = {"title": there.title, "help": there.help} if there else {}
    form = SectionForm(request.POST if request.method == "POST" else None, initial={"version": editor.row.version, **start})
    if form.is_valid():
        given = form.cleaned_data
        told = there or Section(editing.key_for(given["title"], editing.section_keys(editor.content)), "")
        told = replace(told, title=given["title"], help=given["help"])
        if _changed(form, editor, editing.with_section(editor.content, told)):
            return redirect(_anchor(editor, "partie", told.key))
    context = {"editor": editor, "form": form, "section": there}
    return render(request, "year_end/cra/federation_section.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, key: int) -> HttpResponse:
    """Add a question of a kind (`nature`) to a section (`partie`), or change the one that `question` names."""
    editor = editor_of(open_federation(request.user), key, draft=True)
    there, kind = _asked(request, editor)
    form, columns = _question_forms(request, editor, there, kind)
    if form.is_valid() and (columns is None or columns.is_valid()):
        told = form.question(
            there.key if there else new_key(editor.content, form.cleaned_data["label"]), columns.columns if columns else ()
        )
        content = editing.with_question(editor.content, form.cleaned_data["section"], told)
        if _changed(form, editor, content):
            return redirect(_anchor(editor, "question", told.key))
    context = {"editor": editor, "form": form, "columns": columns, "question": there, "kind": kind, "kind_label": KIND_LABELS[kind]}
    return render(request, "year_end/cra/federation_question.html", context, status=422 if form.is_bound else 200)


def _asked(request: HttpRequest, editor: Editor) -> tuple[Question | None, QuestionKind]:
    """Return the question that the address names, and the kind that it is to have."""
    named, nature = request.GET.get("question", ""), request.GET.get("nature", "")
    there = editor.question(named) if named else None
    usual = there.kind if there else QuestionKind.SHORT
    return there, editor.kind_named(nature or usual)


def _question_forms(
    request: HttpRequest, editor: Editor, there: Question | None, kind: QuestionKind
) -> tuple[QuestionForm, BaseColumns | None]:
    start = question_initial(editor.content, there) if there else {"section": request.GET.get("partie", "")}
    sent = request.POST if request.method == "POST" else None
    initial = {"version": editor.row.version, **start}
    form = QuestionForm(sent, initial=initial, kind=kind, content=editor.content, prefills=editor.prefills)
    return form, columns_form(sent, there.columns if there else ()) if kind is QuestionKind.TABLE else None


@require_POST
def arrange(request: HttpRequest, key: int) -> HttpResponse:
    """Move or take away (`geste`) a section (`partie`) or a question (`question`)."""
    editor = editor_of(open_federation(request.user), key)
    whole, form = "partie" in request.POST, DraftForm(request.POST)
    named = request.POST.get("partie" if whole else "question", "")
    gesture = GESTURES.get(request.POST.get("geste", ""))
    if gesture is None or not form.is_valid():
        messages.error(request, "Rechargez la page.")
    elif _changed(form, editor, gesture(editor.content, named, whole)):
        return redirect(_anchor(editor, "partie" if whole else "question", named))
    for refusal in form.non_field_errors():
        messages.error(request, str(refusal))
    return redirect("questionnaire", key=key)


@require_POST
def publish(request: HttpRequest, key: int) -> HttpResponse:
    """Publish a draft from a school year on."""
    editor = editor_of(open_federation(request.user), key)
    form = PublishForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        given = {"author": editor.author, "key": key, "version": form.cleaned_data["version"], "year": form.given_year}
        if _tried(form, lambda: questionnaires.publish(**given)):
            messages.success(request, f"Ces questions sont posées à partir de l’année {form.given_year}.")
            return redirect("questionnaire", key=key)
    return _show(request, editor, status=422, publish_form=form)


@require_POST
def delete(request: HttpRequest, key: int) -> HttpResponse:
    """Throw a draft away."""
    editor = editor_of(open_federation(request.user), key)
    try:
        questionnaires.delete_draft(author=editor.author, key=key)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("questionnaire", key=key)
    messages.success(request, "Le brouillon est supprimé.")
    return redirect("questionnaires")


def _changed(form: DraftForm, editor: Editor, content: Questionnaire) -> bool:
    """Change a draft by what a form says, and tell whether it was; what refuses it stands on the form, which can be sent again."""
    done = _tried(form, lambda: editor.change(content, form.cleaned_data["version"]))
    if not done:
        form.data = over(form.data, editor.row.version)
    return done


def _tried(form: DraftForm, verb: Callable[[], object]) -> bool:
    try:
        verb()
    except (Refused, InvalidQuestionnaire) as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _anchor(editor: Editor, what: str, key: str) -> str:
    return f"{reverse('questionnaire', kwargs={'key': editor.row.pk})}#{what}-{key}"


def _show(request: HttpRequest, editor: Editor, status: int = 200, **forms: Any) -> HttpResponse:  # noqa: ANN401 -- the forms that were sent
    if forms and not editor.is_draft:
        messages.error(request, questionnaires.PUBLISHED)
        return redirect("questionnaire", key=editor.row.pk)
    seen = {"version": editor.row.version}
    titles = {"title": editor.content.title, "help": editor.content.help}
    fresh = {
        "title_form": TitleForm(initial={**seen, **titles}),
        "publish_form": PublishForm(initial=seen, today=timezone.localdate()),
    }
    context = {"editor": editor, "kind_labels": KIND_LABELS, "known_labels": KNOWN_LABELS, **fresh, **forms}
    return render(request, "year_end/cra/federation_questionnaire.html", context, status=status)
