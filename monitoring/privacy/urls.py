"""The addresses of privacy: the settings of a business, its public page, and the end of an account."""

from django.urls import path

from monitoring.privacy.views import authors, exports, leaving, public, stored

app_name = "privacy"
_PLACE = "o/<slug:slug>/settings/privacy"

urlpatterns = [
    path(f"{_PLACE}/", stored.stored, name="stored"),
    path(f"{_PLACE}/page/", stored.page, name="page"),
    path(f"{_PLACE}/exports/", exports.exports, name="exports"),
    path(f"{_PLACE}/authors/", authors.authors, name="authors"),
    path(f"{_PLACE}/authors/erase/", authors.erase, name="erase"),
    path(f"{_PLACE}/authors/author.json", authors.hand_out, name="hand_out"),
    path(f"{_PLACE}/authors/of-mention/<int:mention_id>/", authors.by_mention, name="author_of_mention"),
    path(f"{_PLACE}/authors/erasures/<int:erasure_id>/", authors.erasure, name="erasure"),
    path(f"{_PLACE}/authors/requests/<int:request_id>/", authors.asked, name="request"),
    path(f"{_PLACE}/authors/requests/<int:request_id>/close/", authors.close, name="close_request"),
    path(f"{_PLACE}/delete/", leaving.delete, name="delete"),
    path(f"{_PLACE}/keep/", leaving.keep, name="keep"),
    path("account/delete/", leaving.delete_own_account, name="delete_account"),
    path("privacy/<slug:slug>/", public.page, name="public"),
    path("privacy/<slug:slug>/confirm/<str:token>/", public.confirm, name="confirm"),
]
