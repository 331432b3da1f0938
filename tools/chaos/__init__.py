"""The chaos harness: a real system, seeded faults, and a check of what consumers got in the end."""
