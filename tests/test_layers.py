"""The architecture: who may import whom, and which library has which door."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = ("kb", "ingest", "index", "webui")
MAY_IMPORT = {
    "kb": {"kb"},
    "ingest": {"kb", "ingest"},
    "index": {"kb", "index"},
    "webui": {"kb", "index", "webui"},
}
DOORS = {
    "sqlite_utils": {"kb/store"},
    "faiss": {"index/vectors.py"},
    "sentence_transformers": {"index/encoder.py"},
    "tokenizers": {"index/onnx_model.py"},
    "onnxruntime": {"index/onnx_model.py", "index/onnx_export.py", "index/onnx_optimised.py"},
    "onnx": {"index/onnx_export.py", "index/onnx_optimised.py"},
    "sklearn": {
        "index/failing_training.py",
        "ingest/theme_training.py",
        "ingest/theme_baselines.py",
    },
    "flask": {"webui"},
    "waitress": {"webui"},
    "markdown": {"webui/render.py"},
    "nh3": {"webui/render.py"},
    "click": {"kb/cli"},
    "pypdfium2": {"ingest"},
    "docx": {"ingest", "webui"},
    "resvg_py": {"webui/pictures.py"},
    "xlsxwriter": {"webui/sheets.py"},
    "rapidocr": {"ingest/ocr.py"},
    "selectolax": {"ingest"},
    "rapidfuzz": {"ingest/resolve.py", "index/spelling.py"},
}


def modules() -> list[Path]:
    return [path for name in OURS for path in sorted((ROOT / name).rglob("*.py"))]


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_its_own_layer_and_those_below(path: Path) -> None:
    relative = path.relative_to(ROOT)
    ours = imports_of(path) & set(OURS)
    if relative.parts[:2] == ("kb", "cli"):  # the composition root puts the layers together
        return
    assert ours <= MAY_IMPORT[relative.parts[0]]


@pytest.mark.parametrize("library", DOORS)
def test_a_library_is_used_through_its_one_door(library: str) -> None:
    users = {str(p.relative_to(ROOT)) for p in modules() if library in imports_of(p)}
    assert users, f"{library} is not used at all"
    for user in users:
        assert any(user == door or user.startswith(f"{door}/") for door in DOORS[library]), user


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [p for p in modules() if p.stem in {"utils", "helpers", "manager", "common", "misc"}]


def test_the_top_level_holds_what_its_users_asked_for() -> None:
    for name in ("kb", "ingest", "index", "webui", "corpus", "tests", "pyproject.toml"):
        assert (ROOT / name).exists()
