"""The engine without weights: quotation marks, cues and sentence patterns."""
