"""Recurring concerns: groups of points of different reports that state the same failing.

Nothing is forced into a group; what stays alone, or within one report, is left out. Counts are of
distinct reports and organisations, never of passages.
"""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from index.cluster_groups import JOIN, NEIGHBOURS, candidates, coherent, group
from index.cluster_labels import label, stems
from index.cluster_lineage import follow
from index.cluster_units import Progress, Units, described, read_units
from index.concern_likeness import Described, probabilities
from kb.clusters import Cluster, Member
from kb.encoder import Encoder
from kb.store import Store
from kb.store import clusters as kept
from kb.store.points import ConcernUnit

_LEAST_REPORTS = 2
_GROWN = 0.2
"""Of the points that the last full run grouped; when more are new, it is time for another."""


def renew_clusters(store: Store, encoder: Encoder, *, progress: Progress | None = None) -> None:
    """Bring recurring concerns up to date; `progress` is told of the points that are read.

    New points are assigned to the groups there are; all are grouped if much is new or a member
    gone.
    """
    grouped, waiting = kept.last_run(store.db)
    units = read_units(store, encoder, progress=progress)
    new = [row for row, one in enumerate(units.points) if (one.key, one.start) not in grouped]
    much = len(new) + len(waiting) > _GROWN * len(grouped)
    if much or kept.has_lost_members(store.db):
        _store_all(store, units, encoder)
    else:
        _assign(store, units, new, encoder)


def find_clusters(
    store: Store, encoder: Encoder, *, progress: Progress | None = None
) -> list[Cluster]:
    """Group all the library's concerns and store the groups; return them, the largest first."""
    return _store_all(store, read_units(store, encoder, progress=progress), encoder)


def _store_all(store: Store, units: Units, encoder: Encoder) -> list[Cluster]:
    found = group_units(units, encoder)
    places = {(one.passage_id, one.start): (one.key, one.start) for one in units.points}
    with_places = [
        (one, frozenset(places[m.passage_id, m.start] for m in one.members)) for one in found
    ]
    named, events = follow(with_places, kept.before(store.db))
    named.sort(key=lambda c: (-c.reports, -c.organisations, c.id))
    kept.replace(store.db, named, events)
    kept.keep_run(store.db, [(one.key, one.start) for one in units.points])
    return named


def group_units(units: Units, encoder: Encoder) -> list[Cluster]:
    """Group points; each group has at least two reports."""
    first = _first_of_words(units.points)
    rows = sorted(set(first.values()))
    if len(rows) < _LEAST_REPORTS:
        return []
    points = described(units, encoder)
    one, other = (np.array(rows)[side] for side in candidates(units.core[rows], units.whole[rows]))
    number = {row: at for at, row in enumerate(rows)}
    probable = probabilities(points, one, other)
    at = np.vectorize(number.__getitem__, otypes=[np.int64])
    groups = group(len(rows), at(one), at(other), probable)
    wider = stems(units.points)
    copies: dict[int, list[int]] = {}
    for row, unit in enumerate(units.points):
        copies.setdefault(first[unit.whole], []).append(row)
    found = []
    for each in groups:
        likely = _coherent([rows[a] for a in each], points)
        members = {copy: p for row, p in likely.items() for copy in copies[row]}
        if _reports([units.points[row] for row in members]) >= _LEAST_REPORTS:
            name = label(
                [units.points[row] for row in likely], units.core_marks[list(likely)], wider
            )
            found.append(_cluster(units.points, members, name))
    return sorted(found, key=lambda c: (-c.reports, -c.organisations, c.id))


def _coherent(rows: Sequence[int], points: Described) -> dict[int, float]:
    return coherent(rows, lambda one, other: probabilities(points, one, other))


def _first_of_words(units: Sequence[ConcernUnit]) -> dict[str, int]:
    """Points of the same words are compared once."""
    first: dict[str, int] = {}
    for row, unit in enumerate(units):
        first.setdefault(unit.whole, row)
    return first


def _reports(units: Sequence[ConcernUnit]) -> int:
    """Distinct reports; the same words in two documents are one report sent or published twice."""
    of_words: dict[str, str] = {}
    return len({of_words.setdefault(one.wording, one.report) for one in units})


def _cluster(units: Sequence[ConcernUnit], members: Mapping[int, float], name: str) -> Cluster:
    order = sorted(members, key=lambda row: (-members[row], units[row].key, units[row].start))
    years = sorted(year for row in members if (year := units[row].year))
    exemplar = units[order[0]]
    place = f"{exemplar.key}:{exemplar.start}"
    return Cluster(
        id=hashlib.sha256(place.encode()).hexdigest()[:10],
        label=name,
        members=tuple(
            Member(units[row].passage_id, units[row].start, units[row].end, members[row])
            for row in order
        ),
        reports=_reports([units[row] for row in members]),
        organisations=len({one for row in members for one in units[row].organisations}),
        first_year=years[0] if years else None,
        last_year=years[-1] if years else None,
        cohesion=float(np.mean([members[row] for row in order])),
    )


def _assign(store: Store, units: Units, new: Sequence[int], encoder: Encoder) -> None:
    old = {one.id: one for one in kept.held(store.db)}
    homes = assign_to(list(old.values()), units, new, encoder)
    row_of = {(one.passage_id, one.start): row for row, one in enumerate(units.points)}
    changed = []
    for name in sorted({one for one in homes.values() if one is not None}):
        places = {(m.passage_id, m.start): m.similarity for m in old[name].members}
        likely = {row_of[place]: p for place, p in places.items() if place in row_of}
        likely |= {row: JOIN for row, home in homes.items() if home == name}
        changed.append((name, _cluster(units.points, likely, old[name].label)))
    waiting = [row for row in new if homes[row] is None]
    kept.grow(
        store.db, changed, [(units.points[row].key, units.points[row].start) for row in waiting]
    )


def assign_to(
    held: Sequence[Cluster], units: Units, new: Sequence[int], encoder: Encoder
) -> dict[int, str | None]:
    """Say for new points which group they are likely to repeat; None for one that fits none."""
    row_of = {(one.passage_id, one.start): row for row, one in enumerate(units.points)}
    groups = {
        one.id: [
            row_of[m.passage_id, m.start] for m in one.members if (m.passage_id, m.start) in row_of
        ]
        for one in held
    }
    fresh = set(new)
    home = {row: name for name, rows in groups.items() for row in rows if row not in fresh}
    at = np.array(new, dtype=np.int64)
    near = units.core[at] @ units.core.T + units.whole[at] @ units.whole.T
    nearest = np.argsort(-near, axis=1, kind="stable")[:, :NEIGHBOURS].tolist()
    return {
        row: _home_of(row, units, [home[one] for one in close if one in home], groups, encoder)
        for row, close in zip(new, nearest, strict=True)
    }


def _home_of(
    row: int, units: Units, close: Sequence[str], groups: Mapping[str, Sequence[int]],
    encoder: Encoder,
) -> str | None:  # fmt: skip
    """Return the group close by with whose members the mean probability is highest."""
    names = list(dict.fromkeys(close))
    rows = sorted({at for name in names for at in groups[name]} - {row})
    if not rows:
        return None
    points = described(units.some([*rows, row]), encoder)
    likely = probabilities(points, np.arange(len(rows)), np.full(len(rows), len(rows)))
    of_row = dict(zip(rows, likely.tolist(), strict=True))
    means = {
        name: float(np.mean([of_row[at] for at in groups[name] if at in of_row])) for name in names
    }
    best = max(names, key=lambda name: means[name])
    return best if means[best] >= JOIN else None
