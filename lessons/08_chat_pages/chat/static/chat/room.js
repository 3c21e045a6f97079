// TODO: open a WebSocket to /ws/chat/<room name>/ and show what becomes of it in #status.
// TODO: add each message that comes to #chat-log, send each one that is typed.
