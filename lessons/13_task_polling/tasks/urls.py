from django.urls import path

urlpatterns = [
    # TODO: tasks/ creates a task, tasks/7/ returns the state of number 7.
]
