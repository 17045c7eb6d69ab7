"""The words of the trail at the end of a year: the closing, who signs, what the AD answers."""

from __future__ import annotations

from typing import Any, Final

from retkoop.books.vocabulary import KEYS, RecordWords, Vocabulary, day, joined, moment, money, text, truth, year
from retkoop.domain.chart import Chart
from retkoop.domain.closing import QUALITY_LABELS, SIGNER_LABELS, STATE_LABELS, ClosingState, SignerKind, VerifierQuality
from retkoop.domain.school_year import SchoolYear
from retkoop.ui.templates import plural
from retkoop.year_end.handover.models import HandoverWay
from retkoop.year_end.models import QuestionnaireKind, ReviewOutcome, SigningWay


def _state(value: Any, _: Chart) -> str:  # noqa: ANN401 -- what JSON holds; so below
    return STATE_LABELS[ClosingState(value)]


def _quality(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return QUALITY_LABELS[VerifierQuality(value)]


def _signer(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return SIGNER_LABELS[SignerKind(value)]


def _way(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return str(SigningWay(value).label)


def _outcome(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return str(ReviewOutcome(value).label)


def _handover_way(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return str(HandoverWay(value).label) if value else ""


def _handover_list(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return plural(len(value), "réponse") if value else ""


def _answers(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return plural(len(value["answers"]), "réponse") if value else ""


def _answer(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    """Write an answer of a questionnaire: rows and photos are counted, choices are named."""
    if not isinstance(value, list) or not value:
        return str(value) if isinstance(value, int) else value or ""
    if isinstance(value[0], str):
        return ", ".join(value)
    return plural(len(value), "ligne" if isinstance(value[0], dict) else "photo")


def _content(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    sections = value.get("sections", [])
    return plural(sum(len(section.get("questions", [])) for section in sections), "question")


def _pointed(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return plural(len(value), "renseignement montré", "renseignements montrés") if value else ""


def _operations(value: Any, _: Chart) -> str:  # noqa: ANN401 -- idem
    return plural(len(value), "opération") if value else ""


_ACTIONS: Final[dict[str, str]] = {
    "closing.called": "Signatures demandées",
    "closing.resumed": "Préparation reprise",
    "closing.sent": "Compte rendu transmis",
    "closing.sent_back": "Compte rendu renvoyé à corriger",
    "closing.accepted": "Compte rendu validé",
    "closing.closed": "Année close",
    "closing.reopened": "Année rouverte",
    "book.sealed": "Cahier scellé",
    "book.unsealed": "Cahier rouvert",
    "explanation.written": "Alerte expliquée",
    "explanation.removed": "Explication retirée",
    "review.accepted": "Décision de l’association",
    "review.to_correct": "Décision de l’association",
    "review.reopened": "Décision de l’association",
    "remark.written": "Remarque de l’association",
    "remark.removed": "Remarque retirée",
    "remark.sent": "Remarque envoyée",
    "remark.answered": "Réponse à une remarque",
    "entry.blocked": "Saisie fermée par l’association",
    "entry.unblocked": "Saisie rouverte par l’association",
    "handover.planned": "Passation commencée",
    "handover.filled": "Liste de la passation remplie",
    "handover.signed": "Passation signée",
    "handover.taken_back": "Passation reprise",
    "handover.cancelled": "Passation annulée",
    "handover.completed": "Passation faite",
    "handover.passed": "Mot de passe commun fermé après la passation",
    "verifier.invited": "Vérificateur invité",
    "verifier.invited_again": "Invitation du vérificateur renvoyée",
    "verifier.ended": "Invitation du vérificateur retirée",
    "verifier.asked": "Opération demandée par un vérificateur",
    "verifier.asked_again": "Signature redemandée",
    "verifier.code_given": "Code de signature remis par le mandataire",
    "verifier.code_sent": "Code de signature envoyé",
    "signature.given": "Comptes signés",
    "signature.withdrawn": "Émargement retiré",
    "seal.certificate_made": "Certificat du sceau enregistré",
    "seal.made": "Compte rendu scellé",
    "cra.begun": "Compte rendu d’activités commencé",
    "cra.answered": "Réponse au compte rendu d’activités",
    "cra.finished": "Compte rendu d’activités terminé",
    "cra.reopened": "Compte rendu d’activités repris",
    "questionnaire.drafted": "Brouillon de questionnaire",
    "questionnaire.changed": "Questionnaire modifié",
    "questionnaire.published": "Questionnaire publié",
    "questionnaire.deleted": "Brouillon de questionnaire supprimé",
    "workbook.drafted": "Brouillon du classeur de l’association",
    "workbook.shown": "Autre exemple du classeur de l’association",
    "workbook.pointed": "Cases du classeur de l’association",
    "workbook.published": "Classeur de l’association publié",
    "workbook.deleted": "Brouillon du classeur de l’association supprimé",
}

_RECORDS: Final = {
    "year_end.yearclosing": RecordWords(
        columns={"state": ("État", _state), "round": ("Version du CRF", text)},
        silent=KEYS | {"sample_seed", "called_at", "sent_at", "decided_at", "version"},
    ),
    "year_end.explanation": RecordWords(
        columns={"message": ("Alerte", text), "text": ("Explication", text)},
        silent=KEYS | {"code", "operation", "version"},
    ),
    "year_end.verifier": RecordWords(
        columns={
            "name": ("Nom", text),
            "quality": ("Qualité", _quality),
            "email": ("Adresse", text),
            "until": ("Jusqu’au", day),
            "ended_at": ("Invitation retirée", moment),
            "asked": ("Demande à voir", _operations),
        },
        silent=KEYS | {"nonce", "invited_at", "version"},
        name=lambda state: str(state["name"]),
        in_name=frozenset({"name"}),
    ),
    "year_end.signature": RecordWords(
        columns={
            "name": ("Nom", text),
            "kind": ("En tant que", _signer),
            "way": ("Comment", _way),
            "answers": ("Grille", _answers),
            "comment": ("Commentaire", text),
            "reserves": ("Réserves", text),
            "scan_id": ("Document", joined),
        },
        silent=KEYS | {"round", "verifier_id", "mandate_id", "crf_digest", "sequence", "signed_at"},
        name=lambda state: str(state["name"]),
        in_name=frozenset({"name"}),
    ),
    "year_end.sealcertificate": RecordWords(
        columns={"fingerprint": ("Empreinte", text)}, silent=frozenset({"id", "certificate", "made_at"})
    ),
    "year_end.sealedreport": RecordWords(
        columns={"crf_digest": ("Empreinte du CRF", text), "on_paper": ("Signature sur papier", joined)},
        silent=KEYS | {"round", "document_id", "certificate_id", "anchor_sequence", "anchor_hash", "made_at"},
    ),
    "year_end.review": RecordWords(
        columns={"outcome": ("Décision", _outcome), "reason": ("Message", text)},
        silent=KEYS | {"round", "by", "at"},
    ),
    "year_end.reviewremark": RecordWords(
        columns={"line_label": ("À propos de", text), "text": ("Remarque", text), "answer": ("Réponse", text)},
        silent=KEYS | {"line", "review_id", "version"},
    ),
    "year_end.entryrule": RecordWords(
        columns={"start": ("Année", year), "blocked": ("Saisie bloquée", truth), "until": ("Jusqu’au", day), "reason": ("Motif", text)},
        silent=(KEYS - {"book_id"}) | {"association_id", "made_at"},
        name=lambda state: str(SchoolYear(state["start"])),
        in_name=frozenset({"start"}),
    ),
    "year_end.handover": RecordWords(
        columns={
            "incoming_name": ("Qui arrive", text),
            "incoming_email": ("Son adresse", text),
            "day": ("Dernier jour", day),
            "answers": ("Liste", _handover_list),
            "counted": ("Caisse comptée", money),
            "note": ("À savoir", text),
            "leaving_signed_at": ("Signature de qui part", moment),
            "leaving_way": ("Signée comment", _handover_way),
            "incoming_signed_at": ("Signature de qui arrive", moment),
            "incoming_way": ("Signée comment", _handover_way),
            "scan_id": ("Document", joined),
            "cancelled_at": ("Annulée", moment),
            "passed_at": ("Accès changés", moment),
        },
        silent=KEYS | {"leaving_id", "leaving_role_id", "incoming_id", "renews_account", "checklist", "facts", "made_at", "version"},
        name=lambda state: str(state["incoming_name"]),
        in_name=frozenset({"incoming_name"}),
    ),
    "year_end.activityreport": RecordWords(columns={"finished_at": ("Terminé le", moment)}, silent=KEYS | {"questionnaire_id", "version"}),
    "year_end.activityanswer": RecordWords(
        columns={"value": ("Réponse", _answer)},
        silent=KEYS | {"question", "label", "version"},
        name=lambda state: str(state["label"]),
    ),
    "year_end.questionnaireversion": RecordWords(
        columns={"content": ("Contenu", _content), "from_year": ("À partir de", year)},
        silent=frozenset({"id", "kind", "number", "published_at", "version"}),
        name=lambda state: f"{QuestionnaireKind(state['kind']).label}, version {state['number']}",
    ),
    "year_end.workbookversion": RecordWords(
        columns={"name": ("Fichier", text), "content": ("Correspondance", _pointed), "from_year": ("À partir de", year)},
        silent=frozenset({"id", "association_id", "number", "published_at", "version"}),
        name=lambda state: f"Classeur de l’association, version {state['number']}",
    ),
}

WORDS: Final = Vocabulary(_ACTIONS, _RECORDS)
