"""Who may verify and who may sign: nobody who keeps the accounts verifies them, and nobody signs for somebody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from retkoop.audit.services import SYSTEM
from retkoop.books.models import Book
from retkoop.books.writable import Refused
from retkoop.domain.closing import ClosingState, VerifierQuality
from retkoop.network.access import Access
from retkoop.network.models import Coop
from retkoop.network.services import give_mandate, invite_keeper
from retkoop.users.services import activate
from retkoop.year_end.models import Signature, SigningWay
from retkoop.year_end.verifiers.invitations import Invited, ask_again, give_code, resend
from retkoop.year_end.verifiers.people import MIXED, refuse_mandataire, same_person
from retkoop.year_end.verifiers.queries import missing_signatures, valid_signatures
from retkoop.year_end.verifiers.signing import seen_of, sign_as_mandataire, sign_as_teacher
from retkoop.year_end.verifiers.tokens import book_to_sign, teachers_token, token_of, verifier_of
from tests.books.coops import at, plain, said
from tests.cast import PASSWORD, logged_in
from tests.pages import controls, notices
from tests.year_end.verifiers.at_hand import OTHER, all_signed, in_state, invited, mandate, signed

pytestmark = pytest.mark.django_db

ITSELF = "{} est mandataire de la coopérative : on ne vérifie pas ses propres comptes. Invitez une autre personne."
ALIKE = (
    "Rien ne distingue {} de {}, mandataire : on ne vérifie pas ses propres comptes. Si ce sont deux personnes, écrivez le nom et le "
    "prénom ici, et demandez à l’association départementale de les écrire dans le mandat."
)
SHUT = "La coopérative est fermée depuis le 10 septembre 2026 : on n’y invite et n’y signe plus."


def refusal(book: Book, name: str, email: str = "") -> str:
    """Return what is said to whoever invites somebody, nothing where they may."""
    try:
        refuse_mandataire(book, name, email)
    except Refused as told:
        return plain(str(told))
    return ""


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            *("PERRIN", "Mme  PERRIN", "Madame_Perrin", "Mmes Perrin", "Dr Perrin", "Me\u0301lle Perrin", "Maître Perrin", "Perrin Perrin"),
            *("Per\u200brin", "P\u00adERRIN", "\u2060Perrin", "Ｐerrin"),
        ],
    )
    def test_a_mandataire_is_known_however_they_are_written(self, alice: Access, book: Book, name: str) -> None:
        mandate(alice)
        assert refusal(book, name) == ITSELF.format(name)

    @pytest.mark.parametrize("name", ["Léa Perrin", "Mme Perrin (parent)", "Mme Per-rin"])
    def test_what_does_not_tell_two_people_apart_is_said(self, alice: Access, book: Book, name: str) -> None:
        mandate(alice)
        assert refusal(book, name) == ALIKE.format(name, "Mme Perrin")

    @pytest.mark.parametrize("name", ["Perr\u0456n", "\u0420errin", "P\u03b5rrin"])
    def test_letters_of_several_scripts_are_refused(self, alice: Access, book: Book, name: str) -> None:
        mandate(alice)
        assert refusal(book, name) == plain(MIXED)

    def test_a_name_in_another_script_is_a_name(self, alice: Access, book: Book) -> None:
        mandate(alice)
        assert [refusal(book, name) for name in ("Олена Шевченко", "Anaïs Łukasz-Ñuñez", "Jean d’Œuvre 2ᵉ")] == ["", "", ""]

    def test_a_parent_of_the_same_family_name_may_verify(self, alice: Access, book: Book) -> None:
        mandate(alice, "Mme Claire Perrin")
        assert (refusal(book, "Léa Perrin"), refusal(book, "Perrin")) == ("", ALIKE.format("Perrin", "Mme Claire Perrin"))
        assert refusal(book, "PERRIN Claire") == ITSELF.format("PERRIN Claire")

    def test_a_title_alone_is_a_name(self) -> None:
        assert (same_person("Mme", "Mme Perrin"), same_person("Maître", "M. Maitre")) == (False, True)


def test_the_address_of_who_keeps_the_books_is_refused(alice: Access, book: Book) -> None:
    invite_keeper(author=SYSTEM, coop=alice.coop, email="Claire.Perrin@exemple.fr", name="Mme Perrin", start=date(2026, 1, 1))
    said = (
        "Cette adresse est celle d’une personne qui tient les comptes de la coopérative : on ne vérifie pas ses propres comptes. "
        "Invitez une autre personne."
    )
    addresses = ("claire.perrin@exemple.fr", "CLAIRE.PERRIN@exemple.fr", "claire@exemple.fr", "")
    assert [refusal(book, "Jean Valjean", address) for address in addresses] == [said, said, "", ""]


def test_whoever_is_given_a_mandate_of_that_year_has_not_verified_it(alice: Access, client: Client, book: Book) -> None:
    all_signed(alice, book)
    assert missing_signatures(book) == []
    give_mandate(author=SYSTEM, coop=alice.coop, holder="Mme MOREAU Inès", start=date(2025, 9, 1), end=date(2026, 8, 31))
    assert [plain(one) for one in missing_signatures(book)] == [
        "Il manque la signature d’un vérificateur.",
        "Il manque la signature d’un parent d’élève.",
        "Inès Moreau est mandataire de cette année-là : sa signature de vérificateur ne compte pas.",
    ]
    assert "Il reste 1 personne à inviter, dont 1 parent d’élève." in said(client.get(at(book, "verifiers")))
    signed(invited(alice, book, Invited("Zoé Blanc", VerifierQuality.PARENT)))
    assert missing_signatures(book) == []


def test_a_mandate_of_the_next_year_takes_no_signature_away(alice: Access, book: Book) -> None:
    all_signed(alice, book)
    give_mandate(author=SYSTEM, coop=alice.coop, holder="Inès Moreau", start=date(2099, 9, 1))
    assert missing_signatures(book) == []


class TestOwnAccounts:
    @pytest.fixture
    def bob(self, alice: Access, book: Book) -> Client:
        invite_keeper(author=SYSTEM, coop=alice.coop, email="bob@exemple.fr", name="Bob Adjoint", start=date(2025, 9, 1))
        in_state(book, ClosingState.SIGNING)
        keeper = alice.coop.roles.get(user__username="bob@exemple.fr").user
        return logged_in(activate(user=keeper, password=PASSWORD))

    def test_somebody_signs_for_themselves_alone(self, alice: Access, book: Book, bob: Client) -> None:
        own, other = mandate(alice, "M. Bob ADJOINT"), mandate(alice)
        page = bob.get(at(book, "verifiers"))
        assert [len(controls(page, f"mandat-{row.pk}-password")) for row in (own, other)] == [1, 0]
        assert "Mme Perrin signe avec son compte, ou avec celui de l’école." in said(page)
        told = []
        for row in (other, own):
            sent = {f"mandat-{row.pk}-password": PASSWORD, f"mandat-{row.pk}-seen": seen_of(book)}
            told += notices(bob.post(at(book, "sign_as_mandataire", key=row.pk), sent, follow=True))
        assert [plain(one) for one in told] == [
            "Votre compte est au nom de Bob Adjoint : Mme Perrin signe avec le sien, ou avec celui de l’école.",
            "M. Bob ADJOINT a signé.",
        ]
        assert [one.name for one in Signature.objects.all()] == ["M. Bob ADJOINT"]

    def test_the_account_of_the_school_signs_for_each(self, alice: Access, client: Client, book: Book, bob: Client) -> None:
        rows = [mandate(alice, "M. Bob ADJOINT"), mandate(alice)]
        page = client.get(at(book, "verifiers"))
        assert [len(controls(page, f"mandat-{row.pk}-password")) for row in rows] == [1, 1]


class TestClosedCoop:
    def test_nobody_is_invited_and_nobody_signs(self, alice: Access, book: Book) -> None:
        row, seen = mandate(alice), seen_of(book)
        in_state(book, ClosingState.SIGNING)
        key = invited(alice, book).pk
        Coop.objects.filter(pk=alice.coop.pk).update(closed_on=date(2026, 9, 10))
        verbs: list[Callable[[], object]] = [
            lambda: invited(alice, book, OTHER),
            lambda: resend(access=alice, book=book, key=key),
            lambda: give_code(access=alice, book=book, key=key),
            lambda: ask_again(access=alice, book=book),
            lambda: sign_as_mandataire(access=alice, book=book, mandate=row.pk, seen=seen),
            lambda: sign_as_teacher(book=book, name="Léo", author=alice.author, way=SigningWay.ACCOUNT, seen=seen),
        ]
        told = []
        for verb in verbs:
            with pytest.raises(Refused) as refused:
                verb()
            told.append(plain(str(refused.value)))
        assert (told, valid_signatures(book)) == ([SHUT] * len(verbs), [])

    def test_its_tokens_open_nothing(self, alice: Access, book: Book) -> None:
        closing = in_state(book, ClosingState.SIGNING)
        row = invited(alice, book)
        assert (verifier_of(token_of(row)), book_to_sign(teachers_token(closing))) == (row, book)
        Coop.objects.filter(pk=alice.coop.pk).update(closed_on=date(2026, 9, 10))
        assert (verifier_of(token_of(row)), book_to_sign(teachers_token(closing))) == (None, None)
