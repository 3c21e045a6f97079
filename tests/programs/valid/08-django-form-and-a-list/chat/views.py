from django import forms
from django.shortcuts import redirect, render


class RoomForm(forms.Form):
    name = forms.SlugField(label="Which room?")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs |= {"id": "room-name-input", "autofocus": True, "autocomplete": "off"}


def index(request):
    form = RoomForm(request.GET or None)
    if form.is_valid():
        return redirect("room", form.cleaned_data["name"])
    return render(request, "chat/index.html", {"form": form})


def room(request, room_name):
    return render(request, "chat/room.html", {"room_name": room_name})
