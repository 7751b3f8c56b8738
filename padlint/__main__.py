"""`python -m padlint`."""

import os
import sys


def _leave_out_working_folder() -> None:
    """Python puts it first here. It holds the code to be linted: a `json.py` in it is none of ours to import. (What Python
    itself has imported by now came from there, too. The command `padlint` has no such gap.)"""
    try:
        folder = os.getcwd()
    except OSError:  # it has been removed
        return
    if sys.path[:1] == [folder]:
        del sys.path[0]


_leave_out_working_folder()

from padlint.cli import entry  # noqa: E402

entry()
