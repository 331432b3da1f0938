"""The use cases: what happens to an article, a feed, an archive."""
