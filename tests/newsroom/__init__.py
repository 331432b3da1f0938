"""The Ellery Courier: a local news web site for the demo, the end-to-end and chaos tests, and the benches."""
