"""Chromium over the DevTools protocol (CDP): enough of it to use a page as a person does, and to look at it."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self
from urllib.request import urlopen

from websockets.sync.client import connect

from tools.wait import wait_for

EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_ANSWER_S = 20.0


class PageError(AssertionError):
    """A script that a test ran in the page failed."""


class NavigatedError(Exception):
    """The page went to another one before it answered."""


class Browser:
    """One page of a headless Chromium; a context manager.

    Args:
        folder: Where its profile lies, for as long as it runs.

    Attributes:
        console: What pages wrote there, or what the browser wrote about them, such as what a policy forbade.
        asked: The URLs of all requests.
    """

    def __init__(self, folder: Path) -> None:
        assert EXECUTABLE
        self._folder = folder
        self._command = [
            EXECUTABLE,
            "--headless=new",
            "--remote-debugging-port=0",
            f"--user-data-dir={folder}",
            "--no-first-run",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--disable-background-networking",
            *(["--no-sandbox"] if os.getuid() == 0 else []),
            "about:blank",
        ]
        self._numbers = itertools.count(1)
        self.console: list[str] = []
        self.asked: list[str] = []

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self._start(opened)
            self._opened = opened.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def _start(self, opened: ExitStack) -> None:
        process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        opened.callback(process.wait, 20)
        opened.callback(process.terminate)
        port_file = self._folder / "DevToolsActivePort"
        wait_for(lambda: port_file.exists() and port_file.read_text().count("\n"), 30)
        port = port_file.read_text().split()[0]
        with urlopen(f"http://127.0.0.1:{port}/json/list", timeout=_ANSWER_S) as answer:
            target = next(one for one in json.load(answer) if one["type"] == "page")
        self._socket = opened.enter_context(connect(target["webSocketDebuggerUrl"], max_size=None))
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give a command and return its result; events that come meanwhile are noted."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=_ANSWER_S))
            if message.get("id") == number:
                if "navigated" in message.get("error", {}).get("message", ""):
                    raise NavigatedError(method)
                assert "error" not in message, (method, message)
                return message["result"]
            self._note(message)

    def open(self, url: str) -> None:
        """Go to a page, and wait until it is there with all that belongs to it."""
        self.send("Page.navigate", url=url)
        wait_for(lambda: self.run("document.readyState") == "complete" and self.run("location.href") != "about:blank")

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page; the tools are above its content security policy."""
        result = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise PageError(result["exceptionDetails"].get("exception", result["exceptionDetails"]))
        return result["result"].get("value")

    def text(self, selector: str) -> list[str]:
        """Return the text of all elements that a CSS selector finds."""
        script = f"[...document.querySelectorAll({json.dumps(selector)})].map(one => one.innerText)"
        try:
            return self.run(script)
        except NavigatedError:  # a form was sent meanwhile: what counts is the page it leads to
            return self.run(script)

    def click(self, selector: str) -> None:
        """Click on the middle of an element, as a mouse does."""
        place = self.run(
            f"(() => {{ const one = document.querySelector({json.dumps(selector)}); one.scrollIntoView();"
            " const box = one.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def type(self, selector: str, text: str) -> None:
        """Type into a field."""
        self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        self.send("Input.insertText", text=text)

    def press(self, key: str) -> None:
        """Press a key, such as Tab or Enter."""
        text = {"text": "\r"} if key == "Enter" else {}
        code = {"Enter": 13, "Tab": 9}[key]
        self.send("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, windowsVirtualKeyCode=code, **text)
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=code)

    def look(self, width: int, height: int, *, is_dark: bool = False, scale: float = 1.0) -> None:
        """Set the window's size, and what the user prefers."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )
        value = "dark" if is_dark else "light"
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": value}])

    def scripts(self, *, allowed: bool) -> None:
        """Allow scripts, or none, as a user may."""
        self.send("Emulation.setScriptExecutionDisabled", value=not allowed)

    def screenshot(self) -> bytes:
        """Return what is seen, as PNG."""
        return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])

    def _note(self, message: dict[str, Any]) -> None:
        about = message.get("params", {})
        if message.get("method") == "Log.entryAdded":
            self.console.append(about["entry"]["text"])
        elif message.get("method") in {"Runtime.consoleAPICalled", "Runtime.exceptionThrown"}:
            self.console.append(json.dumps(about)[:500])
        elif message.get("method") == "Network.requestWillBeSent":
            self.asked.append(about["request"]["url"])
