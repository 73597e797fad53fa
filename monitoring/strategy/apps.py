from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "monitoring.strategy"
    label = "strategy"
