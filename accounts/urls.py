"""The addresses of accounts: the front door and the settings that belong to people and organizations."""

from django.urls import path

from accounts.views import front_door, mail, person, tokens

app_name = "accounts"

urlpatterns = [
    path("", front_door.home, name="home"),
    path("start/<str:token>/", front_door.start, name="start"),
    path("o/<slug:slug>/settings/you/", person.you, name="you"),
    path("o/<slug:slug>/settings/tokens/", tokens.tokens, name="tokens"),
    path("o/<slug:slug>/settings/tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("o/<slug:slug>/settings/mail/", mail.mail, name="mail"),
    path("o/<slug:slug>/settings/mail/test/", mail.send_test, name="send_test_mail"),
]
