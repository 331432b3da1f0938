"""Properties, which Hypothesis looks for examples against, are of pure functions too."""

from hypothesis import settings

from tests.unit.conftest import no_network

__all__ = ["no_network"]

settings.register_profile("onrecord", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("onrecord")
