"""`manage.py train_sentiment`: from labelled files and corrections to a model that judges."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import Organization, User
from monitoring.analysis.sentiment import Sentiment
from monitoring.analysis.sentiment.choosing import Choice, choose, sentiment_judge
from monitoring.analysis.sentiment.learned.judge import open_judge
from monitoring.listening.models import Brand, BrandKind, Mention
from monitoring.listening.models.mentions import Tone
from monitoring.listening.services.mentions import bury_mentions
from tests.analysis.labelled_posts import labelled_posts
from tests.cast import SignIn
from tests.listening.platform_of_lists import NOW

pytestmark = pytest.mark.django_db


def write_labels(path: Path, rows: Iterable[Iterable[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "sentiment"), *rows])
    return path


def run(*given: object) -> str:
    out = StringIO()
    call_command("train_sentiment", *map(str, given), stdout=out)
    return out.getvalue()


def correct(
    organization: Organization, posts: Iterable[tuple[str, Sentiment]], *, judged: int = 0
) -> list[int]:
    """Mentions of the organization that its people judged; the ids."""
    brand, _ = Brand.objects.get_or_create(organization=organization, name="Halden", kind=BrandKind.OWN)
    mentions = Mention.objects.bulk_create(
        Mention(
            organization=organization,
            brand=brand,
            platform="bluesky",
            external_id=text,
            text=text,
            language="fi",
            sentiment=judged,
            sentiment_confidence=0.5,
            corrected_sentiment=Tone(sentiment),
            author_key="bluesky:a",
            published_at=NOW,
            collected_at=NOW,
        )
        for text, sentiment in posts
    )
    return [mention.pk for mention in mentions]


def test_labelled_posts_make_a_model_and_the_table_says_where_it_is_used(
    tmp_path: Path, settings: Settings
) -> None:
    settings.SENTIMENT_MODEL = str(tmp_path / "sentiment.model")
    finnish = write_labels(tmp_path / "fi.csv", ((text, one.name) for text, one in labelled_posts(150)))
    mixed = tmp_path / "mixed.csv"
    mixed.write_text('\ufefftext,language,sentiment\nLove it,en,1\n"Two\nlines",en-GB,Neutral\n', "utf-8")
    table = [line.split() for line in run(finnish, mixed).splitlines()]
    assert table[2][:2] == ["en", "2"]
    assert table[2][4:] == ["rules", "(too", "few", "posts)"]
    assert table[3][:2] == ["fi", "150"]
    assert table[3][4] == "model"
    assert float(table[3][3]) > float(table[3][2])
    judged = open_judge(settings.SENTIMENT_MODEL).judge(["mahtava kahvi, kiitos", "surkea"], ["fi", "fi"])
    assert [one.sentiment for one in judged] == [Sentiment.POSITIVE, Sentiment.NEGATIVE]


def test_files_that_cannot_be_learned_from_are_refused_with_their_lines(tmp_path: Path) -> None:
    bad = tmp_path / "en.csv"
    bad.write_text(
        'text,sentiment\n"two\nlines",happy\n,neutral\nshort\nfine\u2028here,positive\nlong,1,2\n', "utf-8"
    )
    unreadable = tmp_path / "fi.csv"
    unreadable.write_bytes(b"text,sentiment\ngood,positive\n\xff,negative\n")
    unclosed = tmp_path / "de.csv"
    unclosed.write_text('text,sentiment\ngut,positive\n"offen,negative\n', "utf-8")
    columns = tmp_path / "fr.csv"
    columns.write_text("words,sentiment\nbon,positive\n", "utf-8")
    many = write_labels(tmp_path / "it.csv", [("ciao", "?")] * 25)
    with pytest.raises(CommandError) as refused:
        run(bad, unreadable, unclosed, columns, many, tmp_path / "none.csv", "--output", tmp_path / "model")
    said = str(refused.value).splitlines()
    assert said[:4] == [
        "en.csv, line 2: its sentiment is 'happy'; it must be negative, neutral or positive.",
        "en.csv, line 4: its text is empty.",
        "en.csv, line 5: it has not as many fields as the first line.",
        "en.csv, line 7: it has not as many fields as the first line.",
    ]
    assert said[4:6] == [
        "fi.csv, line 3: this is not UTF-8.",
        "de.csv, line 3: this is no CSV (unexpected end of data).",
    ]
    assert said[6] == "fr.csv, line 1: there is no column text."
    assert said[7].startswith("it.csv, line 2: its sentiment is '?'")
    assert said[17:] == ["15 more.", f"{tmp_path / 'none.csv'} cannot be read: No such file or directory."]
    assert not (tmp_path / "model").exists()


def test_an_organizations_model_learns_from_nobody_elses_corrections(
    organization: Organization, strangers_organization: Organization, tmp_path: Path
) -> None:
    correct(organization, labelled_posts(120))
    mine, still_mine, everybodys = (tmp_path / name for name in ("mine", "still mine", "everybodys"))
    run("--corrections", organization.slug, "--output", mine)
    opposite = [(text, Sentiment(-sentiment)) for text, sentiment in labelled_posts(120, seed=2)]
    correct(strangers_organization, opposite)
    said = run("--corrections", organization.slug, "--output", still_mine)
    assert "Learned from 120 posts" in said
    assert mine.read_bytes() == still_mine.read_bytes()
    assert "Learned from 240 posts" in run("--corrections", "all", "--output", everybodys)
    assert everybodys.read_bytes() != mine.read_bytes()


def test_what_is_deleted_or_made_up_teaches_nothing(
    organization: Organization, strangers_organization: Organization, tmp_path: Path
) -> None:
    ids = correct(organization, labelled_posts(130))
    bury_mentions(ids=ids[:30])
    Organization.objects.filter(pk=strangers_organization.pk).update(is_demo=True)
    correct(strangers_organization, labelled_posts(50))
    assert "Learned from 100 posts" in run("--corrections", "all", "--output", tmp_path / "model")


def test_without_posts_or_a_place_it_says_what_is_missing(
    organization: Organization, tmp_path: Path, settings: Settings
) -> None:
    settings.SENTIMENT_MODEL = ""
    enough = write_labels(tmp_path / "fi.csv", ((text, one.name) for text, one in labelled_posts(100)))
    for given, sentence in (
        ((enough,), "set SENTIMENT_MODEL"),
        (("--corrections", "nobody", "--output", tmp_path / "model"), "no organization nobody"),
        (("--corrections", organization.slug, "--output", tmp_path / "model"), "There are 0 labelled posts"),
        ((enough, "--output", tmp_path), "cannot be written"),
    ):
        with pytest.raises(CommandError, match=sentence):
            run(*given)
    Organization.objects.filter(pk=organization.pk).update(slug="all")
    with pytest.raises(CommandError, match="An organization is called all"):
        run("--corrections", "all", "--output", tmp_path / "model")


def test_a_mentions_page_says_that_a_trained_model_judged_and_which_words_weighed(
    organization: Organization, owner: User, sign_in: SignIn, tmp_path: Path
) -> None:
    finnish = write_labels(tmp_path / "fi.csv", ((text, one.name) for text, one in labelled_posts(150)))
    run(finnish, "--output", tmp_path / "model")
    (mention_id,) = correct(organization, [("Halden: mahtava kahvi", Sentiment.POSITIVE)])
    page = f"/o/{organization.slug}/mentions/{mention_id}/"
    choose(Choice(model=str(tmp_path / "model")))
    try:
        (judged,) = sentiment_judge().judge(["Halden: mahtava kahvi"], ["fi"])
        Mention.objects.update(sentiment=judged.sentiment, sentiment_confidence=judged.confidence)
        shown = sign_in(owner).get(page).content.decode()
    finally:
        choose(Choice())
    assert "Sentiment by a trained model" in shown
    assert re.search(r"mahtava \+\d", shown)
    assert "no longer in use" in sign_in(owner).get(page).content.decode()
