"""What people fill in of a CRA: a form a question, made from the questionnaire; `domain.answers` says what fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict

from retkoop.archive.models import Document
from retkoop.domain.answers import check_answer, is_answered
from retkoop.domain.questionnaire import InvalidAnswer, Question, QuestionKind
from retkoop.ui.keys import read_key
from retkoop.year_end.cra.fields import field_of
from retkoop.year_end.cra.services import Given

MORE_ROWS: Final = 20
"""How many rows more than a table takes are read: those who paste too many see them again, with the reason."""


class RowForm(forms.Form):
    """A row of a table."""

    def __init__(self, question: Question, data: QueryDict | None, number: int | str, held: Any = None) -> None:  # noqa: ANN401 -- JSON
        super().__init__(data, prefix=f"q-{question.key}-{number}", initial=held)
        for column in question.columns:
            self.fields[column.key] = field_of(column.question, cell=True)
        self.columns = question.columns

    def clean(self) -> None:
        for column in self.columns:
            try:
                check_answer(column.question, self.cleaned_data.get(column.key))
            except InvalidAnswer as refusal:
                self.add_error(column.key, str(refusal))

    @property
    def row(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if is_answered(value)}


class QuestionForm(forms.Form):
    """A question, and the answer that stood before whoever answers (`version`, `seen`)."""

    def __init__(self, question: Question, data: QueryDict | None, held: Any = None, photos: Sequence[Document] = ()) -> None:  # noqa: ANN401 -- JSON
        super().__init__(data, prefix=f"q-{question.key}", initial={"value": held})
        self.question, self.photos = question, photos
        self.rows: list[RowForm] = []
        if question.kind is not QuestionKind.TABLE:
            self.fields["value"] = field_of(question, photos)
        elif data is not None:
            self.rows = [RowForm(question, data, number) for number in range(rows_sent(question, data))]
        else:
            self.rows = [RowForm(question, None, number, row) for number, row in enumerate(held or [{}])]

    @property
    def blank(self) -> RowForm:
        """A row to come."""
        return RowForm(self.question, None, "__prefix__")

    @property
    def all_forms(self) -> Iterator[forms.Form]:
        yield self
        yield from self.rows

    @property
    def shown(self) -> QuestionForm:
        """The form with what was typed, not judged: what is wrong stands beside, where the next answer replaces it."""
        if not self.is_bound:
            return self
        typed = [{name: row[name].data for name in row.fields} for row in self.rows] if self.question.columns else self["value"].data
        return QuestionForm(self.question, None, typed, self.photos)

    @property
    def faults(self) -> list[str]:
        """What is wrong, in whole sentences."""
        found = [str(error) for errors in self.errors.values() for error in errors]
        for number, row in enumerate(self.rows, 1):
            found += [f"Ligne {number}, «\u00a0{row.fields[name].label}\u00a0»\u202f: {errors[0]}" for name, errors in row.errors.items()]
        return found

    def is_valid(self) -> bool:
        return super().is_valid() and all(row.is_valid() for row in self.rows)

    def clean(self) -> None:
        if not all(row.is_valid() for row in self.rows):
            return
        try:
            check_answer(self.question, self.value)
        except InvalidAnswer as refusal:
            self.add_error("value" if "value" in self.fields else None, str(refusal))

    @property
    def value(self) -> Any:  # noqa: ANN401 -- JSON
        if self.question.kind is QuestionKind.TABLE:
            return [row.row for row in self.rows if row.row]
        return self.cleaned_data.get("value")

    @property
    def sent_version(self) -> int:
        return read_key(str(self.data.get(f"{self.prefix}-version", ""))) or 0

    @property
    def sent_print(self) -> str:
        return str(self.data.get(f"{self.prefix}-seen", ""))[:16]

    @property
    def given(self) -> Given:
        """The answer, once the form is valid."""
        return Given(self.value, self.sent_version, self.sent_print)


def rows_sent(question: Question, data: QueryDict) -> int:
    """Return how many rows of a table were sent."""
    return min(read_key(data.get(f"q-{question.key}-TOTAL_FORMS", "")) or 0, question.limit + MORE_ROWS)


def with_row(question: Question, data: QueryDict) -> QueryDict:
    """Return what was typed with one empty row more: the button that adds one, without script."""
    typed = data.copy()
    typed[f"q-{question.key}-TOTAL_FORMS"] = str(rows_sent(question, data) + 1)
    return typed


def without_row(question: Question, data: QueryDict, number: int) -> QueryDict:
    """Return what was typed without one row: those that follow move up."""
    typed, count = data.copy(), rows_sent(question, data)
    for place in range(number, count - 1):
        for column in question.columns:
            typed[f"q-{question.key}-{place}-{column.key}"] = data.get(f"q-{question.key}-{place + 1}-{column.key}", "")
    typed[f"q-{question.key}-TOTAL_FORMS"] = str(max(count - (0 <= number < count), 0))
    return typed
