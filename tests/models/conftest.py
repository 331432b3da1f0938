"""What needs a model, a compiler or long texts: pure as unit tests are, but slower."""

from tests.unit.conftest import no_network

__all__ = ["no_network"]
