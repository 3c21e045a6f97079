import asyncio


async def slow_reply(text: str) -> str:
    """Return the text, once the lamp has turned."""
    loop = asyncio.get_running_loop()
    turned = loop.create_future()
    loop.call_later(0.3, turned.set_result, text)
    return await turned
