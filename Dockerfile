FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY config config
COPY worker worker
COPY tasks tasks
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e .

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 onrecord && mkdir /state && chown onrecord /state
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH ONRECORD_STATE_DIR=/state PYTHONUNBUFFERED=1
USER onrecord
VOLUME /state
STOPSIGNAL SIGTERM
CMD ["celery", "-A", "worker", "worker", "--without-gossip", "--without-mingle"]
