"""What the platforms' programs call themselves when they look at a link for a preview, an index or a check."""

from __future__ import annotations

import pytest
from django.test import Client

from monitoring.conversions.clicks.visitors import names_a_robot
from monitoring.conversions.clicks.waiting import store_waiting_clicks
from monitoring.conversions.models import ClickDay, TrackedLink

_APPLE = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 "
    "Safari/601.2.4 "
)
PREVIEWS = {
    "Facebook": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Facebook, old": "facebookexternalhit/1.1",
    "Facebook, catalog": "facebookcatalog/1.0",
    "Meta": "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "Meta, fetcher": "meta-externalfetcher/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "Instagram": "Mozilla/5.0 (compatible; Instagram; facebookexternalhit/1.1; "
    "+http://www.facebook.com/externalhit_uatext.php)",
    "X": "Twitterbot/1.0",
    "X, in a browser": "Mozilla/5.0 (compatible; Twitterbot/1.0)",
    "LinkedIn": "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "WhatsApp, Android": "WhatsApp/2.23.20.0 A",
    "WhatsApp, iPhone": "WhatsApp/2.24.9.78 i",
    "WhatsApp, desk": "WhatsApp/2.2336.9 N",
    "Telegram": "TelegramBot (like TwitterBot)",
    "Discord": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "Discord, pictures": "Mozilla/5.0 (Macintosh; Intel Mac OS X 11.6; rv:92.0) Gecko/20100101 Firefox/92.0; "
    "Discordbot",
    "Slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack, pictures": "Slack-ImgProxy (+https://api.slack.com/robots)",
    "Slack, robot": "Slackbot 1.0 (+https://api.slack.com/robots)",
    "Bluesky": "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
    "Mastodon": "Mastodon/4.4.3 (http.rb/5.3.1; +https://mastodon.social/)",
    "Mastodon, robot": "Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.social/) Bot",
    "Lemmy": "Lemmy/0.19.12; +https://lemmy.world",
    "Misskey": "Mozilla/5.0 (compatible; MisskeySummalyBot/5.2; +https://misskey.io)",
    "Pinterest": "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
    "Pinterest, old": "Pinterest/0.2 (+http://www.pinterest.com/)",
    "Reddit": "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)",
    "Threads": "facebookexternalhit/1.1 Threads",
    "Skype and Teams": "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 "
    "skype-url-preview@microsoft.com",
    "Google": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Google, phone": (
        "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/125.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    ),
    "Google, messages": (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko; Google-PageRenderer "
        "Google (+https://developers.google.com/+/web/snippet/)) Chrome/108.0 Safari/537.36"
    ),
    "Bing": "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; "
    "+http://www.bing.com/bingbot.htm) Chrome/116.0",
    "Apple": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 "
    "Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)",
    "iMessage": _APPLE + "facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Signal": "WhatsApp/2",
    "Viber": "Viber/13.0.0.4 CFNetwork",
}
# Browsers inside the apps: people.
IN_APPS = {
    "Instagram": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/21F79 Instagram 334.0.0.22.95 (iPhone14,5; iOS 17_5; de_DE; de; scale=3.00; 1170x2532; 605596538)",
    "Facebook": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/21F79 [FBAN/FBIOS;FBAV/467.0.0.36.107;FBBV/603;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/17.5]",
    "TikTok": "Mozilla/5.0 (Linux; Android 14; SM-S911B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/125.0 Mobile Safari/537.36 musical_ly_2023407040 JsSdk/1.0 NetType/WIFI BytedanceWebview/d8a21c6",
    "X": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 Twitter for iPhone/10.42",
    "LinkedIn": "Mozilla/5.0 (Linux; Android 13; Pixel 7; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/125.0 Mobile Safari/537.36 [LinkedInApp]/4.1.940",
    "Pinterest": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 [Pinterest/iOS]",
    "Snapchat": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 Snapchat/12.90.0.45 (like Safari/8617.2.4.10.9, panda)",
    "Google app": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "GSA/317.0.634488990 Mobile/15E148 Safari/604.1",
}


@pytest.mark.parametrize("name", PREVIEWS)
def test_a_preview_is_no_visitor(name: str) -> None:
    assert names_a_robot(PREVIEWS[name])


@pytest.mark.parametrize("name", IN_APPS)
def test_a_person_in_an_app_is_a_visitor(name: str) -> None:
    assert not names_a_robot(IN_APPS[name])


@pytest.mark.django_db
def test_a_post_that_nobody_followed_has_only_programs(link: TrackedLink) -> None:
    for agent in PREVIEWS.values():
        Client(headers={"User-Agent": agent}).get("/l/menu")
    for agent in IN_APPS.values():
        Client(headers={"User-Agent": agent}).get("/l/menu")
    store_waiting_clicks()
    day = ClickDay.objects.get()
    assert (day.visits, day.bots) == (len(IN_APPS), len(PREVIEWS))
