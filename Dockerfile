# One image for web, worker, beat and migrate; docker-compose.yml says what each of them runs.
FROM python:3.11-slim AS environment
RUN python -m venv /opt/venv
COPY requirements.lock /tmp/requirements.lock
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.lock

FROM python:3.11-slim
RUN groupadd --system --gid 10001 dreamscape \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin dreamscape
COPY --from=environment /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=guild.settings \
    VAR_DIR=/tmp \
    STATIC_ROOT=/srv/static
WORKDIR /app
COPY . .
RUN python -m compileall -q guild lounges colonies governance && python manage.py collectstatic --noinput
USER 10001:10001
EXPOSE 8000
CMD ["python", "-m", "uvicorn", "guild.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "1", "--ws-per-message-deflate", "false", "--ws-max-size", "262144", "--timeout-graceful-shutdown", "10", "--no-access-log", "--log-level", "warning", "--no-server-header", "--lifespan", "off"]
