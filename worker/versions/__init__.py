"""From records to events, and what one version of an article changes of another. Pure."""
