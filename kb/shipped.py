"""Data that the packages ship as YAML, read by libyaml where it is installed: ten times as fast."""

from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(file: Path) -> Any:
    """Return what a YAML file holds. Raises `OSError`, `yaml.YAMLError`."""
    return yaml.load(file.read_text(encoding="utf-8"), _LOADER)
