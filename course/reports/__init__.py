"""One pure function a format, over the same `Report`."""
