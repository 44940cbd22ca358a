import pytest

from tests.doors.api.conftest import (
    asked,
    fresh_limits,
    fresh_shares,
    hedge,
    karim,
    legal,
    mission,
    nadege,
    odile,
    place,
    request_,
)

__all__ = [
    "asked",
    "fresh_limits",
    "fresh_shares",
    "hedge",
    "karim",
    "legal",
    "mission",
    "nadege",
    "odile",
    "place",
    "request_",
]

# Minutes long: only when somebody asks for them by name (make fuzz).


def pytest_ignore_collect(collection_path, config: pytest.Config) -> bool | None:
    asked_for = any("fuzz" in str(argument) for argument in config.invocation_params.args)
    return None if asked_for or collection_path.name == "conftest.py" else True
