"""The page of the vérificateurs as the mandataire sees it: each thing that it does, each sentence that it says."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.domain.closing import ClosingState, VerifierQuality, VerifierRule
from retkoop.network.access import Access
from retkoop.network.services import change_setting, give_mandate
from retkoop.year_end.models import Signature, SigningCode, Verifier
from retkoop.year_end.verifiers.codes import keep_draft
from retkoop.year_end.verifiers.invitations import Invited, invite
from retkoop.year_end.verifiers.queries import valid_signatures, verifier_rule
from retkoop.year_end.verifiers.signing import digest_of, mark_of, place_of, seen_of
from retkoop.year_end.verifiers.tokens import teachers_token, token_of
from tests.archive.sent import a_picture
from tests.books.coops import animateur, at, client_of, comptable, note, plain, said, stranger
from tests.cast import PASSWORD
from tests.clock import Clock
from tests.pages import controls, errors, notices
from tests.year_end.papers import words
from tests.year_end.verifiers.at_hand import OTHER, all_signed, in_state, invited, letters, mandate, opened, signed, telephone

pytestmark = pytest.mark.django_db


def ask(
    client: Client, book: Book, name: str = "Inès Moreau", email: str = "ines@exemple.fr", quality: str = "parent"
) -> tuple[int, list[str]]:
    """Invite somebody from the page; return the status and what is said."""
    sent = {"name": name, "email": email, "quality": quality, "submission": str(uuid.uuid4())}
    answer = client.post(at(book, "verifiers"), sent, follow=True)
    return answer.status_code, [plain(one) for one in errors(answer) or notices(answer)]


def do(client: Client, book: Book, name: str, data: dict[str, object] | None = None, **parts: object) -> list[str]:
    """Do something from the page; return what is said."""
    answer = client.post(at(book, name, **parts), data or {}, follow=True)
    return [plain(one) for one in errors(answer) or notices(answer)]


def mark(book: Book) -> str:
    return mark_of(place_of(book), digest_of(book))


def shown(client: Client, book: Book) -> str:
    return said(client.get(at(book, "verifiers")))


class TestPage:
    def test_an_empty_one_says_what_to_do_first(self, client: Client, book: Book) -> None:
        told = shown(client, book)
        assert "En préparation Invitez dès maintenant les vérificateurs aux comptes" in told
        assert "Il en faut 2 au moins, dont 1 parent d’élève au moins, et aucun n’est mandataire." in told
        assert "Il reste 2 personnes à inviter, dont 1 parent d’élève. Personne n’est encore invité Des personnes" in told
        assert "Aucun mandat n’est enregistré : demandez à l’association départementale de le noter." in told

    def test_the_ad_says_how_many(self, alice: Access, client: Client, book: Book) -> None:
        for name, value in (("verifier_count", 3), ("verifier_parents", 0)):
            change_setting(author=SYSTEM, association=alice.coop.association, from_year=2025, name=name, value=value)
        assert verifier_rule(book) == VerifierRule(3, 0)
        assert "Il en faut 3 au moins, et aucun n’est mandataire. Il reste 3 personnes à inviter." in shown(client, book)

    def test_the_ad_says_of_which_qualities(self, alice: Access, client: Client, book: Book) -> None:
        for name, value in (("verifier_count", 3), ("verifier_teachers", 1), ("verifier_others", 1)):
            change_setting(author=SYSTEM, association=alice.coop.association, from_year=2025, name=name, value=value)
        assert verifier_rule(book) == VerifierRule(3, 1, 1, 1)
        who = "1 parent d’élève, 1 enseignant et 1 autre adulte"
        told = shown(client, book)
        assert f"Il en faut 3 au moins, dont {who} au moins, et aucun n’est mandataire. Il reste 3 personnes à inviter, dont {who}." in told
        in_state(book, ClosingState.SIGNING)
        invited(alice, book, OTHER)
        assert "Il reste 2 personnes à inviter, dont 1 parent d’élève et 1 enseignant." in shown(client, book)
        printed = words(client.get(at(book, "quitus_paper")).content)
        assert [f"Vérificateur aux comptes, {one}" in printed for one in ("parent d’élève", "enseignant", "autre adulte")] == [True] * 3

    def test_it_says_who_is_still_missing(self, alice: Access, client: Client, book: Book) -> None:
        mandate(alice)
        in_state(book, ClosingState.SIGNING)
        missing = (
            "Il manque la signature de 2 vérificateurs. Il manque la signature d’un parent d’élève. Il manque la signature de Mme Perrin"
        )
        assert f"Signatures attendues {missing}, mandataire." in shown(client, book)

    def test_it_says_what_each_has_done(self, alice: Access, client: Client, book: Book, settings: Settings) -> None:
        settings.CAN_SEND_MAIL = True
        in_state(book, ClosingState.SIGNING)
        first, second = invited(alice, book), invited(alice, book, OTHER)
        third = invited(alice, book, Invited("Zoé Blanc", VerifierQuality.TEACHER))
        keep_draft(third, {"comment": "Presque"})
        Verifier.objects.filter(pk=second.pk).update(asked=[1, 2])
        told = shown(client, book)
        assert "Inès Moreau Parent d’élève Invitation envoyée ines@exemple.fr" in told
        assert "Paul Girard Autre adulte Carré à remettre" in told
        assert "a demandé à voir 2 opérations" in told
        assert "Zoé Blanc Enseignant A commencé à répondre" in told
        signed(first)
        assert "Inès Moreau Parent d’élève A signé" in shown(client, book)

    def test_all_signed_is_told(self, alice: Access, client: Client, book: Book) -> None:
        all_signed(alice, book)
        told = shown(client, book)
        assert "Tout le monde a signé" in told
        assert "Commentaire : Comptes très clairs." in told
        assert "Réserves : Il manque le ticket D12." in told
        assert "code remis par le mandataire." in told
        assert "Léo Petit" in told

    def test_a_change_makes_them_void_and_is_named(self, alice: Access, client: Client, book: Book) -> None:
        all_signed(alice, book)
        note(alice, book, "D9", "2026-05-04", "Livre", -10_00)
        told = shown(client, book)
        assert told.count("À signer de nouveau") == 4
        assert "Les comptes ont changé après une signature Elle ne vaut plus." in told
        assert do(client, book, "ask_signatures_again")[0] == "La signature est redemandée à Inès Moreau, Paul Girard."

    def test_those_who_only_read_are_shown_no_form(self, alice: Access, book: Book) -> None:
        all_signed(alice, book)
        answer = comptable().get(at(book, "verifiers"))
        assert (answer.status_code, controls(answer, "submission"), controls(answer, "fichiers")) == (200, [], [])
        assert stranger().get(at(book, "verifiers")).status_code == 404


class TestInviting:
    def test_by_mail(self, client: Client, book: Book, settings: Settings) -> None:
        settings.CAN_SEND_MAIL = True
        assert ask(client, book) == (200, ["C’est noté pour Inès Moreau. L’invitation part à ines@exemple.fr."])
        (letter,) = letters()
        row = Verifier.objects.get()
        assert (letter.to, letter.subject) == (["ines@exemple.fr"], "École Jean-Jaurès : vérifier les comptes 2025-2026 de la coopérative")
        assert f"http://127.0.0.1:8000{reverse('verifier', kwargs={'token': token_of(row)})}" in str(letter.body)

    def test_on_paper(self, client: Client, book: Book) -> None:
        assert ask(client, book, email="") == (200, ["C’est noté pour Inès Moreau. Imprimez sa page avec le carré, et donnez-la-lui."])
        answer = client.get(at(book, "invitation_paper", key=Verifier.objects.get().pk))
        told = words(answer.content)
        assert "Bonjour Inès Moreau," in told
        assert "Visez le carré avec l’appareil photo du téléphone, ou tapez l’adresse." in told

    def test_sent_twice_it_is_one(self, client: Client, book: Book) -> None:
        sent = {"name": "Inès Moreau", "email": "", "quality": "parent", "submission": str(uuid.uuid4())}
        assert [client.post(at(book, "verifiers"), sent).status_code for _ in range(2)] == [302, 302]
        assert Verifier.objects.count() == 1

    @pytest.mark.parametrize(
        ("name", "email", "quality", "sentences"),
        [
            ("", "", "parent", ["Indiquez le nom et le prénom."]),
            ("Inès", "ines", "parent", ["Cette adresse n’est pas complète. Écrivez par exemple camille.durand@exemple.fr."]),
            ("Inès", "", "", ["Dites qui est cette personne pour l’école."]),
            ("x" * 151, "", "parent", ["150 caractères au plus."]),
            ("In\u202eès", "", "parent", ["Ce texte contient des caractères invisibles : tapez-le plutôt que de le coller."]),
        ],
    )
    def test_what_is_wrong_is_said(self, client: Client, book: Book, name: str, email: str, quality: str, sentences: list[str]) -> None:
        status, told = ask(client, book, name, email, quality)
        assert (status, told, Verifier.objects.count()) == (422, sentences, 0)

    @pytest.mark.parametrize("name", ["Mme Perrin", "PERRIN", "Perrín"])
    def test_a_mandataire_is_refused_however_they_are_written(self, alice: Access, client: Client, book: Book, name: str) -> None:
        mandate(alice)
        _, told = ask(client, book, name)
        sentence = f"{name} est mandataire de la coopérative : on ne vérifie pas ses propres comptes. Invitez une autre personne."
        assert told == [f"Il y a une chose à corriger {sentence}"]

    def test_so_is_one_whose_mandate_ran_in_that_year(self, alice: Access, client: Client, book: Book) -> None:
        row = mandate(alice)
        row.end = date(2026, 8, 31)
        row.save()
        assert "Mme Perrin est mandataire de la coopérative" in ask(client, book, "Mme Perrin")[1][0]

    def test_so_is_the_address_of_the_coop(self, alice: Access, client: Client, book: Book) -> None:
        _, told = ask(client, book, email=alice.coop.email.upper())
        sentence = "Cette adresse est celle de la coopérative : indiquez celle de la personne, ou laissez vide et donnez-lui son carré."
        assert told == [f"Il y a une chose à corriger {sentence}"]

    def test_nobody_is_invited_twice(self, alice: Access, book: Book) -> None:
        invited(alice, book)
        for who, sentence in (
            (Invited("MOREAU Ines", VerifierQuality.OTHER), "Inès Moreau est déjà parmi les vérificateurs."),
            (
                Invited("Luc", VerifierQuality.OTHER, "INES@exemple.fr"),
                "Cette adresse est déjà celle d’Inès Moreau : chaque vérificateur a la sienne.",
            ),
        ):
            with pytest.raises(Refused) as refusal:
                invite(access=alice, book=book, invited=who, submission=uuid.uuid4())
            assert plain(str(refusal.value)) == sentence

    def test_not_after_the_year_was_sent(self, client: Client, book: Book) -> None:
        in_state(book, ClosingState.SENT)
        sentence = "Le compte rendu de 2025-2026 est déjà parti (transmis) : on n’invite plus."
        assert ask(client, book)[1] == [f"Il y a une chose à corriger {sentence}"]


class TestInvitation:
    def test_sent_again_it_lives_longer_at_the_same_address(
        self, alice: Access, book: Book, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock = Clock(monkeypatch)
        row = invited(alice, book)
        token = token_of(row)
        clock.advance(days=60)
        client = client_of(alice)
        assert "Invitation expirée" in shown(client, book)
        assert do(client, book, "resend_invitation", key=row.pk) == [
            "L’invitation d’Inès Moreau est prolongée : imprimez sa page avec le carré."
        ]
        assert (opened(row).until, token_of(opened(row))) == (row.until + (clock.time.date() - row.invited_at.date()), token)
        settings.CAN_SEND_MAIL = True
        assert do(client, book, "resend_invitation", key=row.pk) == ["L’invitation repart à ines@exemple.fr."]
        assert len(letters()) == 1

    def test_ended_it_is_told_and_can_be_made_again(self, alice: Access, client: Client, book: Book) -> None:
        row = invited(alice, book)
        assert do(client, book, "end_invitation", key=row.pk) == ["L’invitation d’Inès Moreau est retirée."]
        assert "Invitations retirées : Inès Moreau." in shown(client, book)
        assert do(client, book, "end_invitation", key=row.pk) == ["Cette invitation est retirée. Invitez de nouveau la personne."]
        assert client.get(at(book, "invitation_paper", key=row.pk)).status_code == 404
        assert ask(client, book)[0] == 200

    def test_one_that_signed_stays(self, alice: Access, client: Client, book: Book) -> None:
        in_state(book, ClosingState.SIGNING)
        row = invited(alice, book)
        signed(row)
        assert do(client, book, "end_invitation", key=row.pk) == ["Inès Moreau a signé : son invitation reste."]

    def test_one_that_is_none(self, client: Client, book: Book) -> None:
        assert do(client, book, "resend_invitation", key=99999) == ["Cette invitation n’existe plus."]
        assert client.get(at(book, "invitation_paper", key=99999)).status_code == 404

    def test_a_code_is_handed_over(self, alice: Access, client: Client, book: Book) -> None:
        row = invited(alice, book)
        assert do(client, book, "give_signing_code", key=row.pk) == [
            "On ne signe pas encore : demandez d’abord les signatures, à la page « Fin d’année »."
        ]
        in_state(book, ClosingState.SIGNING)
        told = said(client.post(at(book, "give_signing_code", key=row.pk)))
        assert "Il sert quinze minutes, et n’est montré que cette fois." in told
        assert SigningCode.objects.get().by_hand is True

    def test_nobody_is_asked_again_for_nothing(self, client: Client, book: Book) -> None:
        in_state(book, ClosingState.SIGNING)
        assert do(client, book, "ask_signatures_again") == ["Personne n’a à signer de nouveau."]
        in_state(book, ClosingState.PREPARING)
        assert do(client, book, "ask_signatures_again") == [
            "On ne signe pas encore : demandez d’abord les signatures, à la page « Fin d’année »."
        ]


class TestMandataires:
    def given(self, client: Client, book: Book, key: int, password: str = PASSWORD) -> dict[str, object]:
        name = f"mandat-{key}-seen"
        return {name: controls(client.get(at(book, "verifiers")), name)[0]["value"], f"mandat-{key}-password": password}

    def test_the_password_signs(self, alice: Access, client: Client, book: Book) -> None:
        row = mandate(alice)
        in_state(book, ClosingState.SIGNING)
        assert do(client, book, "sign_as_mandataire", self.given(client, book, row.pk), key=row.pk) == ["Mme Perrin a signé."]
        signature = Signature.objects.get()
        assert (signature.name, signature.way, signature.mandate) == ("Mme Perrin", "account", row)

    def test_a_wrong_one_does_not_and_slows_down(self, alice: Access, client: Client, book: Book) -> None:
        row = mandate(alice)
        in_state(book, ClosingState.SIGNING)
        told = [do(client, book, "sign_as_mandataire", self.given(client, book, row.pk, "faux"), key=row.pk) for _ in range(6)]
        assert told[:5] == [["Ce n’est pas le mot de passe de ce compte."]] * 5
        assert told[5][0].startswith("Trop d’essais. Attendez ")
        assert valid_signatures(book) == []

    def test_none_does_not(self, alice: Access, client: Client, book: Book) -> None:
        row = mandate(alice)
        in_state(book, ClosingState.SIGNING)
        told = do(client, book, "sign_as_mandataire", self.given(client, book, row.pk, ""), key=row.pk)
        assert told == ["Indiquez le mot de passe du compte."]

    def test_nobody_of_the_ad_signs_for_them(self, alice: Access, book: Book) -> None:
        row = mandate(alice)
        in_state(book, ClosingState.SIGNING)
        helper = animateur()
        assert helper.post(at(book, "sign_as_mandataire", key=row.pk), {}).status_code == 404
        assert controls(helper.get(at(book, "verifiers")), f"mandat-{row.pk}-password") == []

    def test_what_cannot_be_signed_now_is_said(self, alice: Access, client: Client, book: Book) -> None:
        row = mandate(alice)
        in_state(book, ClosingState.SIGNING)
        given = self.given(client, book, row.pk)
        note(alice, book, "D9", "2026-05-04", "Livre", -10_00)
        changed = "Les comptes ont changé pendant que vous les lisiez. Relisez-les, puis signez."
        assert do(client, book, "sign_as_mandataire", given, key=row.pk) == [changed]
        in_state(book, ClosingState.PREPARING)
        closed = "On ne peut pas signer maintenant : le compte rendu n’attend pas de signatures."
        assert do(client, book, "add_teacher", {"enseignant-name": "Léo", "enseignant-seen": seen_of(book)}) == [closed]
        person = invited(alice, book)
        told = do(client, book, "upload_quitus", {"fichiers": a_picture(), "verifiers": [person.pk], "mark": mark(book)})
        assert told == [f"Il y a une chose à corriger {closed}"]


class TestGivenAMandate:
    def test_their_signature_is_said_to_count_no_more(self, alice: Access, client: Client, book: Book) -> None:
        in_state(book, ClosingState.SIGNING)
        signed(invited(alice, book))
        assert "Inès Moreau Parent d’élève A signé" in shown(client, book)
        give_mandate(author=SYSTEM, coop=alice.coop, holder="Inès Moreau", start=date(2026, 3, 1))
        page = shown(client, book)
        assert "Inès Moreau Parent d’élève Sa signature ne compte plus" in page
        assert "Inès Moreau est mandataire de cette année-là : on ne vérifie pas ses propres comptes. Invitez une autre personne." in page
        assert ("Retirer l’invitation d’Inès Moreau ?" in page, "Donner un code à Inès Moreau" in page) == (True, False)


class TestTeachers:
    def test_before_the_call_to_sign_there_is_no_heading(self, client: Client, book: Book) -> None:
        assert "Émargement de l’équipe enseignante" not in shown(client, book)
        in_state(book, ClosingState.SIGNING)
        assert "Émargement de l’équipe enseignante Chaque enseignant peut émarger les comptes." in shown(client, book)

    def test_on_the_page_of_the_coop(self, client: Client, book: Book) -> None:
        in_state(book, ClosingState.SIGNING)
        seen = controls(client.get(at(book, "verifiers")), "enseignant-seen")[0]["value"]
        given: dict[str, object] = {"enseignant-name": "Léo Petit", "enseignant-seen": seen}
        assert do(client, book, "add_teacher", given) == ["Léo Petit a signé l’émargement."]
        assert do(client, book, "add_teacher", {**given, "enseignant-name": "léo petit"}) == ["léo petit a déjà signé l’émargement."]
        key = Signature.objects.get().pk
        assert do(client, book, "withdraw_teacher", key=key) == ["La ligne est retirée."]
        assert do(client, book, "withdraw_teacher", key=key) == ["Cette ligne n’est plus dans l’émargement."]

    def test_in_the_staff_room(self, client: Client, book: Book) -> None:
        address = reverse("emargement", kwargs={"token": teachers_token(in_state(book, ClosingState.SIGNING))})
        phone = telephone()
        page = phone.get(address)
        assert "Reçu 826,50 € Dépensé 614,20 € Résultat 212,30 € Ce que la coopérative possède 1 049,70 €" in said(page)
        token = controls(page, "csrfmiddlewaretoken")[0]["value"]
        seen = controls(page, "seen")[0]["value"]
        answer = phone.post(address, {"csrfmiddlewaretoken": token, "name": "Léo Petit", "seen": seen})
        assert (answer.status_code, [plain(one) for one in notices(answer)]) == (
            200,
            ["Merci, Léo Petit ! Votre nom est dans l’émargement. Un collègue peut signer à son tour."],
        )
        assert Signature.objects.get().way == "hand"
        empty = phone.post(address, {"csrfmiddlewaretoken": token, "name": "", "seen": seen})
        assert (empty.status_code, errors(empty)) == (422, ["Indiquez le nom et le prénom."])
        assert phone.post(address, {"name": "Léo"}).status_code == 403

    def test_a_crowd_from_one_place_is_slowed_down(self, book: Book) -> None:
        address = reverse("emargement", kwargs={"token": teachers_token(in_state(book, ClosingState.SIGNING))})
        phone = Client()
        seen = seen_of(book)
        answers = [phone.post(address, {"name": f"Robot {number}", "seen": seen}) for number in range(62)]
        assert errors(answers[-1])[0].startswith("Trop d’essais. Attendez ")

    def test_the_sheet_is_printed_while_one_signs(self, client: Client, book: Book) -> None:
        refusals = notices(client.get(at(book, "teachers_paper"), follow=True))
        assert [plain(one) for one in refusals] == ["On ne signe pas encore : demandez d’abord les signatures, à la page « Fin d’année »."]
        closing = in_state(book, ClosingState.SIGNING)
        told = words(client.get(at(book, "teachers_paper")).content)
        assert "Émargement des comptes, 2025-2026" in told
        assert reverse("emargement", kwargs={"token": teachers_token(closing)}) in told.replace(" ", "")
