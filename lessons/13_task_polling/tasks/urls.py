from django.urls import path

urlpatterns = [
    # TODO: tasks/ makes a task, tasks/7/ tells the state of number 7.
]
