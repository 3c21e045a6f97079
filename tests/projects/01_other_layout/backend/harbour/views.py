from django.views.generic import TemplateView


class Quay(TemplateView):
    template_name = "harbour/quay.html"
