"""The public page: a text to begin with, in the organization's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Organization
from monitoring.platforms.registry import connector_class


def suggest_text(*, organization: Organization, platforms: list[str]) -> str:
    """A first version, made of what holds for every organization and the platforms it listens on."""
    names = ", ".join(connector_class(slug).platform.name for slug in platforms) or "–"
    with override(organization.language):
        paragraphs = (
            _(
                "%(name)s reads public posts that name it or its subjects, to learn what people say about it. "
                "This page says what is stored about those who write them."
            ),
            _("## What is stored"),
            _(
                "Posts that match our search words, on these platforms: %(platforms)s. With each post: its text, "
                "its address, when it was written, how many people reacted, and the public name, handle and "
                "number of followers of its author. Nothing is matched across platforms, nothing is bought, "
                "and there are no profiles of persons."
            ),
            _("## Why, and on what ground"),
            _(
                "We want to answer questions, help where something went wrong, and know whether our work reaches "
                "people. That is our legitimate interest (Article 6(1)(f) of the GDPR, where it applies)."
            ),
            _("## How long"),
            _(
                "As long as the post is public and the platform allows. Where a platform lets us ask again, we do: "
                "what you delete there is deleted here."
            ),
            _("## Your rights"),
            _(
                "You can ask to see what is stored about you, have it corrected or erased, and object. Use the "
                "form below. Once you are erased, we do not collect your posts again. You may also complain to a "
                "supervisory authority."
            ),
            _("## Who we are"),
            _("%(name)s. Add your address and how to reach you here."),
        )
    facts = {"name": organization.name, "platforms": names}
    return "\n\n".join(paragraph % facts for paragraph in paragraphs)
