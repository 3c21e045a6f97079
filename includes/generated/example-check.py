def test_every_message_comes_back(connect, fresh):
    """Every text message comes back unchanged.

    1. Channels calls one method of the consumer for each message that the browser sends.
    2. websocket_receive(event) finds the text in event["text"].
    3. Send {"type": "websocket.send", "text": event["text"]}.
    """
    first, second = fresh.text(), fresh.text()
    with connect("/ws/sc/") as ana:
        ana.send(first)
        assert ana.receive() == first

        ana.send(second)
        assert ana.receive() == second
