"""The doubts of every document, for lists: with the words that caused them, without names."""

import re
from dataclasses import dataclass

from sqlite_utils import Database

from kb.documents import Kind

WITHHELD = "[name withheld]"
"""What stands in a list of doubts for words of the name of the person who died."""

_NAMED_BY_SLUG = re.compile(r"^(.*?)(?:-prevention-of-future-deaths?(?:-report)?)?(?:-\d+)?$")
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDoubt:
    """A doubt with its document. `words` never name the person who died, as far as is known."""

    docno: str
    title: str
    kind: Kind
    field: str
    words: str
    reason: str


def held_doubts(
    db: Database,
    *,
    docno: str | None = None,
    field: str | None = None,
    reason: str | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[HeldDoubt]:
    """Return doubts by document; None narrows nothing, and a `limit` of None returns all."""
    wanted = {"docno": docno, "field": field, "reason": reason}
    columns = {"docno": "d.docno", "field": "x.field", "reason": "x.reason"}
    where = [f"{columns[name]} = :{name}" for name, value in wanted.items() if value is not None]
    rows = db.query(
        "SELECT d.docno, d.title, d.kind, d.deceased, d.url, x.field, x.words, x.reason"
        " FROM doubts x JOIN documents d ON d.id = x.document_id"
        f" WHERE {' AND '.join(where) or '1'} ORDER BY d.docno, x.position"
        " LIMIT :limit OFFSET :offset",
        wanted | {"limit": -1 if limit is None else limit, "offset": offset},
    )
    return [_held_doubt(dict(row)) for row in rows]


def _held_doubt(row: dict[str, str | None]) -> HeldDoubt:
    docno = row["docno"] or ""
    published = docno if row["url"] else None
    return HeldDoubt(
        docno=docno,
        title=row["title"] or "",
        kind=Kind(row["kind"] or ""),
        field=row["field"] or "",
        words=without_name(row["words"] or "", deceased=row["deceased"], slug=published),
        reason=row["reason"] or "",
    )


def without_name(words: str, *, deceased: str | None, slug: str | None) -> str:
    """Return words without the name of the person who died.

    One export states no name (`deceased` None), but the addresses of its reports are made of it
    ("ash-inventedname-prevention-of-future-deaths-report"); `slug` is None for what has no address.
    From an address only words with a capital count: not every one is made of a name.
    """
    if deceased:
        names, flags = re.findall(r"[^\W\d_]+", deceased), re.IGNORECASE
    else:
        found = _NAMED_BY_SLUG.match(slug or "")
        names = [name.capitalize() for name in (found[1] if found else "").split("-")]
        flags = re.NOFLAG
    hidden = sorted({re.escape(name) for name in names if len(name) >= _SHORTEST_NAME})
    if not hidden:
        return words
    one = rf"\b(?:{'|'.join(hidden)})\b"
    return re.sub(rf"{one}(?:[\s-]+{one})*", WITHHELD, words, flags=flags)
