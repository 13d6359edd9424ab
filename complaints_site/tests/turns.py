"""Whose turn it is with the one connection of SQLite in memory: an answer's, or its emptying's."""

from threading import Lock

TURN = Lock()
