"""The application as production's web server runs it, with one more lane: an empty answer ahead of Django."""

from monitoring.conversions.answer import Answer, Environ, take_body
from smedash.wsgi import application

LARGEST_BODY = 8 * 1024


def empty_lane(environ: Environ) -> Answer:
    """Nothing could do less, once it knows what was sent."""
    take_body(environ, LARGEST_BODY)
    return Answer(200)


application.lanes = {**application.lanes, "/empty-lane": empty_lane}
