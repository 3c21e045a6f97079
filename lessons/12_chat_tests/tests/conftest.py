import multiprocessing

# The live server begins as a fresh process, as on every newer Python. Forked from this one, it would inherit a thread
# pool without its threads as soon as a test of the consumer has run before it, and hang.
multiprocessing.set_start_method("spawn", force=True)
