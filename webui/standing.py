"""What stands beside every figure that leaves the pages: its date, its library, how to read it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import kb
from kb.errors import LibraryMissing
from kb.library import CONTENT_NOTE, INDEPENDENCE, OGL_NOTE
from kb.store import Store, meta
from kb.store.caveats import BY_SOFTWARE, HELD, NO_RANKING, NO_RESPONSE, NO_SAMPLE
from kb.store.tables import status
from webui import access
from webui.csvs import Cell

ADDRESSES = "Addresses of published reports may contain a person's name."
METHOD = (
    "Each document counts once, however many of its passages match. Themes are tagged by a small "
    "model, words and rules; an editor's word outranks them."
)


def with_standing(about: Iterable[tuple[Cell, Cell]]) -> list[tuple[Cell, Cell]]:
    """Return lines about figures with those that every export has and these do not yet.

    A line is there already if its label is (date, library, method) or its words are (caveats). A
    line without a value falls away.
    """
    given = [(label, value) for label, value in about if value not in (None, "")]
    labels = {label for label, _ in given}
    words = {value for _, value in given}
    facts = [(label, value) for label, value in _facts() if label not in labels]
    notes = [(label, value) for label, value in _notes() if value not in words]
    return given + facts + notes


def _facts() -> Iterator[tuple[Cell, Cell]]:
    yield "Made on", today()
    yield "Library", library_words(held())
    yield "Program", f"pfd-kb {kb.__version__}"
    yield "Method", METHOD


def _notes() -> Iterator[tuple[Cell, Cell]]:
    for caveat in (HELD, NO_SAMPLE, BY_SOFTWARE, NO_RESPONSE, NO_RANKING, ADDRESSES):
        yield "Caveat", caveat
    yield "Note", CONTENT_NOTE
    yield "Note", INDEPENDENCE
    yield "Licence", OGL_NOTE


def today() -> str:
    """Return the day on which a file is made."""
    return datetime.now(UTC).date().isoformat()


def library_words(store: Store | None) -> str:
    """Return which state of the library a figure was taken from; None is no library."""
    if store is None:
        return "none yet"
    return f"generation {meta.generation(store.db)}, last changed {changed(store)[:10] or 'never'}"


def changed(store: Store) -> str:
    """Return when the library last changed, in ISO form; empty for never."""
    return str(status(store.db)["updated"] or "")


def held() -> Store | None:
    """Return this request's library, None where there is none yet."""
    try:
        return access.store()
    except LibraryMissing:
        return None
