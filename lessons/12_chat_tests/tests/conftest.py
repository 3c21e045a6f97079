import multiprocessing

# The live server begins as a fresh process. Forked from this one after other tests have run, it would inherit a thread
# pool without its threads, and hang; and this process's mailbox in Redis, and take messages out of it.
multiprocessing.set_start_method("spawn", force=True)
