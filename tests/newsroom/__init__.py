"""The Ellery Courier: a local news web site for the demo, the end-to-end and chaos tests, and the benches.

`site.Newsroom` serves the stories of `articles/`, `expected.expected()` says what is to be found in them, and
`bulk.BulkSite` serves thousands of made-up ones on hundreds of loopback addresses.
"""
