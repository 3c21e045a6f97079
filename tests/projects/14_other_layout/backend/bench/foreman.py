from rq import Worker


class Foreman(Worker):
    """Takes up what was begun and not ended: there is one worker only, so whoever began it is dead."""

    def bootstrap(self, *args, **kwargs):
        super().bootstrap(*args, **kwargs)
        for queue in self.queues:
            for number in queue.started_job_registry.get_job_ids(cleanup=False):
                job = queue.fetch_job(number)
                if job:
                    queue.enqueue_job(job)
