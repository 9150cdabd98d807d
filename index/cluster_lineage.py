"""Keeping a recurring concern's id while the library grows, and saying what became of it."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from kb.clusters import Change, Cluster, Event

Places = frozenset[tuple[str, int]]
Before = tuple[int, Places]
"""An earlier group: its reports and its members' places."""
_SAME = 0.5
"""Of the members of the smaller of two groups that make them the same."""


def follow(
    found: Sequence[tuple[Cluster, Places]], before: Mapping[str, Before]
) -> tuple[list[Cluster], list[Event]]:
    """Give groups the ids of those they continue; return them and the changes.

    A group continues the earlier one that it shares most members with, if that is at least half of
    the smaller; each id goes to one group. A new group's id is one that none has or had.
    """
    owner = {place: name for name, one in before.items() for place in one[1]}
    shared: dict[tuple[str, int], int] = {}
    for at, (_, places) in enumerate(found):
        for place in places:
            if place in owner:
                key = (owner[place], at)
                shared[key] = shared.get(key, 0) + 1
    same = {
        key: number
        for key, number in shared.items()
        if number >= _SAME * min(len(before[key[0]][1]), len(found[key[1]][1]))
    }
    names: dict[int, str] = {}
    for (name, at), _ in sorted(same.items(), key=lambda one: (-one[1], one[0])):
        if at not in names and name not in names.values():
            names[at] = name
    taken = {*before, *names.values()}
    named = []
    for at, (cluster, _) in enumerate(found):
        name = names.get(at) or _free(cluster.id, taken)
        taken.add(name)
        named.append(replace(cluster, id=name))
    return named, list(_events(named, names, same, before))


def _free(name: str, taken: Collection[str]) -> str:
    """Return an id made of this one until it is free: its most typical point may have moved."""
    while name in taken:
        name = hashlib.sha256(name.encode()).hexdigest()[: len(name)]
    return name


def _events(
    named: Sequence[Cluster],
    names: Mapping[int, str],
    same: Mapping[tuple[str, int], int],
    before: Mapping[str, Before],
) -> Sequence[Event]:
    events = []
    for at, cluster in enumerate(named):
        if at in names:
            was = before[names[at]][0]
            if was != cluster.reports:
                change = Change.GREW if cluster.reports > was else Change.SHRANK
                events.append(Event(cluster_id=cluster.id, change=change, reports=cluster.reports))
            continue
        parent = next((name for (name, place) in sorted(same) if place == at), None)
        change = Change.FOUND if parent is None else Change.SPLIT
        events.append(
            Event(cluster_id=cluster.id, change=change, reports=cluster.reports, other=parent)
        )
    for name in sorted(set(before) - set(names.values())):
        into = next((named[at].id for (one, at) in sorted(same) if one == name), None)
        change = Change.ENDED if into is None else Change.MERGED
        events.append(Event(cluster_id=name, change=change, reports=0, other=into))
    return events
