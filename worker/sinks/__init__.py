"""Sinks: other places that get the same events. Pure: which, which of the events, how signed, when again."""
