"""What is filled in about documents and vouchers."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from retkoop.archive.models import SENDABLE, Document, DocumentKind
from retkoop.domain.school_year import SchoolYear
from retkoop.ui.forms import DateField, HiddenInput, LineInput

ASK_DATE: Final = "Indiquez la date du relevé\u202f: celle de son dernier jour, par exemple 31/08/2026."
FAR: Final = "Cette date est bien loin de l’année\u202f: vérifiez-la."
TO_COME: Final = "Ce jour n’est pas encore venu\u202f: indiquez le dernier jour du relevé."
_KIND_ERRORS: Final = {"required": "Choisissez ce que c’est.", "invalid_choice": "Choisissez dans la liste."}


def _kind_field() -> forms.ChoiceField:
    return forms.ChoiceField(label="C’est", choices=SENDABLE, error_messages=_KIND_ERRORS)


class SendingForm(forms.Form):
    """What is said of files as they are sent. A date that cannot be read is asked again on the document's own page."""

    kind = forms.ChoiceField(label="C’est", choices=SENDABLE, initial=DocumentKind.VOUCHER, required=False)
    date = DateField(label="Date", required=False)

    def __init__(self, data: Any = None, *, year: SchoolYear) -> None:  # noqa: ANN401 -- Django's
        super().__init__(data, initial={"kind": DocumentKind.VOUCHER})
        self.year = year
        self.fields["date"].year = year  # type: ignore[attr-defined]  # a DateField of ours
        self.is_valid()

    def clean(self) -> None:
        _check_day(self, self.year)

    @property
    def said_kind(self) -> DocumentKind:
        """What the files are; vouchers, unless something else is said."""
        return DocumentKind(self.cleaned_data.get("kind") or DocumentKind.VOUCHER)


def far_from(year: SchoolYear, day: dt.date) -> bool:
    """Tell whether a document of a year can hardly be of that day: three years before it, or after the year that follows."""
    return not dt.date(year.start - 3, 9, 1) <= day <= year.next.last_day


def _check_day(form: forms.Form, year: SchoolYear) -> None:
    """Refuse the date of a document that is far from its year, and that of a statement which no bank can have made yet."""
    day: dt.date | None = form.cleaned_data.get("date")
    if day is None:
        return
    if far_from(year, day):
        form.add_error("date", ValidationError(FAR, code="far"))
    elif form.cleaned_data.get("kind") == DocumentKind.STATEMENT and day > timezone.localdate():
        form.add_error("date", ValidationError(TO_COME, code="to_come"))


class DescriptionForm(forms.Form):
    """What a document is, said of it afterwards."""

    kind = _kind_field()
    label = forms.CharField(
        label="Intitulé",
        max_length=200,
        widget=LineInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Donnez-lui un titre en quelques mots.", "max_length": "200 caractères au plus."},
    )
    date = DateField(label="Date", required=False, help_text="Celle qui est écrite sur le document.")
    version = forms.IntegerField(widget=HiddenInput, error_messages={"required": "Rechargez la page.", "invalid": "Rechargez la page."})

    def __init__(self, data: Any = None, *, document: Document) -> None:  # noqa: ANN401 -- Django's
        said = {name: getattr(document, name) for name in ("kind", "label", "date", "version")}
        super().__init__(data, initial=said)
        self.document = document
        self.fields["date"].year = document.year  # type: ignore[attr-defined]  # a DateField of ours

    def clean(self) -> None:
        _check_day(self, self.document.year)
        if self.cleaned_data.get("kind") == DocumentKind.STATEMENT and "date" in self.cleaned_data and not self.cleaned_data["date"]:
            self.add_error("date", ValidationError(ASK_DATE, code="needed"))
