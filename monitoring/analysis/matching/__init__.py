"""Exact matching of keyword queries: which posts satisfy them, and where the words stand."""

from monitoring.analysis.matching.documents import Document
from monitoring.analysis.matching.highlighting import spans
from monitoring.analysis.matching.matcher import Matcher

__all__ = ["Document", "Matcher", "spans"]
