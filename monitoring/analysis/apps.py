from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    name = "monitoring.analysis"
    label = "analysis"
