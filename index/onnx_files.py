"""A network on disk: its graph, its weights beside it, and a record without which it counts not."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kb.errors import ModelUnavailable


def weights_of(graph: Path) -> Path:
    """Return the file of a graph's weights, which the graph names: it lies in its folder.

    A network in a file of its own has none.
    """
    return graph.with_suffix(".bin")


def record_beside(graph: Path) -> dict[str, Any] | None:
    """Return what is recorded of a network; None if there is nothing (or it was not finished).

    Raises `ModelUnavailable` for a record that is none.
    """
    try:
        found = json.loads(_record_of(graph).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise damaged(graph) from error
    if not isinstance(found, dict):
        raise damaged(graph)
    return found


def put(made: Path, graph: Path, record: Mapping[str, object]) -> None:
    """Move a network to its place, the record last: without one the other files do not count."""
    text = made.with_suffix(".json")
    text.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    moves = {weights_of(made): weights_of(graph), made: graph, text: _record_of(graph)}
    _record_of(graph).unlink(missing_ok=True)
    for source, target in moves.items():
        with source.open("rb+") as handle:
            os.fsync(handle.fileno())
        source.replace(target)


def digest(graph: Path) -> str:
    """Return the sha256 of a graph followed by its weights; of nothing where one is missing."""
    found = hashlib.sha256()
    for file in (graph, weights_of(graph)):
        if file.exists():
            with file.open("rb") as handle:
                hashlib.file_digest(handle, lambda: found)
    return found.hexdigest()


def damaged(graph: Path) -> ModelUnavailable:
    """Return the sentence about a network that is not what its record says."""
    return ModelUnavailable(
        f"The exported model {graph} is damaged or was changed. Run 'pfdkb ingest' to make it "
        "again."
    )


def _record_of(graph: Path) -> Path:
    return graph.with_suffix(".json")
