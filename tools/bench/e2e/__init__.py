"""End to end: a newsroom, real workers on a real Redis, a consumer; what an article costs, and how late it is."""
