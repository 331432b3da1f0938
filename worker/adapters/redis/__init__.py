"""Redis: the ledger and everything else that is kept there."""
