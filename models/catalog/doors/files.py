"""Pictures, documents, and what is published for search engines."""

from odoo.tools import LazyTranslate

from .ask import Door, page
from .target import FILE, IMAGE

_lt = LazyTranslate(__name__)


def ask_images(t):
    owners = [t.product, t.variant, *t.images]
    return [
        *(
            page(f"/web/{route}/{owner._name}/{owner.id}/{fname}")
            for owner in owners
            for route, fname in (
                ("image", "image_1920"),
                ("image", "image_128"),
                ("content", "image_1920"),
                ("content", "image_512"),
                ("image", "image_variant_1920"),
                ("content", "image_variant_1920"),
            )
            if fname in owner._fields
        ),
        *(
            page(f"/web/{route}/{attachment.id}")
            for attachment in t.attachments
            for route in ("image", "content")
        ),
    ]


def ask_documents(t):
    return [
        request
        for document in t.documents
        for request in (
            page(f"/shop/{t.slug(t.product)}/document/{document.id}"),
            page(f"/shop/{t.product.id}/document/{document.id}"),
            page(f"/web/content/{document.ir_attachment_id.id}"),
            page(f"/web/content/product.document/{document.id}/datas"),
        )
    ]


def ask_sitemap(t):
    return [page("/sitemap.xml")]


def ask_feeds(t):
    feeds = t["product.feed"].search([("website_id", "=", t.website.id)])
    return [
        page("/gmc.xml", feed_id=feed.id, access_token=feed.access_token)
        for feed in feeds
        if t.website.enabled_gmc_src
    ]


DOORS = (
    Door(_lt("Pictures"), ask_images, frozenset((IMAGE,))),
    Door(_lt("Documents"), ask_documents, frozenset((FILE,))),
    Door(_lt("Sitemap"), ask_sitemap, frozenset(), for_guests=True),
    Door(_lt("Product feeds"), ask_feeds, frozenset(), for_guests=True),
)
