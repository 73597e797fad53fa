from django.apps import AppConfig
from django.conf import settings

from monitoring.analysis.sentiment.choosing import Choice, choose


class AnalysisConfig(AppConfig):
    name = "monitoring.analysis"
    label = "analysis"

    def ready(self) -> None:
        choose(Choice(model=settings.SENTIMENT_MODEL, transformer=settings.SENTIMENT_TRANSFORMER))
