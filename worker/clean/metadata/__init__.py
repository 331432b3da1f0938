"""What a page says about its article."""
