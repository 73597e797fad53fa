"""The addresses of accounts: the front door and the settings that belong to people and organizations."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.home, name="home"),
    path("start/<str:token>/", views.start, name="start"),
    path("o/<slug:slug>/settings/you/", views.you, name="you"),
    path("o/<slug:slug>/settings/tokens/", views.tokens, name="tokens"),
    path("o/<slug:slug>/settings/tokens/<int:token_id>/revoke/", views.revoke, name="revoke_token"),
    path("o/<slug:slug>/settings/mail/", views.mail, name="mail"),
    path("o/<slug:slug>/settings/mail/test/", views.send_test, name="send_test_mail"),
]
