"""Logos: what somebody uploads is decoded and drawn anew, so that only pixels of it remain."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Final

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_FILE: Final = 2 * 1024 * 1024
_KINDS: Final = ("PNG", "JPEG", "WEBP")  # no other decoder ever sees the file
_MOST_PIXELS: Final = 25_000_000  # decoded they take 100 MB
_SIDE: Final = 256
_LENGTH_OF_DIGEST: Final = 16


class BadLogo(Exception):
    """The file is no logo. The message says why."""


def draw_logo(file: IO[bytes]) -> bytes:
    """A PNG of at most 256 pixels a side, without whatever else the file carried."""
    try:
        with Image.open(file, formats=_KINDS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise Image.DecompressionBombError
            opened.thumbnail((_SIDE * 4, _SIDE * 4))  # a large JPEG is not even decoded in full
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except Image.DecompressionBombError as error:  # Pillow's own limit is higher, and asked first
        raise BadLogo(_("This picture has too many pixels. Make it smaller first.")) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise BadLogo(_("This is no PNG, JPEG or WebP picture.")) from error
    picture.thumbnail((_SIDE, _SIDE))
    clean = Image.new("RGBA", picture.size)
    clean.paste(picture)
    drawn = BytesIO()
    clean.save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


def digest_of_logo(organization_id: int, image: bytes) -> str:
    """Its part of the address: nobody can tell from it, or try, who uses which picture."""
    salt = f"accounts.logos.{organization_id}"
    return salted_hmac(salt, image.hex(), algorithm="sha256").hexdigest()[:_LENGTH_OF_DIGEST]
