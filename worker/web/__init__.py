"""The web page, the HTTP API, and the callback for hubs: one ASGI application (`worker.web.app`)."""
