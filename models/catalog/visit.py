"""Asking the shop in the name of somebody else, from within the server."""

import gzip
import json
import threading
from contextlib import contextmanager

from werkzeug.exceptions import abort
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.urls import iri_to_uri

from odoo import http, models
from odoo.http import request
from odoo.service import security

# In the environment of a WSGI request, where no browser can put it.
VISIT_KEY = "customer_type.visit"
MAX_REDIRECTIONS = 5
SESSION_IDENTIFIER_LENGTH = 42


def is_visit():
    """:return: whether the request at hand is one of a :class:`Visitor`"""
    return bool(request) and VISIT_KEY in request.httprequest.environ


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        if is_visit():
            # Whoever commits on the way, so that others see it at once, does not here.
            request.env.cr.commit = request.env.cr.rollback
        return super()._pre_dispatch(rule, args)

    @classmethod
    def _post_dispatch(cls, response):
        super()._post_dispatch(response)
        if is_visit():
            # What the database refuses is no yes.
            request.env.flush_all()
            # The answer is kept, and what the request has written is not: this passes the commit.
            abort(response)


class IrSequence(models.Model):
    _inherit = "ir.sequence"

    def _get_passing_number(self):
        return self.get_next_char(0) if is_visit() else super()._get_passing_number()


class Visitor:
    """Somebody who uses the shop through the real application, and leaves nothing behind.

    Their session is their own, and ends with the visit. Whatever a request writes is rolled back
    with it, so the next one knows nothing of it.

    :param user: res.users
    :param website: the website they visit, whatever its domain
    """

    def __init__(self, user, website):
        self.user = user
        self.website = website
        self.session = None

    @contextmanager
    def visit(self):
        """Open a session, and end it."""
        store = http.root.session_store
        self.session = self._open_session(store.new())
        store.save(self.session)
        try:
            yield self
        finally:
            store.delete_from_identifiers([self.session.sid[:SESSION_IDENTIFIER_LENGTH]])
            self.session = None

    def _open_session(self, session):
        env = self.user.env
        session.update(
            http.get_default_session(),
            db=env.cr.dbname,
            force_website_id=self.website.id,
            _trace_disable=True,  # the user has not been here
        )
        lang = self.website.sudo().default_lang_id.code
        session.context["lang"] = lang
        if not self.user._is_public():
            as_user = env(user=self.user.id, su=False)
            session.uid = self.user.id
            session.login = self.user.sudo().login
            session.session_token = security.compute_session_token(session, as_user)
            session.context = {
                **as_user["res.users"].context_get(),
                "lang": session.context["lang"],
            }
        return session

    def ask(self, asked):
        """
        :param Ask asked: a page is followed where it leads
        :return: the body of the answer
        :rtype: bytes
        """
        path = asked.path
        for _redirection in range(MAX_REDIRECTIONS):
            status, headers, body = self._request(path, asked.params)
            location = headers.get("Location")
            if not 300 <= status < 400 or not location:
                return body
            path = location.removeprefix(self._base_url())
        return body

    def _request(self, path, params):
        builder = EnvironBuilder(
            path=iri_to_uri(path),
            base_url=self._base_url(),
            headers={"Cookie": self._get_cookies()},
            environ_overrides={VISIT_KEY: True, "REMOTE_ADDR": "127.0.0.1"},
            **({} if params is None else self._prepare_call(params)),
        )
        # Where guests are turned away, their session is ended, and another begun.
        http.root.session_store.save(self.session)
        with _in_thread_of_its_own():
            chunks, status, headers = run_wsgi_app(http.root, builder.get_environ(), buffered=True)
        self._forget_other_sessions(headers)
        body = b"".join(chunks)
        if headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return int(status.split()[0]), headers, body

    def _forget_other_sessions(self, headers):
        for cookie in headers.getlist("Set-Cookie"):
            name, _equals, value = cookie.partition(";")[0].partition("=")
            if name == "session_id" and value and value != self.session.sid:
                http.root.session_store.delete_from_identifiers([value[:SESSION_IDENTIFIER_LENGTH]])

    def _prepare_call(self, params):
        call = {"jsonrpc": "2.0", "method": "call", "id": 0, "params": params}
        return {"method": "POST", "data": json.dumps(call), "content_type": "application/json"}

    def _get_cookies(self):
        return f"session_id={self.session.sid}"

    def _base_url(self):
        # Where the manager is now: a host that serves this very database.
        return request.httprequest.host_url.rstrip("/") if request else "http://localhost"


@contextmanager
def _in_thread_of_its_own():
    """The application keeps things about its request on the thread, where ours has its own."""
    thread = threading.current_thread()
    kept = dict(vars(thread))
    try:
        yield
    finally:
        vars(thread).clear()
        vars(thread).update(kept)
