"""Each system in a process of its own: its memory, its start, and no thread of another beside it.

A child reads questions, one JSON string a line, and answers each with a line of JSON. It ends when
there are no more.
"""

import functools
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from kb.settings import Home
from tests.benchmarks.systems import SYSTEMS, Place, Ranking

QUIET = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false", "PYTHONWARNINGS": "ignore"}
_PEAK = Path("/proc/self/status")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a child says of one question; `clock` and `processor` in seconds, `peak` in bytes."""

    ranking: Ranking
    clock: float
    processor: float
    peak: int


class Asked:
    """A running child: one system over one library. Close it, or use it in a `with`."""

    def __init__(self, name: str, place: Place) -> None:
        self._child = started("one-system", name, place.home.root, place.scratch)

    def ask(self, text: str) -> Answer:
        """Return the system's answer. Raises `RuntimeError` when the child has failed."""
        pipes = self._child.stdin, self._child.stdout
        if pipes[0] is None or pipes[1] is None:
            raise RuntimeError("The child was started without pipes.")
        pipes[0].write(json.dumps(text) + "\n")
        pipes[0].flush()
        line = pipes[1].readline()
        if not line:
            raise RuntimeError(f"A benchmark's child ended with {self._child.wait()}.")
        return Answer(**json.loads(line))

    def __enter__(self) -> "Asked":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.communicate()


def started(*words: object, **environment: str) -> subprocess.Popen[str]:
    """Start `python -m tests.benchmarks` with these words, its ends piped, its stderr dropped."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PFDKB_")}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks", *map(str, words)],
        env=kept | QUIET | environment,
        cwd=Path(__file__).resolve().parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("PFDKB_BENCH_LOUD") else subprocess.DEVNULL,
        text=True,
    )


def answer_questions(name: str, home: str, scratch: str) -> None:
    """Be the child: answer the questions on stdin until they end."""
    out = _own_stdout()
    system = SYSTEMS[name](Place(Home(Path(home)), Path(scratch)))
    for line in sys.stdin:
        ranking, clock, processor = timed(functools.partial(system, json.loads(line)))
        said = Answer(ranking=ranking, clock=clock, processor=processor, peak=peak_memory())
        print(json.dumps(asdict(said)), file=out, flush=True)


def report(value: dict[str, Any]) -> None:
    """Print what a child has measured."""
    print(json.dumps(value), flush=True)


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what work returns, seconds by the clock, and of the processor with its children's."""
    began = time.perf_counter(), _processor()
    found = work()
    return found, time.perf_counter() - began[0], _processor() - began[1]


def peak_memory() -> int:
    """Return the most memory that this process has held resident, in bytes."""
    if _PEAK.exists():  # a forked process inherits its parent's figure in getrusage
        line = next(one for one in _PEAK.read_text().splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def _own_stdout() -> Any:
    """Return stdout for answers alone: what libraries print goes to stderr."""
    mine = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return mine


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
