"""The sheet of an audit of recurring concerns: drawn, marked by a reader, read back."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.audits import NOT_AUDITED, Audit, GroupMarks, GroupVerdict, contradiction, seed_of
from kb.clusters import Cluster
from kb.errors import UsageError
from kb.intervals import Share
from kb.store import Store, audits
from kb.store.passages import documents_of, passages_by_id

_VERDICT, _LABEL_FAIR, _FITS = "group verdict", "label fair", "member fits"
COLUMNS = (
    "seed", "group", "label", "reports", "passage", "docno", "text", _VERDICT, _LABEL_FAIR, _FITS,
)  # fmt: skip
_YES_NO = {"yes": True, "no": False}
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_MOST_FAULTS = 10
# A spreadsheet takes "12e4567890" for a number and loses the id: a letter first keeps it a word.
_GROUP, _PASSAGE = "c-", "p-"


def sheet(store: Store, drawn: Sequence[Cluster], *, seed: int) -> str:
    """Return the CSV to be marked: a line for each passage of each group, verdicts left empty."""
    rows = passages_by_id(store.db, {number for one in drawn for number in one.passages})
    held = documents_of(store.db, {row.document_id for row in rows.values()})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in drawn:
        for number in one.passages:
            row = rows[number]
            points = sorted(m.start for m in one.members if m.passage_id == number)
            ends = {m.start: m.end for m in one.members if m.passage_id == number}
            words = "\n".join(row.text[at : ends[at]].strip() for at in points)
            line = [seed, _GROUP + one.id, _safe(one.label), one.reports, _PASSAGE + row.key]
            docno = _safe(held[row.document_id].docno)
            writer.writerow([*line, docno, _safe(words), "", "", ""])
    return out.getvalue()


def _safe(text: str) -> str:
    risky = text.startswith(_FORMULAS) or text.lstrip().startswith(_FORMULAS)
    return "'" + text if risky else text


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedSheet:
    """The marks of one sheet; `unmarked` groups of it have not been read yet."""

    seed: int
    marks: tuple[GroupMarks, ...]
    unmarked: int


def read_sheet(file: Path, members: Mapping[str, frozenset[str]]) -> MarkedSheet:
    """Return the marks in a sheet, held against the `members` that each group has by its id.

    Groups without any mark are left for later. Raises `UsageError` naming the faults if a group is
    unknown, incomplete, half marked or marked against itself; then no mark of the sheet counts.
    """
    groups: dict[str, list[dict[str, str]]] = {}
    for row in _rows(file):
        groups.setdefault(row["group"].removeprefix(_GROUP), []).append(row)
    seeds = {row["seed"] for lines in groups.values() for row in lines}
    faults = [] if len(seeds) == 1 else [f"there should be one seed, not {len(seeds)}"]
    faults += [f"'{seed[:30]}' is no seed" for seed in seeds if seed_of(seed) is None]
    begun = {g: lines for g, lines in groups.items() if any(_marks(row) for row in lines)}
    marks = []
    for group, lines in begun.items():
        wrong = list(_faults(group, lines, members.get(group)))
        faults += wrong
        if not wrong:
            marks.append(_group_marks(group, lines))
    if faults:
        raise UsageError(_told(file, faults))
    if not marks:
        raise UsageError(f"No group of {file.name} is marked yet.")
    return MarkedSheet(seed=int(seeds.pop()), marks=tuple(marks), unmarked=len(groups) - len(begun))


def _rows(file: Path) -> Iterator[dict[str, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(
            f"{file.name} is not in UTF-8. Save it as 'CSV UTF-8' and read it again."
        ) from None
    first = text.partition("\n")[0]
    # Where a comma is the decimal mark, spreadsheets save with semicolons.
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", restval=""
    )
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise UsageError(f"{file.name} is no sheet of an audit: it lacks {', '.join(missing)}.")
    try:
        rows = list(reader)
    except csv.Error as error:
        raise UsageError(f"{file.name} cannot be read as a CSV ({error}).") from None
    for number, row in enumerate(rows, start=2):
        values = {name: row[name].strip() for name in COLUMNS}
        if any(values.values()):
            yield values | {"row": str(number)}


def _marks(row: Mapping[str, str]) -> list[str]:
    return [row[name] for name in (_VERDICT, _LABEL_FAIR, _FITS) if row[name]]


def _told(file: Path, faults: Sequence[str]) -> str:
    shown = list(faults[:_MOST_FAULTS])
    if len(faults) > len(shown):
        shown.append(f"and {len(faults) - len(shown)} more")
    listed = "".join(f"\n  {one}" for one in shown)
    return f"{file.name} was not kept, and no mark has changed. Put right, then read again:{listed}"


def _faults(
    group: str, lines: Sequence[Mapping[str, str]], members: frozenset[str] | None
) -> Iterator[str]:
    """Yield what is wrong with the marks of one group."""
    if members is None:
        yield (
            f"row {lines[0]['row']}: there is no recurring concern '{group}'; it may have changed "
            "with the library since the sheet was drawn (take its rows out)"
        )
        return
    keys = [row["passage"].removeprefix(_PASSAGE) for row in lines]
    if len(set(keys)) != len(keys) or set(keys) != members:
        yield (
            f"group {group}: its rows do not hold each of its {len(members)} passages once "
            "(it may have changed with the library since the sheet was drawn)"
        )
        return
    known = [str(verdict) for verdict in GroupVerdict]
    wrong = [
        *_one_word(group, lines, _VERDICT, known),
        *_one_word(group, lines, _LABEL_FAIR, list(_YES_NO)),
        *_each_word(lines),
    ]
    yield from wrong
    if not wrong:
        yield from _against_itself(group, lines)


def _one_word(
    group: str, lines: Sequence[Mapping[str, str]], column: str, known: Sequence[str]
) -> Iterator[str]:
    """A group's mark may stand in any of its rows, or in all of them."""
    for row in lines:
        if row[column] and row[column].lower() not in known:
            yield f"row {row['row']}: {column} is '{row[column]}', not {' or '.join(known)}"
            return
    said = {row[column].lower() for row in lines if row[column]}
    if not said:
        yield f"group {group}: half marked, {column} is empty"
    elif len(said) > 1:
        yield f"group {group}: {column} is both {' and '.join(sorted(said))}"


def _each_word(lines: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for row in lines:
        if not row[_FITS]:
            yield f"row {row['row']}: half marked, {_FITS} is empty"
        elif row[_FITS].lower() not in _YES_NO:
            yield f"row {row['row']}: {_FITS} is '{row[_FITS]}', not yes or no"


def _against_itself(group: str, lines: Sequence[Mapping[str, str]]) -> Iterator[str]:
    marks = _group_marks(group, lines)
    if rule := contradiction(marks.verdict, marks.fits.values()):
        yield f"group {group}: marked against itself: {rule}"


def _group_marks(group: str, lines: Sequence[Mapping[str, str]]) -> GroupMarks:
    def said(column: str) -> str:
        return next(row[column].lower() for row in lines if row[column])

    return GroupMarks(
        cluster_id=group,
        label=lines[0]["label"].lstrip("'"),
        verdict=GroupVerdict(said(_VERDICT)),
        label_fair=_YES_NO[said(_LABEL_FAIR)],
        fits={row["passage"].removeprefix(_PASSAGE): _YES_NO[row[_FITS].lower()] for row in lines},
    )


def coherence_json(store: Store) -> dict[str, Any]:
    """Return the audits of a library: a sentence on all of them, and the figures of each."""
    found = audits.held(store.db)
    return {
        "coherence": " ".join(one.sentence for one in found) or NOT_AUDITED,
        "audits": [_audit_json(one) for one in found],
    }


def _audit_json(one: Audit) -> dict[str, Any]:
    verdicts = {str(verdict): _share_json(one.share(verdict)) for verdict in GroupVerdict}
    return {
        "seed": one.seed,
        "reader": one.reader,
        "groups": len(one.groups),
        "standing": one.standing,
        **verdicts,
        "members_fit": _share_json(one.members),
        "labels_fair": _share_json(one.labels),
    }


def _share_json(share: Share) -> dict[str, Any]:
    low, high = share.interval
    return {"count": share.count, "of": share.of, "low": round(low, 4), "high": round(high, 4)}
