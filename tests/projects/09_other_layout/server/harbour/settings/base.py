import os

INSTALLED_APPS = ["daphne", "radio.apps.RadioConfig"]
ROOT_URLCONF = "harbour.urls"
ASGI_APPLICATION = "harbour.gateway.app"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [os.environ["REDIS_URL"]], "prefix": "harbour"},
    }
}
