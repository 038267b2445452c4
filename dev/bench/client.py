"""Servers under test, and who visits them."""

import contextlib
import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from .. import paths
from ..console import Failure

ADDONS = Path(__file__).parent / "addons"
PROBE = "bench_probe"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@dataclass(frozen=True)
class Cost:
    """What an answer has cost."""

    ms: float  # from the arrival of the request to its answer
    cpu: float  # ms of computing in that, without PostgreSQL
    queries: int


@dataclass(frozen=True)
class Answer:
    """What came back, and what it has cost."""

    text: str
    cost: Cost


@contextlib.contextmanager
def servers(env, *templates):
    """A server on a copy of each template, all up at the same time.

    :param Environment env: what to work with
    :param str templates: names of databases
    :return: their ports
    :rtype: list[int]
    """
    folders = [paths.LINKS, *env.odoo.tree.addons, ADDONS]
    arguments = [
        f"--addons-path={','.join(map(str, folders))}",
        f"--load=base,web,{PROBE}",
        "--workers=0",
        "--max-cron-threads=0",
    ]
    with contextlib.ExitStack() as stack:
        ports = []
        for template in templates:
            database = stack.enter_context(env.databases.temporary(template, "bench"))
            log = paths.LOGS / f"bench-server-{len(ports)}.log"
            server = env.odoo.server(database, *arguments, log=log)
            ports.append(stack.enter_context(server).port)
        yield ports


class Visitor:
    """Somebody with a browser, on one server.

    :param int port: where the server listens
    :param str login: who signs in; nobody does by default
    :param str password: of that user
    """

    def __init__(self, port, login=None, password=None):
        self.address = f"http://127.0.0.1:{port}"
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        if login:
            self._sign_in(login, password)

    def _sign_in(self, login, password):
        form = self.get("/web/login").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
        values = {"login": login, "password": password, "csrf_token": token}
        self._open("/web/login", urllib.parse.urlencode(values).encode())
        if "/web/session/logout" not in self.get("/my/account").text:
            raise Failure(f"{login} could not sign in at {self.address}.")

    def get(self, path, trace=False):
        """Open a page.

        :rtype: Answer
        """
        return self._open(path, trace=trace)

    def call(self, path, trace=False, **params):
        """Call a JSON route.

        :rtype: Answer
        """
        body = json.dumps({"jsonrpc": "2.0", "params": params}).encode()
        answer = self._open(path, body, {"Content-Type": "application/json"}, trace=trace)
        if "error" in (result := json.loads(answer.text)):
            raise Failure(f"{path}: {result['error']['data']['message']}")
        return answer

    def last_queries(self):
        """The queries of the last request with ``trace``.

        :return: dicts with ``query``, ``line`` (of the addon, or empty) and ``ms``
        :rtype: list[dict]
        """
        with self._opener.open(f"{self.address}/bench/trace") as response:
            return json.load(response)

    def _open(self, path, body=None, headers=None, trace=False):
        headers = {"User-Agent": BROWSER, **(headers or {})}
        if trace:
            headers["X-Bench-Trace"] = "1"
        request = urllib.request.Request(self.address + path, body, headers)
        try:
            with self._opener.open(request, timeout=300) as response:
                said = response.headers
                cost = Cost(
                    float(said["X-Bench-Ms"]),
                    float(said["X-Bench-Cpu"]),
                    int(said["X-Bench-Queries"]),
                )
                return Answer(response.read().decode(), cost)
        except urllib.error.HTTPError as error:
            raise Failure(
                f"{path} answered {error.code}.", f"See the logs bench-server-* in {paths.LOGS}."
            ) from None
