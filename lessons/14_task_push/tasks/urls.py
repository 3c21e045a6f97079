from django.urls import path

from tasks.views import TasksView, TaskView

urlpatterns = [
    path("", TasksView.as_view(), name="tasks"),
    path("<int:pk>/", TaskView.as_view(), name="task"),
]
