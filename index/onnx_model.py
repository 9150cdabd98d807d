"""A transformer run by onnxruntime: texts in, the state of every token out.

The door to onnxruntime (beside the export) and to the model's tokenizer. Nothing here imports
torch, and onnxruntime itself only when the first text is given.
"""

import functools
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.encoder import Vectors
from kb.errors import ModelUnavailable

INPUTS = ("ids", "mask")
OUTPUT = "states"
"""The names of the graph's ends, agreed between the export and this module."""

NOT_TAKEN = ["SkipLayerNormFusion"]
"""What onnxruntime shall not make faster: its sum and norm in one took eight times as long as two
steps, a tenth of a whole text's time.
"""

_BATCH = 4
"""Of like length. On one core 2 to 8 at a time were equal, 32 took 1.6 times as long."""


@dataclass(frozen=True, slots=True, eq=False)
class TokenBatch:
    """A batch of texts of like length, each a row; shorter ones are padded at the end.

    `rows` are the places of the texts in what was asked, `states` has the shape (texts, tokens,
    dimension), `mask` (texts, tokens) is False for padding, `offsets` (texts, tokens, 2) are each
    token's start and end in characters of its text, both 0 for padding and the model's own marks.
    """

    rows: tuple[int, ...]
    states: NDArray[np.float32]
    mask: NDArray[np.bool_]
    offsets: NDArray[np.int64]

    def means(self) -> Vectors:
        """Return each text's mean state, the model's marks included, as a unit vector."""
        weight = self.mask[:, :, None].astype(np.float32)
        mean = (self.states * weight).sum(axis=1) / weight.sum(axis=1)
        unit: Vectors = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12)
        return unit.astype(np.float32)


class TokenModel:
    """An ONNX file with its tokenizer.json, loaded when first used; safe to share among threads.

    Texts are cut at `most_tokens`, the model's two marks included. `threads` is how many batches
    are read at the same time, None means as many as this process has cores. With `batch` 1 a text's
    states depend on nothing but the text, which int8 needs: its scales are taken over the batch.
    `optimised` says that onnxruntime has optimised the graph before (`index.onnx_optimised`).
    """

    def __init__(
        self,
        file: Path,
        tokenizer: Path,
        *,
        most_tokens: int = 256,
        batch: int = _BATCH,
        threads: int | None = None,
        optimised: bool = False,
    ) -> None:
        self._file = file
        self._optimised = optimised
        self._tokenizer_file = tokenizer
        self._most_tokens = most_tokens
        self._batch = batch
        self._threads = threads or _cores()
        self._lock = threading.Lock()
        self._opened: tuple[Any, frozenset[str], Any] | None = None

    def states(self, texts: Sequence[str]) -> Iterator[TokenBatch]:
        """Yield the states of all tokens, batch by batch, the shortest texts first.

        Raises `ModelUnavailable` when the file or its tokenizer cannot be loaded.
        """
        if not texts:
            return
        session, wanted, tokenizer = self._open()
        tokens = [cut(one, self._most_tokens) for one in tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(tokens)), key=lambda row: len(tokens[row].ids))
        batches = [tuple(order[at : at + self._batch]) for at in range(0, len(order), self._batch)]

        def read(rows: tuple[int, ...]) -> TokenBatch:
            return _states(session, wanted, rows, [tokens[row] for row in rows])

        yield from _side_by_side(read, batches, threads=min(self._threads, len(batches)))

    def means(self, texts: Sequence[str], *, dimension: int) -> Vectors:
        """Return the texts' mean states as unit vectors, in the order of the texts."""
        found = np.zeros((len(texts), dimension), dtype=np.float32)
        for batch in self.states(texts):
            found[list(batch.rows)] = batch.means()
        return found

    def _open(self) -> tuple[Any, frozenset[str], Any]:
        """Return the session, the names of what it is given, and the tokenizer."""
        with self._lock:
            if self._opened is None:
                tokenizer = load_tokenizer(self._tokenizer_file)
                session = _session(self._file, optimised=self._optimised)
                wanted = frozenset(one.name for one in session.get_inputs())
                self._opened = session, wanted, tokenizer
            return self._opened


def load_tokenizer(file: Path) -> Any:
    """Return the tokenizer of a tokenizer.json, which cuts and pads nothing.

    All share it, since to read one takes 30 ms: nobody may change its settings, and `cut` cuts
    what it gives. Raises `ModelUnavailable` when the file is missing or damaged.
    """
    try:
        state = file.stat()
    except OSError as error:
        raise ModelUnavailable(
            f"{file.parent} holds no tokenizer.json, so it cannot be used."
        ) from error
    with _LOADING:
        return _tokenizer(file, state.st_mtime_ns, state.st_size)


_LOADING = threading.Lock()


@functools.lru_cache(maxsize=2)
def _tokenizer(file: Path, changed: int, size: int) -> Any:
    from tokenizers import Tokenizer

    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        tokenizer = Tokenizer.from_buffer(file.read_bytes())
    except ValueError as error:
        raise ModelUnavailable(f"{file} is damaged. Install the model again.") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _side_by_side(
    read: Callable[[tuple[int, ...]], TokenBatch],
    batches: Iterable[tuple[int, ...]],
    *,
    threads: int,
) -> Iterator[TokenBatch]:
    """Yield what is read of each batch, in order, `threads` of them read at the same time."""
    if threads == 1:
        yield from map(read, batches)
        return
    # A few ahead keep every thread busy; all at once would hold the states of every text.
    ahead: deque[Future[TokenBatch]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for rows in batches:
            ahead.append(pool.submit(read, rows))
            if len(ahead) > 2 * threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _session(file: Path, *, optimised: bool) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    if optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    # One core a batch: several on one batch of a few short texts mostly wait for each other.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only: a warning on stderr is no sentence for a person
    state = onnxruntime.capi.onnxruntime_pybind11_state
    refusals = (state.Fail, state.InvalidGraph, state.InvalidProtobuf, state.NoSuchFile)
    try:
        return onnxruntime.InferenceSession(
            str(file), options, providers=["CPUExecutionProvider"], disabled_optimizers=NOT_TAKEN
        )
    except refusals as error:
        raise ModelUnavailable(
            f"{file} cannot be loaded ({type(error).__name__}). Delete it and run 'pfdkb ingest'."
        ) from error


class Tokens(NamedTuple):
    """The tokens of a text: their numbers, and where each stands in it."""

    ids: list[int]
    offsets: list[tuple[int, int]]


def cut(read: Any, most: int) -> Tokens:
    """Return at most so many tokens of a text; the last is the model's own mark."""
    ids, offsets = read.ids, read.offsets
    if len(ids) > most:
        ids, offsets = [*ids[: most - 1], ids[-1]], [*offsets[: most - 1], offsets[-1]]
    return Tokens(ids, offsets)


def _states(
    session: Any, wanted: frozenset[str], rows: tuple[int, ...], tokens: Sequence[Tokens]
) -> TokenBatch:
    longest = max(len(one.ids) for one in tokens)
    ids = np.zeros((len(tokens), longest), dtype=np.int64)
    mask = np.zeros((len(tokens), longest), dtype=np.int64)
    offsets = np.zeros((len(tokens), longest, 2), dtype=np.int64)
    for row, one in enumerate(tokens):
        ids[row, : len(one.ids)] = one.ids
        mask[row, : len(one.ids)] = 1
        offsets[row, : len(one.ids)] = one.offsets
    given = zip(INPUTS, (ids, mask), strict=True)
    (states,) = session.run([OUTPUT], {name: of for name, of in given if name in wanted})
    return TokenBatch(rows, states, mask.astype(np.bool_), offsets)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):  # not on macOS or Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
