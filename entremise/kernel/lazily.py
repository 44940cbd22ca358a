"""Libraries that take long to load and that few pages need: a web process answers before they are read."""

from importlib import import_module
from typing import Any


class Lazily:
    """A module that is loaded when something of it is first used. Types are lost: keep it inside one adapter."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
