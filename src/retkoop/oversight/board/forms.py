from __future__ import annotations

from django import forms

from retkoop.network.forms import SubmissionForm
from retkoop.ui.keys import LARGEST_KEY


class ViewForm(SubmissionForm):
    """A view of the board to keep: its name, and the words of its address."""

    name = forms.CharField(label="Nom de la vue", max_length=40, error_messages={"required": "Donnez un nom à cette vue."})
    query = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)


class FollowForm(forms.Form):
    """Who follows a coop; empty: nobody."""

    user = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)
