"""The forms of log-in and accounts: allauth's, in our words, and those of the activation."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth.password_validation import validate_password

from retkoop.users import first_login
from retkoop.users.models import User
from retkoop.users.tries import Counter, counted
from retkoop.users.validators import advice

NO_HELP_FROM_KEYBOARD = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}
INITIAL_CLOSED = (
    "Le mot de passe de départ n’est plus accepté pour cette coopérative. Demandez un lien d’activation à votre association départementale."
)


def identifier_field() -> forms.CharField:
    """Return the field of an identifier: an RNE, or what the AD gave its staff."""
    return forms.CharField(
        label="Identifiant",
        max_length=150,
        error_messages={"required": "Indiquez votre identifiant."},
        widget=forms.TextInput(attrs={"autocomplete": "username", **NO_HELP_FROM_KEYBOARD}),
    )


def password_field(label: str, autocomplete: str, required: str) -> forms.CharField:
    """Return a field of a password, kept as typed, spaces included, and never sent back to the page."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=1000,
        error_messages={"required": required},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete, **NO_HELP_FROM_KEYBOARD}),
    )


class LoginForm(account.LoginForm):
    """Log-in by identifier. After `is_valid`, `starting` is the account whose activation begins, if it is no log-in."""

    starting: User | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- allauth's
        super().__init__(*args, **kwargs)
        self.fields["login"] = identifier_field()
        self.fields["password"] = password_field("Mot de passe", "current-password", "Indiquez votre mot de passe.")

    def user_credentials(self) -> dict[str, str]:
        return {"username": self.cleaned_data["login"].strip(), "password": self.cleaned_data["password"]}

    def _clean_with_password(self, credentials: dict[str, str]) -> dict[str, Any]:
        identifier = credentials["username"]
        if first_login.is_initial(identifier, credentials["password"]):
            self.starting = first_login.account_to_start(identifier)
            if self.starting is not None:
                return dict(self.cleaned_data)
            if first_login.was_never_activated(identifier):
                raise forms.ValidationError(INITIAL_CLOSED, code="initial_closed")
        return dict(super()._clean_with_password(credentials))


class ReauthenticateForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- allauth's
        super().__init__(*args, **kwargs)
        self.fields["password"] = password_field("Mot de passe", "current-password", "Indiquez votre mot de passe.")


class ChangePasswordForm(account.ChangePasswordForm):
    """The new password once, with a button that shows it: typing it twice only teaches to choose a short one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- allauth's
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["oldpassword"] = password_field("Mot de passe actuel", "current-password", "Indiquez votre mot de passe actuel.")
        self.fields["password1"] = password_field("Nouveau mot de passe", "new-password", "Choisissez un mot de passe.")
        self.fields["password1"].help_text = advice(self.user)

    def clean_oldpassword(self) -> str:
        typed: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed

    def clean_password1(self) -> str:
        return checked(self.cleaned_data["password1"], self.user)


class ActivationForm(forms.Form):
    """The first password of an account, and the code from the school's mail where one was sent."""

    password = password_field("Nouveau mot de passe", "new-password", "Choisissez un mot de passe.")
    code = forms.CharField(
        label="Code reçu par courriel",
        max_length=20,
        error_messages={"required": "Indiquez le code à six chiffres reçu par courriel."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: Any, begun: first_login.Start, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's
        super().__init__(*args, **kwargs)
        self.begun = begun
        self.fields["password"].help_text = advice(begun.user)
        if not begun.needs_code:
            del self.fields["code"]

    def clean_password(self) -> str:
        return checked(self.cleaned_data["password"], self.begun.user)

    def clean_code(self) -> str:
        typed = "".join(self.cleaned_data["code"].split())
        with counted(first_login.code_counter(self.begun)):
            if not self.begun.is_code(typed):
                raise forms.ValidationError("Ce n’est pas le dernier code que nous avons envoyé.", code="wrong_code")
        return typed


class ForgottenPasswordForm(forms.Form):
    login = identifier_field()


def code_field() -> forms.CharField:
    return forms.CharField(
        label="Code",
        error_messages={"required": "Indiquez le code à six chiffres de votre application."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class SecondFactorForm(AuthenticateForm):
    """The code of the second factor at log-in, or one of the recovery codes."""

    code = code_field()

    def clean_code(self) -> str:
        with counted(Counter(f"second factor {self.user.pk}", free=5)):
            return str(super().clean_code())


class ActivateSecondFactorForm(ActivateTOTPForm):
    code = code_field()


def checked(password: str, user: User | None) -> str:
    """Return a new password. Raises ValidationError where the rules refuse it."""
    validate_password(password, user)
    return password
