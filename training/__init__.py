"""Training code; nothing here is imported at run time."""
