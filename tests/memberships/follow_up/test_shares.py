"""The federation's share: what an AD owes it, what it declares, what the federation asks and sees."""

from __future__ import annotations

import io
import uuid

import pypdf
import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from retkoop.audit.models import AuditEvent
from retkoop.audit.services import SYSTEM, AlreadySubmitted
from retkoop.books.writable import Refused
from retkoop.domain.federation_share import SharedMemberships
from retkoop.memberships.follow_up.services import MEANWHILE, NOT_YOURS, NOTHING, declare_share, set_shares
from retkoop.memberships.follow_up.shares import ShareOfAssociation, shared_by_association, shared_of
from retkoop.memberships.models import ShareDeclaration
from retkoop.network.models import RoleKind
from retkoop.network.services import change_setting
from tests.books.coops import queries_of, said
from tests.cast import FAR_AWAY, association, logged_in, make_coop, make_staff
from tests.memberships.at_hand import faults_of_rows
from tests.memberships.follow_up.at_hand import COLLEGE, JAURES, TILLEULS, YEAR, an_autumn, declared, marked, paid, staff
from tests.pages import links, notices

pytestmark = pytest.mark.django_db
PAGE = "/ad/91/adhesions/part-federale/"
NATIONAL = "/federation/adhesions/"
DUE = 53 * 1_10 + 53 * 25
"""What one validated adhésion of 53 insured coopérateurs brings the federation, by its default prices."""


@pytest.fixture
def federation() -> Client:
    return logged_in(make_staff("fede", RoleKind.FEDERATION, None))


def share() -> ShareOfAssociation:
    return ShareOfAssociation(association(), YEAR)


def declare(seen: int = DUE, submission: uuid.UUID | None = None) -> ShareDeclaration:
    return declare_share(access=staff(), year=YEAR, seen=seen, submission=submission)


def test_only_validated_adhesions_count() -> None:
    an_autumn()
    assert shared_of(association(), YEAR) == SharedMemberships(coops=1, members=53, insured=53, magazines=2)
    assert (share().amount, share().is_declared) == (DUE, False)


def test_without_the_insurance_only_the_fee() -> None:
    coops = an_autumn()
    marked(declared(coops[TILLEULS], COLLEGE, insured=False), validated=2)
    assert shared_of(association(), YEAR) == SharedMemberships(coops=2, members=113, insured=53, magazines=2)


def test_a_correction_counts_once_it_is_validated() -> None:
    coops = an_autumn()
    row = declared(coops[JAURES], COLLEGE)
    assert shared_of(association(), YEAR).members == 53
    marked(row, validated=2)
    assert shared_of(association(), YEAR).members == 60


def test_each_ad_apart() -> None:
    an_autumn()
    far = make_coop(FAR_AWAY)
    marked(declared(far), validated=1)
    assert shared_by_association((YEAR.start,)) == {
        (YEAR.start, association().pk): SharedMemberships(1, 53, 53, 2),
        (YEAR.start, far.association_id): SharedMemberships(1, 53, 53, 0),
    }


def test_an_ad_declares_what_it_has_read() -> None:
    an_autumn()
    row = declare()
    assert (row.number, row.amount, row.facts["coops"], row.declared_by) == (1, DUE, 1, "Comptable")
    assert (share().is_declared, share().gap) == (True, 0)
    assert AuditEvent.objects.filter(action="share.declared", chain="ad 91").count() == 1
    assert faults_of_rows() == []


def test_it_is_declared_again_where_it_has_changed() -> None:
    coops = an_autumn()
    declare()
    marked(declared(coops[TILLEULS], COLLEGE, insured=False), validated=2)
    assert (share().is_declared, share().gap) == (False, 60 * 1_10)
    again = declare(DUE + 60 * 1_10)
    assert (again.number, [one.amount for one in share().declarations]) == (2, [DUE + 66_00, DUE])


def test_what_is_declared_does_not_change_with_the_prices() -> None:
    an_autumn()
    declare()
    set_shares(author=SYSTEM, year=YEAR, prices={"member": 2_00, "insurance": 0, "magazine": 0})
    assert (share().amount, share().latest and share().latest.amount) == (106_00, DUE)  # type: ignore[union-attr]  # there is one


def test_what_is_refused() -> None:
    with pytest.raises(Refused, match=NOTHING):
        declare(0)
    an_autumn()
    with pytest.raises(Refused, match=MEANWHILE):
        declare(DUE - 1)
    with pytest.raises(Refused, match=NOT_YOURS):
        declare_share(access=staff(RoleKind.ANIMATEUR), year=YEAR, seen=DUE)
    declare()
    with pytest.raises(Refused, match="Rien n’a changé depuis la déclaration n°\u00a01"):
        declare()


def test_sent_twice_it_is_declared_once() -> None:
    an_autumn()
    key = uuid.uuid4()
    declare(submission=key)
    with pytest.raises(AlreadySubmitted):
        declare(submission=key)
    assert ShareDeclaration.objects.count() == 1


def test_an_ad_cannot_set_the_prices_of_the_federation() -> None:
    an_autumn()
    change_setting(author=SYSTEM, association=association(), from_year=YEAR.start, name="federation_shares", value={"member": 1})
    assert share().amount == DUE


def test_the_page_of_an_ad() -> None:
    an_autumn()
    client = logged_in(staff().user)
    text = said(client.get(PAGE))
    assert "1 adhésion validée en 2026-2027" in text
    assert "Part fédérale de la cotisation, par coopérateur 53 1,10 € 58,30 € Assurance, par coopérateur assuré 53 0,25 € 13,25 €" in text
    assert "Dû à la Fédération 71,55 €" in text
    answer = client.post(PAGE, {"seen": DUE, "submission": uuid.uuid4()}, follow=True)
    assert notices(answer) == ["La part fédérale est déclarée\u202f: la Fédération la voit."]
    assert "Déclaration n° 1 (PDF)" in said(answer)
    paper = client.get(f"{PAGE}2026-2027/1/")
    assert paper.headers["Content-Disposition"] == 'inline; filename="Part-federale-91-2026-2027-1.pdf"'
    words = pypdf.PdfReader(io.BytesIO(paper.content)).pages[0].extract_text().replace("\u202f", " ").replace("\u00a0", " ")
    assert "Dû à la Fédération" in words
    assert "71,55 €" in words
    assert client.get(f"{PAGE}2026-2027/2/").status_code == 404


def test_an_animateur_reads_it() -> None:
    an_autumn()
    client = logged_in(staff(RoleKind.ANIMATEUR).user)
    assert "Le comptable ou un administrateur la déclare." in said(client.get(PAGE))
    assert client.post(PAGE, {"seen": DUE, "submission": uuid.uuid4()}).status_code == 404


def test_a_stale_page_is_told() -> None:
    an_autumn()
    client = logged_in(staff().user)
    assert notices(client.post(PAGE, {"seen": 1, "submission": uuid.uuid4()}, follow=True)) == [MEANWHILE]
    assert notices(client.post(PAGE, {"seen": ""}, follow=True)) == ["Rechargez la page, puis déclarez de nouveau."]


def test_the_page_of_the_federation(federation: Client) -> None:
    coops = an_autumn()
    declare()
    marked(declared(coops[TILLEULS], COLLEGE, insured=False), validated=2)
    text = said(federation.get(NATIONAL))
    assert "91 · Essonne 5 3 2 40 % 113 137,55 71,55 n° 1 du 3/11 + 66,00" in text.replace("03/11", "3/11")
    assert "/federation/adhesions/tarifs/" in links(federation.get(NATIONAL))
    assert "Adhésions validées 2 sur 5 coopératives, 3 déclarées" in text
    assert "2026-2027 2 113 137,55 71,55 2025-2026 0 0 0,00 0,00" in text


def test_its_files(federation: Client) -> None:
    an_autumn()
    declare()
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(federation.get("/federation/adhesions.xlsx"))))
    assert book.get_sheet_by_index(0).to_python()[1:] == [["91", "Essonne", 5, 3, 1, 166, 53, 53, 2, 71.55, 71.55, 1, "03/11/2026", 0]]
    told = federation.get("/federation/adhesions.csv").content.decode()
    assert told.splitlines()[1] == "91;Essonne;5;3;1;166;53;53;2;71,55;71,55;1;03/11/2026;0,00"
    assert federation.get("/federation/adhesions.pdf").status_code == 404


def test_the_federation_sets_what_it_asks(federation: Client) -> None:
    an_autumn()
    answer = federation.post(NATIONAL, {"member": "2,00", "insurance": "0,10", "magazine": "5"}, follow=True)
    assert notices(answer) == ["Les parts fédérales sont enregistrées à partir de 2026-2027."]
    assert share().amount == 53 * 2_10 + 2 * 5_00
    wrong = federation.post(NATIONAL, {"member": "1234567", "insurance": "", "magazine": "-1"})
    assert wrong.status_code == 422
    assert "Ce montant est trop grand" in said(wrong)


def test_it_asks_as_much_of_the_database_for_many(federation: Client) -> None:
    an_autumn()
    some = queries_of(federation, NATIONAL)
    paid(marked(declared(make_coop(FAR_AWAY)), validated=1), 10_00)
    assert queries_of(federation, NATIONAL) == some
    assert some <= 12
