"""What keeps the pages closed to others: headers on every answer, tokens on every form.

The library may hold unpublished documents, so nothing is cached, framed, scripted or fetched from
elsewhere, and other sites can neither read a page nor post to it.
"""

import hmac
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request, session

from kb.errors import UsageError
from kb.settings import Home

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=()",
}
_LARGEST_FORM = 64 * 1024
_WHOLE_REPORT = 4 * 1024 * 1024
_LARGEST = {"similar.pasted": _WHOLE_REPORT, "api.similar_pasted": _WHOLE_REPORT}
"""Who is sent a whole report; a character takes twelve bytes at worst as a form is sent."""
_CHANGES_NOTHING = frozenset({"api.similar_pasted"})
"""Takes JSON without a token: no other site may send that kind, nor read the answer."""
_TOKEN = "csrf"
_KEY_LENGTH = 64
HOSTS = "PFDKB_HOSTS"


def attach(app: Flask, home: Home) -> None:
    """Set the session's key and limits, and check every request and answer."""
    app.secret_key = _secret_key(home)
    app.config.update(
        MAX_CONTENT_LENGTH=_LARGEST_FORM,
        SESSION_COOKIE_NAME="pfdkb",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
    )
    app.before_request(_check_host)
    app.before_request(_check_form)
    app.after_request(_add_headers)
    app.jinja_env.globals["csrf_token"] = csrf_token


def csrf_token() -> str:
    """Return this session's token, which every form must send back."""
    token: str = session.setdefault(_TOKEN, secrets.token_urlsafe(16))
    return token


def limit_hosts(app: Flask, names: list[str]) -> None:
    """Answer only requests addressed to these host names.

    A page elsewhere can point a name of its own at this machine and read what is served here; the
    name then gives it away.
    """
    app.config[HOSTS] = frozenset(names)


def _check_host() -> None:
    allowed: frozenset[str] | None = current_app.config.get(HOSTS)
    if allowed is None:
        return
    name = urlsplit(f"//{request.host}").hostname or ""
    if name not in allowed:
        raise UsageError(
            "This library answers only under its own address. Open it by the address that "
            "'pfdkb serve' printed."
        )


def _check_form() -> None:
    if request.method != "POST" or request.routing_exception is not None:
        return
    largest = _LARGEST.get(request.endpoint or "", _LARGEST_FORM)
    request.max_content_length = request.max_form_memory_size = largest
    if request.endpoint in _CHANGES_NOTHING:
        return
    sent = request.form.get(_TOKEN, "").encode()
    known = str(session.get(_TOKEN, "")).encode()
    if not known or not hmac.compare_digest(sent, known):
        raise UsageError(
            "This form was not sent from this page, or the page is out of date. "
            "Go back, reload the page and try again."
        )


def _add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def _secret_key(home: Home) -> str:
    """Return the key that signs cookies, kept in the home so that case lists outlive a restart."""
    file = home.root / "secret.key"
    try:
        return _kept(file) or _made(file)
    except OSError:
        # No home yet, or one that may only be read: case lists then last until the next restart.
        return secrets.token_hex(_KEY_LENGTH // 2)


def _kept(file: Path) -> str | None:
    if not file.exists():
        return None
    key = file.read_text(encoding="ascii", errors="replace").strip()
    return key if len(key) >= _KEY_LENGTH else None


def _made(file: Path) -> str:
    key = secrets.token_hex(_KEY_LENGTH // 2)
    part = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(key)
    part.replace(file)
    return key
