"""Read models: what the command line and the web page both show."""
