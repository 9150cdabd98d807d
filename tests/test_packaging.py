"""The wheel holds everything that an installed program needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    (file,) = folder.glob("*.whl")
    return zipfile.ZipFile(file)


def relative(pattern: str) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob(pattern)) if path.is_file()]


@pytest.mark.parametrize(
    "pattern",
    [
        "kb/**/*.py",
        "ingest/**/*.py",
        "ingest/data/*",
        "index/**/*.py",
        "webui/**/*.py",
        "webui/templates/**/*.html",
        "webui/static/*",
        "webui/fonts/*",
    ],
)
def test_the_wheel_holds_every_module_template_and_static_file(
    wheel: zipfile.ZipFile, pattern: str
) -> None:
    wanted = relative(pattern)
    assert wanted
    assert set(wanted) <= set(wheel.namelist())


@pytest.mark.parametrize(
    "pattern", ["corpus/starter/*.md", "corpus/learning/*.md", "corpus/*.yaml"]
)
def test_the_wheel_holds_the_starter_library_and_the_codebook(
    wheel: zipfile.ZipFile, pattern: str
) -> None:
    wanted = {f"kb/{name}" for name in relative(pattern)}
    assert wanted
    assert wanted <= set(wheel.namelist())


def test_the_wheel_holds_no_tests_and_nothing_of_a_machine(wheel: zipfile.ZipFile) -> None:
    assert not [name for name in wheel.namelist() if name.startswith(("tests/", ".", "docs/"))]


def test_the_command_is_called_pfdkb(wheel: zipfile.ZipFile) -> None:
    (entry,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "pfdkb = kb.cli:main" in wheel.read(entry).decode()
