"""Fixtures that every test may ask for."""

from __future__ import annotations

import gc
import time
from collections.abc import Generator, Iterator
from types import SimpleNamespace

import hypothesis
import pytest
import redis
from celery import Celery
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.template import Context, RequestContext, Template
from django.test import TransactionTestCase
from django.test.signals import template_rendered
from django.utils.safestring import SafeString
from hypothesis import HealthCheck

from monitoring.conversions import limiting
from smedash.celery import QUEUES, app
from tests.emptying import empty_database
from tests.longest_first import longest_first
from tests.migrated_once import copy_what_was_migrated, start_migrating

# What is imported and collected lives as long as the run. To look through it for garbage, again and again while it
# grows, takes a quarter of the collecting.
gc.disable()

# Two cores may be shared with anything: how long one example takes says nothing about the code.
hypothesis.settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Every run thinks of other examples, so many runs in a hurry see what one with time sees.
hypothesis.settings.register_profile("quick", hypothesis.settings.get_profile("shared"), max_examples=40)

TransactionTestCase._fixture_teardown = empty_database  # type: ignore[attr-defined]  # left out by the stubs

pytest_plugins = ["tests.browsers", "tests.cast"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", metavar="DIR", help="keep a picture of every page there, to look at")


def pytest_configure(config: pytest.Config) -> None:
    in_a_hurry = "not long" in config.getoption("markexpr")  # bin/test without --long
    hypothesis.settings.load_profile("quick" if in_a_hurry else "shared")
    start_migrating(config)
    if not config.getoption(
        "numprocesses", None
    ):  # or whoever only hands out tests would import every page first
        config.pluginmanager.import_plugin("tests.walked_business")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, request: pytest.FixtureRequest
) -> None:
    """Runs before pytest-django makes this worker's database."""
    copy_what_was_migrated(request.config)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """Whoever asks for a browser needs one: mark these tests before pytest chooses by mark."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.e2e)
    yield
    items[:] = longest_first(items, workers=getattr(config, "workerinput", {}).get("workercount", 1))


def pytest_collection_finish() -> None:
    gc.freeze()
    # Each test leaves little behind, and Hypothesis listens at each look: rare ones save a twentieth of the run.
    gc.set_threshold(20_000, 10, 10)
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many combinations of address, person and method tests/test_every_address.py has tried, in all workers."""
    ended = terminalreporter.getreports("")  # set-ups and tear-downs: the latter know what was counted
    tried = sum(count for report in ended for name, count in report.user_properties if name == "combinations")
    if tried:
        terminalreporter.write_line(f"Every address as everybody: {tried} combinations.")


def _render_and_tell_of_pages(template: Template, context: Context) -> SafeString:
    if context.template is template and isinstance(context, RequestContext):
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)


@pytest.fixture(scope="session", autouse=True)
def context_of_pages(django_test_environment: None) -> None:
    """The test client keeps the context of a page, and not also of each part and each field in it.

    Django's own way, which ends with its test environment, copies the context for all of them.
    """
    Template._render = _render_and_tell_of_pages  # type: ignore[attr-defined]  # left out by the stubs


@pytest.fixture(scope="session")
def redis_server() -> Iterator[redis.Redis]:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture(autouse=True)
def empty_redis(redis_server: redis.Redis) -> redis.Redis:
    """Every test begins with an empty cache, broker and budget."""
    redis_server.flushdb()
    return redis_server


@pytest.fixture(autouse=True)
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test's limits count what another test did, and none sees a new minute begin."""
    begun = time.time() // 60 * 60
    monkeypatch.setattr(limiting.own_counters, "minute", 0)
    monkeypatch.setattr(limiting, "time", SimpleNamespace(time=lambda: begun))


@pytest.fixture
def celery_application() -> Celery:
    return app


@pytest.fixture
def eager_tasks(celery_application: Celery) -> Iterator[Celery]:
    """A task runs where it is called, and its error is the caller's."""
    before = (celery_application.conf.task_always_eager, celery_application.conf.task_eager_propagates)
    celery_application.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield celery_application
    celery_application.conf.update(task_always_eager=before[0], task_eager_propagates=before[1])


@pytest.fixture
def worker(celery_application: Celery, transactional_db: None, empty_redis: redis.Redis) -> Iterator[object]:
    """A real worker in a thread, on all queues of this test's own Redis database."""
    queues = ",".join(QUEUES)
    with start_worker(
        celery_application, pool="threads", concurrency=2, queues=queues, perform_ping_check=False
    ) as running:
        yield running
