import json
import logging


class Json(logging.Formatter):
    def format(self, record):
        told = {"level": record.levelname, "where": record.name, "what": record.getMessage()}
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told)
