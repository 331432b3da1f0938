"""Trains the body classifier: `python -m training.clean --data DATA`."""
