"""Is this theme right? An editor's word on the themes of a passage, and who the editor is."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as Answer

from kb.errors import UnknownFilterValue, UsageError
from kb.store import Store, judgements, passages
from kb.store.judgements import Verdict
from webui import access

pages = Blueprint("judging", __name__)

_WHO = "who"
_LONGEST_NAME = 120
_UNDO = "undo"
_KEPT = {
    Verdict.CONFIRM: "“{}” is confirmed on this passage.",
    Verdict.REJECT: "“{}” is rejected on this passage and counts no longer.",
    Verdict.ADD: "“{}” is added to this passage.",
}


def editor() -> str:
    """Return who judges: the login that the server vouches for, else the name once typed, or ""."""
    return request.remote_user or str(session.get(_WHO, ""))


@pages.get("/editor")
def who() -> str:
    """Ask for the name that is kept with judgements."""
    return render_template(
        "judging/who.html", who=editor(), login=request.remote_user, passage=_asked_passage()
    )


@pages.post("/editor")
def keep_who() -> Answer:
    """Keep the name in the cookie and go back to the passage it was asked for."""
    name = " ".join(request.form.get("who", "").split())
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UsageError(f"Type a name of at most {_LONGEST_NAME} letters.")
    session[_WHO] = name
    flash(f"Your judgements are kept under the name {name}.", "judged")
    key = request.form.get("passage", "")
    return redirect(_place(access.store(), key) if key else url_for("judging.who"))


@pages.post("/passages/<key>/themes")
def judge(key: str) -> Answer:
    """Confirm, reject or add a theme of a passage, or take such a word back; return to it."""
    said, _, theme = request.form.get("say", "").partition(" ")
    if said not in {*Verdict, _UNDO}:
        raise UsageError("A theme can be confirmed, rejected or added, and that can be undone.")
    judge_as = editor()
    if not judge_as:
        raise UsageError("Say who you are first: a name is kept with every judgement.")
    chosen = _theme(theme or request.form.get("theme", ""))
    name = access.book()[chosen].name
    with access.writing("judge") as store:
        if said == _UNDO:
            judgements.undo(store.db, key, chosen)
            flash(f"What was said of “{name}” is taken back.", "judged")
        else:
            kept = judgements.judge(store.db, key, chosen, Verdict(said), who=judge_as)
            flash(_KEPT[kept.verdict].format(name), "judged")
        return redirect(_place(store, key))


def _theme(written: str) -> str:
    """Return the key of a theme by its key or its name. Raises `UnknownFilterValue`."""
    book = access.book()
    wanted = " ".join(written.split())
    for key, theme in book.items():
        if key == wanted or theme.name.lower() == wanted.lower():
            return key
    shown = wanted[:60]
    raise UnknownFilterValue(f"There is no theme '{shown}'. Choose one of the list.")


def _asked_passage() -> str:
    key = request.args.get("passage", "")
    return passages.passage(access.store().db, key).key if key else ""


def _place(store: Store, key: str) -> str:
    """Return where a passage is read. Raises `NotHeld`."""
    row = passages.passage(store.db, key)
    document = passages.documents_of(store.db, [row.document_id])[row.document_id]
    marked = request.form.get("marked", "")
    theme = marked if marked in access.book() else None
    return url_for("documents.one", docno=document.docno, theme=theme, _anchor=f"p-{key}")
