"""Celery tasks: thin doors to worker.pipeline.articles."""
