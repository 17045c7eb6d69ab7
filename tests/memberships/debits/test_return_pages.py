"""The pages of what comes back: a file of the bank looked at, then taken into account; one debit by hand."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from retkoop.network.models import Coop
from tests.cast import a_day, logged_in
from tests.clock import Clock
from tests.memberships.debits.at_hand import (
    can_collect,
    comptable,
    declared,
    only_debit,
    rejected,
    sent,
    settled,
    signed,
    told,
    told_on_a_statement,
)

pytestmark = pytest.mark.django_db
MANDATE = "/coop/0910000A/2026-2027/adhesion/prelevement/"
COLLECTIONS = "/ad/91/adhesions/prelevements/"


class TestReturns:
    def test_are_shown_then_taken(self, coop: Coop, carole: Client) -> None:
        declared(coop)
        signed(coop)
        row = sent()
        content = rejected(row.message, (only_debit().end_to_end, "AC04"), ("OTHER", "AM04"))
        answer = carole.post(f"{COLLECTIONS}retours/", {"file": SimpleUploadedFile("rejets.xml", content)})
        page = told(answer)
        assert only_debit().returned_on is None
        for words in ("AC04, le compte est clos", "Pas un de vos prélèvements", "Prendre en compte"):
            assert words in page
        given = {"returns": f'[[{only_debit().pk}, "2026-11-30", "AC04"]]', "submission": str(uuid.uuid4())}
        assert given["returns"] in page
        assert "les coopératives sont prévenues" in told(carole.post(f"{COLLECTIONS}retours/enregistrer/", given, follow=True))
        assert carole.post(f"{COLLECTIONS}retours/enregistrer/", given).status_code == 302
        again = carole.post(f"{COLLECTIONS}retours/", {"file": SimpleUploadedFile("rejets.xml", content)})
        assert "Rien de nouveau" in told(again)
        page = told(carole.get(f"{COLLECTIONS}{row.pk}/?voir=revenus"))
        assert "AC04, le compte est clos" in page
        assert "Tout est revenu" in page

    def test_a_file_without_any_is_told(self, coop: Coop, carole: Client) -> None:
        answer = carole.post(f"{COLLECTIONS}retours/", {"file": SimpleUploadedFile("rejets.xml", rejected("M"))})
        assert "Aucun prélèvement revenu" in told(answer)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"<!DOCTYPE a><a/>", "DOCTYPE"),
            (b"hello", "abîmé"),
            (b"<Document/>", "n’est pas un fichier de retours"),
            (b"", "Ce fichier est vide."),
            (b"<Document>" + b" " * 30_000_000, "Ce fichier dépasse 10 Mo"),
        ],
    )
    def test_another_file_is_refused(self, carole: Client, content: bytes, said: str) -> None:
        answer = carole.post(f"{COLLECTIONS}retours/", {"file": SimpleUploadedFile("a.xml", content)})
        assert answer.status_code == 422
        assert said in told(answer)

    def test_a_file_in_another_encoding_is_read(self, coop: Coop, carole: Client) -> None:
        declared(coop)
        signed(coop)
        sent()
        statement = told_on_a_statement(only_debit().end_to_end, "AC04", day=a_day("2026-11-30")).decode().replace("Coop<", "Élève<")
        content = ('<?xml version="1.0" encoding="ISO-8859-1"?>' + statement).encode("latin-1")
        page = told(carole.post(f"{COLLECTIONS}retours/", {"file": SimpleUploadedFile("releve.xml", content)}))
        assert "1\u00a0retour à prendre en compte" in page

    def test_the_debit_of_another_ad_is_not_taken(self, coop: Coop, carole: Client) -> None:
        declared(coop)
        signed(coop)
        row = sent()
        content = rejected(row.message, (only_debit().end_to_end, "AC04"))
        can_collect("33")
        other = logged_in(comptable("33").user)
        page = told(other.post("/ad/33/adhesions/prelevements/retours/", {"file": SimpleUploadedFile("rejets.xml", content)}))
        assert ("Rien de nouveau" in page, "Pas un de vos prélèvements" in page) == (True, True)
        given = {"returns": f'[[{only_debit().pk}, "2026-11-30", "AC04"]]', "submission": str(uuid.uuid4())}
        answer = other.post("/ad/33/adhesions/prelevements/retours/enregistrer/", given, follow=True)
        assert ("Tout était déjà pris en compte." in told(answer), only_debit().returned_on) == (True, None)

    def test_without_a_file_it_is_asked_for(self, carole: Client) -> None:
        assert "Choisissez le fichier de retours." in told(carole.post(f"{COLLECTIONS}retours/", {}))

    @pytest.mark.parametrize("returns", ["", "x", "[1]", '[[1, "x", "AC04"]]', '{"a": 1}'])
    def test_a_form_that_was_tampered_with_changes_nothing(self, carole: Client, returns: str) -> None:
        answer = carole.post(f"{COLLECTIONS}retours/enregistrer/", {"returns": returns, "submission": str(uuid.uuid4())}, follow=True)
        assert "donnez de nouveau le fichier" in told(answer)

    def test_by_hand(self, coop: Coop, clock: Clock) -> None:
        declared(coop)
        signed(coop)
        row = sent()
        clock.set(2026, 12, 14, 9)
        settled(comptable(), row)
        carole = logged_in(comptable().user)
        place = f"{COLLECTIONS}{row.pk}/retour/{only_debit().pk}/"
        assert "Choisissez le motif" in told(carole.post(place, {"day": "14/12/2026"}, follow=True))
        assert "la coopérative est prévenue" in told(carole.post(place, {"day": "14/12/2026", "code": "AM04"}, follow=True))
        assert "déjà pris en compte" in told(carole.post(place, {"day": "14/12/2026", "code": "AM04"}, follow=True))
        assert carole.post(f"{COLLECTIONS}{row.pk}/retour/0/", {"day": "14/12/2026", "code": "AM04"}).status_code == 404


@pytest.mark.parametrize("returns", [f'[[{"9" * 24},"2026-11-30","AM04"]]', '[[1e999,"2026-11-30","AM04"]]', "[" * 100_000])
def test_returns_that_no_preview_has_found_are_refused(carole: Client, returns: str) -> None:
    answer = carole.post(f"{COLLECTIONS}retours/enregistrer/", {"returns": returns, "submission": uuid.uuid4()}, follow=True)
    assert "donnez de nouveau le fichier" in told(answer)
