"""What a briefing says of a view, gathered from the library."""

from collections.abc import Sequence
from dataclasses import replace

from kb.audits import NOT_AUDITED
from kb.documents import Kind
from kb.intervals import Share
from kb.queries import Filters
from kb.store import Store, audits, briefing, clusters, finding, meta
from kb.store.briefing import Coverage
from kb.store.caveats import trust
from webui import access, chosen
from webui.answered import answered
from webui.briefed import ViewAsked
from webui.briefing import Briefing, ClusterLine, ThemeLine
from webui.drawings import Point, every_label

_CLUSTERS, _LEAST_SHARED = 6, 2
"""Recurring concerns told of, and the documents of the view that each must be raised in."""


def briefing_of(store: Store, asked: ViewAsked, *, accessed: str) -> Briefing:
    """Return the briefing on a view; `accessed` is the library's date."""
    db = store.db
    covered = briefing.coverage(db, asked.ids)
    kind = _kind(asked, covered)
    of_kind = briefing.of_kind(db, asked.ids, kind)
    held = briefing.with_text(db, of_kind)
    shown = _shown(store, asked, held)
    counts = briefing.themes_shown(db, shown)
    points, undated = _years(store, of_kind, held, shown)
    book = access.book()
    lines = [
        ThemeLine(book[key], Share(count, len(shown)), _filters(asked, kind, key))
        for key, count in counts.items()
        if key in book and asked.keys != (key,)
    ]
    return Briefing(
        asked=asked,
        kind=kind,
        coverage=tuple(covered),
        held=len(held),
        shown=len(shown),
        themes=tuple(lines),
        years=points,
        undated=undated,
        clusters=tuple(_clusters(store, shown)),
        clusters_note=_audited(store),
        quotations=tuple(
            chosen.choose(
                store,
                shown,
                themes=asked.keys or [*(line.theme.key for line in lines), None],
                organisations=asked.organisations,
                ranks=asked.ranks,
            )
        ),
        rule=chosen.rule(by_search=asked.ranks is not None),
        answers=answered(store, kind, shown, accessed=accessed),
        trust=trust(db, [line.theme for line in lines]).sentence,
        accessed=accessed,
        generation=meta.generation(db),
    )


def _kind(asked: ViewAsked, covered: Sequence[Coverage]) -> Kind:
    """Return what is counted: the kind asked for, else reports, else what is held most of."""
    if asked.kind is not None:
        return Kind(asked.kind)
    kinds = {one.kind: one.documents for one in covered}
    if Kind.REPORT in kinds or not kinds:
        return Kind.REPORT
    return max(kinds, key=lambda kind: kinds[kind])


def _shown(store: Store, asked: ViewAsked, held: Sequence[int]) -> list[int]:
    if not asked.themes and asked.section is None:
        return list(held)
    return briefing.showing(
        store.db, held, themes=asked.keys, section=asked.section, passages=asked.ranks
    )


def _filters(asked: ViewAsked, kind: Kind, theme: str) -> Filters | None:
    """Return the filters of the search that finds a line's documents; None where none does."""
    if asked.filters is None or asked.section is not None or asked.themes:
        return None
    return replace(asked.filters, theme=theme, kind=str(kind))


def _years(
    store: Store, of_kind: Sequence[int], held: Sequence[int], shown: Sequence[int]
) -> tuple[tuple[Point, ...], int]:
    all_, text, counts = (briefing.years(store.db, ids) for ids in (of_kind, held, shown))
    points = tuple(
        Point(year, counts.get(year, 0), text.get(year, 0), all_.get(year, 0))
        for year in every_label(all_)
    )
    return points, len(shown) - sum(counts.values())


def _clusters(store: Store, shown: Sequence[int]) -> list[ClusterLine]:
    held = clusters.held(store.db)
    of = finding.document_ids(store.db, list({p for one in held for p in one.passages}))
    among = set(shown)
    lines = [
        ClusterLine(one, len({of[p] for p in one.passages if p in of} & among)) for one in held
    ]
    lines.sort(key=lambda line: (-line.here, -line.cluster.reports, line.cluster.id))
    return [line for line in lines if line.here >= _LEAST_SHARED][:_CLUSTERS]


def _audited(store: Store) -> str:
    newest = next(iter(audits.held(store.db)), None)
    stale = " Documents have changed since they were grouped." if clusters.stale(store.db) else ""
    return (newest.sentence if newest else NOT_AUDITED) + stale
