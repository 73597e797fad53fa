"""Does a post speak well or badly?"""

from monitoring.analysis.sentiment.judgement import Judgement, Sentiment, SentimentJudge
from monitoring.analysis.sentiment.rules import RuleJudge, explain_sentiment

__all__ = ["Judgement", "RuleJudge", "Sentiment", "SentimentJudge", "explain_sentiment"]
