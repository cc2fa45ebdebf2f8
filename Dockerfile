# One image for every process: `serve` (the default), `scheduler`, `migrate`, `backup` … are its arguments.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore

RUN useradd --system --uid 10001 --home-dir /srv/tatbiq --shell /usr/sbin/nologin tatbiq \
    && install --directory --owner=tatbiq --group=tatbiq --mode=0750 /var/lib/tatbiq

WORKDIR /srv/tatbiq

# The libraries change more rarely than the code, so they are a layer of their own.
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY alembic ./alembic
COPY templates ./templates
COPY app ./app
RUN pip install --no-deps --no-build-isolation -e . \
    && python -m app.i18n \
    && python -m compileall -q app

# Everything the service writes is below this directory; the code belongs to root and cannot be changed from within.
ENV TATBIQ_DATA_DIR=/var/lib/tatbiq
VOLUME /var/lib/tatbiq
USER tatbiq
EXPOSE 8000

HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]

ENTRYPOINT ["tatbiq"]
CMD ["serve", "--host", "0.0.0.0"]
