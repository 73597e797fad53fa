"""Pages are compressed for whoever takes them so, files are not."""

from __future__ import annotations

import gzip

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from smedash.compressing import CompressPagesMiddleware

pytestmark = pytest.mark.django_db
GZIP = "gzip, deflate, br"


def test_a_page_is_the_same_compressed_and_much_smaller(client: Client) -> None:
    plain = client.get("/accounts/login/")
    packed = client.get("/accounts/login/", headers={"accept-encoding": GZIP})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert b"</html>" in gzip.decompress(packed.content)


def test_a_file_is_left_as_it_is(rf: RequestFactory) -> None:
    file = HttpResponse(b"platform,text\n" * 100, content_type="text/csv; charset=utf-8")
    request = rf.get("/", headers={"accept-encoding": GZIP})
    answer = CompressPagesMiddleware(lambda _request: file).process_response(request, file)
    assert answer is file
    assert "Content-Encoding" not in file
