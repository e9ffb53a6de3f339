"""Drive an application with one request after another, until its pool refuses or all are through."""

import json
import sys
from collections.abc import Callable, Iterator


def drive(work: Callable[[Iterator[int]], object], in_use: Callable[[], int]) -> None:
    """Hand `work` as many numbers as the command line says, and print how far it came and what is still in use."""
    wanted, survived, error = int(sys.argv[1]), 0, ""

    def numbers() -> Iterator[int]:
        nonlocal survived
        for number in range(1, wanted + 1):
            yield number
            survived = number

    try:
        work(numbers())
    except Exception as failure:
        cause = failure.__cause__ or failure
        error = f"{type(cause).__module__}.{type(cause).__qualname__}: {cause}".splitlines()[0]
    print(json.dumps({"survived": survived, "error": error, "in_use": in_use()}))
