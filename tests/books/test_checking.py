from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from retkoop.audit.models import AuditEvent
from retkoop.banking.services import close_statement, record_statement
from retkoop.books.models import Book, KeptFinding, Operation
from retkoop.books.services import record_operation
from retkoop.domain import entry
from retkoop.domain.entry import Moves, Part
from retkoop.network.access import Access
from tests.books.coops import FORMER, a_book, at, note, open_with, plain, queries_of, some_months
from tests.books.lines import MUSEE, entry_form, filled
from tests.cast import a_day
from tests.clock import Clock
from tests.pages import Answer
from tests.swap import Node, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

CARD = {**MUSEE, "tiers": ""}


@pytest.fixture
def book(alice: Access) -> Book:
    """A book with money in the bank, and some in the cash box."""
    book = a_book(alice)
    open_with(alice, book, 5000_00, 100_00)
    return book


def checked(client: Client, book: Book, intention: str = "depense", /, **typed: str) -> Node:
    """Return the answer to what is typed so far in a new line."""
    return answered(client.post(at(book, "check_operation"), filled(client, book, intention, **typed)))


def answered(answer: Answer) -> Node:
    return read(answer.content.decode())


def said(root: Node) -> dict[str, str]:
    """Return the sentences, each by the field beside which it is put; what is said of no field stands under `controles`."""
    beside = {
        (node.attributes.get("id") or "").removesuffix("_said"): plain(node.text)
        for node in root.walk()
        if node.attributes.get("class") == "said" and node.text
    }
    together = [plain(node.text) for node in root.find("controles").children if isinstance(node, Node)]
    assert sorted(set(together) - set(beside.values())) == sorted(
        set(together) ^ set(beside.values())
    )  # each one in sight is read aloud too
    return beside


def remainder(root: Node) -> str:
    return plain(root.find("reste").text)


def proposed(root: Node) -> tuple[str | None, str] | None:
    """Return the account proposed and the words for it."""
    found = [node for node in root.walk() if node.tag == "proposed-value"]
    return (found[0].attributes["data-value"], plain(found[0].text)) if found else None


def tiers(access: Access, book: Book, account: str, *days: str) -> None:
    """Note some purchases of one tiers on one account."""
    for day in days:
        bought = entry.Operation(
            0, f"D{day[5:]}", a_day(day), "Plants du jardin", Moves(bank=-20_00), (Part(account, 20_00),), tiers="Jardinerie"
        )
        record_operation(access=access, book=book, operation=bought, submission=uuid.uuid4())


class TestRemarks:
    def test_a_right_line_is_left_in_peace(self, client: Client, book: Book) -> None:
        root = checked(client, book, **CARD)
        assert (said(root), remainder(root), proposed(root)) == ({}, "Tout est réparti", None)

    def test_every_field_in_sight_gets_its_answer(self, client: Client, book: Book) -> None:
        """What was said before goes away."""
        form = filled(client, book, **CARD)
        root = answered(client.post(at(book, "check_operation"), form))
        names = {(node.attributes.get("id") or "").removesuffix("_said").removeprefix("id_") for node in root.walk() if node.tag == "p"}
        hidden = {"csrfmiddlewaretoken", "near", "typed_by", "submission", "version", "nature", "parts-TOTAL_FORMS"}
        assert names - {"reste", ""} == set(form) - hidden
        page = read(client.get(at(book, "cahier")).content.decode())
        assert {f"id_{name}_said" for name in names - {"reste", ""}} <= {node.attributes.get("id") for node in page.walk()}

    @pytest.mark.parametrize(
        ("intention", "typed", "field", "expected"),
        [
            ("depense", {"date": "14/11/2024"}, "date", "La pièce D01 est datée du 14 novembre 2024, hors de l’année scolaire 2025-2026."),
            (
                "depense",
                {"label": "Divers"},
                "label",
                "Le libellé « Divers » est trop vague : dites ce que c’était, pour qui ou pour quoi.",
            ),
            (
                "depense",
                {"label": "Téléphone de l’école"},
                "label",
                "La pièce D01 parle de « téléphone », une dépense qu’une coopérative ne peut pas payer : corrigez-la ou expliquez-la.",
            ),
            (
                "depense",
                {"means": "cash"},
                "amount",
                "La caisse est négative le 14 novembre 2025 (−84,50 €) : il manque une recette ou un retrait, ou une date est fausse.",
            ),
            (
                "depense",
                {"amount": "5184,50", "label": "Sortie au musée"},
                "amount",
                "Le compte bancaire est à découvert le 14 novembre 2025 (−184,50 €).",
            ),
            (
                "depense",
                {"parts-0-account": "70800008"},
                "parts-0-account",
                "La pièce D01 est une dépense, mais « 708, Produits des activités éducatives » est un compte de recettes.",
            ),
            (
                "depense",
                {"amount": "600", "label": "Appareil photo"},
                "parts-0-account",
                "La pièce D01 note 600,00 € au compte 618 : un bien durable se note au compte 680 et s’inscrit à l’inventaire.",
            ),
            ("avance", {"amount": "200"}, "amount", "La pièce D01 verse une régie de 200,00 € : le plafond est de 150,00 €."),
        ],
    )
    def test_what_bends_a_rule_is_said_beside_its_field(
        self, client: Client, book: Book, intention: str, typed: dict[str, str], field: str, expected: str
    ) -> None:
        assert said(checked(client, book, intention, **{**CARD, **typed})) == {f"id_{field}": expected}

    def test_a_large_payment_in_cash(self, alice: Access, client: Client, book: Book) -> None:
        note(alice, book, "V1", "2025-09-05", "Retrait", -1500_00, 1500_00)
        assert said(checked(client, book, **{**CARD, "label": "Sortie au musée", "amount": "1200", "means": "cash"})) == {
            "id_amount": "La pièce D01 paie 1 200,00 € en espèces : la loi l’interdit au-delà de 1 000,00 €."
        }

    def test_a_cheque_used_twice_or_skipped(self, alice: Access, client: Client, book: Book) -> None:
        note(alice, book, "D9", "2025-11-03", "Cahiers", -20_00, cheque="2000104")
        by_cheque = {**CARD, "means": "cheque"}
        twice = said(checked(client, book, **by_cheque, cheque="2000104"))
        assert twice == {"id_cheque": "La pièce D01 porte le chèque n° 2000104, déjà utilisé par la pièce D9."}
        skipped = said(checked(client, book, **by_cheque, cheque="2000107"))
        assert skipped == {
            "id_cheque": "Les chèques n° 2000105 et 2000106 manquent dans le cahier : ont-ils été oubliés, perdus ou annulés ?"
        }
        assert said(checked(client, book, **by_cheque, cheque="2000105")) == {}

    def test_a_duplicate(self, alice: Access, client: Client, book: Book) -> None:
        note(alice, book, "D9", "2025-11-14", "Entrées au musée", -184_50)
        assert said(checked(client, book, **{**CARD, "piece": "E1"})) == {
            "id_amount": "La pièce E1 ressemble à la pièce D9 (même date, même montant, même libellé) : l’une est-elle en double ?"
        }

    def test_an_unusual_account(self, alice: Access, client: Client, book: Book) -> None:
        tiers(alice, book, "60700008", "2025-10-01", "2025-10-02", "2025-10-03", "2025-10-04")
        assert said(checked(client, book, **{**CARD, "tiers": "JARDINERIE", "label": "Plants"})) == {
            "id_parts-0-account": (
                "La pièce D01 est sur le compte 618, Charges des activités éducatives, alors que le même tiers est d’habitude "
                "sur le compte 607, Achats de produits pour cession."
            )
        }

    def test_a_line_slipped_under_a_closed_statement(self, alice: Access, client: Client, book: Book, clock: Clock) -> None:
        statement = record_statement(
            access=alice, book=book, number="1", day=a_day("2025-11-20"), account_balance=5000_00, submission=uuid.uuid4()
        )
        close_statement(access=alice, statement=statement)
        clock.advance(hours=1)
        late = "La pièce D01, datée du 14 novembre 2025, a été saisie après la clôture du relevé du 20 novembre 2025 : vérifiez sa date."
        assert said(checked(client, book, **CARD)) == {"id_date": late}
        client.post(at(book, "cahier"), filled(client, book, **CARD))
        [kept] = KeptFinding.objects.filter(book=book, code="releve-deja-clos").values_list("message", flat=True)
        assert plain(kept) == late
        row = Operation.objects.get(book=book, piece="D01")
        assert said(over(client, row)) == {"id_date": late}

    def test_a_day_that_has_not_come_yet(self, client: Client, book: Book) -> None:
        message = "La pièce D01 est datée du 25 novembre 2025, dans le futur."
        assert said(checked(client, book, **{**CARD, "date": "25/11/2025"})) == {"id_date": message}
        assert said(checked(client, book, **{**CARD, "date": "24/11/2025"})) == {}

    def test_a_regie_that_would_give_back_more_than_it_had(self, client: Client, book: Book) -> None:
        page = at(book, "cahier")
        client.post(page, filled(client, book, "avance", date="02/10/2025", tiers="Mme Durand", amount="150"))
        client.post(page, filled(client, book, "reliquat", date="20/10/2025", tiers="Mme Durand", amount="30"))
        spent = {"date": "20/10/2025", "parts-0-account": "61800008"}
        message = "Les régies d’avance ont rendu ou justifié 50,00 € de plus que versé : une avance manque, ou un montant est faux."
        assert said(checked(client, book, "justificatifs", **spent, amount="170")) == {"id_amount": message}
        assert said(checked(client, book, "justificatifs", **spent, amount="120")) == {}
        client.post(page, filled(client, book, "justificatifs", **spent, amount="170"))
        assert list(KeptFinding.objects.filter(book=book, code="regie-negative").values_list("severity", "message")) == [
            ("erreur", message.replace("50,00 €", "50,00\u202f€")),
        ]

    def test_the_gravest_is_said_first(self, client: Client, book: Book) -> None:
        root = checked(client, book, **{**CARD, "date": "14/11/2024", "label": "Divers", "parts-0-account": "70800008"})
        told = [plain(node.text) for node in root.find("controles").children if isinstance(node, Node)]
        assert [text.split(",")[0] for text in told] == [
            "La pièce D01 est une dépense",
            "La pièce D01 est datée du 14 novembre 2024",
            "Le libellé « Divers » est trop vague : dites ce que c’était",
        ]

    def test_what_the_book_says_already_is_not_said_again(self, alice: Access, client: Client, book: Book) -> None:
        note(alice, book, "D9", "2025-11-03", "Goûter", 0, -150_00)
        assert said(checked(client, book, **CARD)) == {}

    @pytest.mark.parametrize("missing", ["date", "amount"])
    def test_rules_wait_for_a_day_and_an_amount(self, client: Client, book: Book, missing: str) -> None:
        root = checked(client, book, **{**CARD, "label": "Divers", missing: ""})
        assert (said(root), remainder(root)) == ({}, "")

    def test_a_label_not_typed_yet_is_not_vague(self, client: Client, book: Book) -> None:
        assert said(checked(client, book, **{**CARD, "label": ""})) == {}

    def test_nothing_is_written(self, client: Client, book: Book) -> None:
        before = AuditEvent.objects.count()
        checked(client, book, **CARD)
        client.post(at(book, "redraw"), filled(client, book, **CARD), query_params={"noter": "recette"})
        assert (AuditEvent.objects.count(), Operation.objects.filter(book=book).count()) == (before, 1)

    def test_what_is_typed_is_never_markup(self, client: Client, book: Book) -> None:
        html = client.post(at(book, "check_operation"), filled(client, book, **{**CARD, "piece": "<b>1</b>", "date": "14/11/2024"})).content
        assert "La pièce &lt;b&gt;1&lt;/b&gt; est datée" in html.decode()


class TestFields:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ({"date": "31/11"}, {"id_date": "Ce jour n’existe pas dans le calendrier. Vérifiez le jour et le mois."}),
            ({"amount": "12,345"}, {"id_amount": "Un montant a deux décimales au plus, par exemple 12,50."}),
            ({"piece": "x" * 31}, {"id_piece": "30 caractères au plus."}),
            (
                {"parts-0-account": "", "parts-0-account_typed": "xyzzy"},
                {"id_parts-0-account": "« xyzzy » n’est pas dans la liste."},
            ),
            (
                {"parts-TOTAL_FORMS": "2", "parts-0-amount": "douze", "parts-1-account": "61681008"},
                {"id_parts-0-amount": "Ce montant n’est pas un nombre. Écrivez par exemple 12,50."},
            ),
        ],
    )
    def test_what_cannot_be_read_is_said_at_once(self, client: Client, book: Book, typed: dict[str, str], expected: dict[str, str]) -> None:
        assert said(checked(client, book, **{**CARD, **typed})) == expected

    def test_a_field_not_reached_yet_is_not_missed(self, client: Client, book: Book) -> None:
        root = checked(client, book)
        assert (said(root), remainder(root)) == ({}, "")


class TestRemainder:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ({"parts-0-amount": "100"}, "Tout est réparti"),
            ({"parts-TOTAL_FORMS": "2", "parts-0-amount": "100"}, "Reste 84,50 € à répartir"),
            ({"parts-TOTAL_FORMS": "2", "parts-0-amount": "200"}, "15,50 € de trop"),
            ({"parts-TOTAL_FORMS": "2", "parts-0-amount": "100", "parts-1-account": "61681008"}, "Tout est réparti"),
        ],
    )
    def test_what_is_left_to_split_is_said_beside_the_rows_alone(
        self, client: Client, book: Book, typed: dict[str, str], expected: str
    ) -> None:
        root = checked(client, book, **{**CARD, **typed})
        assert (remainder(root), said(root)) == (expected, {})

    def test_what_is_left_is_shown_in_the_amount_that_is_not_typed(self, client: Client, book: Book) -> None:
        two = {"parts-TOTAL_FORMS": "2", "parts-0-amount": "100", "parts-1-account": "61681008"}
        left = [node.attributes for node in checked(client, book, **{**CARD, **two}).walk() if node.tag == "split-rest"]
        assert left == [{"data-name": "parts-1-amount", "data-amount": "84,50"}]
        assert [node.attributes for node in checked(client, book, **CARD).walk() if node.tag == "split-rest"] == [{}]

    def test_an_account_not_chosen_yet_is_asked_for(self, client: Client, book: Book) -> None:
        root = checked(client, book, **{**CARD, "parts-0-account": ""})
        assert (remainder(root), said(root)) == ("184,50 € à répartir", {"id_parts-0-account": "Choisissez un compte."})
        assert said(checked(client, book, **{**CARD, "parts-0-account": "", "amount": ""})) == {}

    def test_what_is_not_split_has_none(self, client: Client, book: Book) -> None:
        root = checked(client, book, "depot", date="14/11/2025", amount="50")
        assert [node for node in root.walk() if node.attributes.get("id") in {"reste", "proposition"}] == []


class TestProposition:
    def test_the_account_of_the_same_tiers(self, alice: Access, client: Client, book: Book) -> None:
        tiers(alice, book, "60700008", "2025-10-01", "2025-10-02")
        tiers(alice, book, "61800008", "2025-10-03")
        waiting = {**CARD, "tiers": "jardinerie", "parts-0-account": ""}
        expected = ("60700008", "D’habitude pour jardinerie : 607, Achats de produits pour cession.")
        assert proposed(checked(client, book, **waiting)) == expected
        assert said(checked(client, book, **waiting)) == {}
        assert proposed(checked(client, book, **{**waiting, "amount": "", "date": ""})) == expected
        assert proposed(checked(client, book, **{**waiting, "parts-0-account": "61800008"})) is None
        assert proposed(checked(client, book, **{**waiting, "tiers": "Librairie"})) is None
        assert proposed(checked(client, book, **{**waiting, "tiers": " "})) is None
        assert proposed(checked(client, book, "recette", **{**waiting, "means": "bank"})) is None

    def test_the_year_before_lends_its_habits(self, alice: Access, client: Client, book: Book) -> None:
        tiers(alice, a_book(alice, FORMER), "65000008", "2024-10-01")
        waiting = {**CARD, "tiers": "Jardinerie", "parts-0-account": ""}
        assert proposed(checked(client, book, **waiting)) == ("65000008", "D’habitude pour Jardinerie : 650, Autres charges courantes.")
        tiers(alice, book, "60700008", "2025-10-01")
        assert proposed(checked(client, book, **waiting)) == (
            "60700008",
            "D’habitude pour Jardinerie : 607, Achats de produits pour cession.",
        )


def over(client: Client, row: Operation, **typed: str) -> Node:
    """Return the answer to what is typed so far over an operation."""
    form = {**entry_form(client.get(at(row.book, "operation", key=row.pk))), **typed}
    return answered(client.post(at(row.book, "check_edited", key=row.pk), form))


class TestEditing:
    @pytest.fixture
    def row(self, alice: Access, book: Book) -> Operation:
        return note(alice, book, "D1", "2025-11-14", "Goûter de rentrée", 0, -80_00)

    def test_an_operation_is_no_twin_of_itself(self, client: Client, row: Operation) -> None:
        assert said(over(client, row)) == {}

    def test_what_it_was_gives_way_to_what_it_would_be(self, client: Client, row: Operation) -> None:
        assert said(over(client, row, amount="100")) == {}
        assert said(over(client, row, amount="100,01")) == {
            "id_amount": (
                "La caisse est négative le 14 novembre 2025 (−0,01 €) : il manque une recette ou un retrait, ou une date est fausse."
            )
        }
        assert said(over(client, row, amount="100,01", means="bank")) == {}

    def test_what_is_wrong_with_it_is_said_until_it_is_mended(self, alice: Access, client: Client, book: Book) -> None:
        row = note(alice, book, "D1", "2025-11-14", "Divers", -80_00)
        vague = "Le libellé « Divers » est trop vague : dites ce que c’était, pour qui ou pour quoi."
        assert said(over(client, row)) == {"id_label": vague}
        assert said(over(client, row, label="Goûter")) == {}


def test_an_answer_costs_the_same_at_any_size(alice: Access, client: Client, book: Book) -> None:
    def asked() -> int:
        form = filled(client, book, **MUSEE, cheque="2000104")
        client.post(at(book, "check_operation"), form)
        with CaptureQueriesContext(connection) as queries:
            client.post(at(book, "check_operation"), form)
        return len(queries)

    some_months(alice, book, 20)
    few = asked()
    some_months(alice, book, 60)
    assert asked() == few <= 14
    assert queries_of(client, at(book, "cahier")) <= 12
