from importlib import import_module

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "monitoring.strategy"
    label = "strategy"

    def ready(self) -> None:
        import_module("monitoring.strategy.answered")
