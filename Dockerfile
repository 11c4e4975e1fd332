# The service in one image. Build arguments let an offline site point pip at its own index.
FROM python:3.11-slim AS build
ARG PIP_INDEX_URL
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements.lock pyproject.toml README.md ./
RUN .venv/bin/pip install "$(grep -i '^torch==' requirements.lock)" && .venv/bin/pip install -r requirements.lock
COPY alembic.ini gunicorn.conf.py wsgi.py ./
COPY knowledge knowledge
COPY bot bot
COPY portal portal
COPY static static
RUN .venv/bin/pip install --no-deps -e .

FROM python:3.11-slim
RUN useradd --system --home-dir /app rouwen && mkdir /data && chown rouwen /data
COPY --from=build /app /app
WORKDIR /app
USER rouwen
ENV ROUWEN_DATA=/data ROUWEN_BIND=0.0.0.0 PORT=8000 PYTHONUNBUFFERED=1 \
    ANONYMIZED_TELEMETRY=False HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false
VOLUME /data
EXPOSE 8000
HEALTHCHECK CMD ["/app/.venv/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz')"]
CMD ["sh", "-c", ".venv/bin/rouwen setup && exec .venv/bin/gunicorn -c gunicorn.conf.py wsgi:app"]
