"""The engines by name, and the one place that chooses the engine for a text.

A new engine is a module with `load(name)`, a line in `ENGINES`, weights if it has any, and a test.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from worker.statements.attribution import Engine
from worker.statements.vocabulary import LANGUAGES, code_of


@dataclass(frozen=True, slots=True)
class Registration:
    """The module that loads an engine, by `load(name)`, and the languages (ISO 639-1) that the engine reads."""

    module: str
    languages: Collection[str]


#: Of several that read a language, the first is taken where the preferred one does not read it.
ENGINES: Mapping[str, Registration] = {
    "fast": Registration("worker.statements.network.engine", ("en",)),
    "accurate": Registration("worker.statements.network.engine", ("en",)),
    "rules": Registration("worker.statements.rules.engine", LANGUAGES),
}


def is_read(language: str) -> bool:
    """Say whether an engine reads the language (BCP 47); what one that does not would find in it is nonsense."""
    return any(code_of(language) in registration.languages for registration in ENGINES.values())


def engine_for(language: str, preferred: str) -> Engine:
    """Return the engine for texts in `language` (BCP 47): the preferred one, or one that reads it where that does not.

    An engine is loaded once a process, when it is first chosen.

    Raises:
        LookupError: If there is no engine of the preferred name, if it is not part of this installation, or if no
            engine reads the language.
    """
    if preferred not in ENGINES:
        raise LookupError(f"no engine {preferred!r}; one of {', '.join(ENGINES)}")
    code = code_of(language)
    for name in (preferred, *ENGINES):
        if code in ENGINES[name].languages:
            return _loaded(name)
    raise LookupError(f"no engine reads language {language!r}; some read {', '.join(LANGUAGES)}")


@cache
def _loaded(name: str) -> Engine:
    try:
        engine: Engine = import_module(ENGINES[name].module).load(name)
    except ModuleNotFoundError as error:
        raise LookupError(f"engine {name!r} is not installed (no {error.name}); use 'rules'") from error
    return engine
