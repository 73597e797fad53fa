"""What looks at every page notices what cannot be read, though it examines each look only once."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.e2e.looking import Looker

PAGE = '<!doctype html><html lang="en"><title>Page</title><main><h1>Page</h1>{}</main>'
FINE, FAINT = '<p style="color: #222">Fine</p>', '<p style="color: #ccc">Faint</p>'


@pytest.fixture
def looker(page: Page, live_server: LiveServer) -> Looker:
    return Looker(page, live_server.url)


def look(looker: Looker, *parts: str) -> list[str]:
    looker.findings.clear()
    looker.look_at("page", "data:text/html," + quote(PAGE.format("".join(parts))), theme="light")
    return looker.findings


def test_a_faint_text_is_found_among_many_and_on_a_later_page(looker: Looker) -> None:
    assert look(looker, *[FINE] * 9) == []
    assert look(looker, *[FINE] * 9, FAINT, FINE) == [
        "page at 1440 in light: color-contrast: p:nth-child(11)"
    ]


def test_the_same_text_on_other_ground_is_examined(looker: Looker) -> None:
    assert look(looker, FINE) == []
    assert len(look(looker, f'<div style="background: #333">{FINE}</div>')) == 1


def test_what_was_hidden_first_is_examined_when_it_shows(looker: Looker) -> None:
    assert look(looker, f"<div hidden>{FAINT}</div>") == []
    assert len(look(looker, f"<div>{FAINT}</div>")) == 1


def test_what_is_known_by_day_is_examined_by_night(looker: Looker) -> None:
    colors = "<style>.fine { color: #222 } [data-theme=dark] .fine { color: #ccc }</style>"
    press = "document.documentElement.dataset.theme = 'dark'"
    text = f"""{colors}<p class="fine">Fine</p><button data-theme-toggle onclick="{press}">Night</button>"""
    assert look(looker, text) == []
    looker.look_at_by_day_and_night("page", "data:text/html," + quote(PAGE.format(text)))
    assert looker.findings == ["page at 390 in dark: color-contrast: p"]


def test_all_other_rules_are_examined_on_every_page(looker: Looker) -> None:
    assert [len(look(looker, FINE, "<img src='data:,'>")) for _page in range(2)] == [1, 1]


def test_a_link_that_looks_like_the_text_around_it_is_found(looker: Looker) -> None:
    link = "<p style='color: #222'>Some words and <a href='/' style='{}'>a link</a> among them.</p>"
    assert look(looker, link.format("color: #444; text-decoration: underline")) == []
    plain = link.format("color: #444; text-decoration: none")
    alone = "<p style='color: #222'><a href='/' style='color: #444; text-decoration: none'>A link</a></p>"
    hidden = f"<div hidden>{plain}</div>"
    assert look(looker, *[hidden] * 2, *[alone] * 3) == []
    assert look(looker, *[hidden] * 2, *[alone] * 3, plain) != []


def test_a_text_on_something_half_clear_or_laid_over_the_page_is_examined(looker: Looker) -> None:
    gray = '<p style="color: #666; background: #fff">Gray</p>'
    assert look(looker, gray) == []
    assert len(look(looker, f'<div style="opacity: 0.4">{gray}</div>')) == 1
    half = '<div style="background: rgb(0 0 0 / 50%)">{}</div>'
    assert len(look(looker, half.format(gray.replace("#fff", "none")))) == 1
    box = '<div style="background: #333; height: 90px"></div>'
    assert len(look(looker, f'{box}<p style="color: #666; margin-top: -60px">Gray</p>')) == 1
    assert len(look(looker, f'{box}<h2 style="color: #666; position: relative; top: -60px">Gray</h2>')) == 1


def test_what_one_of_many_rows_lacks_is_found(looker: Looker) -> None:
    row, nameless = "<li><a href='/{}' aria-label='Row'></a></li>", "<li><a href='/' aria-label=' '></a></li>"
    rows = [row.format(number) for number in range(9)]
    assert look(looker, "<ul>", *rows, "</ul>") == []
    assert len(look(looker, "<ul>", *rows, nameless, *rows, "</ul>")) == 1
    assert look(looker, "<ul>", *rows, row.replace("<li>", "<li role='cell'>"), "</ul>") != []
    assert len(look(looker, "<ul>", *rows, f"<li>{FAINT}</li>", "</ul>")) == 1


def test_of_many_new_rows_each_is_examined_that_looks_its_own_way(looker: Looker) -> None:
    row = "<li><p>A row</p></li>"
    style = "<style>li:nth-child(7) p { color: #ccc }</style>"
    assert look(looker, style, "<ul>", *[row] * 9, "</ul>") == [
        "page at 1440 in light: color-contrast: li:nth-child(7) > p"
    ]
