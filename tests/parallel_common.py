from threading import Barrier, Thread

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tools import mute_logger


class ParallelCommon:
    """Functions at the very same time, each in a real transaction, replayed as requests are."""

    def _run_together(self, *acts):
        """
        :param acts: functions of an environment and of ``meet``, which they call once they have
            looked around: on the first try it waits until all the others have, too
        :return: what they returned, or were told by a UserError, in no order
        :rtype: list
        """
        barrier = Barrier(len(acts), timeout=30)
        outcomes, failures = [], []

        def run(act):
            tries = []

            def meet():
                tries.append(1)
                if len(tries) == 1:
                    barrier.wait()

            try:
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    outcomes.append(retrying(lambda: act(env, meet), env))
            except UserError as error:
                outcomes.append(str(error))
            except Exception as error:
                failures.append(error)

        threads = [Thread(target=run, args=(act,)) for act in acts]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        self.assertFalse(failures)
        return outcomes
