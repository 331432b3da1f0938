"""A real browser, headless: Debian's Chromium over the DevTools protocol, without a driver beside it."""
