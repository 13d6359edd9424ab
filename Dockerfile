# One image for web, worker and beat. Built in two steps, so that Node stays out of what runs.

FROM node:24-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY static ./static
RUN npm run build

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 DATA_DIR=/data
# Threads that share two heaps hold less memory than threads with heaps of their own.
ENV MALLOC_ARENA_MAX=2
RUN useradd --system --create-home --uid 10001 complaints \
    && install -d -o complaints -g complaints /data /app
# What makes letters in Braille and to be heard.
RUN apt-get update -qq \
    && apt-get install -qq -y --no-install-recommends liblouis-bin espeak-ng sox lame \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY --chown=complaints:complaints manage.py ./
COPY --chown=complaints:complaints complaints_site ./complaints_site
COPY --chown=complaints:complaints cases ./cases
COPY --chown=complaints:complaints feedback ./feedback
COPY --chown=complaints:complaints reporting ./reporting
COPY --chown=complaints:complaints templates ./templates
COPY --chown=complaints:complaints locale ./locale
COPY --from=assets --chown=complaints:complaints /build/static/build ./static/build
# Compiled once here, and not by each process whenever it starts.
RUN python -m compileall -q manage.py complaints_site cases feedback reporting
# The static files go into the image; DATA_DIR is a volume and starts empty.
RUN DATA_DIR=/app/var python manage.py collectstatic --noinput \
    && chown -R complaints:complaints /app/var
ENV STATIC_ROOT=/app/var/static
USER complaints
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD python -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--no-ws", "complaints_site.wsgi:application"]
