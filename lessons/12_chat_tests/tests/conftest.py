import multiprocessing

import pytest
from channels.layers import channel_layers

# The live server begins as a fresh process. Forked from this one after other tests have run, it would inherit a thread
# pool without its threads, and hang; and this process's mailbox in Redis, and take messages out of it.
multiprocessing.set_start_method("spawn", force=True)


# Each test runs in its own event loop, and a channel layer may still hold a lock of the previous one.
@pytest.fixture(autouse=True)
def new_channel_layer():
    channel_layers.backends.clear()
