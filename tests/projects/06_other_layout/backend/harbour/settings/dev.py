from .base import *  # noqa: F403

DEBUG = False
SECRET_KEY = "not-a-secret"
ALLOWED_HOSTS = ["127.0.0.1"]
