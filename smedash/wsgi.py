"""The WSGI application that the web server runs."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from smedash.garbage import set_aside_what_stays

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smedash.settings")

_ordinary_way = get_wsgi_application()
# Every page is imported before the first request, by one thread, rather than by four that wait for each other.
get_resolver().url_patterns  # noqa: B018  # reading it imports them

from smedash.fast_lane import FastLane  # noqa: E402  # it imports models, which Django has to be ready for

application = FastLane(_ordinary_way)
set_aside_what_stays()
