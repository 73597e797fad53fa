"""The addresses of accounts: the front door and the settings that belong to people and organizations."""

from django.urls import path

from accounts.views import (
    audit,
    front_door,
    hours,
    invitations,
    logos,
    mail,
    members,
    person,
    rules,
    security,
    tokens,
)

app_name = "accounts"

urlpatterns = [
    path("", front_door.home, name="home"),
    path("start/<str:token>/", front_door.start, name="start"),
    path("o/<slug:slug>/settings/you/", person.you, name="you"),
    path("o/<slug:slug>/settings/security/", security.security, name="security"),
    path(
        "o/<slug:slug>/settings/organization-security/",
        security.organization_security,
        name="organization_security",
    ),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("logo/<int:organization_id>/<slug:digest>.png", logos.logo, name="logo"),
    path("o/<slug:slug>/settings/logo/", logos.change_logo, name="change_logo"),
    path("o/<slug:slug>/settings/hours/", hours.hours, name="hours"),
    path("o/<slug:slug>/settings/hours/holidays/", hours.new_holiday, name="add_holiday"),
    path(
        "o/<slug:slug>/settings/hours/holidays/<int:holiday_id>/remove/",
        hours.drop_holiday,
        name="remove_holiday",
    ),
    path("o/<slug:slug>/settings/team/", members.team, name="team"),
    path("o/<slug:slug>/settings/team/leave/", members.leave, name="leave"),
    path("o/<slug:slug>/settings/team/transfer/", members.transfer, name="transfer"),
    path("o/<slug:slug>/settings/team/<int:membership_id>/role/", members.role, name="change_role"),
    path("o/<slug:slug>/settings/team/<int:membership_id>/remove/", members.remove, name="remove_member"),
    path(
        "o/<slug:slug>/settings/team/invitations/<int:invitation_id>/resend/",
        members.resend,
        name="resend_invitation",
    ),
    path(
        "o/<slug:slug>/settings/team/invitations/<int:invitation_id>/withdraw/",
        members.withdraw,
        name="withdraw_invitation",
    ),
    path("o/<slug:slug>/settings/tokens/", tokens.tokens, name="tokens"),
    path("o/<slug:slug>/settings/tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("o/<slug:slug>/settings/audit/", audit.audit_log, name="audit_log"),
    path(
        "o/<slug:slug>/settings/audit/export.<slug:file_format>",
        audit.export_audit_log,
        name="export_audit_log",
    ),
    path("o/<slug:slug>/settings/rules/", rules.house_rules, name="house_rules"),
    path("o/<slug:slug>/settings/rules/write/", rules.write, name="write_rules"),
    path("o/<slug:slug>/settings/rules/<int:number>/", rules.version, name="rules_version"),
    path("o/<slug:slug>/settings/rules/<int:number>/read/", rules.acknowledge, name="acknowledge_rules"),
    path("o/<slug:slug>/settings/mail/", mail.mail, name="mail"),
    path("o/<slug:slug>/settings/mail/test/", mail.send_test, name="send_test_mail"),
]
