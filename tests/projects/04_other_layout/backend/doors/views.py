from django.views.generic import TemplateView

from .ledger import last_code


class LastClose(TemplateView):
    template_name = "doors/last_close.txt"
    content_type = "text/plain"

    def get_context_data(self, **kwargs):
        return super().get_context_data(code=last_code(), **kwargs)
