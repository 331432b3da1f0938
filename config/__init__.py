"""Settings, broker configuration, limits."""
