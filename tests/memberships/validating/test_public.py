"""The public page of attestations: genuine, revoked, unknown; codes however they are typed; tries that wait."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from retkoop.audit.services import SYSTEM, writing
from retkoop.domain.attestation_code import written_code
from retkoop.memberships.models import MembershipAttestation
from retkoop.memberships.validating.attestations import revoke
from retkoop.memberships.validating.services import validate
from retkoop.network.access import Access
from retkoop.users.models import FailedTries
from tests.books.coops import YEAR, keeper, plain, said
from tests.clock import Clock
from tests.memberships.validating.at_hand import CLASSES, declared, money, ready
from tests.pages import errors, title

pytestmark = pytest.mark.django_db

UNKNOWN = "Ce code ne correspond à aucune attestation"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.set(2025, 11, 20, 10, 0)
    return clock


@pytest.fixture
def client() -> Client:
    """Somebody without an account."""
    return Client()


@pytest.fixture
def access() -> Access:
    return keeper()


@pytest.fixture
def row(access: Access) -> MembershipAttestation:
    ready(access.coop)
    return validate(access=money(), coop=access.coop, year=YEAR).attestation


def check(code: str) -> str:
    return reverse("check_attestation", kwargs={"code": code})


def test_a_genuine_attestation_says_what_the_paper_says_and_no_robot_keeps_it(row: MembershipAttestation, client: Client) -> None:
    answer = client.get(check(written_code(row.code)))
    assert (answer.status_code, title(answer), answer["X-Robots-Tag"]) == (200, "Attestation authentique", "noindex, nofollow")
    assert said(answer) == (
        "Attestation authentique Cette attestation est authentique Elle a été délivrée par l’OCCE 91 le 20 novembre 2025 à 10 h 00. "
        "Comparez ce qui suit avec le papier. École Jean-Jaurès, Évry-Courcouronnes, RNE 0910000A, est adhérente de l’OCCE 91, "
        "association départementale de l’Office central de la coopération à l’école, pour l’année scolaire 2025-2026, "
        "du 1er septembre 2025 au 31 août 2026. Coopérateurs 52 coopérateurs : 50 élèves, 2 adultes "
        "Assurance Souscrite avec l’adhésion Mandataires Mme Perrin, mandataire "
        f"Association OCCE 91 · {row.membership.coop.association.name} Code {written_code(row.code)} Vérifier une autre attestation"
    )


def test_one_that_was_replaced_says_so(row: MembershipAttestation, access: Access, client: Client) -> None:
    declared(access.coop, CLASSES[:1])
    latest = validate(access=money(), coop=access.coop, year=YEAR).attestation
    answer = said(client.get(check(row.code)))
    assert "Elle ne vaut plus depuis le 20 novembre 2025 à 10 h 00 L’association départementale en a délivré une autre" in answer
    assert title(client.get(check(latest.code))) == "Attestation authentique"


def test_one_that_was_revoked_says_since_when_and_nothing_of_a_payment(
    row: MembershipAttestation, access: Access, clock: Clock, client: Client
) -> None:
    clock.set(2025, 12, 1, 9, 5)
    with writing(access.coop.chain, SYSTEM) as trail:
        revoke(trail, row.membership, "Prélèvement revenu impayé : compte clos")
    answer = client.get(check(row.code))
    assert title(answer) == "Attestation qui ne vaut plus"
    assert "Elle ne vaut plus depuis le 1er décembre 2025 à 9 h 05 L’association départementale a repris la validation" in said(answer)
    assert "clos" not in said(answer)


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "x", "ABCD-EFGH-JKMN-PQRU", "é" * 300, "a\x00b"])
def test_an_unknown_code_and_what_is_no_code_are_answered_alike(row: MembershipAttestation, client: Client, code: str) -> None:
    answer = client.get(check(code))
    assert (answer.status_code, UNKNOWN in said(answer)) == (404, True)
    posted = client.post(reverse("find_attestation"), {"code": code[:80].replace("\x00", "")})
    assert (posted.status_code, said(posted)) == (404, said(answer))


def test_a_code_is_found_however_it_is_typed(row: MembershipAttestation, client: Client) -> None:
    typed = " ".join(written_code(row.code).lower().split("-")).replace("0", "o").replace("1", "i")
    answer = client.post(reverse("find_attestation"), {"code": f"  {typed} "})
    assert (answer.status_code, answer["Location"]) == (302, check(written_code(row.code)))
    assert title(client.get(check(typed))) == "Attestation authentique"


def test_the_form_asks_for_a_code(client: Client) -> None:
    assert title(client.get(reverse("find_attestation"))) == "Vérifier une attestation"
    answer = client.post(reverse("find_attestation"), {"code": ""})
    assert (answer.status_code, errors(answer)) == (422, ["Tapez le code qui est écrit sur l’attestation."])


def test_too_many_wrong_codes_wait(row: MembershipAttestation, client: Client) -> None:
    answers = [client.post(reverse("find_attestation"), {"code": "0" * 16}).status_code for _ in range(21)]
    assert answers == [404] * 20 + [429]
    answer = client.post(reverse("find_attestation"), {"code": row.code})
    assert (answer.status_code, [plain(one) for one in errors(answer)]) == (429, ["Trop d’essais. Attendez 15 secondes, puis recommencez."])


def test_a_right_code_costs_no_try_and_reading_writes_nothing(row: MembershipAttestation, client: Client) -> None:
    client.post(reverse("find_attestation"), {"code": row.code})
    client.get(check("0" * 16))
    assert list(FailedTries.objects.values_list("failures", flat=True)) == [0]
