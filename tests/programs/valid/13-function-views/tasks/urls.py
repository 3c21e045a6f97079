from django.urls import path

from tasks import views

app_name = "tasks"
urlpatterns = [
    path("", views.new_task),
    path("<int:number>/", views.one_task),
]
