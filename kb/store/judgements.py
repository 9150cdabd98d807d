"""Editors' words on the themes of passages: they outrank every tagger and survive re-reading.

A judgement is kept by the passage's stable key and its words, apart from the tags. `settle` brings
the tags of passages into line with it, and is called wherever tags are written.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from kb.errors import NotHeld, UnknownFilterValue, UsageError
from kb.store import meta
from kb.themes import TagSource, is_own, themes


class Verdict(StrEnum):
    """What an editor says of a theme on a passage."""

    CONFIRM = "confirm"
    REJECT = "reject"
    ADD = "add"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """An editor's word: on which theme of which passage, who, when, why.

    `start` and `end` are the words that show the theme, None for the whole passage.
    """

    passage_key: str
    theme: str
    text_sha256: str
    verdict: Verdict
    start: int | None
    end: int | None
    who: str
    note: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many tags of a theme editors confirmed, rejected and added, on passages held now."""

    confirm: int = 0
    reject: int = 0
    add: int = 0

    @property
    def precision(self) -> float | None:
        """The share of judged tags that stand; None before any was confirmed or rejected."""
        judged = self.confirm + self.reject
        return self.confirm / judged if judged else None


_STANDING = (
    "FROM judgements j JOIN passages p ON p.key = j.passage_key AND p.text_sha256 = j.text_sha256"
)
_LONGEST = {"who": 120, "note": 1_000}


def judge(
    db: Database,
    key: str,
    theme: str,
    verdict: Verdict,
    *,
    who: str,
    note: str = "",
    span: tuple[int, int] | None = None,
) -> Judgement:
    """Keep an editor's word in place of an earlier one and bring the tags into line with it.

    `span` None means the words that the software found, or else the whole passage. A theme that
    the software found already is confirmed, not added. Raises `NotHeld`, `UnknownFilterValue` and
    `UsageError` for what cannot be judged so.
    """
    passage_id, text, sha = _passage(db, key)
    _check(db, theme, who=who, note=note)
    found = db.execute(
        "SELECT start, end FROM tags WHERE passage_id = ? AND theme = ? AND source <> ?",
        [passage_id, theme, TagSource.EDITOR],
    ).fetchone()
    verdict = _fitting(db, passage_id, theme, verdict, found=found is not None)
    if span is not None and not 0 <= span[0] < span[1] <= len(text):
        raise UsageError(f"The words must lie within the passage: 0 to {len(text)}.")
    start, end = span or found or (None, None)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    values = [key, theme, sha, verdict, start, end, who.strip(), note.strip(), at]
    with db.atomic():
        _set_free(db, passage_id, theme)
        db.execute("INSERT OR REPLACE INTO judgements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        settle(db, [passage_id])
    return Judgement(
        passage_key=key, theme=theme, text_sha256=sha, verdict=verdict, start=start, end=end,
        who=who.strip(), note=note.strip(), at=at,
    )  # fmt: skip


def undo(db: Database, key: str, theme: str) -> None:
    """Take an editor's word back, so that the software's stands again. Raises `NotHeld`."""
    passage_id, _, _ = _passage(db, key)
    with db.atomic():
        gone = db.execute(
            "DELETE FROM judgements WHERE passage_key = ? AND theme = ?", [key, theme]
        ).rowcount
        if not gone:
            raise NotHeld(f"Nobody has judged '{theme}' on that passage.")
        _set_free(db, passage_id, theme)


def settle(db: Database, passage_ids: Sequence[int]) -> None:
    """Bring the tags of passages into line with what editors said of them.

    The caller holds the transaction.
    """
    meta.tags_changed(db)
    held = {"ids": json.dumps(list(passage_ids)), "editor": TagSource.EDITOR}
    of_these = "p.id IN (SELECT value FROM json_each(:ids))"
    rejected = f"SELECT p.id, j.theme {_STANDING} WHERE j.verdict = 'reject' AND {of_these}"
    db.execute(
        f"UPDATE tags SET rejected = 1 WHERE source <> :editor AND (passage_id, theme) IN"
        f" ({rejected})",
        held,
    )
    db.execute(
        f"DELETE FROM tags WHERE source = :editor AND (passage_id, theme) IN ({rejected})", held
    )
    db.execute(
        "INSERT OR REPLACE INTO tags SELECT p.id, j.theme, :editor, 1.0, coalesce(j.start, 0),"
        f" coalesce(j.end, length(p.text)), 0 {_STANDING}"
        f" WHERE j.verdict <> 'reject' AND {of_these}",
        held,
    )


def of_passages(db: Database, keys: Sequence[str]) -> dict[str, list[Judgement]]:
    """Return what editors said of passages, by their keys, in the order it was said."""
    found: dict[str, list[Judgement]] = {}
    for row in db.query(
        f"SELECT j.* {_STANDING} WHERE p.key IN (SELECT value FROM json_each(?))"
        " ORDER BY j.at, j.theme",
        [json.dumps(list(keys))],
    ):
        one = Judgement(**row | {"verdict": Verdict(row["verdict"])})
        found.setdefault(one.passage_key, []).append(one)
    return found


def tally(db: Database) -> dict[str, Tally]:
    """Return how many tags of each theme editors confirmed, rejected and added."""
    counts: dict[str, dict[str, int]] = {}
    for theme, verdict, count in db.execute(
        f"SELECT j.theme, j.verdict, count(*) {_STANDING} GROUP BY 1, 2"
    ):
        counts.setdefault(theme, {})[verdict] = count
    return {theme: Tally(**row) for theme, row in counts.items()}


def labels(db: Database) -> Iterator[dict[str, Any]]:
    """Yield every judged passage as a label that the tagger can be trained on.

    `themes` are those of the codebook that stand on it now, `own` the users' own where there are
    any (a tagger of the codebook cannot learn them).
    """
    rows = db.execute(
        "SELECT p.key, d.docno, p.text,"
        " (SELECT json_group_array(DISTINCT t.theme) FROM tags t"
        "  WHERE t.passage_id = p.id AND t.rejected = 0),"
        " (SELECT json_group_array(r.theme) FROM judgements r WHERE r.passage_key = p.key"
        "  AND r.text_sha256 = p.text_sha256 AND r.verdict = 'reject')"
        " FROM passages p JOIN documents d ON d.id = p.document_id WHERE EXISTS (SELECT 1"
        "  FROM judgements j WHERE j.passage_key = p.key AND j.text_sha256 = p.text_sha256)"
        " ORDER BY d.docno, p.position"
    )
    for key, docno, text, standing, rejected in rows:
        shown = set(json.loads(standing))
        label = {
            "id": key,
            "report": docno,
            "text": text,
            "themes": [one for one in themes() if one in shown],
            "rejected": [one for one in themes() if one in json.loads(rejected)],
        }
        own = sorted(filter(is_own, shown))
        yield label | ({"own": own} if own else {})


def _passage(db: Database, key: str) -> tuple[int, str, str]:
    row = db.execute(
        "SELECT id, text, text_sha256, boilerplate FROM passages WHERE key = ?", [key]
    ).fetchone()
    if row is None:
        raise NotHeld("The library does not hold that passage. Its document may have changed.")
    if row[3]:
        raise UsageError("That passage is standard wording of the form, which shows no theme.")
    return row[0], row[1], row[2]


def _check(db: Database, theme: str, *, who: str, note: str) -> None:
    known = [*themes(), *(row[0] for row in db.execute("SELECT key FROM own_themes ORDER BY 1"))]
    if theme not in known:
        listed = ", ".join(known)
        raise UnknownFilterValue(f"There is no theme '{theme}'. The themes are: {listed}.")
    if not who.strip():
        raise UsageError("Say who judges: a name is kept with every judgement.")
    for what, value in (("who", who), ("note", note)):
        if len(value) > _LONGEST[what]:
            raise UsageError(f"The {what} is too long: at most {_LONGEST[what]} characters.")


def _fitting(
    db: Database, passage_id: int, theme: str, verdict: Verdict, *, found: bool
) -> Verdict:
    if found:
        return Verdict.CONFIRM if verdict is Verdict.ADD else verdict
    added = db.execute(
        "SELECT 1 FROM tags WHERE passage_id = ? AND theme = ?", [passage_id, theme]
    ).fetchone()
    if verdict is Verdict.CONFIRM or (verdict is Verdict.REJECT and not added):
        raise UsageError(
            f"The software did not find '{theme}' in that passage, so there is nothing to "
            f"{verdict}. A theme that it missed can be added."
        )
    return verdict


def _set_free(db: Database, passage_id: int, theme: str) -> None:
    """Let the software's tag stand as if nobody had judged it."""
    meta.tags_changed(db)
    db.execute(
        "DELETE FROM tags WHERE passage_id = ? AND theme = ? AND source = ?",
        [passage_id, theme, TagSource.EDITOR],
    )
    db.execute(
        "UPDATE tags SET rejected = 0 WHERE passage_id = ? AND theme = ?", [passage_id, theme]
    )
