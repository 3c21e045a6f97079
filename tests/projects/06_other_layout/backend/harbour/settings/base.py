from pathlib import Path

BACKEND = Path(__file__).resolve().parents[2]

INSTALLED_APPS = [
    "daphne",
    "django.contrib.staticfiles",
    "quay",
]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "harbour.urls"
ASGI_APPLICATION = "harbour.gateway.app"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BACKEND / "harbour" / "templates"],
    }
]
STATIC_URL = "/assets/"
STATICFILES_DIRS = [BACKEND / "assets"]
USE_TZ = True
