"""Which passages a briefing quotes: by a rule that it states, never by hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kb.citations import Quotation, quotation
from kb.store import Store, answers, documents, passages
from kb.store.briefing import Candidate, candidates
from kb.store.passages import DocumentRow, PassageRow

MOST, ENOUGH = 8, 5
SHORTEST = 60
"""Characters; a shorter passage is a heading or half a sentence."""
_DEEP = 40
"""Passages looked at for each theme; a theme may stand in thousands."""
RULE = (
    "For each theme in turn, the one raised in most documents first, the passage that shows it "
    "most clearly ({most_clearly}), each from another document and, as long as there are any, "
    "from documents with other organisations; no more than {most}, shown newest first. Only "
    "coroners' concerns are quoted from reports, and answers or recommendations from other "
    "documents; circumstances of a death never. The documents' own words come before words that an "
    "export's maker lightly rewrote, which are marked, and passages that do not name the person "
    "who died before those that do, as far as the name is known; digests are not quoted."
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A quotation, the theme that it was chosen for (None: none) and its document's details."""

    quotation: Quotation
    theme: str | None
    document: DocumentRow


@dataclass(slots=True)
class _Choice:
    """What is chosen so far, and what that rules out."""

    db_alike: Callable[[str], set[str]]
    apart_from: frozenset[str]
    taken: list[tuple[Candidate, DocumentRow]] = field(default_factory=list)
    passages: set[int] = field(default_factory=set)
    docnos: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)

    def fits(self, one: Candidate, row: DocumentRow, *, strict: bool) -> bool:
        if row.docno in self.docnos or one.passage in self.passages:
            return False
        return not (strict and self._others(row) & self.organisations)

    def take(self, one: Candidate, row: DocumentRow) -> None:
        self.taken.append((one, row))
        self.passages.add(one.passage)
        # A near-identical report would say the same words again.
        self.docnos |= {row.docno} | self.db_alike(row.docno)
        self.organisations |= self._others(row)

    def _others(self, row: DocumentRow) -> set[str]:
        return {name for name in row.organisations if name.lower() not in self.apart_from}


def rule(*, by_search: bool) -> str:
    """Return the rule in words; `by_search` where a question in words was asked."""
    clearly = "as the search ranks it" if by_search else "by the tagger's score"
    return RULE.format(most_clearly=clearly, most=MOST)


def choose(
    store: Store,
    ids: Sequence[int],
    *,
    themes: Sequence[str | None],
    organisations: Sequence[str] = (),
    ranks: dict[int, int] | None = None,
) -> list[Chosen]:
    """Return the quotations of some documents by the rule, the newest first.

    `themes` are those to quote for, in turn; None stands for passages without any. `organisations`
    are those asked for: every document shares them, so they do not count as the same. `ranks`
    limits it to passages that a search found; None quotes from all.
    """
    every = candidates(store.db, ids, shortest=SHORTEST)
    if ranks is not None:
        every = [one for one in every if one.passage in ranks]
    groups = [_best([o for o in every if o.theme == theme], ranks) for theme in themes]
    rows = passages.documents_of(store.db, {one.document for group in groups for one in group})
    choice = _Choice(
        db_alike=lambda docno: {o.docno for o in answers.nearly_the_same(store.db, docno)},
        apart_from=frozenset(name.lower() for name in organisations),
    )
    for strict in (True, False):
        if strict or len(choice.taken) < ENOUGH:
            _take(choice, groups, rows, strict=strict)
    return _quoted(store, choice)


def _best(group: list[Candidate], ranks: dict[int, int] | None) -> list[Candidate]:
    group.sort(key=lambda one: (one.date, -one.passage), reverse=True)
    if ranks is not None:
        group.sort(key=lambda one: ranks[one.passage])
    else:
        group.sort(key=lambda one: -one.score)
    group.sort(key=lambda one: (not one.verbatim, one.names))
    return group[:_DEEP]


def _take(
    choice: _Choice,
    groups: Sequence[Sequence[Candidate]],
    rows: dict[int, DocumentRow],
    *,
    strict: bool,
) -> None:
    """Take one passage a theme, then a second of each, until there are enough."""
    waiting = [list(group) for group in groups]
    moved = True
    while moved and len(choice.taken) < MOST:
        moved = False
        for group in waiting:
            at = next(
                (
                    n
                    for n, one in enumerate(group)
                    if choice.fits(one, rows[one.document], strict=strict)
                ),
                None,
            )
            if at is None or len(choice.taken) >= MOST:
                continue
            one = group.pop(at)
            choice.take(one, rows[one.document])
            moved = True


def _quoted(store: Store, choice: _Choice) -> list[Chosen]:
    held = passages.passages_by_id(store.db, choice.passages)
    taken = sorted(choice.taken, key=lambda pair: pair[1].docno)
    taken.sort(key=lambda pair: pair[1].date or "", reverse=True)
    return [Chosen(_quotation(store, row, held[one.passage]), one.theme, row) for one, row in taken]


def _quotation(store: Store, row: DocumentRow, passage: PassageRow) -> Quotation:
    return quotation(documents.read_document(store.db, row.docno), passage)
