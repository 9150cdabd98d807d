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
        self._lent: dict[int, tuple[_State, Store]] = {}

    def take(self) -> Store:
        """Return a library within a transaction. Raises `LibraryMissing`, `LibraryTooNew`."""
        state, store = self._idle_one() or self._opened()
        self._lent[id(store)] = state, store
        # Within one transaction an ingest that runs meanwhile cannot make later answers
        # contradict earlier ones.
        store.db.execute("BEGIN")
        return store

    def give_back(self, store: Store, *, sound: bool = True) -> None:
        """End the transaction and keep the library for the next who asks.

        It is closed instead where it is not `sound`: after an error a question may still be open,
        and with it the snapshot.
        """
        state, _ = self._lent.pop(id(store))
        try:
            store.db.conn.rollback()
            if sound:
                self._idle.put_nowait((state, store))
                return
        except (queue.Full, sqlite3.Error):
            pass  # one connection more than is kept, or one that is of no use
        store.close()

    def _idle_one(self) -> tuple[_State, Store] | None:
        while True:
            try:
                state, store = self._idle.get_nowait()
            except queue.Empty:
                return None
            try:
                if state == self._state(store):
                    return state, store
            except (sqlite3.Error, OSError):
                pass  # it is gone or damaged: opening it anew says so
            store.close()

    def _opened(self) -> tuple[_State, Store]:
        # Looked at before it is opened: if another file is put there in between, the connection
        # is closed when it is given back, and never the other way round.
        file = self._file() if self._home.database.exists() else (0, 0)
        store = Store.reading(self._home)
        store.db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        return (*file, _version(store)), store

    def _state(self, store: Store) -> _State:
        return *self._file(), _version(store)

    def _file(self) -> tuple[int, int]:
        found = self._home.database.stat()
        return found.st_dev, found.st_ino


def _version(store: Store) -> int:
    version: int = store.db.execute("PRAGMA user_version").fetchone()[0]
    return version
