"""What is held, and can I trust it?"""

from collections import Counter

from flask import Blueprint, render_template

from kb.documents import Kind
from kb.store import ledger, meta
from kb.store.tables import status
from webui import access

pages = Blueprint("library", __name__)

_MOST_FAILURES = 200


@pages.get("/library")
def held() -> str:
    """What is held by kind, what could not be read and why, the model and the index."""
    db = access.store().db
    facts = status(db)
    failures = ledger.entries(db, state="failed")
    index = facts["index"]
    return render_template(
        "library/held.html",
        held=facts,
        by_kind=[(kind, facts["documents"]["by_kind"].get(kind, 0)) for kind in Kind],
        failures=failures[:_MOST_FAILURES],
        failed=len(failures),
        reasons=Counter(str(entry.reason) for entry in failures).most_common(),
        generation=meta.generation(db),
        index_current=bool(index) and index["generation"] == meta.generation(db),
    )
