"""Serving the pages with waitress."""

import ipaddress
from collections.abc import Sequence

import waitress
from flask import Flask

from webui.security import limit_hosts

_LOCAL = ["127.0.0.1", "localhost", "::1"]


def serve(app: Flask, *, host: str, port: int, names: Sequence[str] = ()) -> None:
    """Serve until stopped. On this machine's own address only its own names are answered.

    `names` are further host names to answer to, for a proxy in front. Raises `OSError` when the
    port is taken.
    """
    if _is_loopback(host):
        limit_hosts(app, [*_LOCAL, host, *names])
    waitress.serve(app, host=host, port=port, threads=4, ident="pfd-kb")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
