"""From paths to drafts: finding files, naming them, turning a reading into what it says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingest.clean import clean_text
from ingest.dates import parse_date
from ingest.exports import Refusal, drafts, origin_of
from ingest.read import DEFAULT_LIMITS, Limits, Reading, read_file
from kb.documents import Draft, Kind, Origin, Part, SectionKind
from kb.errors import Unreadable, UsageError
from kb.refs import docno_of_name, normalise_ref, slug_of

_TEXTS = frozenset(
    """
    title coroner coroner_area url licence respondent organisation year report_date
    source_file addressee
    """.split()
)
_LISTS = {"recipients", "categories", "organisation"}


@dataclass(frozen=True, slots=True)
class Failed:
    """A source that could not be read: the ledger row it ends in."""

    key: str
    source: str
    sha256: str | None
    reason: str
    detail: str


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Return every file under the paths, folders walked in order of name, hidden ones left out.

    A file named on the command line is always returned, whatever its kind; in folders files that
    no reader knows are returned too, so that they end in the ledger and not in silence. Raises
    `UsageError` for a path that is not there.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if p.is_file())
            found |= dict.fromkeys(
                p for p in inside if not any(n.startswith(".") for n in p.relative_to(path).parts)
            )
        elif path.exists():
            found[path] = None
        else:
            raise UsageError(f"There is no file or folder {path}. Check the path and try again.")
    return list(found)


def file_key(path: Path) -> str:
    """Return the name under which a file stands in the ledger."""
    return f"file:{_plain(str(path.resolve()))}"


def shown_name(path: Path) -> str:
    """Return a file's name as it can be printed and stored."""
    return _plain(path.name)


def _plain(name: str) -> str:
    # A file name may hold bytes that are no text and control characters that would break a line.
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return re.sub(r"[\x00-\x1f\x7f]", "?", readable)


def read_source(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Draft | Failed]:
    """Read a file in a child process and yield what it says, or why it could not be read.

    A published export yields a draft for every row, anything else exactly one item.
    """
    key = file_key(path)
    try:
        reading = read_file(path, limits=limits)
        if reading.format == "csv":
            yield from _export(path, reading)
        else:
            yield _document(path, reading)
    except Unreadable as error:
        yield Failed(key, shown_name(path), None, error.reason, error.detail)


def _export(path: Path, reading: Reading) -> Iterator[Draft | Failed]:
    origin = origin_of(reading.rows[0] if reading.rows else ())
    for item in drafts(reading.rows, origin=origin, source=shown_name(path)):
        if isinstance(item, Refusal):
            key = f"{file_key(path)}#{item.line}"
            yield Failed(
                key, f"{shown_name(path)}, row {item.line}", None, item.reason, item.detail
            )
        else:
            yield item


def _document(path: Path, reading: Reading) -> Draft:
    fields = _front_matter(reading.meta)
    is_digest = reading.meta.get("verbatim") is False
    parts = _digest_parts(reading.text) if is_digest else (_whole(reading.text),)
    draft = Draft(
        key=file_key(path),
        docno=docno_of_name(path.stem),
        origin=Origin.DIGEST if is_digest else Origin.FILE,
        source=shown_name(path),
        sha256=reading.sha256,
        parts=parts,
        pages=reading.pages,
        fields=fields,
    )
    if "url" in fields and slug_of(fields["url"]):
        return replace(draft, docno=slug_of(fields["url"]))
    if "source_file" in reading.meta:
        return replace(draft, docno=docno_of_name(Path(str(reading.meta["source_file"])).stem))
    return draft


def _whole(text: str) -> Part:
    return Part(SectionKind.BODY, "", text)


_DIGEST_SECTIONS = {
    "summary": SectionKind.SUMMARY,
    "circumstances": SectionKind.CIRCUMSTANCES,
    "concerns": SectionKind.CONCERNS,
    "concerns answered": SectionKind.CONCERNS,
    "answers": SectionKind.ANSWER,
    "recommendations": SectionKind.RECOMMENDATIONS,
}


def _digest_parts(text: str) -> tuple[Part, ...]:
    """Divide a digest at its "## " headings, which say what each part is."""
    before, *rest = re.split(r"^## +", text, flags=re.MULTILINE)
    parts = [_whole(before.strip())] if before.strip() else []
    for piece in rest:
        heading, _, body = piece.partition("\n")
        kind = _DIGEST_SECTIONS.get(heading.strip().lower(), SectionKind.BODY)
        if body.strip():
            parts.append(Part(kind, heading.strip(), body.strip()))
    return tuple(parts)


def _front_matter(meta: Any) -> dict[str, Any]:
    """Return the claims of a Markdown file's front matter; what we do not know is left out."""
    fields: dict[str, Any] = {}
    for name, value in meta.items():
        if value is None:
            continue
        if name in _LISTS and isinstance(value, list):
            fields[name] = tuple(clean_text(str(one)).strip() for one in value)
        elif name in _TEXTS:
            fields[name] = clean_text(str(value)).strip()
    if str(meta.get("kind", "")) in set(Kind):
        fields["kind"] = str(meta["kind"])
    date = parse_date(str(meta.get("date", "")))
    if date:
        fields["date"] = date
    written = str(meta.get("ref") or "").strip()
    ref = normalise_ref(written)
    if ref:
        fields |= {"ref": ref, "ref_written": written}
    return {name: value for name, value in fields.items() if value}
