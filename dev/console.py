"""What the user sees: steps with progress, and errors in plain words."""

import contextlib
import errno
import os
import re
import shutil
import subprocess
import sys
import threading
import time

QUIET_INTERVAL = 20  # seconds between two signs of life where lines cannot be redrawn


class Failure(Exception):
    """Something the user can do something about.

    :param str what: what went wrong
    :param str fix: what to do about it
    """

    def __init__(self, what, fix=""):
        super().__init__(what)
        self.what = what
        self.fix = fix


def show_failure(failure):
    sys.stdout.flush()
    print(f"\nError: {failure.what}", file=sys.stderr)
    if failure.fix:
        print(f"\n{failure.fix}", file=sys.stderr)


def say(text=""):
    print(text, flush=True)


class Step:
    """A line on the screen that shows what goes on until the work is done.

    :param str title: what is being done
    :param measure: called for the detail to show; else whoever works calls :meth:`update`
    """

    def __init__(self, title, measure=None):
        self.title = title
        self.detail = ""
        self.measure = measure
        self.start = time.monotonic()
        self._tty = sys.stdout.isatty()
        self._done = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def update(self, detail):
        """Say how far it is, for example ``"12 of 80"``."""
        self.detail = detail

    @property
    def seconds(self):
        return round(time.monotonic() - self.start)

    def _line(self):
        if self.measure:
            with contextlib.suppress(OSError):
                self.detail = self.measure()
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.title}{detail} ({self.seconds} s)"

    def _draw(self):
        width = shutil.get_terminal_size().columns - 1
        sys.stdout.write("\r\033[K" + self._line()[:width])
        sys.stdout.flush()

    def _tick(self):
        while not self._done.wait(0.5 if self._tty else QUIET_INTERVAL):
            if self._tty:
                self._draw()
            else:
                say("  " + self._line())

    def __enter__(self):
        if self._tty:
            self._draw()
        else:
            say(f"{self.title} ...")
        self._ticker.start()
        return self

    def __exit__(self, kind, _error, _traceback):
        self._done.set()
        self._ticker.join()
        word = "done" if kind is None else "stopped" if kind is KeyboardInterrupt else "failed"
        start = "\r\033[K" if self._tty else ""
        say(f"{start}{self.title}: {word} in {self.seconds} s")


def run(command, log, on_line=None, **options):
    """Run a program to its end, all it prints into a file.

    :param list command: the program and its arguments
    :param Path log: where its output goes, overwritten
    :param on_line: called with each line it prints
    :param options: for ``subprocess.Popen``
    :return: exit code
    :rtype: int
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "w", errors="replace") as output:
        output.write("$ " + " ".join(map(str, command)) + "\n")
        process = subprocess.Popen(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **{"stdin": subprocess.DEVNULL, **options},
        )
        with ended_with_us(process):
            for line in process.stdout:
                output.write(line)
                output.flush()
                if on_line:
                    on_line(line)
            return process.wait()


@contextlib.contextmanager
def ended_with_us(process, patience=20):
    """Whatever happens inside, the process does not outlive the block."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


NO_NETWORK = re.compile(
    r"Temporary failure (in name resolution|resolving)|Could not resolve|Name or service not known"
    r"|Network is unreachable|No route to host|Connection refused|Unable to connect"
    r"|Could not connect|Connection timed out|ConnectTimeoutError|ProxyError"
    r"|Failed to establish a new connection",
    re.IGNORECASE,
)


def failed(what, log, fix="", network=False):
    """The failure behind a program's output, in the user's words where it is a known one.

    :param str what: what did not work
    :param Path log: what the program printed
    :param str fix: what the user may do
    :param bool network: whether the program needs the network
    :rtype: Failure
    """
    text = log.read_text(errors="replace") if log.exists() else ""
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return no_space(log.parent)
    if network and NO_NETWORK.search(text[-20000:]):
        return Failure(
            f"{what}: the network cannot be reached.",
            "Check the connection (and http_proxy / https_proxy, if you need a proxy), then run "
            f"the same command again: it continues where it stood.\nDetails: {log}",
        )
    lines = [line for line in text.splitlines() if line.strip()]
    tail = "\n".join("  " + line[:300] for line in lines[-15:])
    return Failure(f"{what}.", f"The end of {log}:\n{tail}" + (f"\n\n{fix}" if fix else ""))


def no_space(path):
    return Failure(
        f"the disk of {path} is full ({_free_gigabytes(path):.1f} GB free).",
        "Make room, then run the same command again: it continues where it stood.\n"
        "A complete set-up takes about 4 GB; `make clean` removes this checkout's.",
    )


def check_space(path, gigabytes):
    """Stop before starting work that will not fit.

    :param Path path: an existing folder
    :param float gigabytes: needed there
    :raise Failure: when there is less
    """
    free = _free_gigabytes(path)
    if free < gigabytes:
        raise Failure(
            f"not enough room on the disk of {path}: {gigabytes:.1f} GB are needed, "
            f"{free:.1f} GB are free.",
            "Make room and run the same command again.",
        )


def _free_gigabytes(path):
    while not os.path.exists(path):
        path = os.path.dirname(path)
    return shutil.disk_usage(path).free / 1e9


def failure_from_os_error(error, path):
    """The user's words for an error of the system, or ``None`` when it is not theirs to mend."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_space(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Failure(
            f"no permission: {error}.",
            f"Was {path} made by another user (root)? Remove it, or run as that user.",
        )
    return None
