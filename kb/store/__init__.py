"""The library on disk: SQLite through sqlite-utils, one writer, one transaction a document.

`Store` is the door; each concern has a module of its own with functions over a `Database`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from sqlite_utils import Database

from kb.errors import LibraryMissing, PfdError
from kb.settings import Home
from kb.store.lock import writer_lock
from kb.store.migrations import is_behind, migrate, refuse_newer

__all__ = ["Store"]


class Store:
    """An open library. Readers open read-only; the writer through `Store.writing`."""

    def __init__(self, db: Database, home: Home) -> None:
        self.db = db
        self.home = home

    @classmethod
    @contextmanager
    def writing(cls, home: Home, *, purpose: str) -> Iterator["Store"]:
        """Open for writing, making the library if there is none.

        Raises `LibraryLocked` if another process writes, `LibraryTooNew` if a later program wrote.
        """
        home.create()
        with (
            writer_lock(home, purpose=purpose),
            cls(_connect(home.database, read_only=False), home) as store,
        ):
            migrate(store.db)
            yield store

    @classmethod
    def reading(cls, home: Home) -> "Store":
        """Open read-only, bringing the tables of an earlier program's library up to date first.

        Raises `LibraryMissing` if there is no library yet.
        """
        if not home.database.exists():
            raise LibraryMissing(
                f"There is no library in {home.root}. Run 'pfdkb ingest PATH' to make one, "
                "or 'pfdkb demo' for the starter library."
            )
        store = cls(_connect(home.database, read_only=True), home)
        version = store.db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            store.close()
            raise LibraryMissing(
                f"The library in {home.root} is empty. Run 'pfdkb ingest PATH' to fill it."
            )
        refuse_newer(version)
        if is_behind(version):
            store.close()
            with cls.writing(home, purpose="update of the tables"):
                pass
            store = cls(_connect(home.database, read_only=True), home)
        return store

    def close(self) -> None:
        """Close the connection."""
        self.db.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _connect(path: Path, *, read_only: bool) -> Database:
    try:
        if read_only:
            uri = f"{path.resolve().as_uri()}?mode=ro"
            connection = sqlite3.connect(uri, uri=True, timeout=30, check_same_thread=False)
        else:
            connection = sqlite3.connect(path, timeout=30)
            path.chmod(0o600)
            connection.execute("PRAGMA journal_mode = WAL")
        # NORMAL keeps every committed transaction through a crash of the program; only a power
        # cut may lose the newest ones, and those are then simply read in again.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.DatabaseError as error:
        raise PfdError(
            f"{path} cannot be opened as a library ({error}). If it is damaged, move it away and "
            "ingest the documents again: nothing in it is the only copy."
        ) from error
    return Database(connection)
