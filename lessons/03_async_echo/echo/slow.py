import asyncio


async def slow_reply(text):
    """Return the text, 0.3 seconds later.

    Stands for anything slow that you wait for: a translation service, a payment, a database far away.
    """
    await asyncio.sleep(0.3)
    return text
