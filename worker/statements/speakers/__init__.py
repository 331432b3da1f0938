"""Who said it: names, entities, and which of them a source means."""
