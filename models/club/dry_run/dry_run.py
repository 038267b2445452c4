from itertools import count

from ..sale_order import ClubBatch, get_club_batch


class DryRun(ClubBatch):
    """A batch that is taken back once it is known what comes of it.

    :ivar dict memory: what the shipments of batches before, and of this one, take of what there is
        for all of a run; as JSON, because it has to outlive the process
    :ivar dict shortages: what is short, in words, by id of shipment
    """

    def __init__(self, memory):
        super().__init__()
        self.memory = memory
        self.shortages = {}
        self._numbers = count(1)

    def draw_number(self):
        """:return: a number for what is taken back, from no sequence"""
        return f"Dry run #{next(self._numbers)}"


def get_dry_run(env):
    """:return: the :class:`DryRun` that is going on, or None"""
    batch = get_club_batch(env)
    return batch if isinstance(batch, DryRun) else None
