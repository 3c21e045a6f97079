from django.shortcuts import render

# TODO: index(request) and room(request, room_name).
