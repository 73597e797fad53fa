"""The project's addresses with the operator's pages switched on."""

from django.urls import path

from smedash.administration.lists import operator_site
from smedash.urls import handler403
from smedash.urls import urlpatterns as usual

__all__ = ["handler403", "urlpatterns"]
urlpatterns = [*usual, path("operator/", operator_site.urls)]
