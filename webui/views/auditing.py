"""Does a group hang together? A drawn group is read and marked, one after the other."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from kb.audits import GroupMarks, GroupVerdict, contradiction, seed_of
from kb.clusters import Cluster
from kb.errors import NotHeld, UsageError
from kb.store import Store, audits
from kb.store.passages import DocumentRow, passages_by_id
from webui import access
from webui.params import whole_number
from webui.views.clusters import ShownCluster, Wording, shown_clusters
from webui.views.judging import editor

pages = Blueprint("auditing", __name__)

_USUAL_GROUPS, _MOST_GROUPS = 60, 500
_USUAL_SEED = 7
_YES_NO = {"yes": True, "no": False}
_VERDICTS = {
    GroupVerdict.COHERENT: "Coherent: at most one passage in ten does not fit",
    GroupVerdict.STRAYS: "A core with strays: at least half of the passages fit",
    GroupVerdict.REJECT: "To be rejected: fewer fit",
}


@dataclass(frozen=True, slots=True)
class _Passage:
    key: str
    document: DocumentRow
    note: str | None
    texts: tuple[str, ...]


@pages.get("/clusters/audit")
def sheet() -> str:
    """One drawn group with its members, and what its reader can say of them."""
    store = access.store()
    groups, seed = _draw_asked()
    drawn = audits.draw(store.db, groups=groups, seed=seed)
    at = whole_number(request.args.get("at", ""), name="at", most=len(drawn))
    reader = editor()
    held = _marks_of(store, seed, reader)
    (found,) = shown_clusters(store, [drawn[at - 1]])
    return render_template(
        "auditing/sheet.html",
        found=found,
        at=at,
        drawn=len(drawn),
        groups=groups,
        seed=seed,
        reader=reader,
        marked=sum(one.id in held for one in drawn),
        marks=held.get(drawn[at - 1].id),
        passages=_by_passage(found),
        verdicts=list(GroupVerdict),
        verdict_words=_VERDICTS,
    )


def _by_passage(found: ShownCluster) -> list[_Passage]:
    """Return each passage once, with the points of it that stand in the group."""
    texts: dict[str, list[str]] = {}
    firsts: dict[str, Wording] = {}
    for one in sorted(found.members, key=lambda m: m.member.start):
        texts.setdefault(one.passage.key, []).append(one.text)
        firsts.setdefault(one.passage.key, one)
    keys = dict.fromkeys(one.passage.key for one in found.members)
    return [_Passage(k, firsts[k].document, firsts[k].note, tuple(texts[k])) for k in keys]


@pages.post("/clusters/audit")
def keep() -> Answer:
    """Keep a reader's marks of a group and go on to the next one."""
    reader = editor()
    if not reader:
        raise UsageError("Say who you are first: a name is kept with every mark.")
    groups, seed = _draw_asked()
    with access.writing("audit") as store:
        drawn = audits.draw(store.db, groups=groups, seed=seed)
        group = next((one for one in drawn if one.id == request.form.get("group")), None)
        if group is None:
            raise NotHeld("That group is not among those drawn. It may have changed since.")
        audits.keep(store.db, [_marks(store, group)], seed=seed, reader=reader)
    flash(f"“{group.label}” is marked.", "judged")
    at = drawn.index(group) + 2
    return redirect(
        url_for("auditing.sheet", groups=groups, seed=seed, at=at if at <= len(drawn) else None)
    )


def _draw_asked() -> tuple[int, int]:
    values = request.values
    groups = whole_number(values.get("groups", ""), name="groups", most=_MOST_GROUPS)
    written = values.get("seed", str(_USUAL_SEED))
    seed = seed_of(written)
    if seed is None:
        raise UsageError("A seed is a whole number of at most 18 digits.")
    return (groups if values.get("groups") else _USUAL_GROUPS), seed


def _marks_of(store: Store, seed: int, reader: str) -> dict[str, GroupMarks]:
    """Return what this reader has said in this draw, by the group's id."""
    return {
        marks.cluster_id: marks
        for audit in audits.held(store.db)
        if (audit.seed, audit.reader) == (seed, reader)
        for marks in audit.groups
    }


def _marks(store: Store, group: Cluster) -> GroupMarks:
    """Read the form of a group. Raises `UsageError` unless it is whole and agrees with itself."""
    form = request.form
    # A member that is no longer held is not shown, so nothing can be said of it.
    keys = [row.key for row in passages_by_id(store.db, group.passages).values()]
    fits = {key: _YES_NO.get(form.get(f"fits-{key}", "")) for key in keys}
    fair = _YES_NO.get(form.get("fair", ""))
    verdict = form.get("verdict", "")
    if verdict not in set(GroupVerdict) or fair is None:
        raise UsageError("Say of the group whether it is coherent, and of its name if it is fair.")
    said = {key: one for key, one in fits.items() if one is not None}
    if len(said) < len(fits):
        raise UsageError(
            f"{len(fits) - len(said)} of {len(fits)} passages are not marked. Go back and say of "
            "each whether it fits."
        )
    if rule := contradiction(GroupVerdict(verdict), said.values()):
        raise UsageError(f"The marks are against each other: {rule}. Go back and put them right.")
    return GroupMarks(
        cluster_id=group.id,
        label=group.label,
        verdict=GroupVerdict(verdict),
        label_fair=fair,
        fits=said,
    )
