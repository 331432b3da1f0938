"""What others watch: metrics for Prometheus, and whether there is progress (`worker.monitoring.routes`)."""
