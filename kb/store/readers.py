"""Connections for readers, used again: SQLite keeps what it has read, and opening takes a while."""

import queue
import sqlite3

from kb.settings import Home
from kb.store import Store

_MOST_IDLE = 8
_CACHE_KIB = 16_384
"""Pages that each connection keeps; a search of a large library reads some megabytes."""

_State = tuple[int, int, int]
"""Which file it is (device and number), and the version of its tables."""


class Readers:
    """Lends read-only libraries, each a snapshot of the moment it is first asked.

    Safe to share between threads; a library that was put in another's place is opened anew.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._idle: queue.LifoQueue[tuple[_State, Store]] = queue.LifoQueue(_MOST_IDLE)

    def take(self) -> Store:
        """Return a library within a transaction. Raises `LibraryMissing`, `LibraryTooNew`."""
        store = self._idle_one() or self._opened()
        # Within one transaction an ingest that runs meanwhile cannot make later answers
        # contradict earlier ones.
        store.db.execute("BEGIN")
        return store

    def give_back(self, store: Store) -> None:
        """End the transaction and keep the library for the next who asks."""
        try:
            store.db.conn.rollback()
            self._idle.put_nowait((self._state(store), store))
        except (queue.Full, sqlite3.Error, OSError):
            store.close()

    def _idle_one(self) -> Store | None:
        while True:
            try:
                state, store = self._idle.get_nowait()
            except queue.Empty:
                return None
            try:
                if state == self._state(store):
                    return store
            except (sqlite3.Error, OSError):
                pass  # it is gone or damaged: opening it anew says so
            store.close()

    def _opened(self) -> Store:
        store = Store.reading(self._home)
        store.db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        return store

    def _state(self, store: Store) -> _State:
        file = self._home.database.stat()
        version = store.db.execute("PRAGMA user_version").fetchone()[0]
        return file.st_dev, file.st_ino, version
