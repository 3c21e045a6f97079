from bench.api import views
from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [
    path("", TemplateView.as_view(template_name="bench.html")),
    path("tasks/", views.tasks),
    path("tasks/<int:number>/", views.task),
]
