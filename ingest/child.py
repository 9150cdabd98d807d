"""The child process that reads one file: `python -m ingest.child PATH MEGABYTES`.

A damaged or hostile file can crash, hang or exhaust the libraries that parse it, so they run here
and not in the program itself. The answer is one JSON object on standard output: a reading, or a
reason with its sentence. Anything unforeseen ends in a traceback, which the parent reports.
"""

import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

from ingest.formats import FORMATS, Content
from ingest.reasons import unreadable
from kb.errors import Unreadable

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_SIGNATURES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "rich text (.rtf)"),
    (b"\x1f\x8b", "a compressed file (.gz)"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file (.7z)"),
    (b"Rar!\x1a\x07", "a compressed file (.rar)"),
    (b"SQLite format 3\0", "a database"),
    (_OLD_OFFICE, "an older Office file or an Outlook message (.doc, .xls, .msg)"),
)
# Two letters that a text may begin with too: these need a NUL soon after.
_SHORT_SIGNATURES = ((b"MZ", "a program (.exe)"), (b"BM", "a BMP picture"))
_INSIDE_ZIP = (
    ("word/", "a Word document", "docx"),
    ("xl/", "an Excel workbook", None),
    ("ppt/", "a PowerPoint presentation", None),
    ("content.xml", "an OpenDocument file", None),
)
_WEB_PAGE = (b"<!doctype html", b"<html")


def main(arguments: list[str]) -> int:
    """Print the reading of a file as JSON; returns 0 also where the answer is a refusal."""
    path, megabytes = Path(arguments[0]), int(arguments[1])
    try:
        limit_memory(megabytes)
        answer = json.dumps(read(path), default=str)
    except Unreadable as error:
        answer = _refusal(error)
    except MemoryError:
        answer = _refusal(unreadable("too_much_memory", limit=megabytes))
    sys.stdout.write(answer)
    return 0


def _refusal(error: Unreadable) -> str:
    return json.dumps({"reason": error.reason, "detail": error.detail})


def limit_memory(megabytes: int) -> None:
    """Forbid this process more address space, where the platform can."""
    try:
        import resource
    except ImportError:  # Windows: only the time limit holds
        return
    wanted = megabytes * 1024 * 1024
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    except (ValueError, OSError):  # macOS knows the limit but refuses to set it
        return


def read(path: Path) -> dict[str, Any]:
    """Return format, text, pages, meta, rows and sha256 of a file.

    Raises `Unreadable`, and whatever a parser lets through on a damaged file.
    """
    try:
        data = path.read_bytes()
    except PermissionError:
        raise unreadable("no_permission") from None
    except FileNotFoundError:
        raise unreadable("missing") from None
    suffix = path.suffix.lower()
    name, parse = FORMATS[suffix]
    check_label(data, suffix=suffix, name=name)
    content: Content = parse(data)
    return {
        "format": name,
        "text": content.text,
        "pages": content.pages,
        "meta": content.meta,
        "rows": content.rows,
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def check_label(data: bytes, *, suffix: str, name: str) -> None:
    """Raise `Unreadable` where the bytes are not what the suffix says."""
    if name == "docx" and data.startswith(_OLD_OFFICE) and _ENCRYPTED_OFFICE in data:
        raise unreadable("encrypted")
    found, really = looks_like(data)
    text = name not in ("pdf", "docx")
    if really == name or (text and really is None and found == "plain text"):
        return
    if name == "md" and really == "html":  # Markdown may begin with a tag
        return
    if found:
        raise unreadable("mislabelled", suffix=suffix, found=found)
    if not text:
        raise unreadable("damaged", fault=f"it does not begin as a {name.upper()} file")


def looks_like(data: bytes) -> tuple[str, str | None]:
    """Return what the bytes look like in words ("" if nothing known), and our name for it."""
    head = data[:1024]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"%PDF-" in head:
        return "a PDF", "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _inside_zip(data)
    for magic, found in _SIGNATURES:
        if head.startswith(magic):
            return found, None
    for magic, found in _SHORT_SIGNATURES:
        if head.startswith(magic) and b"\0" in head[:64]:
            return found, None
    if start[:14].lower().startswith(_WEB_PAGE):
        return "a web page", "html"
    return ("", None) if b"\0" in head else ("plain text", None)


def _inside_zip(data: bytes) -> tuple[str, str | None]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return "a damaged archive", "docx"  # for a .docx, its parser says what is wrong
    for prefix, found, name in _INSIDE_ZIP:
        if any(entry.startswith(prefix) for entry in names):
            return found, name
    return "a ZIP archive", None


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
