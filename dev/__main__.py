"""The door: checks Python's version in words old Pythons understand, then runs the command."""

import sys

if sys.version_info < (3, 10):
    sys.stderr.write(
        "Python 3.10 or newer is needed, this is Python %d.%d (%s).\n"
        "Install a newer one and say which to use: make demo PYTHON=python3.12\n"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )
    sys.exit(2)

from dev.commands import main

sys.exit(main(sys.argv[1:]))
