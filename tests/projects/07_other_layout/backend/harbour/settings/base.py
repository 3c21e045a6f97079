INSTALLED_APPS = [
    "daphne",
    "django.contrib.staticfiles",
    "lounge.apps.LoungeConfig",
]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "harbour.urls"
ASGI_APPLICATION = "harbour.asgi.application"
STATIC_URL = "/static/"
USE_TZ = True
