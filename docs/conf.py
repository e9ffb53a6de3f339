"""How Sphinx builds these pages: Markdown, furo, nothing from the network."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from leaklint import __version__

project = "leaklint"
author = "the authors of leaklint"
release = __version__
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"leaklint {__version__}"
html_static_path = ["_static"]
myst_heading_anchors = 3
nitpicky = True
