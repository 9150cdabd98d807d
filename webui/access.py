"""How a page reaches the library: one read-only snapshot a request, one shared searcher.

Few pages write: an editor's word on a theme, and a user's own themes. They do so only for requests
from this machine, as the pages are served by default; a library that is served to others is read.
"""

import ipaddress
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask, abort, current_app, g, request, url_for

from index.search import Searcher
from index.similar import Similar
from kb.own_themes import OwnTheme
from kb.settings import Home
from kb.similar import ConcernReader
from kb.store import Store, own_themes
from kb.store.readers import Readers
from kb.themes import Theme

_NAME = "pfdkb"
AddOwnTheme = Callable[[Store, OwnTheme], int]
"""Keeps a new theme and tags the library with it; returns how many passages show it."""


@dataclass(frozen=True, slots=True)
class _Shared:
    home: Home
    readers: Readers
    searcher: Searcher
    add_own_theme: AddOwnTheme | None
    similar: Similar
    read_concerns: ConcernReader | None
    writing: threading.Lock = field(default_factory=threading.Lock)


def attach(
    app: Flask,
    home: Home,
    searcher: Searcher,
    add_own_theme: AddOwnTheme | None = None,
    *,
    similar: Similar,
    read_concerns: ConcernReader | None = None,
) -> None:
    """Give the application its library."""
    app.extensions[_NAME] = _Shared(
        home, Readers(home), searcher, add_own_theme, similar, read_concerns
    )
    app.teardown_appcontext(_close)
    app.jinja_env.globals.update(may_write=may_write, theme_address=theme_address)


def store() -> Store:
    """Return the library as it was when this request first asked. Raises `LibraryMissing`."""
    if "store" not in g:
        g.store = _shared().readers.take()
    opened: Store = g.store
    return opened


def failed() -> None:
    """Say that this request ended in an error: its connection is not lent to another."""
    g.failed = True


def book() -> dict[str, Theme]:
    """Return all themes by key, the codebook's and then the users' own, once a request."""
    if "book" not in g:
        g.book = own_themes.book(store().db)
    known: dict[str, Theme] = g.book
    return known


def theme_address(key: str) -> str:
    """Return the address of a theme's page, made once a request: a page of results has dozens."""
    known: dict[str, str] = g.setdefault("theme_addresses", {})
    if key not in known:
        known[key] = url_for("themes.one", key=key)
    return known[key]


def may_write() -> bool:
    """Tell whether this request may change the library: it comes from this machine."""
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


@contextmanager
def writing(purpose: str) -> Iterator[Store]:
    """Open the library for writing; a request that may not write ends in 403.

    Raises `LibraryLocked` while another process writes; requests of this one wait for each other.
    """
    if not may_write():
        abort(403)
    with _shared().writing, Store.writing(_shared().home, purpose=purpose) as opened:
        yield opened


def add_own_theme() -> AddOwnTheme | None:
    """Return what makes a user's own theme; None where this server cannot."""
    return _shared().add_own_theme


def searcher() -> Searcher:
    """Return the searcher that all requests share."""
    return _shared().searcher


def similar() -> Similar:
    """Return what finds past concerns, shared by all requests."""
    return _shared().similar


def read_concerns() -> ConcernReader | None:
    """Return what reads a pasted text into its concerns; None where this server cannot."""
    return _shared().read_concerns


def _shared() -> _Shared:
    shared: _Shared = current_app.extensions[_NAME]
    return shared


def _close(_error: BaseException | None) -> None:
    opened: Store | None = g.pop("store", None)
    if opened is not None:
        _shared().readers.give_back(opened, sound="failed" not in g)
