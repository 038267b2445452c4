from odoo import models

from .audience import has_blocks, strip_blocks


class Base(models.AbstractModel):
    _inherit = "base"

    def _read_format(self, fnames, load="_classic_read"):
        """Customers read no block that is for others by RPC either, nor in results of a search."""
        vals_list = super()._read_format(fnames, load=load)
        for name in fnames:
            if self._fields[name].type != "html":
                continue
            for vals in vals_list:
                if has_blocks(vals[name]):
                    is_shown = self.env["website"]._is_shown_to_visitor
                    vals[name] = strip_blocks(vals[name], is_shown)
        return vals_list
