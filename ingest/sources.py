"""From paths to drafts: finding files, naming them, turning a reading into what it says."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from urllib.parse import urlsplit

from ingest.exports import Refusal, drafts, origin_of
from ingest.front_matter import LONGEST_FIELD, digest_parts, front_matter
from ingest.gaps import narrow
from ingest.read import DEFAULT_LIMITS, Limits, Reading, read_file
from ingest.reasons import unreadable
from kb.documents import Draft, Origin, Part, SectionKind
from kb.errors import Unreadable, UsageError
from kb.refs import docno_of_name, slug_of


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read: where its bytes lie, and what the ledger calls it.

    `key` names it in the ledger and `shown` to a person; `stem` is its name without the ending.
    """

    path: Path
    key: str
    shown: str
    stem: str

    @classmethod
    def of(cls, path: Path) -> "Source":
        """Return a file on disk as a source."""
        return cls(path, file_key(path), shown_name(path), path.stem)

    def inside(self, name: str, path: Path) -> "Source":
        """Return a file of this archive: its name there, and where it was unpacked to."""
        plain = _plain(name)
        return Source(path, f"{self.key}/{plain}", f"{self.shown}/{plain}", PurePath(name).stem)


@dataclass(frozen=True, slots=True)
class Failed:
    """A source that could not be read: the ledger row it ends in."""

    key: str
    source: str
    sha256: str | None
    reason: str
    detail: str


def failed(source: Source, error: Unreadable) -> Failed:
    """Return the ending of a source that could not be read."""
    return Failed(source.key, source.shown, None, error.reason, error.detail)


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Return every file under the paths, folders walked in order of name, hidden ones left out.

    A file named on the command line is always returned, whatever its kind; in folders files that
    no reader knows, and pipes and broken links, are returned too, so that they end in the ledger
    and not in silence. Raises `UsageError` for a path that is not there.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if _is_there(path) and path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if not p.is_dir())
            found |= dict.fromkeys(
                p for p in inside if not any(n.startswith(".") for n in p.relative_to(path).parts)
            )
        else:
            found[path] = None
    return list(found)


def _is_there(path: Path) -> bool:
    """Return True, or raise `UsageError` where there is nothing or it may not be looked at."""
    try:
        there = path.exists()
    except OSError as error:  # no permission, a name too long
        raise UsageError(f"{path} cannot be opened: {error.strerror}. Check the path.") from None
    if not there:
        raise UsageError(f"There is no file or folder {path}. Check the path and try again.")
    return there


def file_key(path: Path) -> str:
    """Return the name under which a file stands in the ledger."""
    return f"file:{_plain(os.path.realpath(path))}"  # resolve() raises on a link to itself


def shown_name(path: Path) -> str:
    """Return a file's name as it can be printed and stored."""
    return _plain(path.name)


def _plain(name: str) -> str:
    # A file name may hold bytes that are no text and control characters that would break a line.
    readable = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return re.sub(r"[\x00-\x1f\x7f]", "?", readable)


def read_source(
    source: Source | Path, *, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Draft | Failed]:
    """Read a file in a child process and yield what it says, or why it could not be read.

    A published export yields a draft for every row, anything else exactly one item.
    """
    if isinstance(source, Path):
        source = Source.of(source)
    try:
        reading = read_file(source.path, limits=limits)
        if reading.format == "csv":
            yield from _export(source, reading, limits)
        else:
            yield _document(source, reading)
    except Unreadable as error:
        yield failed(source, error)


def _export(source: Source, reading: Reading, limits: Limits) -> Iterator[Draft | Failed]:
    origin = origin_of(reading.rows[0] if reading.rows else ())
    for line, item in enumerate(
        drafts(map(_addressed, reading.rows), origin=origin, source=source.shown), start=2
    ):
        row = Source(source.path, f"{source.key}#{line}", f"{source.shown}, row {line}", "")
        if isinstance(item, Refusal):
            yield failed(row, Unreadable(item.reason, item.detail))
        elif sum(len(part.text) for part in item.parts) > limits.characters:
            yield failed(row, unreadable("too_long", limit=limits.characters))
        elif any(len(str(value)) > LONGEST_FIELD for value in item.fields.values()):
            yield failed(row, unreadable("too_long", limit=LONGEST_FIELD))
        else:
            parts = (replace(part, text=narrow(part.text)) for part in item.parts)
            yield replace(item, parts=tuple(parts))


def _document(source: Source, reading: Reading) -> Draft:
    fields = _scan_facts(reading) | front_matter(reading.meta)
    is_digest = reading.meta.get("verbatim") is False
    parts = digest_parts(reading.text) if is_digest else (_whole(reading.text),)
    if not any(map(str.isalpha, "".join(part.text for part in parts))):
        raise unreadable("empty")  # a digest cut off after a heading
    draft = Draft(
        key=source.key,
        docno=docno_of_name(source.stem),
        origin=Origin.DIGEST if is_digest else Origin.FILE,
        source=source.shown,
        sha256=reading.sha256,
        parts=parts,
        pages=reading.pages,
        fields=fields,
    )
    if not _is_address(fields.get("url", "")):
        del fields["url"]
    if "url" in fields and slug_of(fields["url"]):
        return replace(draft, docno=slug_of(fields["url"]))
    if "source_file" in reading.meta:
        return replace(draft, docno=docno_of_name(Path(str(reading.meta["source_file"])).stem))
    return draft


def _addressed(row: Mapping[str, str]) -> Mapping[str, str]:
    """Blank the addresses of a row that are none: it is then refused for want of one."""
    broken = [name for name, cell in row.items() if name.endswith("url") and not _is_address(cell)]
    return {**row, **dict.fromkeys(broken, "")} if broken else row


def _is_address(written: str) -> bool:
    """Tell whether an address can be taken apart; one such as "http://[x" cannot."""
    try:
        urlsplit(written.strip())
    except ValueError:
        return False
    return True


def _scan_facts(reading: Reading) -> dict[str, str]:
    """Return what a reader should know of a PDF's scanned pages, as words."""
    if reading.format != "pdf":
        return {}
    facts = {}
    if "ocr_confidence" in reading.meta:
        facts["ocr_confidence"] = str(reading.meta["ocr_confidence"])
        facts["ocr_pages"] = ", ".join(reading.meta["ocr_pages"])
    if "pages_without_text" in reading.meta:
        facts["pages_without_text"] = ", ".join(map(str, reading.meta["pages_without_text"]))
    return facts


def _whole(text: str) -> Part:
    return Part(SectionKind.BODY, "", text)
