"""Draw the pictures of the demo shop.

Every picture is an SVG made of a few shapes (bottles, jars, cheeses, boxes), rendered by a
headless Chromium and saved as a small JPEG or PNG file in ``static/demo``::

    python -m dev.pictures               # draw everything again
    python -m dev.pictures --sheet FILE  # one contact sheet only, to look at

Needs Pillow, Chromium and the fonts EB Garamond, Old Standard, Dancing Script and Montserrat.
"""
