"""txtai's hybrid index, the only door to txtai: a package of the benchmarks alone ([bench])."""

import json
import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from index.encoder import model_folder
from kb.encoder import Vectors
from kb.settings import DEFAULT_MODEL, Home

ABSENT = "txtai is not installed, so its row is left out: pip install -c constraints.txt '.[bench]'"
Search = Callable[[str, int], list[tuple[int, float]]]


def installed() -> bool:
    """Tell whether txtai is there."""
    return find_spec("txtai") is not None


def settings(home: Home) -> dict[str, Any]:
    """Return txtai's settings: hybrid search with the same model from its folder, offline."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    folder = str(model_folder(DEFAULT_MODEL, home))
    return {"path": folder, "method": "transformers", "hybrid": True, "gpu": False}


def index_with(texts: Sequence[tuple[int, str]], vectors: Vectors, folder: Path) -> None:
    """Save txtai's index of passages whose vectors are made already.

    The vectors are the same model's. Encoding the library with torch once more would take minutes
    and change nothing; how fast txtai encodes by itself is measured on a sample.
    """
    from txtai import Embeddings

    ready = {text: row for (_, text), row in zip(texts, vectors, strict=True)}
    made = Embeddings(
        method="external",
        transform=lambda some: [ready[text] for text in some],
        hybrid=True,
    )
    made.index((passage, text, None) for passage, text in texts)
    made.config.pop("transform", None)  # a function; questions are encoded by txtai itself
    made.config.pop("method", None)
    made.config |= {"path": "", "format": "json"}
    made.save(str(folder))


def opened(folder: Path, home: Home) -> Search:
    """Return the search of a saved index; questions are encoded by txtai's own code."""
    file = folder / "config.json"
    recorded = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(recorded | settings(home)), encoding="utf-8")
    from txtai import Embeddings

    loaded = Embeddings()
    loaded.load(str(folder))
    return lambda text, limit: [(int(i), float(s)) for i, s in loaded.search(text, limit)]


def encoded_by_itself(home: Home) -> Callable[[Sequence[str]], int]:
    """Return a function that indexes texts wholly by txtai's own code, and counts them."""
    chosen = settings(home)
    from txtai import Embeddings

    made = Embeddings(**chosen)

    def index(texts: Sequence[str]) -> int:
        made.index((at, text, None) for at, text in enumerate(texts))
        return int(made.count())

    return index
