import pytest

# Minutes long: only when somebody asks for them by name (make drills).


def pytest_ignore_collect(collection_path, config: pytest.Config) -> bool | None:
    asked = any("drills" in str(argument) for argument in config.invocation_params.args)
    return None if asked or collection_path.name == "conftest.py" else True
