"""Files damaged at random, and how each of them ends: `python -m tests.mutations --number 1000`.

The generator is seeded: the same seed and number name the same file on any machine. Every file is
read as an ingest reads it, in a child process, and what comes out of it is divided into passages;
then the whole folder goes through one ingest, and the library is verified.
"""

import argparse
import io
import random
import re
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ingest.archives import is_archive, members
from ingest.merge import compose
from ingest.sources import Failed, read_source
from kb.documents import Draft, Origin
from kb.settings import Home
from tests import invented
from tests.hostile_files import write_hostile
from tests.invented_files import archive_of, pdf, word

MOST_SECONDS, MOST_MEGABYTES = 60, 1000
_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
_NASTY = (
    b"\0",
    b"\xff\xfe",
    b"\r",
    b"]]>",
    b"&lol;",
    b"<!--",
    b'"',
    b"%%EOF",
    b"/Count 99999999",
    b"/Kids [2 0 R]",
    b"-2147483648",
    b"../../../x",
    b"\xed\xa0\x80",  # half of a surrogate pair
    "\u202e\u200b\ufeff".encode(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How one source of a file ended; `reason` says why it failed, None where it did not.

    `broken` is an error that should never have come out. `letters` and `passages` count what was
    read; `seconds` is of the whole file and `megabytes` the most that any process had held by
    then.
    """

    name: str
    reason: str | None = None
    broken: str | None = None
    letters: int = 0
    passages: int = 0
    details_only: bool = False
    seconds: float = 0.0
    megabytes: int = 0

    @property
    def fault(self) -> str | None:
        """What is wrong with the ending, None where nothing is."""
        if self.broken:
            return f"{self.name}: {self.broken}"
        if self.seconds > MOST_SECONDS:
            return f"{self.name}: took {self.seconds:.0f} s"
        if self.megabytes > MOST_MEGABYTES:
            return f"{self.name}: took {self.megabytes} MB"
        if self.reason is None and not self.details_only and not (self.letters and self.passages):
            return f"{self.name}: done with no text"
        return None


@cache
def originals() -> dict[str, bytes]:
    """Return an invented file of each format, by name; the words are those of `tests.invented`."""
    form, letter = invented.report(), invented.response()
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            invented.tracker_row(f"case-{n}", concerns=f"1. {invented.STAFFING}") for n in range(4)
        ]
        tracker = invented.export(Path(folder) / "t.csv", invented.TRACKER, *rows).read_bytes()
    pages = [form.replace("(", "\\(").replace(")", "\\)").split("\n")[at::3] for at in range(3)]
    digest = invented.digest(f"{invented.SITE}/case-1/")
    page = "".join(f"<p>{line}</p>" for line in form.split("\n"))
    files = {
        "form.pdf": pdf(*pages),
        "letter.docx": word(*_steps(letter)),
        "form.html": f"<!doctype html><body><h1>Form</h1>{page}<table><tr><td>a</table>".encode(),
        "tracker.csv": tracker,
        "form.txt": form.encode(),
        "digest.md": digest.encode(),
    }
    return files | {"all.zip": archive_of([(f"in/{n}", data) for n, data in files.items()])}


def _steps(letter: str) -> list[Callable[..., object]]:
    lines = [line for line in letter.split("\n") if line]

    def table(document: object) -> None:
        made = document.add_table(3, 3)  # type: ignore[attr-defined]
        for cell, text in zip(made._cells, lines, strict=False):
            cell.text = text

    def paragraphs(document: object) -> None:
        for line in lines:
            document.add_paragraph(line, style="List Number")  # type: ignore[attr-defined]

    return [table, paragraphs]


def mutated(seed: int, number: int) -> tuple[str, bytes]:
    """Return the name and bytes of one damaged file."""
    chance = random.Random(f"{seed}/{number}")
    files = originals()
    name = sorted(files)[number % len(files)]
    data, other = files[name], files[chance.choice(sorted(files))]
    # The parser of a package's parts is never reached through a damaged package.
    inside = name.endswith((".docx", ".zip")) and chance.random() < 0.6
    data = (_inside if inside else _damaged)(chance, data, other)
    if name.endswith(".pdf") and chance.random() < 0.7:
        data += b"\n%%EOF\n"  # a cut file is refused unread; this one is not
    return f"{number:05d}-{name}", data


def _inside(chance: random.Random, data: bytes, other: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = [(name, packed.read(name)) for name in packed.namelist()]
    hit = chance.randrange(len(parts))
    return archive_of(
        [
            (name, _damaged(chance, part, other) if at == hit else part)
            for at, (name, part) in enumerate(parts)
        ]
    )


def _damaged(chance: random.Random, data: bytes, other: bytes) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 5))):
        data = chance.choice(_WAYS)(chance, data, other)
    return data


def _flip(chance: random.Random, data: bytes, other: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 8, 64)) if out else 0):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def _cut(chance: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _insert(chance: random.Random, data: bytes, other: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.randbytes(chance.choice((1, 20, 2000))) + data[at:]


def _nasty(chance: random.Random, data: bytes, other: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(_NASTY) * chance.choice((1, 1, 50)) + data[at:]


def _splice(chance: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


def _repeat(chance: random.Random, data: bytes, other: bytes) -> bytes:
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((1, 30, 1000)))
    return data[:end] + data[start:end] * chance.choice((1, 100, 3000)) + data[end:]


def _swell(chance: random.Random, data: bytes, other: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return (
        data[:at] + chance.choice((b"x", b" ", b"(", b"1.", b"<p>", b"\n\n")) * 400_000 + data[at:]
    )


def _number(chance: random.Random, data: bytes, other: bytes) -> bytes:
    digits = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
    if not digits:
        return data
    at = chance.choice(digits)
    return data[:at] + chance.choice((b"-1", b"0", b"4294967296", b"9" * 400)) + data[at + 1 :]


_WAYS = (_flip, _cut, _insert, _nasty, _splice, _repeat, _swell, _number)


def endings(path: Path) -> list[Ending]:
    """Read one file as an ingest would, divide what comes out, and tell how each source ended."""
    began = time.monotonic()
    signal.signal(signal.SIGALRM, _too_slow)
    signal.alarm(2 * MOST_SECONDS)
    try:
        found = _endings(path)
    except Exception as error:  # noqa: BLE001 - anything that comes out is what is looked for
        found = [Ending(name=path.name, broken=f"{type(error).__name__}: {error}")]
    signal.alarm(0)
    seconds = time.monotonic() - began
    usage = max(resource.getrusage(who).ru_maxrss for who in _WHO)
    return [replace(ending, seconds=seconds, megabytes=usage // 1024) for ending in found]


def _too_slow(*_: object) -> None:
    raise TimeoutError(f"not ended after {2 * MOST_SECONDS} s")


def _endings(path: Path) -> list[Ending]:
    if not is_archive(path):
        return [_ending(item) for item in read_source(path)]
    with tempfile.TemporaryDirectory() as folder:
        return [
            _ending(item)
            for member in members(path, Path(folder))
            for item in ([member] if isinstance(member, Failed) else read_source(member))
        ]


def _ending(item: Draft | Failed) -> Ending:
    if isinstance(item, Failed):
        return Ending(name=item.source, reason=item.reason)
    document = compose([item], count=lambda text: len(text.split()))
    return Ending(
        name=item.source,
        letters=sum(map(str.isalpha, document.text)),
        passages=len(document.passages),
        details_only=item.origin in (Origin.TRACKER, Origin.TOOLKIT),
    )


def run(paths: Sequence[Path], *, workers: int = 2) -> list[Ending]:
    """Return the endings of many files, a few read at once."""
    with ProcessPoolExecutor(workers) as pool:
        return [ending for found in pool.map(endings, paths) for ending in found]


def summary(files: int, found: Iterable[Ending]) -> str:
    """Return one line: how many ended how, and the slowest and largest."""
    every = list(found)
    reasons = Counter(ending.reason or "done" for ending in every if not ending.broken)
    told = ", ".join(f"{reason} {number}" for reason, number in reasons.most_common())
    faults = sum(ending.fault is not None for ending in every)
    return (
        f"{files} files, {len(every)} sources: {told}; {faults} faults; slowest "
        f"{max(e.seconds for e in every):.1f} s, largest {max(e.megabytes for e in every)} MB"
    )


def write_mutated(folder: Path, *, number: int, seed: int) -> list[Path]:
    """Write damaged files into a folder; return their paths."""
    paths = []
    for at in range(number):
        name, data = mutated(seed, at)
        paths.append(folder / name)
        paths[-1].write_bytes(data)
    return paths


def misjudged(found: Sequence[Ending], expected: Mapping[Path, tuple[str, ...]]) -> list[str]:
    """Return a sentence for each file made by hand that did not end as it must."""
    ends: dict[str, list[str]] = {path.name: [] for path in expected}
    for ending in found:
        ends[_file_of(ending)].append(ending.broken or ending.reason or "done")
    return [
        f"{path.name}: ended {', '.join(ends[path.name])}, not {', '.join(wanted)}"
        for path, wanted in expected.items()
        if tuple(ends[path.name]) != wanted
    ]


def _file_of(ending: Ending) -> str:
    return re.split("[/,]", ending.name)[0]


def ingested(folder: Path) -> str:
    """Read a whole folder in one ingest, verify the library, and return a line that tells of it."""
    with tempfile.TemporaryDirectory() as home:
        outcome = invented.read_in(Home(Path(home)), folder)
    return f"one ingest: {outcome.done} done, {len(outcome.failed)} failed, the library is whole"


def main() -> int:
    """Print a summary for damaged files and for those made by hand; 1 where any ended wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = write_mutated(Path(folder), number=chosen.number, seed=chosen.seed)
        damaged = _tell("damaged at random", run(paths), len(paths))
        print(ingested(Path(folder)), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        expected = write_hostile(Path(folder), slow=True)
        found = run(list(expected))
        by_hand = _tell("made by hand", found, len(expected)) + misjudged(found, expected)
        print(*by_hand, sep="\n", file=sys.stderr)
        print(ingested(Path(folder)), flush=True)
    return 1 if damaged or by_hand else 0


def _tell(what: str, found: Sequence[Ending], files: int) -> list[str]:
    """Print a run's summary, and its faults on stderr; return the faults."""
    print(f"{what}: {summary(files, found)}", flush=True)
    faults = [ending.fault for ending in found if ending.fault]
    print(*faults, sep="\n", file=sys.stderr, flush=True)
    return faults


if __name__ == "__main__":
    raise SystemExit(main())
