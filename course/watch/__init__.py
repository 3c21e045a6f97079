"""`course watch`: check again at every save."""
