PROJECT = "lighthouse"

INSTALLED_APPS = [
    "daphne",
    "django.contrib.staticfiles",
    "channels",
    "semaphore.apps.SemaphoreConfig",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = f"{PROJECT}.urls"
ASGI_APPLICATION = f"{PROJECT}.asgi.app"
STATIC_URL = "/static/"
APPEND_SLASH = True
USE_TZ = True
