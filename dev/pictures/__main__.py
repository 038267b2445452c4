"""``python -m dev.pictures``: render the drawings."""

import argparse
import io
import math
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from . import __doc__ as description
from .brand import MARKS, draw_hero, draw_icon, draw_logo, draw_mark
from .catalogue import CATALOGUE, product_svg
from .svg import SIZE

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "static" / "demo"
SAVED = 600  # pixels of a product's picture

PAGE = "<meta charset=utf-8><style>*{margin:0}svg{display:block}</style>"
FIT = """<script>
for (const line of document.querySelectorAll("text[data-fit]")) {
    const width = line.getComputedTextLength(), fit = parseFloat(line.dataset.fit);
    if (fit && width > fit) {
        const size = parseFloat(line.getAttribute("font-size")) * fit / width;
        line.setAttribute("font-size", size);
        line.setAttribute("letter-spacing", line.getAttribute("letter-spacing") * fit / width);
    }
}
</script>"""


def render(html, width, height, transparent=False):
    """Return the Pillow image of a page."""
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        page.write_text(f"{PAGE}{html}{FIT}", "utf-8")
        subprocess.run(
            [
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-background-networking",
                f"--window-size={width},{height}",
                *(["--default-background-color=00000000"] if transparent else []),
                f"--screenshot={shot}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
        return Image.open(io.BytesIO(shot.read_bytes())).convert("RGBA" if transparent else "RGB")


def render_grid(svgs, cell, columns):
    rows = math.ceil(len(svgs) / columns)
    grid = f"display:grid;grid-template-columns:repeat({columns},{cell}px)"
    html = f'<div style="{grid}">{"".join(svgs)}</div>'
    return render(html, cell * columns, cell * rows)


def draw_products():
    keys = list(CATALOGUE)
    for start in range(0, len(keys), 16):
        chunk = keys[start : start + 16]
        sheet = render_grid([product_svg(key) for key in chunk], SIZE, 4)
        for i, key in enumerate(chunk):
            x, y = i % 4 * SIZE, i // 4 * SIZE
            picture = sheet.crop((x, y, x + SIZE, y + SIZE)).resize((SAVED, SAVED), Image.LANCZOS)
            picture.save(TARGET / f"{key}.jpg", quality=86, optimize=True, progressive=True)


def draw_brand():
    def save(name, page, width, height):
        picture = render(page, width, height, transparent=True)
        picture.quantize(192, dither=Image.Dither.NONE).save(TARGET / name, optimize=True)

    save("logo.png", draw_logo(), 520, 150)
    for name, spec in MARKS.items():
        save(f"{name}.png", draw_mark(*spec), 256, 256)
    render(draw_hero(), 1920, 720).save(
        TARGET / "hero.jpg", quality=82, optimize=True, progressive=True
    )
    folder = ROOT / "static" / "description"
    folder.mkdir(parents=True, exist_ok=True)
    icon = draw_icon()
    render(icon, 256, 256, transparent=True).save(folder / "icon.png", optimize=True)


def main():
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--sheet", type=Path, help="draw one contact sheet only")
    parser.add_argument("--only", nargs="*", help="file names without extension, for the sheet")
    options = parser.parse_args()
    if options.sheet:
        keys = options.only or list(CATALOGUE)
        cell = 400 if len(keys) <= 16 else 260
        render_grid([product_svg(key, cell) for key in keys], cell, 4 if cell == 400 else 7).save(
            options.sheet
        )
        return
    TARGET.mkdir(parents=True, exist_ok=True)
    draw_products()
    draw_brand()


if __name__ == "__main__":
    main()
