from __future__ import annotations

import time
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.platforms.html_text import LONGEST, html_to_text, links_in

MASTODON_LINK = (
    '<a href="https://example.com/a/long/way?x=1&amp;y=2" rel="nofollow"><span class="invisible">https://</span>'
    '<span class="ellipsis">example.com/a/lo</span><span class="invisible">ng/way?x=1&amp;y=2</span></a>'
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("Fish &amp; chips", "Fish & chips"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<p>one<br>two<br />three</p>", "one\ntwo\nthree"),
        ("<p>one\n  two</p>", "one two"),
        ("a<p>b", "a\n\nb"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("<p>&lt;b&gt; stays text</p>", "<b> stays text"),
        (
            '<p>#<a href="https://m.social/tags/acme" class="mention hashtag"><span>acme</span></a></p>',
            "#acme",
        ),
        (f"<p>see {MASTODON_LINK} now</p>", "see https://example.com/a/long/way?x=1&y=2 now"),
        ('<a href="https://example.com/abcdef">https://example.com/abc...</a>', "https://example.com/abcdef"),
        ('<a href="https://evil.example/">https://bank.example/…</a>', "https://bank.example/…"),
        ("<script>alert(1)</script>hello<style>p {}</style>", "hello"),
        ("<!-- hidden --><?xml version='1.0'?><b>shown</b>", "shown"),
        ("https://example.com/", "https://example.com/"),
        ("<div>" * 5000 + "deep", "deep"),
        ("un<b>clos", "unclos"),
        ("", ""),
    ],
)
def test_html_reads_as_a_person_would_see_it(html: str, text: str) -> None:
    assert html_to_text(html) == text


@given(st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs", "Z")), min_size=1), min_size=1))
def test_escaped_text_comes_back(words: list[str]) -> None:
    expected = " ".join(" ".join(words).split())
    assert html_to_text(f"<p>{escape(expected)}</p>") == expected


@given(st.text())
def test_anything_can_be_read(html: str) -> None:
    assert html_to_text(html) is not None
    assert links_in(html) is not None


def test_links_leave_out_profiles_and_hashtags() -> None:
    html = (
        f'{MASTODON_LINK}<a class="u-url mention" href="https://m.social/@jo">@jo</a>'
        '<a class="mention hashtag" href="https://m.social/tags/x">#x</a><a href="javascript:alert(1)">y</a>'
    )
    assert links_in(html) == ("https://example.com/a/long/way?x=1&y=2",)


@pytest.mark.parametrize("piece", ["<!--", "<!", "<div>", "<a ", "</", "<a href='", "<script>", "&#"])
def test_hostile_html_takes_no_time(piece: str) -> None:
    """Trees and searches to the end of the text would take minutes."""
    started = time.process_time()
    html_to_text(piece * (LONGEST // len(piece)))
    assert time.process_time() - started < 3
