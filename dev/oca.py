"""Addons of the Odoo Community Association, which the Python index has.

They depend on a package ``odoo`` that it does not have. So each list of them is complete, goes into
a folder of its own without what it depends on, and is seen only by an Odoo that is told to.
"""

import shutil

from . import paths, venv
from .console import Step, failed, run


def ready(name):
    """The folder of one list of requirements, filled first if need be.

    :param str name: of the list, see ``venv.REQUIREMENTS``
    :return: what belongs on the Python path; its ``odoo/addons`` belongs on the addons path
    :rtype: Path
    """
    requirements = venv.REQUIREMENTS[name]
    folder = paths.OCA / f"{name}-{paths.digest(requirements.read_bytes())}"
    with paths.locked("oca"):
        if not folder.exists():
            for older in paths.OCA.glob(f"{name}-*"):
                shutil.rmtree(older)
            part = folder.with_suffix(".part")
            log = paths.LOGS / f"pip-{name}.log"
            command = [*venv.PIP, "--no-deps", "--target", part, "-r", requirements]
            with Step(f"Installing addons from the Python index ({name})"):
                failed_code = run(command, log)
            if failed_code:
                raise failed("the addons cannot be installed", log, network=True)
            part.rename(folder)
    return folder
