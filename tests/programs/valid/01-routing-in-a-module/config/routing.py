from channels.routing import URLRouter

websocket_urlpatterns = []

websockets = URLRouter(websocket_urlpatterns)
