"""Our engines beside other quotation extractors, each in its own environment; see `__main__`."""
