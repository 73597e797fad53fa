"""What the test that walks every address needs to know about an address. A new one that takes part in a page adds a
line here, or the test fails and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from accounts.invitation_links import HOLDS_FOR, unknown_digest
from accounts.models import (
    HouseRules,
    Invitation,
    Membership,
    Organization,
    Role,
    SetupStep,
    TokenScope,
    User,
)
from accounts.services.hours import add_holiday
from accounts.tokens import issue_token
from monitoring.alerts.models import FeedFormat, ViewFeed, ViewWidget
from monitoring.analysis.queries import parse
from monitoring.audience.models import PublishedPost
from monitoring.conversions.models import Channel, Kind, Origin, OwnRate, ShopConnection, UtmField
from monitoring.conversions.services.campaigns import CampaignPlan, create_campaign
from monitoring.conversions.services.costs import Expense, record_spend
from monitoring.conversions.services.goals import Aim, add_goal
from monitoring.conversions.services.incidents import note_incident
from monitoring.conversions.services.links import create_link
from monitoring.conversions.services.recording import Report, record_conversion
from monitoring.conversions.services.time_spent import record_time
from monitoring.conversions.services.words import add_word
from monitoring.jobs.exporting import begin_export, claim_export, make_file
from monitoring.jobs.models import FileImport
from monitoring.listening.models import (
    Brand,
    BrandKind,
    ChangeAct,
    Keyword,
    LabelSample,
    Mention,
    MutedAuthor,
    Replay,
    TrackedProfile,
)
from monitoring.listening.models.mentions import Tone
from monitoring.listening.models.saved_views import SavedView
from monitoring.listening.rehearsing.asking import plan_rehearsal
from monitoring.listening.services.brands import create_brand, track_profile
from monitoring.listening.services.changes import change_selected
from monitoring.listening.services.keywords import create_keyword
from monitoring.listening.services.replays import begin_replay
from monitoring.listening.services.tags import find_or_create_tag
from monitoring.platforms.models import ConnectedAccount
from monitoring.platforms.types import ProfileLink
from monitoring.privacy.models import AuthorRequest, Erasure
from monitoring.reports.models import SharedMonth
from monitoring.strategy.models import Step

Arguments = Mapping[str, object]

# Anybody may come here.
PUBLIC = {
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "accounts:home",
    "accounts:invitation",
    "accounts:logo",
    "accounts:start",
    "alerts:feed",
    "alerts:off",
    "alerts:widget",
    "conversions:events",
    "conversions:follow",
    "conversions:shop_hook",
    "conversions:snippet",
    "conversions:snippet_question",
    "dashboard:search",
    "dashboard:search_answers",
    "enter_demo",
    "google_callback",
    "google_login",
    "healthz",
    "metrics",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "microsoft_callback",
    "microsoft_login",
    "readyz",
    "privacy:confirm",
    "privacy:public",
    "reports:export_shared_month",
    "reports:letter_off",
    "reports:shared_month",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
}

# Anybody who is signed in, where the view is not ours and so does not say it itself.
SIGNED_IN = {
    "account_change_password",
    "account_email",
    "account_reauthenticate",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "socialaccount_connections",
    "usersessions_list",
}

# Of these, 404 for somebody who has no second factor.
OF_SECOND_FACTOR = {"mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_view_recovery_codes"}

# Programs with a token come here; without one the answer is 401.
WITH_TOKEN = {"conversions:api"}


def _token(organization: Organization) -> Arguments:
    token, _secret = issue_token(organization=organization, name="Web shop", scope=TokenScope.CONVERSIONS)
    return {"token_id": token.pk}


def _membership(organization: Organization) -> Arguments:
    person = User.objects.create_user(f"{uuid4().hex}@example.com", None, name="Somebody")
    return {
        "membership_id": Membership.objects.create(
            organization=organization, user=person, role=Role.VIEWER
        ).pk
    }


def _holiday(organization: Organization) -> Arguments:
    today = timezone.now().date()
    holiday = add_holiday(organization=organization, name="Closed", first_day=today, last_day=today)
    return {"holiday_id": holiday.pk}


def _invitation(organization: Organization) -> Arguments:
    invitation = Invitation.objects.create(
        organization=organization,
        email=f"{uuid4().hex}@example.com",
        role=Role.VIEWER,
        digest=unknown_digest(),
        expires_at=timezone.now() + HOLDS_FOR,
    )
    return {"invitation_id": invitation.pk}


def _rules(organization: Organization) -> Arguments:
    """Versions are numbered in each organization: somebody else's number is one's own, or none."""
    newest = HouseRules.objects.filter(organization=organization).order_by("-version").first()
    rules = newest or HouseRules.objects.create(organization=organization, version=1, text="## Rules")
    return {"number": rules.version}


def _link(organization: Organization) -> Arguments:
    link = create_link(
        organization=organization, target="https://example.com/", label="Menu", channel=Channel.PRINT
    )
    return {"link_id": link.pk}


def _goal(organization: Organization) -> Arguments:
    aim = Aim(counts=Kind.CALL, target=Decimal(5))
    return {"goal_id": add_goal(organization=organization, aim=aim).pk}


def _campaign(organization: Organization) -> Arguments:
    plan = CampaignPlan(name="Autumn", slug=f"autumn-{uuid4().hex}", starts_on=timezone.now().date())
    return {"campaign_id": create_campaign(organization=organization, plan=plan).pk}


def _incident(organization: Organization) -> Arguments:
    today = timezone.now().date()
    noted = note_incident(organization=organization, name="Closed", first_day=today, last_day=today)
    return {"incident_id": noted.pk}


def _word(organization: Organization) -> Arguments:
    return {"word_id": add_word(organization=organization, field=UtmField.SOURCE, word=uuid4().hex).pk}


def _entry(organization: Organization) -> Arguments:
    report = Report(kind=Kind.VISIT, origin=Origin.COUNTER, idempotency_key=uuid4().hex)
    return {"entry_id": record_conversion(organization=organization, report=report).conversion.pk}


def _conversion(organization: Organization) -> Arguments:
    return {"conversion_id": _entry(organization)["entry_id"]}


def _brand(organization: Organization) -> Brand:
    return create_brand(organization=organization, name=organization.name, kind=BrandKind.OWN)


def _of_a_brand(organization: Organization) -> Arguments:
    """For what there is only where somebody is listened for."""
    _brand(organization)
    return {}


def _mention(organization: Organization) -> Arguments:
    mention = Mention.objects.create(
        organization=organization,
        brand=_brand(organization),
        platform="bluesky",
        external_id=uuid4().hex,
        published_at=timezone.now(),
        collected_at=timezone.now(),
        author_key="bluesky:lena",
        language="en",
        sentiment=Tone.NEUTRAL,
        sentiment_confidence=0.5,
    )
    return {"mention_id": mention.pk}


def _change(organization: Organization) -> Arguments:
    mention_id = int(str(_mention(organization)["mention_id"]))
    return {
        "change_id": change_selected(
            organization=organization, act=ChangeAct.ARCHIVE, ids=[mention_id], by=None
        ).pk
    }


def _tag(organization: Organization) -> Arguments:
    return {"tag_id": find_or_create_tag(organization=organization, name=uuid4().hex).pk}


def _muted_author(organization: Organization) -> Arguments:
    author = MutedAuthor.objects.create(
        organization=organization, author_key=f"bluesky:{uuid4().hex}", author_name="Loud"
    )
    return {"author_id": author.pk}


def _sample(organization: Organization) -> Arguments:
    mention = Mention.objects.get(pk=int(str(_mention(organization)["mention_id"])))
    today = timezone.now().date()
    sample = LabelSample.objects.create(
        organization=organization,
        brand=mention.brand,
        first_day=today,
        last_day=today,
        population=1,
        mention_ids=[mention.pk],
    )
    return {"sample_id": sample.pk}


def _keyword(organization: Organization) -> Arguments:
    return {"keyword_id": create_keyword(brand=_brand(organization), query="halden", by=None).pk}


def _counted_keyword(organization: Organization) -> Arguments:
    """What it would change is counted, and nobody has said yet whether it should."""
    arguments = _keyword(organization)
    replay = begin_replay(keyword=Keyword.objects.latest("pk"), by=None)
    Replay.objects.filter(pk=replay.pk).update(state=Replay.State.COUNTED)
    return arguments


def _rehearsal(organization: Organization) -> Arguments:
    rehearsal, _begun = plan_rehearsal(organization=organization, query=parse("halden"))
    return {"key": rehearsal.key}


def _profile(organization: Organization) -> Arguments:
    link = ProfileLink(platform="bluesky", handle=f"{uuid4().hex}.example.com")
    return {"profile_id": track_profile(brand=_brand(organization), link=link).pk}


def _post(organization: Organization) -> Arguments:
    _profile(organization)
    profile = TrackedProfile.objects.filter(organization=organization).latest("pk")
    post = PublishedPost.objects.create(
        organization=organization,
        brand=profile.brand,
        profile=profile,
        platform="bluesky",
        external_id=uuid4().hex,
        guessed_kind=PublishedPost.Kind.STORY,
        published_at=timezone.now(),
        refreshed_at=timezone.now(),
    )
    return {"post_id": post.pk}


def _import(organization: Organization) -> Arguments:
    job = FileImport.objects.create(
        organization=organization,
        importer="till",
        file_name="till.csv",
        content=b"Day,Total\n2026-06-01,12.50\n",
        rows=1,
        expires_at=timezone.now() + timedelta(days=7),
    )
    return {"import_id": job.pk}


def _export(organization: Organization) -> Arguments:
    export, _is_new = begin_export(
        organization=organization, exporter="mentions", file_name=f"{uuid4().hex}.csv", by=None
    )
    claimed = claim_export(export_id=export.pk)
    if claimed is not None:
        make_file(export=claimed, write=lambda export, writer: None)
    return {"export_id": export.pk}


def _author_request(organization: Organization) -> Arguments:
    asked = AuthorRequest.objects.create(
        organization=organization,
        wish=AuthorRequest.Wish.SEE,
        platform="bluesky",
        handle="lena.example.com",
        email="lena@example.com",
        language="en",
        code="ABCD2345",
        confirmed_at=timezone.now(),
    )
    return {"request_id": asked.pk}


def _erasure(organization: Organization) -> Arguments:
    erasure = Erasure.objects.create(
        organization=organization, platform="bluesky", hint="le… · Bluesky", finished_at=timezone.now()
    )
    return {"erasure_id": erasure.pk}


def _shared_month(organization: Organization) -> Arguments:
    shared = SharedMonth.objects.create(
        organization=organization,
        first_day=timezone.now().date().replace(day=1),
        digest=uuid4().hex,
        expires_at=timezone.now() + timedelta(days=1),
    )
    return {"month_id": shared.pk}


def _saved_view(organization: Organization) -> SavedView:
    """One that all share, made by an owner."""
    owner = organization.memberships.filter(role=Role.OWNER).earliest("pk").user
    return SavedView.objects.create(
        organization=organization, brand=_brand(organization), name=uuid4().hex, created_by=owner
    )


def _view(organization: Organization) -> Arguments:
    return {"view_id": _saved_view(organization).pk}


def _moved_view(organization: Organization) -> Arguments:
    return {**_view(organization), "place": "earlier"}


def _feed(organization: Organization) -> Arguments:
    feed = ViewFeed.objects.create(
        organization=organization,
        view=_saved_view(organization),
        name="Reader",
        format=FeedFormat.RSS,
        hint="smf_abcde",
        digest=uuid4().hex,
    )
    return {"feed_id": feed.pk}


def _widget(organization: Organization) -> Arguments:
    widget = ViewWidget.objects.create(
        organization=organization,
        view=_saved_view(organization),
        hosts=["example.com"],
        hint="smw_abcde",
        digest=uuid4().hex,
    )
    return {"view_id": widget.view_id}


def _step(organization: Organization) -> Arguments:
    step = Step.objects.create(
        organization=organization, rule="set_goal", subject=uuid4().hex, weight=1, changed_at=timezone.now()
    )
    return {"step_id": step.pk}


def _account(organization: Organization) -> Arguments:
    account = ConnectedAccount(organization=organization, platform="mastodon", handle=uuid4().hex)
    account.credentials = {"access_token": "of a test"}
    account.save()
    return {"account_id": account.pk}


def _spend(organization: Organization) -> Arguments:
    day = timezone.now().date()
    expense = Expense(amount_a_day=Decimal(5), currency="EUR", first_day=day, last_day=day)
    recorded = record_spend(organization=organization, expense=expense, idempotency_key=uuid4().hex)
    return {"spend_id": recorded.spend.pk}


def _time(organization: Organization) -> Arguments:
    return {"time_id": record_time(organization=organization, minutes=15, day=timezone.now().date()).pk}


def _rate(organization: Organization) -> Arguments:
    rate = OwnRate.objects.create(
        organization=organization,
        currency="USD",
        day=timezone.now().date() - timedelta(days=OwnRate.objects.count()),
        per_euro=Decimal("1.08"),
    )
    return {"rate_id": rate.pk}


def _shop(organization: Organization) -> Arguments:
    connection = ShopConnection(organization=organization, shop="shopify", name="Shop", key=uuid4().hex)
    connection.address = f"{connection.key}.myshopify.com"
    connection.credentials = {"client_id": "of a test", "client_secret": "of a test"}
    connection.save()
    return {"shop_id": connection.pk}


# Arguments that are words of ours; all others name an object, and a stranger must not reach it.
WORDS = {"act", "file_format", "number", "place", "platform", "shop", "step"}

# What stands in the address beside the slug: a new object of the organization.
EXAMPLES: dict[str, Callable[[Organization], Arguments]] = {
    "accounts:change_role": _membership,
    "accounts:remove_holiday": _holiday,
    "accounts:remove_member": _membership,
    "accounts:resend_invitation": _invitation,
    "accounts:export_audit_log": lambda _organization: {"file_format": "csv"},
    "accounts:acknowledge_rules": _rules,
    "accounts:revoke_token": _token,
    "accounts:rules_version": _rules,
    "accounts:withdraw_invitation": _invitation,
    "alerts:alert": _view,
    "alerts:delete_view": _view,
    "alerts:edit_widget": _view,
    "alerts:end_feed": _feed,
    "alerts:end_widget": _widget,
    "alerts:move_view": _moved_view,
    "alerts:new_feed": _view,
    "alerts:rename_view": _view,
    "alerts:share_view": _view,
    "alerts:unshare_view": _view,
    "alerts:view": _view,
    "audience:correct": _post,
    "audience:remove": _profile,
    "conversions:conversion": _conversion,
    "conversions:collect_shop": _shop,
    "conversions:connect_shop": lambda _organization: {"shop": "shopify"},
    "conversions:disconnect_shop": _shop,
    "conversions:reconnect_shop": _shop,
    "conversions:shop": _shop,
    "conversions:shop_deliveries": _shop,
    "conversions:drop_rate": _rate,
    "conversions:edit_spend": _spend,
    "conversions:edit_time": _time,
    "conversions:change_one_goal": _goal,
    "conversions:choose_main_goal": _goal,
    "conversions:end_goal": _goal,
    "conversions:delete_incident": _incident,
    "conversions:incident": _incident,
    "conversions:export_campaign": lambda organization: {**_campaign(organization), "file_format": "csv"},
    "conversions:export_incidents": lambda _organization: {"file_format": "csv"},
    "conversions:export_campaigns": lambda _organization: {"file_format": "csv"},
    "conversions:export_costs": lambda _organization: {"file_format": "csv"},
    "conversions:export_conversions": lambda _organization: {"file_format": "csv"},
    "conversions:export_conversion": lambda organization: {**_conversion(organization), "file_format": "csv"},
    "conversions:export_deliveries": lambda organization: {**_shop(organization), "file_format": "csv"},
    "conversions:export_shares": lambda _organization: {"file_format": "csv"},
    "conversions:campaign": _campaign,
    "conversions:drop_word": _word,
    "conversions:edit_campaign": _campaign,
    "conversions:edit_link": _link,
    "conversions:export_goal": lambda _organization: {"file_format": "csv"},
    "conversions:export_links": lambda _organization: {"file_format": "csv"},
    "conversions:link_code": lambda organization: {**_link(organization), "file_format": "png"},
    "conversions:put_campaign_aside": _campaign,
    "conversions:put_link_aside": _link,
    "conversions:remove_spend": _spend,
    "conversions:remove_time": _time,
    "conversions:void_conversion": _conversion,
    "dashboard:brought_by_mention": _mention,
    "dashboard:brought_by_post": _post,
    "dashboard:export": lambda organization: {"file_format": "csv", **_of_a_brand(organization)},
    "dashboard:export_brought_by_mention": lambda organization: {
        **_mention(organization),
        "file_format": "csv",
    },
    "dashboard:export_brought_by_post": lambda organization: {**_post(organization), "file_format": "csv"},
    "dashboard:export_audience": lambda _organization: {"file_format": "csv"},
    "dashboard:bad_lines": _import,
    "dashboard:import": _import,
    "dashboard:skip": lambda _organization: {"step": SetupStep.GOAL},
    "jobs:fetch": _export,
    "jobs:file": _export,
    "listening:add_server": lambda _organization: {"platform": "feeds"},
    "listening:ask_for_export": _of_a_brand,
    "listening:delete_brand": lambda organization: {"brand_id": _brand(organization).pk},
    "listening:brand": lambda organization: {"brand_id": _brand(organization).pk},
    "listening:author": _mention,
    "listening:change_keyword_state": lambda organization: {**_keyword(organization), "act": "pause"},
    "listening:connect": lambda _organization: {"platform": "mastodon"},
    "listening:change": _change,
    "listening:change_mention": _mention,
    "listening:delete_tag": _tag,
    "listening:discard_sample": _sample,
    "listening:disconnect": _account,
    "listening:draw_sample": _of_a_brand,
    "listening:export_accuracy": lambda organization: {"file_format": "csv", **_of_a_brand(organization)},
    "listening:export_keywords": lambda _organization: {"file_format": "csv"},
    "listening:export_ledger": lambda _organization: {"file_format": "csv"},
    "listening:export_influencers": lambda _organization: {"file_format": "csv"},
    "listening:export_mentions": lambda organization: {"file_format": "xlsx", **_of_a_brand(organization)},
    "listening:judge_rehearsal": _rehearsal,
    "listening:keyword": _keyword,
    "listening:keyword_past": _keyword,
    "listening:apply_keyword": _counted_keyword,
    "listening:stop_keyword_past": _counted_keyword,
    "listening:mention": _mention,
    "listening:reconnect": _account,
    "listening:rehearsal": _rehearsal,
    "listening:rename_tag": _tag,
    "listening:undo_change": _change,
    "listening:unmute": _muted_author,
    "listening:sample": _sample,
    "privacy:author_of_mention": _mention,
    "privacy:close_request": _author_request,
    "privacy:erasure": _erasure,
    "privacy:request": _author_request,
    "reports:export_months": lambda _organization: {"file_format": "csv"},
    "reports:revoke_month": _shared_month,
    "strategy:dismiss": _step,
    "strategy:export_steps": lambda _organization: {"file_format": "csv"},
    "strategy:take": _step,
}

# The same for addresses that belong to no organization.
PLAIN_EXAMPLES: dict[str, Arguments] = {
    "account_confirm_email": {"key": "a-guess"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "a-guess"},
    "accounts:invitation": {"token": "a-guess"},
    "accounts:logo": {"organization_id": 1, "digest": "a-guess"},
    "accounts:start": {"token": "a-guess"},
    "alerts:feed": {"token": "a-guess"},
    "alerts:off": {"token": "a-guess"},
    "alerts:widget": {"token": "a-guess"},
    "conversions:follow": {"ending": "a-guess"},
    "conversions:shop_hook": {"key": "a-guess"},
    "dashboard:search_answers": {"key": "a-guess"},
    "dashboard:export_businesses": {"file_format": "csv"},
    "enter_demo": {"token": "a-guess"},
    "mfa_edit_webauthn": {"pk": 1},
    "mfa_remove_webauthn": {"pk": 1},
    "privacy:confirm": {"slug": "a-guess", "token": "a-guess"},
    "privacy:public": {"slug": "a-guess"},
    "reports:export_shared_month": {"token": "a-guess", "file_format": "csv"},
    "reports:letter_off": {"token": "a-guess"},
    "reports:shared_month": {"token": "a-guess"},
}
