"""How recipients answered the reports of a view, as far as their responses are held."""

from collections.abc import Sequence
from dataclasses import dataclass

from kb.citations import date_words, quotation
from kb.documents import Kind, Role
from kb.store import Store, briefing, documents, passages
from kb.store.answers import LinkedDocument
from webui.phrases import joined
from webui.records import actions_of, computed

_TOLD, _ACTIONS = 6, 4


@dataclass(frozen=True, slots=True)
class SaidAction:
    """Words of a response on what was or will be done, their status, passage and citation."""

    words: str
    status: str | None
    key: str
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response: who wrote it, the report that it answers (None: not told), and what it says.

    `taken` is how long it took, computed, None where it cannot be; `more` counts further actions.
    """

    response: LinkedDocument
    by: tuple[str, ...]
    report: str | None
    taken: str | None
    actions: tuple[SaidAction, ...]
    more: int

    @property
    def facts(self) -> str:
        """Who wrote it, when, what it answers and how long it took."""
        said = [f"From {joined(self.by)}"] if self.by else []
        said.append(f"Dated {date_words(self.response.date)}" if self.response.date else "Undated")
        if self.report:
            said.append(f"Answers “{self.report}”, known {self.response.known_by}")
        if self.taken:
            said.append(f"Days taken, computed: {self.taken}")
        return ". ".join(said) + "."


@dataclass(frozen=True, slots=True)
class Answered:
    """The newest responses, how many more are held, and how many reports have one."""

    told: tuple[Answer, ...]
    more: int
    reports: int


def answered(store: Store, kind: Kind, ids: Sequence[int], *, accessed: str) -> Answered:
    """Return the responses to some reports, or some responses themselves; none for other kinds.

    `accessed` is the library's date, for citations.
    """
    rows = passages.documents_of(store.db, ids).values() if kind in _ANSWERING else ()
    found: list[tuple[str | None, LinkedDocument]] = []
    reports = 0
    if kind is Kind.RESPONSE:
        found = [(None, LinkedDocument(**{n: getattr(row, n) for n in _NAMED})) for row in rows]
    elif kind is Kind.REPORT:
        titles = {row.docno: row.title for row in rows}
        linked = briefing.responses_to(store.db, titles)
        reports = len(linked)
        found = [(titles[docno], one) for docno, each in linked.items() for one in each]
    found.sort(key=lambda pair: (pair[1].date or "", pair[1].docno), reverse=True)
    told = tuple(_answer(store, report, one, accessed) for report, one in found[:_TOLD])
    return Answered(told, len(found) - len(told), reports)


_ANSWERING = (Kind.REPORT, Kind.RESPONSE)
_NAMED = ("docno", "title", "kind", "date", "ref")


def _answer(store: Store, report: str | None, linked: LinkedDocument, accessed: str) -> Answer:
    document = documents.read_document(store.db, linked.docno)
    rows = passages.passages_of(store.db, linked.docno)
    cited = {row.key: row for row in rows}
    said = []
    for action in actions_of(document, rows):
        key = action.place.anchor.removeprefix("p-") if action.place else ""
        if key in cited:
            citation = quotation(document, cited[key]).citation(accessed=accessed)
            said.append(SaidAction(action.words, action.status, key, citation))
    writers = (party.name for party in document.parties if party.role is Role.RESPONDENT)
    return Answer(
        response=linked,
        by=tuple(dict.fromkeys(writers)),
        report=report,
        taken=dict(computed(document)).get("Days taken"),
        actions=tuple(said[:_ACTIONS]),
        more=max(0, len(said) - _ACTIONS),
    )
