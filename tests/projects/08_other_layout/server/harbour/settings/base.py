INSTALLED_APPS = [
    "daphne",
    "radio.apps.RadioConfig",
]

MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "harbour.urls"
ASGI_APPLICATION = "harbour.gateway.app"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
USE_TZ = True
