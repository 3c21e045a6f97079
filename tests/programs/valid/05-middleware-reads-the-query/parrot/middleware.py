from urllib.parse import parse_qsl


class Language:
    """Add to the scope what stands after lang= in the query string, "en" where nothing does."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        pairs = parse_qsl(scope["query_string"].decode())
        lang = next((value for key, value in pairs if key == "lang"), "en")
        return await self.app({**scope, "lang": lang}, receive, send)
