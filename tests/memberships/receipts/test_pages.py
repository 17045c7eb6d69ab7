"""The AD's pages of payments, cheques, statement and journal: what they say, what they refuse, what they cost."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from retkoop.memberships.models import ChequeDeposit, Membership, Payment, PaymentState, PaymentWay, ReceivedLine
from retkoop.memberships.receipts.depositing import undo_deposit
from retkoop.memberships.receipts.services import cancel_payment
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from tests.banking.statement_files.test_banks import text_of, two_accounts
from tests.books.coops import keeper, plain
from tests.cast import CHARLIE, logged_in
from tests.clock import Clock
from tests.memberships.at_hand import declared_membership
from tests.memberships.receipts.at_hand import (
    HEAD,
    a_line,
    announced,
    comptable,
    deposited,
    helper,
    imported,
    received,
    reference_of,
    row,
)
from tests.oversight.bulk.at_hand import coops_with_books
from tests.oversight.reminders.at_hand import staff
from tests.pages import Answer, errors, main_text, notices, title

pytestmark = pytest.mark.django_db

HOME = "/ad/91/adhesions/"
PAYMENTS, CHEQUES, STATEMENTS = f"{HOME}paiements/", f"{HOME}cheques/", f"{HOME}releves/"
YEAR = "?annee=2025-2026"


@pytest.fixture
def alice() -> Access:
    return keeper()


@pytest.fixture
def membership(alice: Access) -> Membership:
    return declared_membership(alice)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Friday 14 November 2025, where a test asks for it before all else."""
    moved = Clock(monkeypatch)
    moved.set(2025, 11, 14, 10)
    return moved


@pytest.fixture
def client(membership: Membership) -> Client:
    return logged_in(comptable().user)


def text(answer: Answer) -> str:
    return plain(main_text(answer))


def said(client: Client, path: str, **given: object) -> list[str]:
    return [plain(one) for one in notices(client.post(path, given, follow=True))]


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_payments_are_listed_by_what_became_of_them(client: Client, alice: Access, membership: Membership) -> None:
    announced(alice, membership, amount=19_60)
    received(membership, 100_00)
    answer = client.get(PAYMENTS + YEAR)
    assert title(answer) == "Paiements des adhésions"
    assert text(answer).split("Chercher Le ")[1] == (
        f"Coopérative Moyen Montant État {date.today():%d/%m} École Jean-Jaurès 0910000A · Évry-Courcouronnes Chèque n° 2000101 19,60 "  # noqa: DTZ011 -- the day of the machine, as the page
        "annoncé 14/11 École Jean-Jaurès 0910000A · Évry-Courcouronnes Virement 100,00 reçu"
    )
    assert "Annoncé 19,60 € 1 paiement Reçu 100,00 € 1 paiement Revenu impayé 0,00 € 0 paiement" in text(answer)
    found = client.get(f"{PAYMENTS}{YEAR}&etat=announced&q=jaures")
    assert "1 paiement annoncé pour « jaures ». Tout voir" in text(found)
    assert "Aucun paiement" in text(client.get(f"{PAYMENTS}{YEAR}&q=zzz"))
    assert "Aucun paiement encore en 2024-2025" in text(client.get(f"{PAYMENTS}?annee=2024-2025"))
    assert client.get(f"{PAYMENTS}?annee=2024").status_code == 404


def payment(membership: Membership, **given: object) -> dict[str, object]:
    facts = {"membership": membership.pk, "amount": "119,60", "day": "14/11/2025", "kind": "transfer", "submission": uuid.uuid4()}
    return facts | given


def test_a_payment_is_noted_then_too_much_of_it_is_asked(client: Client, membership: Membership) -> None:
    new = f"{PAYMENTS}nouveau/{YEAR}"
    assert "Adhésions 2025-2026." in text(client.get(f"{new}&coop=0910000A"))
    assert 'value="119,60"' in client.get(f"{new}&coop=0910000A").content.decode()
    once = payment(membership, amount="100")
    assert said(client, new, **once) == ["École Jean-Jaurès : c’est enregistré."]
    assert said(client, new, **once) == ["École Jean-Jaurès : c’est enregistré."]
    assert Payment.objects.count() == 1
    answer = client.post(new, payment(membership))
    assert (answer.status_code, [plain(one) for one in errors(answer)]) == (422, ["Il reste 19,60 € à payer : ce montant est plus grand."])
    assert "la différence sera à rendre" in text(answer)
    assert said(client, new, **payment(membership, beyond="on")) == ["École Jean-Jaurès : c’est enregistré."]
    assert said(client, new, **payment(membership, kind="refund", amount="100")) == ["École Jean-Jaurès : c’est enregistré."]
    assert sorted(one.amount for one in Payment.objects.all()) == [-100_00, 100_00, 119_60]
    said(client, new, **payment(membership, amount="10", beyond="on"))
    back = client.get(f"{new}&coop=0910000A").content.decode()
    assert ('value="refund" checked' in back or 'checked value="refund"' in back, 'value="10,00"' in back) == (True, True)
    wrong = client.post(new, payment(membership, kind="cheque") | {"membership": ""})
    assert errors(wrong) == ["Choisissez la coopérative.", "Indiquez le numéro du chèque."]


def test_nothing_declared_is_told(client: Client) -> None:
    assert "Aucune adhésion déclarée en 2023-2024" in text(client.get(f"{PAYMENTS}nouveau/?annee=2023-2024"))


def test_what_may_become_of_a_payment(client: Client, alice: Access, membership: Membership) -> None:
    path = f"{PAYMENTS}{announced(alice, membership).pk}/"
    assert "Il est arrivé" in text(client.get(path))
    assert said(client, path, action="recu", version=1, day="14/11/2025") == ["Le paiement est noté reçu."]
    answer = client.post(path, {"action": "impaye", "version": 2, "day": "13/11/2025", "reason": "Sans provision"})
    assert (answer.status_code, "Ce paiement n’est reçu que le 14 novembre 2025." in text(answer)) == (422, True)
    told = "Le paiement est noté revenu impayé. Il reste 119,60 € à payer."
    assert said(client, path, action="impaye", version=2, day="20/11/2025", reason="Sans provision") == [told]
    assert text(client.get(path)).endswith("Revenu le 20 novembre 2025 Motif Sans provision")
    other = f"{PAYMENTS}{received(membership).pk}/"
    assert errors(client.post(other, {"action": "annuler", "version": 1})) == ["Dites pourquoi, en une phrase."]
    assert said(client, other, action="annuler", version=1, reason="Doublon") == [
        "Le paiement est annulé. Il reste visible, avec le motif."
    ]
    assert client.post(other, {"action": "?"}).status_code == 422
    assert client.get(f"{PAYMENTS}999/").status_code == 404


def test_cheques_make_a_bordereau(client: Client, alice: Access, membership: Membership) -> None:
    cheque = announced(alice, membership)
    assert "1 chèque, 119,60 € en tout." in text(client.get(CHEQUES))
    nothing = client.post(CHEQUES, {"day": "14/11/2025", "submission": uuid.uuid4()})
    early = client.post(CHEQUES, {"submission": uuid.uuid4(), "day": "01/01/1990", "cheques": [cheque.pk]})
    assert [plain(one) for one in errors(early)] == ["Ce jour est bien avant l’adhésion 2025-2026 : vérifiez l’année."]
    assert errors(nothing) == [] and "Cochez au moins un chèque." in text(nothing)  # noqa: PT018 -- one answer
    once = {"day": "14/11/2025", "submission": uuid.uuid4(), "cheques": [cheque.pk]}
    made = client.post(CHEQUES, once)
    assert made["Location"] == f"{CHEQUES}1/"
    assert client.post(CHEQUES, {**once, "cheques": []}).status_code == 422
    assert ChequeDeposit.objects.count() == 1
    assert "1 chèque, 119,60 €. Remis à la banque le 14 novembre 2025. pas encore sur un relevé" in text(client.get(f"{CHEQUES}1/"))
    slip = client.get(f"{CHEQUES}1/bordereau/")
    assert (slip["Content-Type"], slip["Content-Disposition"]) == ("application/pdf", 'inline; filename="Remise-91-1.pdf"')
    assert said(client, f"{CHEQUES}1/") == ["Le bordereau n° 1 est défait : ses chèques attendent de nouveau."]
    assert client.get(f"{CHEQUES}1/").status_code == 404


def sent(client: Client, data: bytes, name: str = "releve.csv") -> Any:  # noqa: ANN401 -- an answer of the client
    return client.post(STATEMENTS, {"fichier": SimpleUploadedFile(name, data), "submission": uuid.uuid4()}, follow=True)


def test_a_statement_is_imported_and_what_is_wrong_is_told(client: Client) -> None:
    assert "Aucun relevé encore" in text(client.get(STATEMENTS))
    data = (HEAD + row("VIR A", "1,00") + row("VIR B", "2,00")).encode()
    assert [plain(one) for one in notices(sent(client, data))] == ["2 lignes nouvelles."]
    again = data + row("VIR C", "3,00").encode()
    assert [plain(one) for one in notices(sent(client, again))] == ["1 ligne nouvelle. 2 étaient déjà là."]
    assert plain(errors(sent(client, data))[0]).startswith("Ce fichier est déjà importé, le ")
    assert plain(errors(sent(client, b"<?xml version='1.0'?><!DOCTYPE a><a/>"))[0]) == (
        "Ce fichier contient une déclaration DOCTYPE : par sécurité, Retkoop ne l’ouvre pas."
    )
    assert errors(sent(client, b"")) == ["Ce fichier est vide."]
    assert errors(client.post(STATEMENTS, {"submission": uuid.uuid4()})) == ["Choisissez le fichier que donne votre banque."]


GONE = "Ce choix n’est plus possible : envoyez de nouveau le fichier."


def held(answer: Answer) -> str:
    found = re.search(r'name="held" value="([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]


def test_of_a_file_of_two_accounts_one_is_chosen(client: Client) -> None:
    asked = sent(client, two_accounts().encode())
    told = "Lequel reçoit les adhésions ? Seules ses lignes seront importées."
    page = asked.content.decode()
    assert (asked.status_code, told in text(asked), "60123456789" in page, ReceivedLine.objects.count()) == (422, True, False, 0)
    assert "Compte finissant par 6789 : 2 lignes, du 15/09/2026 au 29/09/2026" in text(asked)
    token = held(asked)
    given = {"held": token, "submission": uuid.uuid4()}
    assert errors(client.post(STATEMENTS, given)) == ["Choisissez un compte."]
    assert errors(client.post(STATEMENTS, {**given, "account": "2"})) == ["Choisissez un compte."]
    assert said(client, STATEMENTS, **given, account="1") == ["2 lignes nouvelles."]
    assert {one.account for one in ReceivedLine.objects.all()} == {"60999999999"}
    again = sent(client, two_accounts().replace("1,00", "2,00").encode()).content.decode()
    assert re.findall(r'name="account" value="(\d)"[^>]* checked', again) == ["1"]
    assert said(client, STATEMENTS, held=token[:-1], account="1") == [GONE]
    assert ReceivedLine.objects.count() == 2


def test_a_held_file_is_of_one_person_and_one_association(client: Client) -> None:
    given = {"held": held(sent(client, two_accounts().encode())), "account": "0", "submission": uuid.uuid4()}
    other = logged_in(staff(RoleKind.ADMINISTRATEUR, "odile").user)
    assert said(other, STATEMENTS, **given) == [GONE]
    assert logged_in(helper().user).post(STATEMENTS, given).status_code == 404
    assert ReceivedLine.objects.count() == 0


def test_a_file_of_accounts_that_is_too_large_to_wait_is_told(client: Client) -> None:
    noise = "".join(f"15/09/2026;{uuid.uuid4()}{uuid.uuid4()};1,00;\n" for _ in range(40_000))
    asked = sent(client, two_accounts().replace("29/09/2026;", f"{noise}29/09/2026;", 1).encode())
    assert [plain(one) for one in errors(asked)] == [
        "Ce fichier contient plusieurs comptes, et il est trop gros pour être gardé le temps d’en choisir un : exportez un seul compte."
    ]


def test_what_the_reader_should_know_of_a_file_is_told(client: Client) -> None:
    short = text_of("caisse-epargne-2020.csv").replace("1080,65", "1090,65")
    assert [plain(one)[-88:] for one in notices(sent(client, short.encode()))] == [
        "2 lignes nouvelles.",
        "10,00 € d’écart. Il manque peut-être des lignes : comparez-le au relevé de votre banque.",
    ]
    assert notices(sent(client, text_of("sans-operation.ofx").encode())) == ["Ce relevé ne contient aucune opération."]


def test_lines_are_matched_one_by_one_or_all_that_are_sure(client: Client, membership: Membership) -> None:
    imported(row(f"VIR {reference_of(membership)}", "100,00"), row("VIR JAURES", "19,60", "15/11/2025"))
    shown = text(client.get(STATEMENTS))
    assert "Accepter toutes les propositions sûres (1)" in shown
    assert "Sûre École Jean-Jaurès (0910000A), 2025-2026 : 100,00 € La référence de virement est juste. Accepter" in shown
    assert said(client, f"{STATEMENTS}propositions/") == ["1 ligne rapprochée."]
    assert said(client, f"{STATEMENTS}propositions/") == ["Aucune proposition n’est sûre."]
    line = ReceivedLine.objects.get(amount=19_60)
    page = client.get(f"{STATEMENTS}{line.pk}/").content.decode()
    share = re.findall(r'name="share" value="([\d:]+)"', page)
    assert share == [f"{membership.pk}:1960"]
    assert said(client, f"{STATEMENTS}{line.pk}/", action="accepter", share=share) == ["Le paiement est noté."]
    assert "Tout est rapproché ou mis de côté." in text(client.get(STATEMENTS))
    assert "Rapprochée en entier" in text(client.get(f"{STATEMENTS}?voir=rapprochees"))


def shared(membership: Membership, amount: str) -> dict[str, Any]:
    return {"action": "partager", "submission": uuid.uuid4(), "membership": membership.pk, "amount": amount}


def test_a_line_is_shared_set_aside_and_taken_back(client: Client, membership: Membership) -> None:
    other = declared_membership(keeper(CHARLIE))
    line = a_line("VIR DEUX ECOLES", "200,00")
    path = f"{STATEMENTS}{line.pk}/"
    much = client.post(path, shared(membership, "200"))
    assert (much.status_code, "n’attend que 119,60 €" in text(much)) == (422, True)
    assert said(client, path, **shared(membership, "119,60")) == ["Le paiement est noté."]
    assert "Il reste 80,40 € à attribuer." in text(client.get(path))
    assert said(client, path, **shared(other, "80,40")) == ["Le paiement est noté."]
    late = client.post(path, {"action": "de-cote", "reason": "Autre"})
    assert (late.status_code, ReceivedLine.objects.get().set_aside) == (422, "")
    assert said(client, path, action="defaire") == ["Le rapprochement est défait."]
    assert {one.state for one in Payment.objects.all()} == {PaymentState.CANCELLED}
    assert said(client, path, action="de-cote", reason="Subvention") == ["La ligne est mise de côté."]
    assert "Mise de côté Subvention Reprendre" in text(client.get(path))
    assert said(client, path, action="reprendre") == ["La ligne est de nouveau à rapprocher."]
    assert said(client, path, action="accepter", share="x") == ["Rechargez la page."]
    assert said(client, path, action="?") == ["Rechargez la page."]
    spent = a_line("FRAIS", "-3,00")
    assert "cette ligne ne paie aucune adhésion" in text(client.get(f"{STATEMENTS}{spent.pk}/"))


def test_a_line_credits_a_bordereau(client: Client, alice: Access, membership: Membership) -> None:
    deposit = deposited([announced(alice, membership)])
    line = a_line("REMISE CHEQUES", "119,60")
    assert "Bordereau n° 1 : 119,60 €" in text(client.get(f"{STATEMENTS}{line.pk}/"))
    assert said(client, f"{STATEMENTS}{line.pk}/", action="accepter", deposit=deposit.pk) == ["Le bordereau est crédité."]
    assert "crédité" in text(client.get(CHEQUES))
    assert said(client, f"{CHEQUES}1/") == ["Une ligne du relevé a crédité ce bordereau : défaites d’abord leur rapprochement."]


def test_the_journal_is_shown_and_taken_away(client: Client, membership: Membership) -> None:
    received(membership, way=PaymentWay.CHEQUE, cheque="77")
    journal = f"{PAYMENTS}journal/?du=01/11/2025&au=30/11/2025"
    assert text(client.get(journal)).split("Crédit ")[1] == (
        "467100 Assurance des coopératives 13,00 512000 Banque 119,60 756000 Cotisations 106,60 Total 119,60 119,60 "
        "Fichier CSV Lignes au format FEC"
    )
    assert client.get(f"{journal}&fichier=csv").content.decode("utf-8-sig").splitlines()[:2] == [
        "Date;Écriture;Pièce;Compte;Intitulé;Libellé;Débit;Crédit",
        "14/11/2025;2025-00001;CHQ 77;512000;Banque;Adhésion 2025-2026 0910000A École Jean-Jaurès;119,60;0,00",
    ]
    fec = client.get(f"{journal}&fichier=txt").content.decode().splitlines()
    assert [len(line.split("\t")) for line in fec] == [18] * 4
    assert "Rien sur cette période" in text(client.get(f"{PAYMENTS}journal/?du=01/12/2025&au=02/12/2025"))
    assert errors(client.get(f"{PAYMENTS}journal/?du=02/12/2025&au=01/12/2025")) == ["Le dernier jour vient avant le premier."]


def fec_lines() -> list[list[str]]:
    """Return number, day, account, debit, credit and day of recording of each line of November and December."""
    content = logged_in(comptable().user).get(f"{PAYMENTS}journal/?du=01/11/2025&au=31/12/2025&fichier=txt").content.decode()
    rows = [line.split("\t") for line in content.splitlines()[1:]]
    return [[row[at] for at in (2, 3, 4, 10, 11, 12, 15)] for row in rows]


def test_what_was_exported_never_changes(clock: Clock, membership: Membership) -> None:
    received(membership, 100_00, way=PaymentWay.CHEQUE, cheque="77")
    exported = fec_lines()
    words = "Adhésion 2025-2026 0910000A École Jean-Jaurès"
    assert exported == [
        ["2025-00001", "20251114", "512000", words, "100,00", "0,00", "20251114"],
        ["2025-00001", "20251114", "756000", words, "0,00", "100,00", "20251114"],
    ]
    clock.advance(days=1)
    received(membership, 10_00, day=date(2025, 11, 3))
    assert fec_lines()[:2] == exported
    assert fec_lines()[2:] == [
        ["2025-00002", "20251103", "512000", words, "10,00", "0,00", "20251115"],
        ["2025-00002", "20251103", "756000", words, "0,00", "6,60", "20251115"],
        ["2025-00002", "20251103", "467100", words, "0,00", "3,40", "20251115"],
    ]
    exported = fec_lines()
    clock.advance(days=1)
    deposited([Payment.objects.get(cheque="77")], day=date(2025, 11, 15))
    last = Payment.objects.get(amount=10_00)
    cancel_payment(access=comptable(), key=last.pk, version=last.version, reason="Compté deux fois")
    assert fec_lines() == [
        *exported,
        ["2025-00003", "20251116", "512000", f"{words}, annulé", "0,00", "10,00", "20251116"],
        ["2025-00003", "20251116", "756000", f"{words}, annulé", "6,60", "0,00", "20251116"],
        ["2025-00003", "20251116", "467100", f"{words}, annulé", "3,40", "0,00", "20251116"],
    ]


def test_a_bordereau_taken_back_is_reversed(clock: Clock, alice: Access, membership: Membership) -> None:
    cheque = announced(alice, membership, amount=100_00)
    deposited([cheque])
    exported = fec_lines()
    undo_deposit(access=comptable(), number=1)
    assert (fec_lines()[:2], [row[:2] for row in fec_lines()[2:]]) == (exported, [["2025-00002", "20251114"]] * 2)
    deposited([cheque])
    assert [row[0] for row in fec_lines()] == ["2025-00001"] * 2 + ["2025-00002"] * 2 + ["2025-00003"] * 2


def test_an_animateur_sees_and_does_not_act(alice: Access, membership: Membership) -> None:
    cheque = announced(alice, membership)
    line = a_line("VIR 0910000A", "119,60")
    client = logged_in(helper().user)
    for path in (PAYMENTS + YEAR, f"{PAYMENTS}{cheque.pk}/", CHEQUES, STATEMENTS, f"{STATEMENTS}{line.pk}/", f"{PAYMENTS}journal/"):
        shown = client.get(path)
        assert (path, shown.status_code, 'method="post"' in shown.content.decode().split("<main")[1]) == (path, 200, False)
    assert client.get(f"{PAYMENTS}nouveau/").status_code == 404


def test_pages_cost_the_same_whatever_the_size(client: Client, alice: Access, membership: Membership) -> None:
    announced(alice, membership, amount=10_00)
    received(membership, 5_00)
    imported(row("VIR 0910000A", "1,00"))
    paths = [PAYMENTS + YEAR, CHEQUES, STATEMENTS, f"{PAYMENTS}nouveau/{YEAR}", f"{PAYMENTS}journal/?du=01/11/2025&au=30/11/2026"]
    before = [cost(client, path) for path in paths]
    for book in coops_with_books(4, first=1):
        access = Access(alice.user, alice.role, book.coop)
        other = declared_membership(access)
        announced(access, other, amount=10_00)
        received(other, 5_00)
    imported(*(row(f"VIR 091000{n}A", "2,00", "16/11/2025") for n in range(1, 5)))
    assert [cost(client, path) for path in paths] == before
    assert max(before) <= 12


def test_a_share_that_is_sent_twice_pays_once(client: Client, membership: Membership) -> None:
    line = a_line("VIR DEUX ECOLES", "119,60")
    sent = shared(membership, "40,00")
    assert [said(client, f"{STATEMENTS}{line.pk}/", **sent) for _ in range(2)] == [["Le paiement est noté."]] * 2
    assert [one.amount for one in Payment.objects.all()] == [40_00]


@pytest.mark.parametrize("digits", [25, 5_000])
def test_a_key_beyond_all_keys_is_refused(client: Client, membership: Membership, digits: int) -> None:
    line, much = a_line("VIR", "119,60"), "9" * digits
    assert said(client, f"{STATEMENTS}{line.pk}/", action="accepter", share=f"{much}:100") == ["Rechargez la page."]
    assert said(client, f"{STATEMENTS}{line.pk}/", action="accepter", share=f"{membership.pk}:{much}") == ["Rechargez la page."]
    told = ["Choisissez au moins une coopérative, avec un montant."]
    assert said(client, f"{STATEMENTS}{line.pk}/", action="accepter", deposit=much) == told
    cheques = client.post(CHEQUES, {"cheques": much, "day": "14/11/2025", "submission": uuid.uuid4()})
    assert (cheques.status_code, Payment.objects.exists()) == (422, False)
