"""Delivery: the events on the streams to the places that an operator named."""
