INSTALLED_APPS = [
    "daphne",
    "django.contrib.staticfiles",
    "radio.apps.RadioConfig",
]

MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "harbour.urls"
STATIC_URL = "/static/"
USE_TZ = True

_package = __name__.partition(".")[0]
ASGI_APPLICATION = f"{_package}.gateway.app"
