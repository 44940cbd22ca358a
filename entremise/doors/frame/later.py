"""Addresses that most processes never see asked for."""

from typing import Any

from django.urls import URLResolver
from django.urls.resolvers import RoutePattern


class Later(URLResolver):
    """`include` of a module that is imported when something under `route` is first asked for, or its name reversed.

    What every page pays for at the start of a process, and in its memory, is then only what pages need. The module's
    names live in the namespace `name`, so that nobody looks for them elsewhere.
    """

    def __init__(self, route: str, module: str, *, name: str) -> None:
        super().__init__(RoutePattern(route), module, app_name=name, namespace=name)

    def _populate(self) -> None:
        """Called by the resolver above for its own tables, which need the namespace alone."""
        if "urlconf_module" in vars(self):
            super()._populate()

    def _reverse_with_prefix(self, *args: Any, **kwargs: Any) -> str:
        self.urlconf_module  # noqa: B018  # Loads it: its names are looked up next.
        return str(super()._reverse_with_prefix(*args, **kwargs))  # type: ignore[misc]  # Not in the stubs.
