"""Blocks of content that are for some customer types, in what the website editor saves.

A block says so by an attribute with the ids of the types. Nothing in here knows Odoo.
"""

from lxml import etree, html

from odoo.tools.template_inheritance import remove_element

AUDIENCE_ATTRIBUTE = "data-customer-types"


def parse_audience(value):
    """Read the attribute of a block.

    :param str value: ids of customer types, separated by commas
    :return: the ids, none for a block for everybody. What is no id counts as a type which nobody
        holds: content that somebody meant to keep back is not shown for a slip.
    :rtype: tuple
    """
    return tuple(
        int(part) if part.strip().isdecimal() else 0 for part in value.split(",") if value.strip()
    )


def has_blocks(markup):
    """:return: whether some block in the markup (str, may be empty) is for some customers only"""
    return bool(markup) and AUDIENCE_ATTRIBUTE in markup


def strip_blocks(markup, is_shown, is_xml=False):
    """Take out the blocks that are for others.

    :param str markup: HTML, or the arch of a view
    :param is_shown: tells for the ids of types whether to show what is for them
    :param bool is_xml: whether it is the arch of a view
    :return: the markup without them
    :rtype: str
    """
    if is_xml:
        root = etree.fromstring(markup)
    else:
        root = html.fragment_fromstring(markup, create_parent="div")
    blocks = [
        node
        for node in root.iter(etree.Element)
        if not is_shown(parse_audience(node.get(AUDIENCE_ATTRIBUTE, "")))
    ]
    if not blocks:
        return markup
    for node in blocks:
        if node is root:
            return ""
        remove_element(node)
    if is_xml:
        return etree.tostring(root, encoding="unicode")
    return html.tostring(root, encoding="unicode").removeprefix("<div>").removesuffix("</div>")
