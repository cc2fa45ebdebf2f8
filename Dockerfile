# One image for every process: `serve` (the default), `scheduler`, `migrate`, `backup` … are its arguments.
ARG PYTHON=python:3.12.13-slim

FROM ${PYTHON} AS built
ENV PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    PATH=/opt/tatbiq/bin:$PATH
RUN python3 -m venv /opt/tatbiq

# The libraries change more rarely than the code, so they are a layer of their own.
COPY requirements.lock /build/
RUN pip install --require-hashes --requirement /build/requirements.lock

COPY pyproject.toml setup.py README.md LICENSE /build/
COPY alembic /build/alembic
COPY templates /build/templates
COPY app /build/app
RUN pip install --no-deps --no-build-isolation /build

FROM ${PYTHON}
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PATH=/opt/tatbiq/bin:$PATH

RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/tatbiq --shell /usr/sbin/nologin tatbiq \
    && install --directory --owner=tatbiq --group=tatbiq --mode=0700 /var/lib/tatbiq
COPY --from=built /opt/tatbiq /opt/tatbiq

# Everything the service writes is below this directory; the code belongs to root and cannot be changed from within.
ENV TATBIQ_DATA_DIR=/var/lib/tatbiq
WORKDIR /var/lib/tatbiq
VOLUME /var/lib/tatbiq
USER tatbiq
EXPOSE 8000

HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]

ENTRYPOINT ["tatbiq"]
CMD ["serve", "--host", "0.0.0.0"]
