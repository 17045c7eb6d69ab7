"""What the federation fills in to change a questionnaire: its titles, a section, a question and the columns of its table."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, Final, cast

from django import forms
from django.core.exceptions import ValidationError

from retkoop.domain.condition import Condition
from retkoop.domain.questionnaire import (
    CELL_KINDS,
    CHOOSING,
    FITTING,
    KIND_LABELS,
    KNOWN_LABELS,
    LONGEST_HELP,
    LONGEST_LABEL,
    MOST,
    MOST_CHOICES,
    MOST_COLUMNS,
    Column,
    Known,
    Question,
    QuestionKind,
    Questionnaire,
)
from retkoop.domain.school_year import SchoolYear
from retkoop.ui.forms import HiddenInput, LineInput
from retkoop.ui.templates import whole
from retkoop.ui.texts import refuse_unreadable
from retkoop.year_end.cra.editing import key_for, question_keys, section_of

STALE: Final = {"required": "Rechargez la page.", "invalid": "Rechargez la page."}
LONGEST_CHOICE: Final = 200
TOO_FEW: Final = "Il faut au moins deux choix, un par ligne."
COLUMNS: Final = "colonnes"
"""The prefix of the fields of the columns."""

LIMITS: Final = {
    QuestionKind.SHORT: "Caractères au plus",
    QuestionKind.LONG: "Caractères au plus",
    QuestionKind.NUMBER: "Plus grand nombre accepté",
    QuestionKind.SEVERAL: "Choix au plus",
    QuestionKind.TABLE: "Lignes au plus",
    QuestionKind.PHOTOS: "Photos au plus",
}
"""By kind: how its limit is called. A single choice has none."""


def _line(label: str, missing: str = "", most: int = LONGEST_LABEL, **more: Any) -> forms.CharField:  # noqa: ANN401 -- Django's own
    said = {"required": missing, "max_length": f"{most} caractères au plus."}
    widget, validators = LineInput(attrs={"autocomplete": "off"}), [refuse_unreadable]
    return forms.CharField(
        label=label, max_length=most, required=bool(missing), widget=widget, validators=validators, error_messages=said, **more
    )


def _help_field(**more: Any) -> forms.CharField:  # noqa: ANN401 -- idem
    said = {"max_length": "1\u202f000 caractères au plus."}
    widget, validators = forms.Textarea(attrs={"rows": 2}), [refuse_unreadable]
    return forms.CharField(
        label="Aide", required=False, max_length=LONGEST_HELP, widget=widget, validators=validators, error_messages=said, **more
    )


def _choices_field(label: str, rows: int) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), validators=[refuse_unreadable])


def _lines_of(text: str) -> tuple[str, ...]:
    return tuple(line for line in (one.strip() for one in text.splitlines()) if line)


def read_choices(text: str) -> tuple[str, ...]:
    """Return the choices of a text, one a line. Raises ValidationError for fewer than two, too many, twice the same, or one too long."""
    choices = _lines_of(text)
    if len(choices) < 2:
        raise ValidationError(TOO_FEW, code="few")
    if len(choices) > MOST_CHOICES:
        raise ValidationError(f"{MOST_CHOICES} choix au plus.", code="many")
    for number, choice in enumerate(choices):
        if choice in choices[:number]:
            raise ValidationError(f"Deux choix se nomment «\u202f{choice[:40]}\u202f».", code="twice")
        if len(choice) > LONGEST_CHOICE:
            raise ValidationError(f"«\u202f{choice[:40]}…\u202f» est trop long\u202f: {LONGEST_CHOICE} caractères au plus.", code="long")
    return choices


def over(data: Any, version: int) -> Any:  # noqa: ANN401 -- what a form was sent
    """Return what was typed, to be sent again over what the draft has become."""
    return {**{name: data[name] for name in data}, "version": str(version)}


class DraftForm(forms.Form):
    """A change of a draft; `version` is that of the draft which was before the person's eyes."""

    version = forms.IntegerField(widget=HiddenInput, min_value=1, max_value=2**31 - 1, error_messages=STALE)


class TitleForm(DraftForm):
    """What stands over the whole questionnaire."""

    title = _line("Titre", "Donnez un titre au questionnaire.")
    help = _help_field(help_text="Ce qu’on lit avant la première question.")


class SectionForm(DraftForm):
    """A section: one step, one page of the coop."""

    title = _line("Titre", "Donnez un titre à cette partie.")
    help = _help_field(help_text="Une ou deux phrases sous le titre.")


class QuestionForm(DraftForm):
    """A question of a kind; the fields that do not belong to the kind are left out."""

    section = forms.ChoiceField(label="Partie", error_messages={"invalid_choice": "Choisissez une partie du questionnaire."})
    label = _line("Question", "Écrivez la question.")
    help = _help_field(help_text="Une phrase sous la question, si elle en a besoin.")
    choices = _choices_field("Choix proposés, un par ligne", 4)
    most = forms.IntegerField(required=False, widget=LineInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
    known = forms.ChoiceField(label="Remplir d’avance avec", required=False)
    required = forms.BooleanField(label="Réponse obligatoire", required=False)
    remarked = forms.BooleanField(label="Demander une remarque à côté du choix", required=False)
    condition = forms.ChoiceField(label="Poser la question", required=False, error_messages={"invalid_choice": "Choisissez dans la liste."})

    def __init__(
        self,
        data: Any = None,  # noqa: ANN401 -- Django's own
        *,
        initial: dict[str, Any] | None = None,
        kind: QuestionKind,
        content: Questionnaire,
        prefills: bool,
    ) -> None:
        super().__init__(data, initial=initial)
        self.kind = kind
        self.fields["section"].choices = [(one.key, one.title) for one in content.sections]  # type: ignore[attr-defined]  # a choice field
        fitting = [(one.value, KNOWN_LABELS[one]) for one in Known if kind in FITTING[one]] if prefills else []
        self.fields["known"].choices = [("", "Rien\u202f: la case est vide"), *fitting]  # type: ignore[attr-defined]  # idem
        self.conditions = conditions_in(content) if prefills else {}
        self.fields["condition"].choices = [("", "Toujours"), *((key, words) for key, (words, _) in self.conditions.items())]  # type: ignore[attr-defined]  # idem
        there = {"choices": kind in CHOOSING, "most": kind in LIMITS, "known": bool(fitting), "remarked": kind is QuestionKind.CHOICE}
        there["condition"] = bool(self.conditions)
        for name in (name for name, kept in there.items() if not kept):
            del self.fields[name]
        if kind in LIMITS:
            self._say_limit(self.fields["most"])

    def _say_limit(self, field: forms.Field) -> None:
        usual, greatest = MOST[self.kind]
        field.label = LIMITS[self.kind]
        field.help_text = f"De 1 à {whole(greatest)}. Vide\u202f: {whole(usual)}."
        field.error_messages["invalid"] = "Écrivez un nombre entier."

    def clean_most(self) -> int | None:
        most, (_, greatest) = self.cleaned_data["most"], MOST[self.kind]
        if most is not None and not 1 <= most <= greatest:
            raise ValidationError(f"Écrivez un nombre de 1 à {whole(greatest)}.", code="limit")
        return int(most) if most is not None else None

    def clean_choices(self) -> tuple[str, ...]:
        return read_choices(self.cleaned_data["choices"])

    def question(self, key: str, columns: tuple[Column, ...] = ()) -> Question:
        """Return the question that the form tells."""
        given = self.cleaned_data
        known = given.get("known")
        return Question(
            key=key,
            label=given["label"],
            kind=self.kind,
            help=given["help"],
            required=given["required"],
            most=given.get("most"),
            choices=given.get("choices", ()),
            columns=columns,
            known=Known(known) if known else None,
            remarked=given.get("remarked", False),
            condition=self.conditions[given["condition"]][1] if given.get("condition") else None,
        )


def question_initial(content: Questionnaire, question: Question) -> dict[str, Any]:
    """Return what the form of a question starts from."""
    section = section_of(content, question.key)
    told = {name: getattr(question, name) for name in ("label", "help", "required", "most", "remarked")}
    known = question.known.value if question.known else ""
    condition = next((key for key, (_, one) in conditions_in(content).items() if one == question.condition), "")
    where = section.key if section else ""
    return {**told, "choices": "\n".join(question.choices), "known": known, "condition": condition, "section": where}


def conditions_in(content: Questionnaire) -> dict[str, tuple[str, Condition]]:
    """Return what a question may wait for, in words, by the value that its field has: one answer to a choice, or any but one."""
    found: dict[str, tuple[str, Condition]] = {}
    for question in content.questions:
        if question.kind is not QuestionKind.CHOICE or question.condition is not None:
            continue
        for number, choice in enumerate(question.choices):
            words = f"«\u00a0{choice}\u00a0» est répondu à «\u00a0{question.label}\u00a0»"
            found[f"{question.key}:{number}"] = (f"si {words}", Condition(question.key, (choice,)))
            others = tuple(one for one in question.choices if one != choice)
            if len(others) > 1:
                found[f"{question.key}:-{number}"] = (f"sauf si {words}", Condition(question.key, others))
    return found


def new_key(content: Questionnaire, label: str) -> str:
    """Return the key of a question that is added."""
    return key_for(label, question_keys(content))


class ColumnForm(forms.Form):
    """A column of a table; one without a title is none."""

    key = forms.CharField(widget=HiddenInput, required=False, max_length=40, error_messages=STALE)
    label = _line("Titre de la colonne", most=100)
    kind = forms.ChoiceField(
        label="Ce qu’on y écrit",
        required=False,
        choices=[(kind.value, KIND_LABELS[kind]) for kind in QuestionKind if kind in CELL_KINDS],
        initial=QuestionKind.SHORT.value,
        error_messages={"invalid_choice": "Choisissez dans la liste."},
    )
    choices = _choices_field("Choix, un par ligne", 2)

    def clean(self) -> None:
        given = self.cleaned_data
        if not given.get("label") or given.get("kind") != QuestionKind.CHOICE or "choices" not in given:
            return
        try:
            read_choices(given["choices"])
        except ValidationError as refusal:
            self.add_error("choices", refusal)

    def column(self, taken: Collection[str]) -> Column:
        given = self.cleaned_data
        kind = QuestionKind(given["kind"] or QuestionKind.SHORT)
        choices = _lines_of(given["choices"]) if kind is QuestionKind.CHOICE else ()
        return Column(given["key"] or key_for(given["label"], taken), given["label"], kind, choices)


class BaseColumns(forms.BaseFormSet[ColumnForm]):
    """The columns of a table, as many rows as it may have: one is taken away by emptying its title."""

    def clean(self) -> None:
        if not any(self.errors) and not any(one.cleaned_data.get("label") for one in self.forms):
            raise ValidationError("Donnez au moins une colonne au tableau.", code="none")

    @property
    def columns(self) -> tuple[Column, ...]:
        told: list[Column] = []
        kept = {one.cleaned_data["key"] for one in self.forms if one.cleaned_data.get("label")}
        for one in self.forms:
            if one.cleaned_data.get("label"):
                told.append(one.column(kept | {column.key for column in told}))
        return tuple(told)


ColumnSet = forms.formset_factory(ColumnForm, formset=BaseColumns, extra=0, max_num=MOST_COLUMNS, absolute_max=MOST_COLUMNS)


def columns_form(data: Any = None, columns: tuple[Column, ...] = ()) -> BaseColumns:  # noqa: ANN401 -- Django's own
    """Return the rows of the columns: those that are there, then empty ones."""
    there: list[dict[str, Any]] = [
        {"key": one.key, "label": one.label, "kind": one.kind.value, "choices": "\n".join(one.choices)} for one in columns
    ]
    blank: list[dict[str, Any]] = [{}] * (MOST_COLUMNS - len(there))
    return cast("BaseColumns", ColumnSet(data, initial=[*there, *blank], prefix=COLUMNS))


class PublishForm(DraftForm):
    """The year from which a draft asks: the present one, or one of the next two."""

    year = forms.ChoiceField(label="À partir de l’année", error_messages={"invalid_choice": "Choisissez une année de la liste."})

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, today: date) -> None:  # noqa: ANN401 -- Django's
        present = SchoolYear.containing(today)
        super().__init__(data, initial={"year": str(present.next), **(initial or {})}, auto_id="publier_%s")
        self.fields["year"].choices = [(str(year), str(year)) for year in (present, present.next, present.next.next)]  # type: ignore[attr-defined]  # a choice field

    @property
    def given_year(self) -> SchoolYear:
        return SchoolYear.parse(self.cleaned_data["year"])
