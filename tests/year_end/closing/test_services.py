"""A year passes from the coop to its AD and back: each verb, its rule, its refusals in words."""

from __future__ import annotations

import uuid
from datetime import date

import pikepdf
import pytest

from retkoop.archive import storage
from retkoop.audit.models import AuditEvent
from retkoop.audit.services import AlreadySubmitted
from retkoop.books.models import Book
from retkoop.books.services import delete_operation
from retkoop.books.writable import Refused
from retkoop.domain.closing import ClosingState
from retkoop.network.access import Access
from retkoop.network.models import RoleKind
from retkoop.upkeep.verification import faults
from retkoop.year_end.closing import services
from retkoop.year_end.closing.preparation import Preparation
from retkoop.year_end.closing.queries import state_of
from retkoop.year_end.crf_document import crf_data
from retkoop.year_end.models import Explanation, Review, ReviewRemark, SealedReport, YearClosing
from retkoop.year_end.seal.verification import UNKNOWN, verdict_on
from retkoop.year_end.verifiers.queries import missing_signatures, valid_signatures
from tests.banking.books_at_hand import operation
from tests.books.coops import note, plain
from tests.year_end.closing.at_hand import AFTER, all_sign, called, page_of, ready, reviewing, sent
from tests.year_end.verifiers.at_hand import mandate

pytestmark = pytest.mark.django_db


UNREADY = [
    "Rapprochement : 1 à pointer",
    "Caisse : à compter",
    "Dernier relevé bancaire à joindre",
    "Compte rendu d’activités à remplir",
    "L’année court encore",
]
"""What the small book waits for, the day before its year ends."""


def refused(verb: object, **given: object) -> list[str]:
    with pytest.raises(Refused) as refusal:
        verb(**given)  # type: ignore[operator]  # a verb
    return plain(str(refusal.value)).split("\n")


def test_a_year_is_signed_sent_sealed_and_accepted(alice: Access, finished: Book) -> None:
    sent(alice, finished)
    assert state_of(finished) is ClosingState.SENT
    report = SealedReport.objects.get(book=finished)
    with storage.opened(report.document.digest) as stream:
        content = stream.read()
    verdict = verdict_on(content)
    assert (verdict.genuine, plain(verdict.sentences[0])) == (
        True,
        "Ce compte rendu est authentique : École Jean-Jaurès (0910000A), année 2025-2026.",
    )
    services.accept(reviewing=reviewing(alice, finished), reason="Merci.")
    finished.refresh_from_db()
    assert (state_of(finished), finished.sealed_at is not None) == (ClosingState.ACCEPTED, True)
    assert refused(delete_operation, access=alice, book=finished, key=operation(finished, "D05").pk, version=1) == [
        "Les comptes de 2025-2026 sont validés et scellés : corrigez par une opération de l’année suivante."
    ]
    assert list(faults()) == []


def test_one_changed_byte_of_a_sealed_report_is_no_seal(alice: Access, finished: Book) -> None:
    sent(alice, finished)
    with storage.opened(SealedReport.objects.get(book=finished).document.digest) as stream:
        content = bytearray(stream.read())
    for place in (10, len(content) // 2, len(content) - 3):
        changed = bytes(content[:place]) + bytes([content[place] ^ 1]) + bytes(content[place + 1 :])
        assert verdict_on(changed).sentences == (UNKNOWN,)


def test_the_sealed_report_is_archivable_and_says_what_was_signed(alice: Access, finished: Book, tmp_path: object) -> None:
    sent(alice, finished)
    report = SealedReport.objects.get(book=finished)
    with storage.at_hand(report.document.digest) as file, pikepdf.open(file) as read:
        metadata = read.Root.Metadata.read_bytes().decode()
        assert ('pdfaid:part="2"' in metadata, 'pdfaid:conformance="A"' in metadata, len(read.pages) == report.document.pages) == (
            True,
            True,
            True,
        )
        assert str(read.Root.AcroForm.Fields[0].V.SubFilter) == "/ETSI.CAdES.detached"
    signature = valid_signatures(finished)[0]
    assert (report.crf_digest, AuditEvent.objects.get(chain=alice.coop.chain, sequence=report.anchor_sequence).hash) == (
        signature.crf_digest,
        report.anchor_hash,
    )


def test_nobody_signs_before_each_thing_is_ready(alice: Access, book: Book) -> None:
    said = refused(services.call_to_sign, access=alice, book=book, today=date(2026, 8, 30))
    assert [line.partition(".")[0] for line in said] == UNREADY


def test_an_erreur_is_named(alice: Access, finished: Book) -> None:
    ready(alice, finished)
    note(alice, finished, "D99", "2026-03-02", "Timbres", -10_00, 0, ("65000008", 7_00))
    said = refused(services.call_to_sign, access=alice, book=finished, today=AFTER)
    assert "erreur" in said[0]
    assert any("D99" in line for line in said)


def test_nothing_leaves_without_all_signatures(alice: Access, finished: Book) -> None:
    called(alice, finished)
    assert refused(services.send, access=alice, book=finished, today=AFTER) == [
        "Il manque la signature de 2 vérificateurs.",
        "Il manque la signature d’un parent d’élève.",
        "Il manque la signature de Mme Perrin, mandataire.",
    ]


def test_a_change_after_signing_makes_signatures_void(alice: Access, finished: Book) -> None:
    called(alice, finished)
    all_sign(alice, finished)
    assert missing_signatures(finished) == []
    row = note(alice, finished, "D98", "2026-03-02", "Timbres", 0, 0)
    delete_operation(access=alice, book=finished, key=row.pk, version=row.version)
    assert refused(services.send, access=alice, book=finished, today=AFTER)[0] == "Il manque la signature de 2 vérificateurs."


def test_while_it_is_sent_nothing_is_written(alice: Access, finished: Book) -> None:
    sent(alice, finished)
    assert refused(delete_operation, access=alice, book=finished, key=operation(finished, "D05").pk, version=1) == [
        "Les comptes de 2025-2026 sont transmis à l’association départementale : rien n’y change en attendant sa réponse."
    ]


def test_a_second_click_sends_once(alice: Access, finished: Book) -> None:
    called(alice, finished)
    all_sign(alice, finished)
    submission = uuid.uuid4()
    services.send(access=alice, book=finished, today=AFTER, submission=submission)
    with pytest.raises(AlreadySubmitted):
        services.send(access=alice, book=finished, today=AFTER, submission=submission)
    assert SealedReport.objects.count() == 1


def test_what_comes_back_brings_its_remarks_and_is_answered(alice: Access, finished: Book) -> None:
    sent(alice, finished)
    who = reviewing(alice, finished)
    services.write_remark(reviewing=who, line="account:61800008", line_label="618 Charges", text="Quel musée ?")
    services.send_back(reviewing=who, reason="À revoir.")
    remark = ReviewRemark.objects.get(book=finished)
    assert (state_of(finished), remark.review is not None) == (ClosingState.TO_CORRECT, True)
    services.answer_remark(access=alice, book=finished, key=remark.pk, text="Celui de l’Essonne.")
    remark.refresh_from_db()
    assert remark.answer == "Celui de l’Essonne."
    assert missing_signatures(finished) == []
    note(alice, finished, "D97", "2026-03-02", "Timbres", 0, -1_00, ("65000008", 1_00))
    assert len(missing_signatures(finished)) == 3


def test_a_year_does_not_come_back_without_a_word(alice: Access, finished: Book) -> None:
    sent(alice, finished)
    assert refused(services.send_back, reviewing=reviewing(alice, finished), reason=" ") == [
        "Dites à la coopérative ce qu’elle doit corriger : un message, ou une remarque sur une ligne."
    ]


def test_the_second_reviewer_sees_what_the_first_decided(alice: Access, finished: Book) -> None:
    sent(alice, finished)
    who = reviewing(alice, finished)
    services.accept(reviewing=who)
    said = refused(services.send_back, reviewing=who, reason="Non.")
    assert (said[0].startswith("Mme Blanc a décidé le "), Review.objects.count()) == (True, 1)


@pytest.mark.parametrize("kind", [RoleKind.ANIMATEUR, RoleKind.FEDERATION])
def test_who_helps_or_only_reads_does_not_decide(alice: Access, finished: Book, kind: RoleKind) -> None:
    sent(alice, finished)
    who = reviewing(alice, finished, kind=RoleKind.ANIMATEUR, username="aide91")
    who = type(who)(type(who.access)(who.access.user, kind, who.access.association), who.coop, who.book)
    for verb in (services.accept, services.send_back, services.reopen):
        assert refused(verb, reviewing=who, reason="Oui.") == [
            "Seuls le comptable et les administrateurs de l’association départementale décident des comptes."
        ]
    assert state_of(finished) is ClosingState.SENT


def test_a_reopened_year_makes_another_version_and_keeps_the_first(alice: Access, finished: Book) -> None:
    sent(alice, finished)
    who = reviewing(alice, finished)
    services.accept(reviewing=who)
    assert refused(services.reopen, reviewing=who, reason="") == [
        "Dites pourquoi vous rouvrez ces comptes : la coopérative et l’historique le liront."
    ]
    services.reopen(reviewing=who, reason="Un relevé manque.")
    finished.refresh_from_db()
    assert (state_of(finished), finished.sealed_at, YearClosing.objects.get(book=finished).round) == (ClosingState.TO_CORRECT, None, 2)
    services.call_to_sign(access=alice, book=finished, today=AFTER)
    all_sign(alice, finished)
    services.send(access=alice, book=finished, today=AFTER)
    first, second = SealedReport.objects.filter(book=finished).order_by("round")
    assert (first.round, second.round, first.document.label, second.document.label) == (
        1,
        2,
        "Compte rendu scellé 2025-2026",
        "Compte rendu scellé 2025-2026, version 2",
    )
    with storage.opened(first.document.digest) as stream:
        assert (
            plain(verdict_on(stream.read()).sentences[-1]) == "Une version plus récente de ce compte rendu existe : celle-ci est remplacée."
        )
    assert list(faults()) == []


def test_an_ad_closes_entry_and_opens_it_again(alice: Access, finished: Book) -> None:
    who = reviewing(alice, finished)
    reason = "Les comptes étaient attendus le 30 septembre."
    services.rule_entry(access=who.access, coop=None, start=2025, blocked=True, until=None, reason=reason)
    said = refused(note, access=alice, book=finished, piece="D96", day="2026-03-02", label="Timbres", bank=-1_00)
    assert said == [f"L’association départementale a fermé la saisie de 2025-2026. {reason}"]
    services.rule_entry(access=who.access, coop=alice.coop, start=2025, blocked=False, until=None)
    note(alice, finished, "D96", "2026-03-02", "Timbres", -1_00)


def test_an_explanation_goes_into_the_crf(alice: Access, finished: Book) -> None:
    ready(alice, finished)
    page = page_of(alice, finished)
    data = crf_data(page.book, page.books, page.standing, page.findings, AFTER)
    told = [one["explanation"] for group in data["findings"] for one in group["findings"] if group["tone"] == "todo"]  # type: ignore[attr-defined]  # as JSON holds it
    assert (set(told), data["draft"]) == ({"C’est normal."}, True)
    all_of_it = sent_year(alice, finished)
    assert all_of_it["draft"] is False


def sent_year(alice: Access, book: Book) -> dict[str, object]:
    mandate(alice)
    services.call_to_sign(access=alice, book=book, today=AFTER)
    all_sign(alice, book)
    services.send(access=alice, book=book, today=AFTER)
    page = page_of(alice, book)
    return crf_data(page.book, page.books, page.standing, page.findings, AFTER)


def test_an_explanation_whose_alerte_has_changed_is_asked_again(alice: Access, finished: Book) -> None:
    ready(alice, finished)
    Explanation.objects.filter(book=finished).update(message="Autre chose.")
    preparation = Preparation(page_of(alice, finished))
    assert [(one.stale, one.done) for one in preparation.alertes] == [(True, False)] * len(preparation.alertes)
    assert preparation.alertes
    services.explain(
        access=alice, book=finished, code=preparation.alertes[0].told.code, operation=preparation.alertes[0].operation, message="", text=""
    )
    assert Explanation.objects.filter(book=finished).count() == len(preparation.alertes) - 1
