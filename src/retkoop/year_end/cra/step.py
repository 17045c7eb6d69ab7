"""A step of a CRA: one section before whoever answers it, with what is kept, what is proposed, and what others did meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import Http404, QueryDict

from retkoop.archive.models import Document, DocumentKind
from retkoop.audit.models import AuditEvent
from retkoop.books.models import Book
from retkoop.books.page import CoopPage
from retkoop.books.writable import Refused
from retkoop.domain.answers import is_answered, left_out
from retkoop.domain.questionnaire import Question, QuestionKind, Section
from retkoop.year_end.cra.forms import QuestionForm
from retkoop.year_end.cra.known import Proposal, proposals_for
from retkoop.year_end.cra.queries import Cra, cra_of
from retkoop.year_end.cra.services import Kept, answer, fingerprint
from retkoop.year_end.cra.words import row_told, told
from retkoop.year_end.models import ActivityAnswer


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else answered since the page was shown."""

    who: str
    words: str


@dataclass
class Asked:
    """A question on its page. `version` and `seen` go along with what is typed.

    `left_out`: it does not arise, after another answer; `saved`: its answer was kept just now; `refused`: it does not fit; `unkept`:
    somebody else has answered otherwise.
    """

    question: Question
    form: QuestionForm
    value: Any
    version: int
    seen: str
    proposal: Proposal | None = None
    left_out: bool = False
    saved: bool = False
    meanwhile: Meanwhile | None = None
    refused: bool = False
    unkept: bool = False
    remark: Asked | None = None

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def is_empty(self) -> bool:
        return not is_answered(self.value)

    @property
    def words(self) -> str:
        return told(self.question, self.value)

    @property
    def lines(self) -> list[str]:
        """The answer, line by line: the rows of a table, the paragraphs of a text."""
        if self.question.columns:
            return [row_told(self.question, row) for row in self.value]
        return [line for line in self.words.split("\n") if line.strip()]


@dataclass
class Step:
    """A section of the CRA of a book; `data` is what was sent."""

    page: CoopPage
    number: int
    data: QueryDict | None = None
    refusal: str = ""
    kept: Kept = field(default_factory=Kept)
    done: frozenset[str] = frozenset()

    @cached_property
    def cra(self) -> Cra:
        return cra_of(self.page.book)

    @cached_property
    def section(self) -> Section:
        """The section of this number, from 1. Raises Http404."""
        sections = self.cra.questionnaire.sections
        if not 1 <= self.number <= len(sections):
            raise Http404
        return sections[self.number - 1]

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < len(self.cra.questionnaire.sections) else None

    @property
    def open(self) -> bool:
        """Whether the page asks; what was sent to a CRA that was finished meanwhile is shown again, with the reason."""
        return self.page.can_write and (not self.cra.finished or self.data is not None)

    @property
    def wide(self) -> bool:
        """Whether the page needs all its width: a table is asked for."""
        return self.open and any(question.kind is QuestionKind.TABLE for question in self.section.questions)

    @cached_property
    def photos(self) -> Sequence[Document]:
        """The photos of the year, where the section asks for some."""
        asks = any(question.kind is QuestionKind.PHOTOS for question in self.section.questions)
        return photos_of(self.page.book) if asks else ()

    @cached_property
    def forms(self) -> dict[str, QuestionForm]:
        held = {key: row.value for key, row in self.cra.rows.items()}
        held |= {key: one.value for key, one in self.proposals.items()}
        return {one.key: QuestionForm(one, self._sent_to(one), held.get(one.key), self.photos) for one in self.section.asked}

    def _sent_to(self, question: Question) -> QueryDict | None:
        """Return what was sent, where an answer to this question is among it."""
        return self.data if self.data is not None and f"q-{question.key}-version" in self.data else None

    @cached_property
    def proposals(self) -> dict[str, Proposal]:
        """What is proposed where nobody has answered yet."""
        if not self.open:
            return {}
        return proposals_for(self.page.book, [one for one in self.section.questions if one.key not in self.cra.rows])

    @cached_property
    def asked(self) -> list[Asked]:
        """The questions in their order, each with its remark."""
        return [self._asked(question, remark=question.remark) for question in self.section.questions]

    def one(self, key: str) -> Asked:
        """Return the question of a key. Raises Http404."""
        found = next((one for one in self.asked if one.key == key), None)
        if found is None:
            raise Http404
        return found

    def _asked(self, question: Question, remark: Question | None = None) -> Asked:
        form, row = self.forms[question.key], self.cra.rows.get(question.key)
        value, version = (row.value, row.version) if row else (None, 0)
        out = question.key in self.cra.left_out
        asked = Asked(question, form, value, version, fingerprint(value), self.proposals.get(question.key), left_out=out)
        asked.remark = self._asked(remark) if remark else None
        if form.is_bound:
            self._sent(asked, form, row)
        return asked

    def _sent(self, asked: Asked, form: QuestionForm, row: ActivityAnswer | None) -> None:
        """Tell what became of an answer that was sent. One that was not kept still stands on the answer that it was made from."""
        asked.refused = not form.is_valid()
        same = not asked.refused and fingerprint(form.value) == asked.seen
        asked.saved = same and asked.key in self.done
        if row is not None and not same and row.version != form.sent_version:
            asked.meanwhile = Meanwhile(who_answered(row), asked.words)
        asked.unkept = asked.key in self.kept.others
        if not same and not asked.unkept:
            asked.version, asked.seen = form.sent_version, form.sent_print

    @property
    def all_forms(self) -> list[Any]:
        return [one for form in self._arising for one in form.all_forms]

    @property
    def _arising(self) -> list[QuestionForm]:
        """The forms of what is asked: nobody can mend a mistake in a question that does not arise."""
        return [form for key, form in self.forms.items() if key not in self.cra.left_out]

    @property
    def is_right(self) -> bool:
        return not self.refusal and not self.kept.others and all(form.is_valid() for form in self._arising if form.is_bound)

    def keep(self, keys: Sequence[str] | None = None) -> Step:
        """Keep what fits of what was sent, of some questions or of all; return the step as it stands then."""
        asked = [form for key, form in self.forms.items() if form.is_bound and (keys is None or key in keys)]
        sent = {form.question.key: form.given for form in asked if form.is_valid()}
        out = left_out(self.cra.questionnaire, {**self.cra.given, **{key: one.value for key, one in sent.items()}})
        given = {key: one for key, one in sent.items() if key not in out}
        after = Step(self.page, self.number, self.data)
        try:
            after.kept = answer(access=self.page.access, book=self.page.book, answers=given)
        except Refused as refusal:
            after.refusal = str(refusal)
        else:
            after.done = frozenset(given) - frozenset(after.kept.others)
        return after

    def turned(self, before: Step) -> list[Asked]:
        """Return the questions that arise now and did not before, or the other way round, as the page asks them anew."""
        keys = self.cra.left_out ^ before.cra.left_out
        return [one for one in Step(self.page, self.number).asked if one.key in keys] if keys else []

    def raises(self, before: Step) -> bool:
        """Tell whether this section asks more than it did before."""
        return any(one.key in before.cra.left_out - self.cra.left_out for one in self.section.questions)


def keys_of(question: Question) -> list[str]:
    """Return the keys that are answered together: that of a question, and that of its remark."""
    return [question.key, *([question.remark.key] if question.remark else [])]


def photos_of(book: Book) -> list[Document]:
    """Return the photos of a year, in the order in which they came."""
    return list(Document.objects.filter(coop=book.coop_id, start=book.start, kind=DocumentKind.PHOTO).order_by("received_at", "pk"))


def who_answered(row: ActivityAnswer) -> str:
    """Return who gave an answer as it is now."""
    events = AuditEvent.objects.filter(chain=row.coop.chain, subject=row.subject).order_by("-sequence")
    return events.values_list("actor_name", flat=True).first() or ""
