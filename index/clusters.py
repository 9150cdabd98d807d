"""Recurring concerns: groups of points of different reports that state the same failing.

Most groups are those of a known failing: each point is judged by itself, so a group is the same
whenever and in whatever order its reports came. Points that state none of them are grouped by their
likeness to each other. Nothing is forced into a group; what stays within one report is left out.
Counts are of distinct reports and organisations, never of passages.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from index.cluster_groups import JOIN, candidates, coherent, group
from index.cluster_labels import label, phrases, stems
from index.cluster_lineage import follow
from index.cluster_units import Progress, Units, judge_points, rules, with_vectors
from index.failings import Failing, FailingModel
from kb.clusters import Change, Cluster, Event, Member
from kb.store import Store
from kb.store import clusters as kept
from kb.store import points as held
from kb.store.points import GROUPED, WAITS, ConcernUnit, Place

_LEAST_REPORTS = 2
_GROWN = 0.2
"""Of the points that the last full run saw; when more came since, it is time for another."""


def are_stale(store: Store, model: FailingModel) -> bool:
    """Tell whether documents, the model or its rules have changed since the groups were found."""
    return kept.stale(store.db, rules(model))


def renew_clusters(store: Store, model: FailingModel, *, progress: Progress | None = None) -> None:
    """Bring recurring concerns up to date; `progress` is told of the points that are judged.

    New points join the groups there are; all are grouped anew if much is new.
    """
    judge_points(store, model, progress=progress)
    seen, since = held.numbers(store.db)
    if since > _GROWN * seen:
        _group_all(store, model)
    else:
        assign_new(store, model)


def find_clusters(
    store: Store, model: FailingModel, *, progress: Progress | None = None
) -> list[Cluster]:
    """Group all the library's concerns and store the groups; return them, the largest first."""
    judge_points(store, model, progress=progress)
    return _group_all(store, model)


def _group_all(store: Store, model: FailingModel) -> list[Cluster]:
    units = with_vectors(store, held.units(store.db), model)
    known, found = group_units(units, held.stated(store.db), model)
    keys = {one.place: (one.key, one.start) for one in units.points}
    before = kept.before(store.db)
    of_failings = {one.cluster_id for one in model.failings}
    named, events = follow(
        [(one, frozenset(keys[m.passage_id, m.start] for m in one.members)) for one in found],
        {name: one for name, one in before.items() if name not in of_failings},
    )
    was = {name: reports for name, (reports, _) in before.items() if name in of_failings}
    every = sorted([*known, *named], key=_order)
    with store.db.atomic():
        kept.replace(store.db, every, [*_changes(was, known), *events])
        held.set_looked(store.db, None, GROUPED)
        held.drop_unused_vectors(store.db, model.fingerprint)
        kept.set_current(store.db, rules(model))
    return every


def group_units(
    units: Units, stated: Mapping[str, Mapping[Place, float]], model: FailingModel
) -> tuple[list[Cluster], list[Cluster]]:
    """Return the groups of known failings, and those of the other points by likeness.

    `stated` has the points that state each known failing, with the probability. Each group has at
    least two reports.
    """
    unit_of = {one.place: one for one in units.points}
    wider = stems(units.points)
    known = []
    for failing in model.failings:
        one = _of_failing(failing, stated.get(failing.key, {}), unit_of)
        if one:
            own = [unit_of[m.passage_id, m.start] for m in one.members]
            known.append(replace(one, words=phrases(own, wider)))
    states = {place for places in stated.values() for place in places}
    rest = units.some([r for r, one in enumerate(units.points) if one.place not in states])
    return known, _by_likeness(rest, wider)


def _of_failing(
    failing: Failing, places: Mapping[Place, float], unit_of: Mapping[Place, ConcernUnit]
) -> Cluster | None:
    members = [(unit_of[place], p) for place, p in places.items() if place in unit_of]
    found = _cluster(members, failing.name, failing=failing)
    return found if found and found.reports >= _LEAST_REPORTS else None


def _by_likeness(units: Units, wider: Counter[str]) -> list[Cluster]:
    """Group points by their likeness; the same words in several reports are compared once."""
    first: dict[str, int] = {}
    for row, unit in enumerate(units.points):
        first.setdefault(unit.words, row)
    copies: dict[int, list[ConcernUnit]] = {}
    for unit in units.points:
        copies.setdefault(first[unit.words], []).append(unit)
    rows = sorted(copies)
    vectors = units.vectors[rows]
    found = []
    groups = [coherent(each, vectors) for each in group(len(rows), *candidates(vectors))]
    alone = set(range(len(rows))) - {at for likely in groups for at in likely}
    for likely in (*groups, *({at: 1.0} for at in sorted(alone))):
        members = [(unit, p) for at, p in likely.items() for unit in copies[rows[at]]]
        own = [unit for unit, _ in members]
        if distinct_reports(own) >= _LEAST_REPORTS:
            words = phrases(own, wider)
            one = _cluster(members, label(own, words))
            found += [replace(one, words=words)] if one else []
    return found


def _cluster(
    members: Sequence[tuple[ConcernUnit, float]], name: str, *, failing: Failing | None = None
) -> Cluster | None:
    """Return a group with its counts, whatever their size; None where it has no member."""
    if not members:
        return None
    ordered = sorted(members, key=lambda one: (-one[1], one[0].key, one[0].start))
    units = [unit for unit, _ in ordered]
    years = sorted(unit.year for unit in units if unit.year)
    place = f"{units[0].key}:{units[0].start}"
    return Cluster(
        id=failing.cluster_id if failing else hashlib.sha256(place.encode()).hexdigest()[:10],
        label=name,
        members=tuple(Member(u.passage_id, u.start, u.end, p) for u, p in ordered),
        reports=distinct_reports(units),
        organisations=len({one for unit in units for one in unit.organisations}),
        first_year=years[0] if years else None,
        last_year=years[-1] if years else None,
        cohesion=round(float(np.mean([p for _, p in ordered])), 6),
        failing=failing.key if failing else None,
    )


def distinct_reports(units: Sequence[ConcernUnit]) -> int:
    """Count reports; the same words in two documents are one report sent or published twice."""
    of_words: dict[str, str] = {}
    return len({of_words.setdefault(one.wording, one.report) for one in units})


def _order(one: Cluster) -> tuple[int, int, str]:
    return -one.reports, -one.organisations, one.id


def _changes(was: Mapping[str, int], now: Iterable[Cluster]) -> list[Event]:
    """Return what became of groups with lasting ids, given their reports before."""
    events = []
    reports = {one.id: one.reports for one in now}
    for name, number in reports.items():
        if name not in was:
            events.append(Event(cluster_id=name, change=Change.FOUND, reports=number))
        elif number != was[name]:
            grown = Change.GREW if number > was[name] else Change.SHRANK
            events.append(Event(cluster_id=name, change=grown, reports=number))
    gone = sorted(set(was) - set(reports))
    return events + [Event(cluster_id=name, change=Change.ENDED, reports=0) for name in gone]


def assign_new(store: Store, model: FailingModel) -> None:
    """Put new points into the groups they belong to, and bring changed groups' counts up to date.

    A new point that states a known failing is in its group; another joins the group found by
    likeness to whose members its mean cosine is highest, if that reaches `JOIN`, or waits.
    """
    new = held.fresh(store.db)
    lost = kept.with_lost_members(store.db)
    stated = held.failings_of(store.db, new)
    touched = {key for keys in stated.values() for key in keys} | {key for _, key in lost if key}
    failings = [one for one in model.failings if one.key in touched]
    now = _known_again(store, failings)
    rest = [place for place in new if place not in stated]
    grown = _grown(store, rest, {name for name, key in lost if key is None}, model)
    now += [one for one in grown.values() if one and one.reports >= _LEAST_REPORTS]
    was = kept.reports(store.db, [*(one.cluster_id for one in failings), *grown])
    with store.db.atomic():
        kept.change(store.db, now, set(was) - {one.id for one in now}, _changes(was, now))
        held.set_looked(store.db, new, WAITS)
        if lost:  # the words of what was taken out are not to stay
            held.drop_unused_vectors(store.db, model.fingerprint)
        kept.set_current(store.db, rules(model))


def _known_again(store: Store, failings: Sequence[Failing]) -> list[Cluster]:
    stated = held.stated(store.db, [one.key for one in failings])
    places = {place for found in stated.values() for place in found}
    unit_of = {one.place: one for one in held.units(store.db, places)}
    words = kept.words_of(store.db, [one.cluster_id for one in failings])
    found = (_of_failing(f, stated.get(f.key, {}), unit_of) for f in failings)
    return [
        replace(one, words=_still_said(words.get(one.id, ()), _units_of(one, unit_of)))
        for one in found
        if one
    ]


def _units_of(one: Cluster, unit_of: Mapping[Place, ConcernUnit]) -> list[ConcernUnit]:
    return [unit_of[m.passage_id, m.start] for m in one.members]


def _still_said(words: Sequence[str], units: Sequence[ConcernUnit]) -> tuple[str, ...]:
    """Return the phrases that still stand in a point; others went with what was taken out."""
    said = [unit.words.lower() for unit in units]
    return tuple(one for one in words if any(one in text for text in said))


def _grown(
    store: Store, rest: Sequence[Place], lost: set[str], model: FailingModel
) -> dict[str, Cluster | None]:
    """Return the groups found by likeness that changed, by id, as they are now (None: empty)."""
    before = {one.id: one for one in kept.found_by_likeness(store.db)}
    groups = {
        name: {(m.passage_id, m.start): m.similarity for m in one.members}
        for name, one in before.items()
    }
    grown: dict[str, Cluster | None] = dict.fromkeys(sorted(lost - groups.keys()))
    if not groups or not (rest or lost):
        return grown
    inside = {place for places in groups.values() for place in places}
    units = with_vectors(store, held.units(store.db, {*inside, *rest}), model)
    row_of = {one.place: row for row, one in enumerate(units.points)}
    homes = homes_of([one for one in rest if one not in inside], groups, units)
    for place, (name, likeness) in homes.items():
        groups[name] = {**groups[name], place: likeness}
    for name, places in groups.items():
        if name in lost or places.keys() & set(rest):  # it lost, gained or read a member again
            members = [(units.points[row_of[at]], p) for at, p in places.items() if at in row_of]
            grown[name] = _as_before(before[name], members)
    return grown


def _as_before(before: Cluster, members: Sequence[tuple[ConcernUnit, float]]) -> Cluster | None:
    """Return a group with its members of now under its id, and its name while that is said."""
    units = [unit for unit, _ in members]
    words = _still_said(before.words, units)
    name = before.label if words[:1] == before.words[:1] or not units else label(units, words)
    now = _cluster(members, name)
    return replace(now, id=before.id, words=words) if now else None


def homes_of(
    new: Sequence[Place], groups: Mapping[str, Mapping[Place, float]], units: Units
) -> dict[Place, tuple[str, float]]:
    """Return the group that each new point joins, with its mean cosine; others are left out."""
    row_of = {one.place: row for row, one in enumerate(units.points)}
    new = [place for place in new if place in row_of]
    members = {name: [row_of[at] for at in groups[name] if at in row_of] for name in groups}
    names = sorted(name for name, rows in members.items() if rows)
    if not new or not names:
        return {}
    rows = [members[name] for name in names]
    # The mean of a vector's cosines to some others is its cosine to their mean, which is shorter.
    middles = np.stack([units.vectors[one].mean(axis=0) for one in rows])
    likeness = units.vectors[[row_of[place] for place in new]] @ middles.T
    best = likeness.argmax(axis=1)
    return {
        place: (names[at], round(float(likeness[row, at]), 4))
        for row, (place, at) in enumerate(zip(new, best.tolist(), strict=True))
        if likeness[row, at] >= JOIN
    }
