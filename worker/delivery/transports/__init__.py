"""Transports: one module for each way in which an event leaves."""
