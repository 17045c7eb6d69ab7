"""Reading the trail: its history, and whether it holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, TypeVar

from django.apps import apps
from django.db.models import Model, QuerySet

from retkoop.audit.models import ERASED, Audited, AuditEvent, Chain
from retkoop.domain.trail import ABSENT, GENESIS, Link, broken_links, digest

AT_ONCE: Final = 500
"""Records held together: verification takes the memory of one chain, for one coop as for the whole country."""

Record = TypeVar("Record", bound=Model)


def history(chain: str) -> QuerySet[AuditEvent]:
    """Return the events of a chain, the latest first."""
    return AuditEvent.objects.filter(chain=chain).order_by("-sequence")


def faults() -> Iterator[str]:
    """Walk every chain, compare every audited record with the last state told of it; say in French what is wrong."""
    known: Counter[str] = Counter()
    for chain in Chain.objects.order_by("pk").iterator():
        told: dict[str, str] = {}
        yield from _faults_of_chain(chain, told)
        yield from _faults_of_records(told, known)
    for name in AuditEvent.objects.exclude(chain__in=Chain.objects.values("pk")).order_by().values_list("chain_id", flat=True).distinct():
        yield f"piste {name} : sa tête a disparu"
    for label, model in _audited_models().items():
        if model.audited_rows().count() != known[label]:
            yield from _strangers(model)


def _audited_models() -> dict[str, type[Audited]]:
    return {model._meta.label_lower: model for model in apps.get_models() if issubclass(model, Audited)}


def _faults_of_chain(chain: Chain, told: dict[str, str]) -> Iterator[str]:
    """Walk one chain, and note in `told` the last state that it tells of each subject."""
    walked: list[tuple[Link, str]] = []
    emptied: dict[int, str] = {}
    erasures: set[str] = set()
    keys = AuditEvent.objects.filter(chain=chain).order_by("sequence").values_list("pk", flat=True)
    for key, event in readable(AuditEvent.objects.order_by("sequence"), keys.iterator(chunk_size=AT_ONCE)):
        link = _link(event)
        if event is None or link is None:
            yield f"piste {chain.name} : l’événement {key} est illisible"
            continue
        walked.append((link, event.hash))
        if event.action == ERASED:
            erasures.add(event.subject)
            continue
        told[event.subject] = event.after_digest
        if _is_emptied(event):
            emptied[event.sequence] = f"{event._meta.label_lower}:{event.pk}"
        if (
            _digest(event.before, event.before_digest) != event.before_digest
            or _digest(event.after, event.after_digest) != event.after_digest
        ):
            yield f"piste {chain.name}, maillon {event.sequence} : son contenu a été modifié"
    for sequence, subject in emptied.items():
        if subject not in erasures:
            yield f"piste {chain.name}, maillon {sequence} : son contenu a été effacé sans que la piste le dise"
    yield from (f"piste {fault.chain}, maillon {fault.sequence} : {fault.reason}" for fault in broken_links(walked))
    last = (walked[-1][0].sequence, walked[-1][1]) if walked else (0, GENESIS)
    if last != (chain.sequence, chain.head):
        yield f"piste {chain.name} : elle ne finit pas où elle devrait"


def _is_emptied(event: AuditEvent) -> bool:
    """Tell whether a content that the digests speak of is not there."""
    return (event.before is None and event.before_digest != ABSENT) or (event.after is None and event.after_digest != ABSENT)


def _link(event: AuditEvent | None) -> Link | None:
    """Return the link of an event, None where its columns hold what cannot be hashed."""
    if event is None or not isinstance(event.sequence, int) or not isinstance(event.subject, str):
        return None
    try:
        link = event.link()
        link.hash()
    except Exception:  # noqa: BLE001 -- whatever was written in the database, verification says so and goes on
        return None
    return link


def _digest(state: Any, erased: str) -> str:  # noqa: ANN401 -- what JSON holds
    """Return the digest of a state, `erased` where its content is gone (RGPD), no digest at all where it holds what no snapshot does."""
    try:
        return erased if state is None else digest(state)
    except (TypeError, ValueError):
        return "?"  # no digest is ever this


def _faults_of_records(told: dict[str, str], known: Counter[str]) -> Iterator[str]:
    """Compare the records that a chain speaks of with the last that it says of them, and count those that are there."""
    by_label: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for subject in told:
        label, _, key = subject.partition(":")
        by_label[label][key] = subject
    models = _audited_models()
    for label, subjects in by_label.items():
        missing = {subject for subject in subjects.values() if told[subject] != ABSENT}
        for found, record in readable(models[label].audited_rows(), subjects) if label in models else ():
            known[label] += 1
            missing.discard(subjects[str(found)])
            yield from _faults_of_record(subjects[str(found)], record, told)
        yield from (f"{subject} : l’enregistrement a disparu" for subject in sorted(missing))


def _faults_of_record(subject: str, record: Audited | None, told: dict[str, str]) -> Iterator[str]:
    if told[subject] == ABSENT:
        yield f"{subject} : la piste dit cet enregistrement supprimé"
    elif record is None or not _agrees(record, subject, told[subject]):
        yield f"{subject} : modifié en dehors de l’application"


def _agrees(record: Audited, subject: str, told: str) -> bool:
    """Tell whether a record is in the last state told of it; columns that came with a later version are as they came."""
    snapshot = record.snapshot()
    if _digest(snapshot, "") == told:
        return True
    state = AuditEvent.objects.filter(subject=subject).order_by("-sequence").values_list("after", flat=True).first()
    if not isinstance(state, dict) or state.keys() == snapshot.keys() or _digest(state, "") != told:
        return False
    shared, newer = state.keys() & snapshot.keys(), snapshot.keys() - state.keys()
    return all(state[name] == snapshot[name] for name in shared) and all(snapshot[name] == record.unset(name) for name in newer)


def _strangers(model: type[Audited]) -> Iterator[str]:
    keys = model.audited_rows().values_list("pk", flat=True).iterator(chunk_size=AT_ONCE)
    while chunk := list(islice(keys, AT_ONCE)):
        subjects = [f"{model._meta.label_lower}:{key}" for key in chunk]
        known = set(AuditEvent.objects.filter(subject__in=subjects).values_list("subject", flat=True))
        yield from (f"{subject} : la piste ne connaît pas cet enregistrement" for subject in subjects if subject not in known)


def readable(rows: QuerySet[Record], keys: Iterable[object]) -> Iterator[tuple[object, Record | None]]:
    """Yield the records of some keys that are there, a few at a time; None in place of one that cannot be read."""
    left = iter(keys)
    while chunk := list(islice(left, AT_ONCE)):
        try:
            found: list[tuple[object, Record | None]] = [(record.pk, record) for record in rows.filter(pk__in=chunk)]
        except Exception:  # noqa: BLE001 -- idem
            found = [pair for key in chunk for pair in _alone(rows, key)]
        yield from found


def _alone(rows: QuerySet[Record], key: object) -> list[tuple[object, Record | None]]:
    try:
        return [(record.pk, record) for record in rows.filter(pk=key)]
    except Exception:  # noqa: BLE001 -- idem
        return [(key, None)]
