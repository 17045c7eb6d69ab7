"""What the federation fills in: an announcement."""

from __future__ import annotations

from django import forms

from retkoop.network.forms import SubmissionForm
from retkoop.oversight.national.announcing import AnnouncementWords, days_refusal
from retkoop.oversight.national.models import Announcement, Readers
from retkoop.ui.forms import DateField, LineInput
from retkoop.ui.texts import refuse_unreadable


class AnnouncementForm(SubmissionForm):
    """An announcement before it is made, or one that changes (`version`)."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(
        label="Titre",
        max_length=80,
        validators=[refuse_unreadable],
        widget=LineInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Donnez un titre à l’annonce.", "max_length": "80 caractères au plus."},
    )
    text = forms.CharField(
        label="Texte",
        max_length=600,
        validators=[refuse_unreadable],
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Écrivez ce que vous annoncez.",
            "max_length": "600 caractères au plus.",
        },
    )
    readers = forms.ChoiceField(
        label="Pour",
        choices=Readers.choices,
        widget=forms.RadioSelect,
        initial=Readers.ALL,
        error_messages={"required": "Choisissez pour qui.", "invalid_choice": "Choisissez pour qui."},
    )
    first_day = DateField(label="Du", error_messages={"required": "Indiquez le premier jour."})
    last_day = DateField(label="Au", error_messages={"required": "Indiquez le dernier jour."})

    def clean(self) -> dict[str, object]:
        values = super().clean() or self.cleaned_data
        if {"first_day", "last_day"} <= set(values) and (refusal := days_refusal(values["first_day"], values["last_day"])):
            self.add_error("last_day", refusal)
        return values

    @property
    def words(self) -> AnnouncementWords:
        """What was filled in, once it is valid."""
        given = self.cleaned_data
        return AnnouncementWords(**{name: given[name] for name in ("title", "text", "readers", "first_day", "last_day")})

    @classmethod
    def of(cls, row: Announcement) -> AnnouncementForm:
        names = ("version", "title", "text", "readers", "first_day", "last_day")
        return cls(initial={name: getattr(row, name) for name in names})
