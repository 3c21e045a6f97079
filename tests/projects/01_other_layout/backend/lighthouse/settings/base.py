PROJECT = "lighthouse"

INSTALLED_APPS = [
    "daphne.apps.DaphneConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "harbour.apps.HarbourConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
    }
]

ROOT_URLCONF = f"{PROJECT}.urls"
ASGI_APPLICATION = f"{PROJECT}.asgi.app"
STATIC_URL = "/static/"
