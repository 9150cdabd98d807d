"""How a page reaches the library: one read-only snapshot a request, one shared searcher."""

from dataclasses import dataclass

from flask import Flask, current_app, g

from index.search import Searcher
from kb.settings import Home
from kb.store import Store

_NAME = "pfdkb"


@dataclass(frozen=True, slots=True)
class _Shared:
    home: Home
    searcher: Searcher


def attach(app: Flask, home: Home, searcher: Searcher) -> None:
    """Give the application its library."""
    app.extensions[_NAME] = _Shared(home, searcher)
    app.teardown_appcontext(_close)


def store() -> Store:
    """Return the library as it was when this request first asked. Raises `LibraryMissing`."""
    if "store" not in g:
        g.store = Store.reading(_shared().home)
        # A page asks several questions; within one transaction an ingest that runs meanwhile
        # cannot make the later answers contradict the earlier ones.
        g.store.db.execute("BEGIN")
    opened: Store = g.store
    return opened


def searcher() -> Searcher:
    """Return the searcher that all requests share."""
    return _shared().searcher


def _shared() -> _Shared:
    shared: _Shared = current_app.extensions[_NAME]
    return shared


def _close(_error: BaseException | None) -> None:
    opened: Store | None = g.pop("store", None)
    if opened is not None:
        opened.close()
