"""Cleaning, from page bytes to an article: decode, tree, body, metadata, language. Pure."""
