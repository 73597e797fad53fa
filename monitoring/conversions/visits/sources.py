"""Which channel a visit's tags stand for, where the organization has not said it itself (`UtmWord`)."""

from __future__ import annotations

from typing import Final

from monitoring.conversions.models import Channel

# What platforms, their advertising tools and those who write links by hand call themselves.
_NAMES: Final[dict[Channel, str]] = {
    Channel.INSTAGRAM: "instagram ig instagram.com l.instagram.com ig_story instagram_stories ig-ads",
    Channel.FACEBOOK: "facebook fb facebook.com m.facebook.com l.facebook.com lm.facebook.com fb.me meta messenger",
    Channel.TIKTOK: "tiktok tt tiktok.com tik-tok vm.tiktok.com",
    Channel.YOUTUBE: "youtube yt youtube.com youtu.be m.youtube.com",
    Channel.WHATSAPP: "whatsapp wa whatsapp.com wa.me api.whatsapp.com",
    Channel.LINKEDIN: "linkedin li linkedin.com lnkd.in",
    Channel.X: "x twitter tw x.com t.co twitter.com",
    Channel.BLUESKY: "bluesky bsky bsky.app go.bsky.app",
    Channel.MASTODON: "mastodon fediverse mastodon.social",
    Channel.REDDIT: "reddit reddit.com old.reddit.com out.reddit.com redd.it",
    Channel.OTHER_SOCIAL: "social social_media social-media other_social pinterest pin.it pinterest.com threads "
    "threads.net threads.com snapchat snap telegram t.me lemmy tumblr twitch vk discord hackernews hn "
    "news.ycombinator.com nextdoor xing wechat line kakao",
    Channel.GOOGLE: "google google.com google_ads googleads adwords gmb gbp google-maps google_maps maps "
    "googlemybusiness",
    Channel.MAIL: "mail email e-mail newsletter mailchimp brevo sendinblue klaviyo mailerlite mailjet",
    Channel.PRINT: "print flyer poster qr qrcode qr_code qr-code",
    Channel.FRIEND: "friend referral_program word_of_mouth",
    Channel.WALK_IN: "walk_in",
}
_SOURCES: Final = {name: channel for channel, names in _NAMES.items() for name in names.split()}
_MEDIUMS: Final = {
    "social": Channel.OTHER_SOCIAL,
    "social_media": Channel.OTHER_SOCIAL,
    "social-media": Channel.OTHER_SOCIAL,
    "paid_social": Channel.OTHER_SOCIAL,
    "paid-social": Channel.OTHER_SOCIAL,
    "email": Channel.MAIL,
    "e-mail": Channel.MAIL,
    "newsletter": Channel.MAIL,
    "print": Channel.PRINT,
    "qr": Channel.PRINT,
}


def channel_of_tags(source: str, medium: str) -> Channel:
    """What the tags say by themselves. Words in lower case."""
    by_source = _SOURCES.get(source) or _SOURCES.get(source.removeprefix("www."))
    return by_source or _MEDIUMS.get(medium, Channel.OTHER)
