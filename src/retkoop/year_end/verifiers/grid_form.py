"""The grid as a part of the form that signs: a field a question, and one for its remark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from retkoop.domain.answers import check_answers, is_answered, missing
from retkoop.domain.grid import unexplained
from retkoop.domain.questionnaire import Question, Section, read_questionnaire
from retkoop.ui.forms import HiddenInput
from retkoop.year_end.cra.fields import field_of
from retkoop.year_end.models import QuestionnaireVersion
from retkoop.year_end.verifiers.grid import CHANGED

STALE: Final = {"required": "Rechargez la page.", "invalid": "Rechargez la page."}
NEEDED: Final = "Répondez à cette question."
WHY: Final = "Vous répondez «\u00a0Non\u00a0»\u202f: dites pourquoi en quelques mots."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its fields."""

    question: Question
    bound: BoundField
    remark: BoundField | None


class GridForm(forms.Form):
    """The questions of a version of the grid; `whole` asks that all that is needed be answered. `grid` is the version that was seen."""

    grid = forms.IntegerField(widget=HiddenInput, error_messages=STALE)

    def __init__(self, *args: Any, grid: QuestionnaireVersion, whole: bool = True, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own
        kwargs["initial"] = {**kwargs.get("initial", {}), "grid": grid.pk}
        super().__init__(*args, **kwargs)
        self.version, self.whole = grid.pk, whole
        self.questionnaire = read_questionnaire(grid.content)
        for question in self.questionnaire.questions:
            self.fields[name_of(question)] = _field_of(question)
            if question.remark:
                self.fields[name_of(question.remark)] = _field_of(question.remark, f"Remarque, {question.label}")
        self.order_fields([name_of(question) for question in self.questionnaire.asked])

    def clean_grid(self) -> int:
        if self.cleaned_data["grid"] != self.version:
            self.data = self.data.copy()  # type: ignore[attr-defined]  # what a browser sends
            self.data["grid"] = str(self.version)  # type: ignore[index]  # idem
            raise ValidationError(CHANGED, code="changed")
        return self.version

    def clean(self) -> None:
        for key, refusal in check_answers(self.questionnaire, self.answers).items():
            self.add_error(f"grille-{key}", refusal)
        if not self.whole:
            return
        for question in missing(self.questionnaire, self.answers):
            if name_of(question) not in self.errors:
                self.add_error(name_of(question), NEEDED)
        for remark in unexplained(self.questionnaire, self.answers):
            if name_of(remark) not in self.errors:
                self.add_error(name_of(remark), WHY)

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, by the keys of the questions."""
        given = ((question.key, self.cleaned_data.get(name_of(question))) for question in self.questionnaire.asked)
        return {key: value for key, value in given if is_answered(value)}

    @property
    def sections(self) -> Iterator[tuple[Section, list[Asked]]]:
        for section in self.questionnaire.sections:
            yield section, [self._asked(question) for question in section.questions]

    def _asked(self, question: Question) -> Asked:
        return Asked(question, self[name_of(question)], self[name_of(question.remark)] if question.remark else None)


def name_of(question: Question) -> str:
    return f"grille-{question.key}"


def _field_of(question: Question, label: str = "") -> forms.Field:
    """Return the field of a question; whether it needs an answer, the form says."""
    field = field_of(question, blank=False)
    field.label, field.help_text = label or question.label, question.help
    return field
