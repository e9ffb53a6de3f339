"""What to do where a server or a library is missing: a skip that says how to install it, or a failure in CI."""

from __future__ import annotations

import importlib
import os
from typing import NoReturn

import pytest

REQUIRED = "LEAKLINT_DATABASES"  # set where nothing may be skipped
EXTRA = "apt-get install -y libmariadb-dev gcc pkg-config && pip install -e '.[databases]'"


def import_or_skip(*modules: str) -> None:
    for module in modules:
        try:
            importlib.import_module(module)
        except ModuleNotFoundError as missing:
            absent(f"{missing.name} is not installed: {EXTRA}")


def absent(what: str) -> NoReturn:
    if os.environ.get(REQUIRED):
        pytest.fail(what)
    pytest.skip(what)
