"""From the shell to the answer of a search: `python -m tests.benchmarks cold-start HOME`.

A new process each time, with the export and without it (by sentence-transformers) in turn, so
that whatever else the machine does falls on both alike.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from kb.cli.base import encoder
from kb.settings import Home

QUERY = "care coordinator not allocated"
RUNS = 7
PROGRAM = "import sys; from kb.cli import run; sys.exit(run(sys.argv[1:]))"


def linked(library: Home, root: Path) -> Home:
    """Return a home that shares a library's files but has no models of its own."""
    home = Home(root)
    home.root.mkdir()
    for file in library.root.iterdir():
        if file.name != home.models.name:
            (home.root / file.name).symlink_to(file.resolve())
    return home


def searched(home: Home, **settings: str) -> tuple[float, float]:
    """Search once in a new process; return seconds by the clock and of the processor."""
    unset = ("PFDKB_MODEL", "PFDKB_HOME", "PFDKB_PRECISION")
    environment = {k: v for k, v in os.environ.items() if k not in unset} | settings
    spent = _processor()
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", PROGRAM, "--home", str(home.root), "search", QUERY],
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - began, _processor() - spent


def main(folder: str) -> None:
    """Print the median of each way by the clock and by the processor, and their ratios."""
    with tempfile.TemporaryDirectory() as scratch:
        library = Home(Path(folder))
        homes = {
            "sentence-transformers": linked(library, Path(scratch) / "without"),
            "export": linked(library, Path(scratch) / "with"),
        }
        encoder(homes["export"], prepare=True)
        # To a library of eight bits the reference is another model: it reads the question, and the
        # words answer.
        settings = {"sentence-transformers": {"PFDKB_PRECISION": "fp32"}}
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in homes}
        for _ in range(RUNS):
            for name, home in homes.items():
                taken[name].append(searched(home, **settings.get(name, {})))
    middle = {
        name: [median(kind) for kind in zip(*runs, strict=True)] for name, runs in taken.items()
    }
    print(f"{'':24}{'clock, s':>10}{'processor, s':>14}")
    for name, (clock, processor) in middle.items():
        print(f"{name:24}{clock:10.2f}{processor:14.2f}")
    slow, quick = middle.values()
    print(f"{'times as fast':24}{slow[0] / quick[0]:10.1f}{slow[1] / quick[1]:14.1f}")
    print(f"Medians of {RUNS}, in turn.")


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
