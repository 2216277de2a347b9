"""Letters on paper: PDF by fpdf2, in fonts that come as Python packages."""

from segue.ports.paper.press import FpdfPress

__all__ = ["FpdfPress"]
