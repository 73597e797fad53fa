"""The icons of the package lucide, drawn for our pages.

The package opens its archive anew for each icon and reads some 1,700 names before it finds one: a hundredth of a second
each, which the first visitors of a fresh server would wait for.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

_SVG = "{http://www.w3.org/2000/svg}"


@cache
def _archive() -> ZipFile:
    """In memory: processes that fork would share the place up to which a file is read."""
    return ZipFile(BytesIO(resources.files("lucide").joinpath("lucide.zip").read_bytes()))


def draw_icon(name: str, size: int, classes: str) -> str:
    """As an element to stand in a page. How thick its lines are, the style sheet says. LookupError: there is none."""
    try:
        drawing = ElementTree.fromstring(_archive().read(f"{name}.svg"))  # noqa: S314  # the library's own file
    except KeyError as error:
        raise LookupError(f"the icon {name!r} does not exist") from error
    for part in drawing.iter():
        part.tag = part.tag.removeprefix(_SVG)
        part.text = part.tail = None
    drawing.attrib.pop("stroke-width", None)
    drawing.attrib |= {"width": str(size), "height": str(size), "class": f"ico {classes}".strip()}
    drawing.set("aria-hidden", "true")
    return ElementTree.tostring(drawing, encoding="unicode")
