"""House rules: admins write versions, everybody reads them, and who has not is known."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.house_rules import differences
from accounts.models import AuditEvent, HouseRules, Membership, Organization, Role, RulesAcknowledged, User
from accounts.services.rules import WrittenMeanwhile, write_rules
from tests.cast import SignIn

PAGE = "/o/halden-coffee/settings/rules/"
BANNER = "There are house rules that you have not read yet."


def write(organization: Organization, by: User, *texts: str) -> None:
    for text in texts:
        version = HouseRules.objects.filter(organization=organization).count()
        write_rules(organization=organization, text=text, after_version=version, by=by)


def test_an_admin_begins_with_a_text_that_names_the_business(
    organization: Organization, admin: User, viewer: User, sign_in: SignIn
) -> None:
    assert "No house rules yet" in sign_in(viewer).get(PAGE).content.decode()
    assert f'href="{PAGE}write/"' not in sign_in(viewer).get(PAGE).content.decode()
    client = sign_in(admin)
    form = client.get(f"{PAGE}write/").context["form"]
    for subject in ("who answers", "never write", "serious", "privacy", "advertising", "halden coffee"):
        assert subject in form["text"].value().lower()
    saved = client.post(f"{PAGE}write/", {"text": form["text"].value(), "after_version": "0"}, follow=True)
    assert "<h3>Who writes and who answers</h3>" in saved.content.decode()
    assert HouseRules.objects.get().version == 1


def test_a_member_reads_says_so_and_is_asked_again_by_the_next_version(
    organization: Organization, admin: User, viewer: User, sign_in: SignIn
) -> None:
    client, elsewhere = sign_in(viewer), "/o/halden-coffee/settings/"
    assert BANNER not in client.get(elsewhere).content.decode()
    for version, text in enumerate(("Be kind.", "Be kind. Be short."), start=1):
        write(organization, admin, text)
        assert BANNER in client.get(elsewhere).content.decode()
        assert BANNER not in client.get(PAGE).content.decode()  # it stands there
        assert BANNER not in sign_in(admin).get(elsewhere).content.decode()  # who wrote it knows it
        for _twice in range(2):
            client.post(f"{PAGE}{version}/read/")
        assert BANNER not in client.get(elsewhere).content.decode()
        assert "You said that you read this" in client.get(PAGE).content.decode()
    assert RulesAcknowledged.objects.filter(user=viewer).count() == 2
    assert AuditEvent.objects.filter(actor=viewer, subject_kind="houserules").count() == 2


def test_reading_an_older_version_counts_for_nothing(
    organization: Organization, admin: User, viewer: User, sign_in: SignIn
) -> None:
    write(organization, admin, "First.", "Second.")
    told = sign_in(viewer).post(f"{PAGE}1/read/", follow=True).content.decode()
    assert "A newer version was written while you read" in told
    assert not RulesAcknowledged.objects.filter(user=viewer).exists()


def test_admins_see_who_has_not_read_and_others_do_not(
    organization: Organization, admin: User, marketer: User, viewer: User, sign_in: SignIn
) -> None:
    write(organization, admin, "Be kind.")
    sign_in(marketer).post(f"{PAGE}1/read/")
    readers = {reader.user: reader.read_at for reader in sign_in(admin).get(PAGE).context["readers"]}
    assert {person.name for person, read_at in readers.items() if read_at is None} == {"Owner", "Viewer"}
    assert len(readers) == 4
    assert sign_in(viewer).get(PAGE).context["readers"] is None
    assert "Not yet" not in sign_in(viewer).get(PAGE).content.decode()


def test_earlier_versions_stay_with_what_each_changed(
    organization: Organization, admin: User, viewer: User, sign_in: SignIn
) -> None:
    write(organization, admin, "# Tone\n\nBe kind.\n\nBe short.", "# Tone\n\nBe friendly.\n\nBe short.")
    client = sign_in(viewer)
    second = client.get(f"{PAGE}2/").content.decode()
    assert "<del>Be kind.</del>" in second
    assert "<ins>Be friendly.</ins>" in second
    assert client.get(f"{PAGE}1/").context["changes"] is None
    assert client.get(f"{PAGE}3/").status_code == 404
    assert [(line.kind, line.text) for line in differences(before="a\nb\nc", after="a\nB\nc")] == [
        ("gap", ""),
        ("same", "a"),
        ("gone", "b"),
        ("new", "B"),
        ("same", "c"),
    ]


def test_the_same_text_again_is_no_new_version(organization: Organization, admin: User) -> None:
    write(organization, admin, "Be kind.", "Be kind.")
    assert HouseRules.objects.count() == 1
    assert AuditEvent.objects.filter(subject_kind="houserules").count() == 1


def test_who_writes_after_somebody_else_wrote_loses_nothing(
    organization: Organization, owner: User, admin: User, sign_in: SignIn
) -> None:
    write(organization, owner, "First.", "By the owner.")
    answer = sign_in(admin).post(f"{PAGE}write/", {"text": "By the admin.", "after_version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Owner wrote version 2 while you were writing" in page
    assert "By the admin." in page
    assert f'href="{PAGE}2/"' in page


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_do_not_overwrite_each_other(organization: Organization, owner: User) -> None:
    together = Barrier(2)

    def save(text: str) -> str:
        try:
            together.wait()
            write_rules(organization=organization, text=text, after_version=0, by=owner)
        except WrittenMeanwhile:
            return "meanwhile"
        finally:
            connection.close()
        return "written"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(save, ("one", "two"))) == ["meanwhile", "written"]
    assert HouseRules.objects.get().version == 1


def test_html_in_the_text_is_text_and_links_are_told_not_to_follow(
    organization: Organization, owner: User, sign_in: SignIn
) -> None:
    text = (
        "<script>alert(1)</script> [here](https://example.com) [no](javascript:alert(1)) ![x](https://a.b/c)"
    )
    write(organization, owner, text)
    page = sign_in(owner).get(PAGE).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert 'href="https://example.com" rel="noopener nofollow"' in page
    assert 'href="javascript' not in page
    assert 'src="https://a.b/c"' not in page


def test_the_rules_of_another_business_concern_nobody_here(
    organization: Organization, strangers_organization: Organization, stranger: User, sign_in: SignIn
) -> None:
    Membership.objects.create(organization=organization, user=stranger, role=Role.VIEWER)
    write_rules(organization=strangers_organization, text="Theirs.", after_version=0, by=stranger)
    client = sign_in(stranger)
    assert BANNER not in client.get("/o/halden-coffee/settings/").content.decode()
    assert client.get(f"{PAGE}1/").status_code == 404
