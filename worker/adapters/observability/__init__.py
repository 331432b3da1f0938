"""What operators see of a process: logs, error reports, spans, metrics, heartbeats."""
