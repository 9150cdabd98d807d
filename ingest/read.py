"""Reading a file: what it holds, or why it cannot be read. The parsing happens in a child."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from stat import S_ISREG
from typing import Any

from ingest import ocr
from ingest.formats import FORMATS
from ingest.reasons import unreadable, unsupported
from kb.errors import Unreadable

READABLE: frozenset[str] = frozenset(FORMATS)
"""Suffixes of the files that can be read, lower case with their dot; an archive's is none."""

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost.

    Seconds and megabytes of memory to read it, its own megabytes, the characters of its text (of a
    table: of all its cells); then seconds, pages and megabytes of memory for recognising the text
    of a scan, and how much an archive may hold: megabytes when unpacked, files, and how many times
    a file's packed size.

    All of a hostile file, reading and dividing, must end within 60 s and 1 GB: two million
    characters are divided in about 20 s.
    """

    seconds: float = 40
    megabytes: int = 900
    file_megabytes: int = 200
    characters: int = 2_000_000
    table_characters: int = 50_000_000
    ocr_seconds: float = 300
    ocr_pages: int = 100
    ocr_megabytes: int = 2500
    archive_megabytes: int = 2000
    archive_files: int = 10_000
    archive_ratio: int = 200


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file holds.

    `text` is clean (see `ingest.clean`) and is "" for a table; `pages` holds the place in `text`
    of each page's first character, () where the format has no pages; `meta` is the YAML at the
    head of a Markdown file, and what is known of a PDF's scanned pages (see
    `ingest.formats_pdf.Pages`); `rows` are those of a CSV; `sha256` is of the bytes.
    """

    format: str
    text: str
    pages: tuple[int, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, str], ...] = ()
    sha256: str


def read_file(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """Read one file in a child process that may be killed without harm.

    Scanned pages of a PDF are recognised where the extra is installed. Raises `Unreadable` with
    one of the reasons of `ingest.reasons`.
    """
    check_kind(path)
    check_file(path, limits=limits)
    answer = _with_scans(path, limits)
    answer["pages"] = tuple(answer["pages"])
    answer["rows"] = tuple(answer["rows"])
    return Reading(**answer)


def check_kind(path: Path) -> None:
    """Raise `Unreadable` where a name's ending is of no kind that can be read."""
    suffix = path.suffix.lower()
    if suffix not in READABLE and is_file(path):
        raise unsupported(suffix)


def is_file(path: Path) -> bool:
    """Tell whether there is an ordinary file: no folder, pipe, device, or link to nothing.

    Raises `Unreadable` ("missing", "no_permission") where that cannot be told.
    """
    try:
        return S_ISREG(path.stat().st_mode)
    except PermissionError:
        raise unreadable("no_permission") from None
    except (OSError, ValueError):  # no such name, a link to itself, a name too long, a NUL in it
        raise unreadable("missing") from None


def check_file(path: Path, *, limits: Limits) -> None:
    """Raise `Unreadable` where there is no ordinary file of a size that can be read."""
    if not is_file(path):
        raise unreadable("not_a_file")
    size = path.stat().st_size
    if size == 0:
        raise unreadable("empty")
    if size > limits.file_megabytes * _MEGABYTE:
        megabytes = -(-size // _MEGABYTE)
        raise unreadable("too_large", size=megabytes, limit=limits.file_megabytes)


def _with_scans(path: Path, limits: Limits) -> dict[str, Any]:
    """Read a file; where a PDF has pages that are pictures, read it again with recognition."""
    try:
        answer = ask_child("read", path, limits=limits)
    except Unreadable as error:
        if error.reason != "needs_ocr" or not ocr.available():
            raise
        return ask_child("recognise", path, limits=limits)
    scanned = answer["format"] == "pdf" and "pages_without_text" in answer["meta"]
    if scanned and ocr.available():
        with suppress(Unreadable):  # too many pages, say: what has a text layer is kept
            return ask_child("recognise", path, limits=limits)
    return answer


def ask_child(
    task: str, path: Path, *, limits: Limits, folder: Path | None = None
) -> dict[str, Any]:
    """Have a task of `ingest.child` done in a process of its own and return its answer.

    `folder` is where an archive is unpacked. Raises `Unreadable`.
    """
    slow = task == "recognise"
    seconds = limits.ocr_seconds if slow else limits.seconds
    megabytes = limits.ocr_megabytes if slow else limits.megabytes
    order = {
        "task": task,
        "path": str(path.absolute()),
        "folder": str(folder) if folder else None,
        "limits": asdict(limits),
        "megabytes": megabytes,
    }
    # -P: a file called csv.py in the working folder must not be run. The child finds its modules
    # where the parent found them, also in a checkout that is not installed.
    modules = os.pathsep.join(entry for entry in sys.path if entry)
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-m", "ingest.child", json.dumps(order)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            env={**os.environ, "PYTHONPATH": modules},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise unreadable("too_slow", limit=seconds) from None
    if child.returncode != 0:
        raise _unforeseen(child, megabytes)
    answer: dict[str, Any] = json.loads(child.stdout)
    if "reason" in answer:
        raise Unreadable(answer["reason"], answer["detail"])
    return answer


def _unforeseen(child: subprocess.CompletedProcess[bytes], megabytes: int) -> Unreadable:
    """Name what ended the child: a signal of the system, or an error that a parser let through."""
    last = child.stderr.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
    if child.returncode == -9:  # the system kills by SIGKILL when memory runs out
        return unreadable("too_much_memory", limit=megabytes)
    if child.returncode < 0:
        return unreadable("damaged", fault=f"it crashed the reader, signal {-child.returncode}")
    return unreadable("damaged", fault=f"the reader stopped: {last}")
