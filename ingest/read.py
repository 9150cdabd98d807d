"""Reading a file: what it holds, or why it cannot be read. The parsing happens in a child."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.formats import FORMATS
from ingest.reasons import unreadable
from kb.errors import Unreadable

READABLE: frozenset[str] = frozenset(FORMATS)
"""Suffixes of the files that can be read, lower case with their dot."""

_ELSEWHERE = {
    ".doc": "Save it in Word as .docx.",
    ".rtf": "Save it in Word as .docx.",
    ".odt": "Save it as .docx or PDF.",
    ".pages": "Export it as .docx or PDF.",
    ".xls": "Save the sheet as CSV.",
    ".xlsx": "Save the sheet as CSV.",
    ".eml": "Save the message as PDF or text, and its attachments as files of their own.",
    ".msg": "Save the message as PDF or text, and its attachments as files of their own.",
    ".zip": "Unpack it, then add the folder.",
    ".png": "A picture needs OCR (text recognition) first.",
    ".jpg": "A picture needs OCR (text recognition) first.",
    ".jpeg": "A picture needs OCR (text recognition) first.",
    ".tif": "A picture needs OCR (text recognition) first.",
    ".tiff": "A picture needs OCR (text recognition) first.",
}
_ANY_KIND = "Save it as PDF, Word (.docx), web page, Markdown, text or CSV."
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost: seconds and megabytes of memory to read it, its own size."""

    seconds: float = 60
    megabytes: int = 2000
    file_megabytes: int = 200


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a file holds.

    `text` is clean (see `ingest.clean`) and is "" for a table; `pages` holds the place in `text`
    of each page's first character, () where the format has no pages; `meta` is the YAML at the
    head of a Markdown file; `rows` are those of a CSV; `sha256` is of the bytes.
    """

    format: str
    text: str
    pages: tuple[int, ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, str], ...] = ()
    sha256: str


def read_file(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Reading:
    """Read one file in a child process that may be killed without harm.

    Raises `Unreadable` with one of the reasons of `ingest.reasons`.
    """
    _check(path, limits)
    answer = json.loads(_ask_child(path, limits))
    if "reason" in answer:
        raise Unreadable(answer["reason"], answer["detail"])
    answer["pages"] = tuple(answer["pages"])
    answer["rows"] = tuple(answer["rows"])
    return Reading(**answer)


def _check(path: Path, limits: Limits) -> None:
    if not path.exists():
        raise unreadable("missing")
    if not path.is_file():
        raise unreadable("not_a_file")
    suffix = path.suffix.lower()
    if suffix not in READABLE:
        advice = _ELSEWHERE.get(suffix, _ANY_KIND)
        raise unreadable("unsupported", suffix=suffix or "no ending", advice=advice)
    size = path.stat().st_size
    if size == 0:
        raise unreadable("empty")
    if size > limits.file_megabytes * _MEGABYTE:
        megabytes = -(-size // _MEGABYTE)
        raise unreadable("too_large", size=megabytes, limit=limits.file_megabytes)


def _ask_child(path: Path, limits: Limits) -> bytes:
    # -P: a file called csv.py in the working folder must not be run. The child finds its modules
    # where the parent found them, also in a checkout that is not installed.
    command = [sys.executable, "-P", "-m", "ingest.child", str(path.absolute())]
    modules = os.pathsep.join(entry for entry in sys.path if entry)
    try:
        child = subprocess.run(
            [*command, str(limits.megabytes)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=limits.seconds,
            env={**os.environ, "PYTHONPATH": modules},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise unreadable("too_slow", limit=limits.seconds) from None
    if child.returncode != 0:
        raise _unforeseen(child, limits)
    return child.stdout


def _unforeseen(child: subprocess.CompletedProcess[bytes], limits: Limits) -> Unreadable:
    """Name what ended the child: a signal of the system, or an error that a parser let through."""
    last = child.stderr.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
    if child.returncode == -9:  # the system kills by SIGKILL when memory runs out
        return unreadable("too_much_memory", limit=limits.megabytes)
    if child.returncode < 0:
        return unreadable("damaged", fault=f"it crashed the reader, signal {-child.returncode}")
    return unreadable("damaged", fault=f"the reader stopped: {last}")
