import time


def work(duration):
    """Take `duration` seconds, as slow work does; with 0 seconds it goes wrong, as some work does."""
    time.sleep(duration)
    return 1 / duration
