import os

from onrecord import Match, consume


def handle(event):
    print(event.data["speaker"]["name"], "|", event.data["text"], flush=True)


url = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
consume(handle, "statements", group="desk", only=Match(type="created"), url=url)
