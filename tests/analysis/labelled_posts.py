"""Made-up posts in Finnish, for which the rules have no lexicon, with the sentiment that their maker gave them."""

from __future__ import annotations

import random

from monitoring.analysis.sentiment import Sentiment
from monitoring.analysis.sentiment.learned.training import Example

WORDS = {
    Sentiment.NEGATIVE: ("surkea", "kamala", "pettymys", "hidas palvelu", "en suosittele"),
    Sentiment.NEUTRAL: ("avoinna", "maanantaina", "uusi osoite", "kello yhdeksän", "ilmoitus"),
    Sentiment.POSITIVE: ("mahtava", "ihana", "loistava", "kiitos", "suosittelen lämpimästi"),
}
FILLERS = ("kahvi", "myymälä", "tänään", "keskustassa", "kuppi", "leivos", "henkilökunta", "torilla")


def labelled_posts(count: int, *, seed: int = 1) -> list[tuple[str, Sentiment]]:
    chance = random.Random(seed)
    posts = []
    for number in range(count):
        sentiment = Sentiment(number % 3 - 1)
        said = [*chance.sample(FILLERS, 3), *chance.sample(WORDS[sentiment], 2)]
        chance.shuffle(said)
        posts.append((f"{' '.join(said)} {number}", sentiment))
    return posts


def examples(count: int, *, language: str = "fi", **kept: bool) -> list[Example]:
    return [
        Example(text=text, language=language, sentiment=sentiment, **kept)
        for text, sentiment in labelled_posts(count)
    ]
