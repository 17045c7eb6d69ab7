"""What the staff of an AD send of its workbook: a cell pointed at or typed, the year from which it is read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from retkoop.domain.school_year import SchoolYear
from retkoop.domain.workbook import InvalidMap, InvalidPlace, WorkbookMap, parse_places, read_map
from retkoop.ui.texts import refuse_unreadable

STALE = {"required": "Rechargez la page.", "invalid": "Rechargez la page."}


class DraftForm(forms.Form):
    """A change of a draft: which one, and its version before the person's eyes."""

    key = forms.IntegerField(min_value=1, max_value=2**31 - 1, error_messages=STALE)
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, error_messages=STALE)


class PointForm(DraftForm):
    """Cells of a figure: one that was clicked (`cell`), or all of them, typed (`cells`)."""

    figure = forms.CharField(max_length=20, error_messages={"required": "Choisissez d’abord un renseignement."})
    cell = forms.CharField(required=False, max_length=120, validators=[refuse_unreadable])
    cells = forms.CharField(required=False, max_length=4000, validators=[refuse_unreadable])

    def change(self, told: WorkbookMap) -> WorkbookMap:
        """Return a map once this was pointed at. Raises InvalidMap."""
        given = self.cleaned_data
        if given["cell"]:
            clicked = read_map({"opening_bank": [given["cell"]]}).of("opening_bank")
            return told.pointed(given["figure"], clicked[0])
        try:
            return told.with_places(given["figure"], parse_places(given["cells"]))
        except InvalidPlace as refusal:
            raise InvalidMap(str(refusal)) from None


class PublishForm(DraftForm):
    """The year from which coops send this workbook: the last one, whose accounts are being closed, the present one, or the next."""

    year = forms.ChoiceField(label="À partir de l’année", error_messages={"invalid_choice": "Choisissez une année de la liste."})

    def __init__(self, data: Any = None, *, today: date) -> None:  # noqa: ANN401 -- Django's
        present = SchoolYear.containing(today)
        super().__init__(data, initial={"year": str(present)}, auto_id="publier_%s")
        self.fields["year"].choices = [(str(year), str(year)) for year in (present.previous, present, present.next)]  # type: ignore[attr-defined]  # a choice field

    @property
    def given_year(self) -> SchoolYear:
        return SchoolYear.parse(self.cleaned_data["year"])
