import asyncio


async def slow_reply(text: str) -> str:
    """Return the text, once the lamp has turned."""
    loop = asyncio.get_running_loop()
    turned = loop.create_future()
    lamp = loop.call_later(0.3, turned.set_result, text)
    try:
        return await turned
    finally:
        lamp.cancel()  # nobody may wait for it any more
