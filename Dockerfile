# The run-time lock only: no linters, no tests; the compiler stays in the first stage. The base is pinned by its tag; a registry's mirror may be given.
ARG PYTHON=python:3.12-slim
FROM ${PYTHON} AS build
WORKDIR /app
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
COPY requirements-run.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --no-compile --require-hashes -r requirements-run.lock
COPY pyproject.toml README.md compile.py ./
COPY config config
COPY worker worker
COPY tasks tasks
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e . \
 && /venv/bin/python compile.py && ls worker/clean/html/tokeniser.*.so && rm -r build \
 && /venv/bin/pip uninstall --yes --quiet cython setuptools pip \
 && /usr/local/bin/python -m compileall -q /venv/lib /app

FROM ${PYTHON}
RUN useradd --create-home --uid 10001 onrecord && mkdir /state && chown onrecord /state
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
# What runs keeps nothing on disk but two empty files, by which it shows that it makes progress.
ENV PATH=/venv/bin:$PATH ONRECORD_STATE_DIR=/state PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
VOLUME /state
STOPSIGNAL SIGTERM
CMD ["celery", "-A", "worker", "worker", "--without-gossip", "--without-mingle"]
