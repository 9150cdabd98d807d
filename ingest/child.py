"""The child process that reads one file: `python -m ingest.child ORDER`, the order being JSON.

A damaged or hostile file can crash, hang or exhaust the libraries that parse it, so they run here
and not in the program itself. The answer is one JSON object on standard output: what was read or
unpacked, or a reason with its sentence. Anything unforeseen ends in a traceback, which the parent
reports.
"""

import hashlib
import io
import json
import os
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from ingest.formats import FORMATS, Content, read_pdf_file
from ingest.ocr import recogniser
from ingest.read import Limits
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
    """Print the answer to an order as JSON; returns 0 also where the answer is a refusal."""
    order = json.loads(arguments[0])
    with _private_output() as out:
        out.write(_answer(order))
    return 0


def _private_output() -> BinaryIO:
    """Return standard output, and send there no more what a library may print by itself."""
    sys.stdout.flush()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out


def _answer(order: Mapping[str, Any]) -> bytes:
    path, limits = Path(order["path"]), Limits(**order["limits"])
    limit_process(order["megabytes"])
    try:
        if order["task"] == "unpack":
            from ingest.archives import unpack  # 40 ms that no other file need wait for

            return _encoded({"members": unpack(path, Path(order["folder"]), limits=limits)})
        return _encoded(read(path, limits=limits, recognise=order["task"] == "recognise"))
    except Unreadable as error:
        return _encoded({"reason": error.reason, "detail": error.detail})
    except RecursionError:
        refusal = unreadable("too_nested")
    except MemoryError:  # also where a few lines of YAML stand for more than can be written out
        refusal = unreadable("too_much_memory", limit=order["megabytes"])
    return _encoded({"reason": refusal.reason, "detail": refusal.detail})


def _encoded(answer: Mapping[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")


def limit_process(megabytes: int) -> None:
    """Forbid this process more address space, and an image of itself on disk, where it can be."""
    try:
        import resource
    except ImportError:  # Windows: only the time limit holds
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # it would hold the document's words
    wanted = megabytes * 1024 * 1024
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    except (ValueError, OSError):  # macOS knows the limit but refuses to set it
        return


def read(path: Path, *, limits: Limits, recognise: bool = False) -> dict[str, Any]:
    """Return format, text, pages, meta, rows and sha256 of a file.

    `recognise` sends scanned pages of a PDF through text recognition. Raises `Unreadable`, and
    whatever a parser lets through on a damaged file.
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
    if recognise:
        content = read_pdf_file(data, recogniser(), scans=limits.ocr_pages)
    else:
        content = parse(data)
    _check_length(content, limits)
    return {
        "format": name,
        "text": content.text,
        "pages": content.pages,
        "meta": content.meta,
        "rows": content.rows,
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def _check_length(content: Content, limits: Limits) -> None:
    if len(content.text) > limits.characters:
        raise unreadable("too_long", limit=limits.characters)
    cells = sum(len(cell) for row in content.rows for cell in row.values())
    if cells > limits.table_characters:
        raise unreadable("too_long", limit=limits.table_characters)


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
