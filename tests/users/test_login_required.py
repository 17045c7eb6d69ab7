from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from retkoop.network.models import Coop
from retkoop.ui.typed import typed_values
from retkoop.users.models import User
from tests.cast import PASSWORD, logged_in, made_for_them
from tests.pages import controls, notices, title

PUBLIC = {
    "account_login",
    "account_logout",
    "activation",
    "activation_link",
    "check_password",
    "health",
    "mailbox",
    "phone",
    "mfa_authenticate",
    "password_forgotten",
    "public_data",
    "public_file",
    "resend_code",
    "ui:asset",
    "ui:components",
    "verifier",
    "verifier_crf",
    "verifier_search",
    "verifier_ask",
    "verifier_operation",
    "verifier_document_file",
    "verifier_document_page",
    "verifier_sign",
    "emargement",
    "verify_seal",
    "check_attestation",
    "find_attestation",
}
"""The pages that need no log-in. Adding one is a decision."""

KEPT = "Votre connexion s’est terminée. Ce que vous aviez saisi est gardé\u202f: connectez-vous pour continuer."
SETTINGS = "/ad/91/reglages/"


def names(patterns: list[URLPattern | URLResolver], prefix: str = "") -> dict[str, URLPattern]:
    """Return every URL of the house by its whole name."""
    found: dict[str, URLPattern] = {}
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= names(pattern.url_patterns, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        else:
            found[f"{prefix}{pattern.name}"] = pattern
    return found


def test_only_these_pages_are_public() -> None:
    every = names(get_resolver().url_patterns)
    assert {name for name, pattern in every.items() if not getattr(pattern.callback, "login_required", True)} == PUBLIC & set(every)


def logged_out(alice: User) -> Client:
    """Return a browser that has just logged out in another window: its session is gone, the cookie too."""
    client = Client(HTTP_REFERER="http://testserver/ad/91/reglages/?page=2")
    client.post("/connexion/", {"login": alice.username, "password": PASSWORD})
    client.logout()
    return client


def test_a_page_leads_to_log_in_and_back(client: Client, db: None) -> None:
    assert client.get("/ad/91/?q=massy")["Location"] == "/connexion/?next=/ad/91/%3Fq%3Dmassy"


def test_a_form_that_is_sent_after_the_end_of_the_session_loses_nothing(alice: User) -> None:
    client = logged_out(alice)
    form = {"until": "15/01/2027", "password": "un secret"} | made_for_them(alice)
    answer = client.post(SETTINGS, form, follow=True)
    assert answer.redirect_chain == [("/connexion/?next=/ad/91/reglages/%3Fpage%3D2", 302)]
    assert (title(answer), notices(answer)) == ("Se connecter", [KEPT])
    client.post("/connexion/", {"login": alice.username, "password": PASSWORD})
    request = client.get("/compte/").wsgi_request
    kept = typed_values(request, SETTINGS)
    assert kept is not None
    assert kept.dict() == {"until": "15/01/2027"}


def test_a_fragment_sends_the_whole_page_to_log_in(alice: User) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/ad/91/reglages/#bas"}
    answer = logged_out(alice).post(SETTINGS, {"until": "15/01/2027"}, headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/connexion/?next=/ad/91/reglages/")


@pytest.mark.parametrize("referer", ["https://exemple.fr/piege/", "", "http://testserver.exemple.fr/"])
def test_it_never_leads_back_to_another_site(client: Client, db: None, referer: str) -> None:
    answer = client.post(SETTINGS, headers={"Referer": referer})
    assert answer["Location"] == "/connexion/?next=/ad/91/reglages/"


def test_a_stranger_without_a_session_fills_no_table(client: Client, db: None) -> None:
    client.post(SETTINGS, {"until": "15/01/2027"})
    assert "sessionid" not in client.cookies


def test_a_public_page_does_not_ask_who_looks(coop: Coop, client: Client, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's context manager
        client.get("/connexion/")


def test_on_a_shared_computer_another_account_sees_nothing_of_it(alice: User) -> None:
    client, other = logged_out(alice), User.objects.create(username="0910620E")
    client.post(SETTINGS, {"until": "15/01/2027"} | made_for_them(alice))
    client.force_login(other)
    assert typed_values(client.get("/compte/").wsgi_request, SETTINGS) is None
    client.force_login(alice)
    assert typed_values(client.get("/compte/").wsgi_request, SETTINGS) is None


def test_a_page_says_for_whom_its_forms_are_made(alice: User) -> None:
    (field,) = controls(logged_in(alice).get("/compte/mot-de-passe/"), "typed_by")[:1]
    assert str(field["value"]).split(":")[0] == str(alice.pk)


def test_an_account_that_is_closed_is_out_at_once(alice: User, client: Client) -> None:
    client.post("/connexion/", {"login": alice.username, "password": PASSWORD})
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get("/compte/").status_code == 302
