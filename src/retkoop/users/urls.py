"""Log-in and accounts. Of allauth only what is named here can be reached: no sign-up, no mail addresses to manage."""

from __future__ import annotations

from allauth.account.views import logout, reauthenticate
from allauth.mfa.base.views import authenticate
from django.urls import path

from retkoop.users.views import account, activation, login, second_factor

urlpatterns = [
    path("connexion/", login.Login.as_view(), name="account_login"),
    path("connexion/code/", authenticate, name="mfa_authenticate"),
    path("deconnexion/", logout, name="account_logout"),
    path("mot-de-passe-oublie/", login.password_forgotten, name="password_forgotten"),
    path("activation/", activation.activation, name="activation"),
    path("activation/code/", activation.resend_code, name="resend_code"),
    path("activation/mot-de-passe/", activation.check_password, name="check_password"),
    path("activation/<str:token>/", activation.activation_link, name="activation_link"),
    path("compte/", account.account, name="account"),
    path("compte/mot-de-passe/", account.ChangePassword.as_view(), name="account_change_password"),
    path("compte/confirmation/", reauthenticate, name="account_reauthenticate"),
    path("compte/connexions/", account.sessions, name="sessions"),
    path("compte/double-verification/", second_factor.Activate.as_view(), name="mfa_activate_totp"),
    path("compte/double-verification/arret/", second_factor.Deactivate.as_view(), name="mfa_deactivate_totp"),
    path("compte/codes-de-secours/", second_factor.recovery_codes, name="recovery_codes"),
    path("compte/codes-de-secours/nouveaux/", second_factor.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
]
