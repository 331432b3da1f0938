import subprocess
import sys

from config.settings import ROOT
from worker.adapters.observability import tracing

UNTRACED = """
import sys
from worker.adapters.observability import tracing
tracing.configure(None)
with tracing.attempt("feeds.poll"):
    tracing.claimed("", {"feed": "f1"})
    with tracing.span("publish"):
        assert tracing.current() == ""
tracing.shutdown()
assert not any(name.startswith("opentelemetry") for name in sys.modules)
"""


def test_without_an_endpoint_nothing_is_imported_and_nothing_traced():
    subprocess.run([sys.executable, "-c", UNTRACED], cwd=ROOT, check=True)


def test_a_missing_library_is_named_with_its_cure(monkeypatch):
    assert tracing.problem("http://collector:4318") == ""

    monkeypatch.setattr("worker.adapters.observability.tracing.find_spec", lambda _: None)
    assert tracing.problem(None) == ""
    assert "--group tracing" in tracing.problem("http://collector:4318")
