"""The one door to the outside: HTTP, Redis, clock, telemetry, the embedded server."""
