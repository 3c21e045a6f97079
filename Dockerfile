# The site of lesson 17, from your files: one image for the Daphnes, the worker and what runs before them.
FROM python:3.13.7-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1

COPY lessons/17_deployment/deploy/requirements.txt /tmp/requirements.txt
RUN pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

# Volumes that are mounted here take their owner from these folders.
RUN useradd --uid 1000 --home-dir /srv/site --no-create-home site \
    && mkdir -p /srv/data /srv/static /srv/tls \
    && chown site:site /srv/data /srv/static /srv/tls

COPY lessons/17_deployment /srv/site
WORKDIR /srv/site
USER site
