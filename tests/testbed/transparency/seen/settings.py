ASGI_APPLICATION = "seen.asgi.application"
