"""Feeds, from bytes to entries: parse, identity, schedule. Pure."""
