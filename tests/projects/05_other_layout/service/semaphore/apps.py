from django.apps import AppConfig


class SemaphoreConfig(AppConfig):
    name = "semaphore"
    verbose_name = "Flags and lamps"
