"""Fetching, decisions only: URLs, responses, robots, politeness. Pure."""
