from math import isinf, isnan

from channels.generic.websocket import JsonWebsocketConsumer


class NoAnswer(Exception):
    """There is no result, and the text says why."""


class AbacusConsumer(JsonWebsocketConsumer):
    def receive(self, text_data=None, bytes_data=None):
        try:
            super().receive(text_data, bytes_data)
        except (ValueError, RecursionError):
            self.send_json({"id": None, "error": {"why": "Send JSON, as text."}})

    def receive_json(self, content):
        match content:
            case {"op": "sum" | "min" | "max" as op, "values": list(values)}:
                self.answer(content, op, values)
            case {}:
                self.send_json({"id": content.get("id"), "error": {"why": "No operation that I know."}})
            case _:
                self.send_json({"id": None, "error": {"why": "Send an object."}})

    def answer(self, content, op, values):
        said = {"op": op, "id": content.get("id"), "result": None, "error": None}
        try:
            said["result"] = self.work_out(op, values)
        except NoAnswer as problem:
            said["error"] = str(problem)
        self.send_json(said)

    def work_out(self, op, values):
        if any(isinstance(value, bool) or not isinstance(value, int | float) for value in values):
            raise NoAnswer("Numbers, please.")
        if op == "sum":
            try:
                total = sum(values)
                if isinstance(total, float) and (isinf(total) or isnan(total)):
                    raise NoAnswer("That is too much.")
            except OverflowError:
                raise NoAnswer("That is far too much.") from None
            return total
        if not values:
            raise NoAnswer("There is nothing to choose from.")
        return sorted(values)[0 if op == "min" else -1]
