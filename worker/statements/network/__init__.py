"""The trained engines: a network tags words, constraints and links make attributions of them."""
