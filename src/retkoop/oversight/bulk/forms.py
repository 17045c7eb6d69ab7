"""What is chosen once for many coops: the message, the day, the person."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from retkoop.network.access import AssociationAccess
from retkoop.network.forms import SubmissionForm
from retkoop.network.models import AD_KINDS
from retkoop.network.queries import staff_of
from retkoop.oversight.bulk.models import BulkAction
from retkoop.ui.texts import refuse_unreadable
from retkoop.year_end.closing.forms import EntryForm

NOBODY: Final = "personne"


class AcceptanceForm(SubmissionForm):
    """The message that goes with the acceptance of each."""

    reason = forms.CharField(
        label="Message aux coopératives",
        required=False,
        max_length=2000,
        validators=[refuse_unreadable],
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "C’est trop long\u202f: dites-le plus brièvement."},
    )

    @property
    def choice(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"].strip()}


class EntryOfManyForm(EntryForm, SubmissionForm):
    """Entry closed or opened again, until a day."""

    @property
    def choice(self) -> dict[str, Any]:
        given = self.cleaned_data
        until = given["until"].isoformat() if given["until"] else None
        return {"blocked": given["blocked"] == "oui", "until": until, "reason": given["reason"].strip()}


class FollowersForm(SubmissionForm):
    """The person who follows them from now on."""

    user = forms.ChoiceField(
        label="À qui",
        error_messages={"required": "Choisissez à qui les confier.", "invalid_choice": "Cette personne n’est plus dans votre équipe."},
    )

    def __init__(self, *args: Any, access: AssociationAccess, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        team = {role.user_id: role.user.name for role in staff_of(access.association).filter(kind__in=AD_KINDS)}
        self.fields["user"].choices = [("", "Choisissez…"), *((str(key), name) for key, name in team.items()), (NOBODY, "Personne")]  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def choice(self) -> dict[str, Any]:
        given = self.cleaned_data["user"]
        if given == NOBODY:
            return {"user": None, "name": ""}
        return {"user": int(given), "name": dict(self.fields["user"].choices)[given]}  # type: ignore[attr-defined]  # idem


class PlainForm(SubmissionForm):
    """Nothing is chosen beside the coops."""

    @property
    def choice(self) -> dict[str, Any]:
        return {}


BulkForm = AcceptanceForm | EntryOfManyForm | FollowersForm | PlainForm


def form_for(action: BulkAction, access: AssociationAccess, data: Any = None, initial: dict[str, Any] | None = None) -> BulkForm:  # noqa: ANN401 -- a QueryDict
    """Return the form of an action, filled in with what was sent, or with what is proposed."""
    match action:
        case BulkAction.ACCEPT:
            return AcceptanceForm(data, initial=initial)
        case BulkAction.ENTRY:
            return EntryOfManyForm(data, initial=initial)
        case BulkAction.FOLLOW:
            return FollowersForm(data, initial=initial, access=access)
        case BulkAction.JOIN:
            return PlainForm(data, initial=initial)


def as_typed(action: BulkAction, choice: dict[str, Any]) -> dict[str, str]:
    """Return a choice that was kept as its form would send it again."""
    match action:
        case BulkAction.ENTRY:
            return {"blocked": "oui" if choice["blocked"] else "non", "until": choice["until"] or "", "reason": choice["reason"]}
        case BulkAction.FOLLOW:
            return {"user": NOBODY if choice["user"] is None else str(choice["user"])}
        case BulkAction.ACCEPT:
            return {"reason": choice["reason"]}
        case BulkAction.JOIN:
            return {}
