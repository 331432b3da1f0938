"""The schedule and the politeness of the worker on virtual time."""
