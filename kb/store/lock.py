"""One writer at a time: a lock file that says who holds it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from kb.errors import LibraryLocked
from kb.settings import Home


@contextmanager
def writer_lock(home: Home, *, purpose: str) -> Iterator[None]:
    """Hold the library's only writing place. Raises `LibraryLocked` at once if it is taken.

    The lock is the operating system's, so a killed process leaves nothing behind; the note beside
    it is only for the sentence that the next one prints.
    """
    note = home.root / "writer.json"
    lock = FileLock(home.root / "writer.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LibraryLocked(_who_holds(note)) from None
    try:
        started = datetime.now(UTC).isoformat(timespec="seconds")
        note.write_text(json.dumps({"pid": os.getpid(), "purpose": purpose, "since": started}))
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _who_holds(note: Path) -> str:
    try:
        held = json.loads(note.read_text(encoding="utf-8"))
        who = f"'pfdkb {held['purpose']}' (process {held['pid']}, since {held['since']})"
    except (OSError, ValueError, KeyError):
        who = "another pfdkb process"
    return f"The library is being written to by {who}. Wait until it has finished, then try again."
