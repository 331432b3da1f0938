"""A page's bytes to its tree, as the HTML standard has it."""
