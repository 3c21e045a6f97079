import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

INSTALLED_APPS = [
    "daphne",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "rest_framework",
    "django_rq",
    "bench.apps.BenchConfig",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "workshop.urls"
ASGI_APPLICATION = "workshop.asgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [], "APP_DIRS": True}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ROOT / "workshop.sqlite3"}}
RQ_QUEUES = {"default": {"URL": os.environ["REDIS_URL"], "DEFAULT_TIMEOUT": 90}}
RQ = {"COMMIT_MODE": "auto"}
USE_TZ = True
