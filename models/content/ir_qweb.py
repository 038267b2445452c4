from odoo import api, models

from odoo.addons.base.models.ir_qweb import indent_code

from .audience import AUDIENCE_ATTRIBUTE, has_blocks, parse_audience, strip_blocks


class IrQweb(models.AbstractModel):
    """Blocks of views are left out while they are rendered, not hidden in the browser.

    The condition is compiled into the template, so a template without such blocks costs nothing.
    """

    _inherit = "ir.qweb"

    def _compile_node(self, el, compile_context, level):
        audience = parse_audience(el.get(AUDIENCE_ATTRIBUTE, ""))
        if audience:
            el.set("t-audience", ",".join(map(str, audience)))
        return super()._compile_node(el, compile_context, level)

    def _directives_eval_order(self):
        directives = super()._directives_eval_order()
        directives.insert(directives.index("if") + 1, "audience")
        return directives

    def _compile_directive_audience(self, el, compile_context, level):
        """Wrap the rest of the element, as ``groups`` does, but leave its t-else alone."""
        audience = parse_audience(el.attrib.pop("t-audience"))
        strip = self._rstrip_text(compile_context)
        code = self._flush_text(compile_context, level)
        code.append(indent_code(f"if self._is_shown_to_visitor({audience!r}):", level))
        if strip and el.tag.lower() != "t":
            self._append_text(strip, compile_context)
        inner = [
            *self._compile_directives(el, compile_context, level + 1),
            *self._flush_text(compile_context, level + 1, rstrip=True),
        ]
        return code + (inner or [indent_code("pass", level + 1)])

    def _is_shown_to_visitor(self, type_ids):
        return self.env["website"]._is_shown_to_visitor(type_ids)


class IrQwebFieldHtml(models.AbstractModel):
    _inherit = "ir.qweb.field.html"

    @api.model
    def value_to_html(self, value, options):
        if has_blocks(value):
            value = strip_blocks(value, self.env["website"]._is_shown_to_visitor)
        return super().value_to_html(value, options)
