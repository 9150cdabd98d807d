"""What if the theme I look for is not in the list? Themes that users define for themselves."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from kb.errors import NotHeld, UsageError
from kb.own_themes import own_theme
from kb.store import own_themes
from webui import access
from webui.phrases import counted
from webui.views.judging import editor

pages = Blueprint("own_themes", __name__)

_FIELDS = ("name", "definition", "cues", "examples")
_KEY_AT_END = re.compile(r"(?:^|#p-|\s)([0-9a-f]{12})\s*$")


@pages.get("/themes/own/new")
def new() -> str:
    """An empty form for a theme; an example may be named in the address."""
    given = dict.fromkeys(_FIELDS, "") | {"examples": request.args.get("example", "")[:200]}
    return _form(given)


@pages.post("/themes/own/new")
def make() -> Answer | tuple[str, int]:
    """Make the theme, tag the library with it and show it; what cannot be is said on the form."""
    given = {name: request.form.get(name, "") for name in _FIELDS}
    add = access.add_own_theme()
    if add is None:
        raise UsageError("This server cannot make themes. Use 'pfdkb theme add'.")
    try:
        own = own_theme(
            name=given["name"],
            definition=given["definition"],
            cues=given["cues"].splitlines(),
            examples=[_example(line) for line in given["examples"].splitlines()],
            who=editor(),
        )
        with access.writing("theme add") as store:
            found = add(store, own)
    except (UsageError, NotHeld) as error:
        return _form(given, problem=error.sentence), error.status
    flash(f"The theme is made. {counted(found, 'passage')} held here show it.", "judged")
    return redirect(url_for("themes.one", key=own.key))


@pages.post("/themes/own/remove")
def remove() -> Answer:
    """Remove a theme with its tags and what was said of them."""
    with access.writing("theme remove") as store:
        own_themes.remove(store.db, request.form.get("key", ""))
    flash("The theme is removed.", "judged")
    return redirect(url_for("themes.every"))


def _example(line: str) -> str:
    """Return the key in a line that holds a passage's key or a link to the passage."""
    match = _KEY_AT_END.search(line)
    return match[1] if match else line.strip()


def _form(given: dict[str, str], *, problem: str | None = None) -> str:
    return render_template("themes/own_form.html", given=given, problem=problem)
