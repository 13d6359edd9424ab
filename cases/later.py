"""Modules that are loaded when something of them is first used."""

import importlib
import importlib.util
from typing import Any


class Later:
    """Stands for a module until something of it is used.

    A process that makes no papers need not keep in memory what makes them: 16 MiB. The loading
    is importlib's, which lets one thread do it while others wait; its LazyLoader does not.
    """

    def __init__(self, name: str) -> None:
        """Stand for a module.

        :raises ModuleNotFoundError: at once, if it is not installed.
        """
        if importlib.util.find_spec(name) is None:
            raise ModuleNotFoundError(name)
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(importlib.import_module(self._name), attribute)
