"""What the businesses themselves publish."""

from __future__ import annotations

from random import Random

_LINES = (
    "Three pour-over mistakes we all make, and how to fix each in a minute.",
    "Roast day: {coffee} leaves the drum at 204 degrees. Here is why.",
    "Why our {coffee} costs one euro more this year, line by line.",
    "{coffee} is back on the shelf. Fresh from yesterday.",
    "Wie fein mahlen? Unsere Tabelle für {gear}, Aeropress und Siebträger.",
    "Samstag Verkostung im Laden am Kanal: vier Kaffees, eine Stunde, kostenlos.",
    "Meet Alma, who grows our Huila at 1,850 meters.",
    "Question of the week: do you stir the bloom?",
    "Neu: {coffee} im 1-kg-Beutel, für alle, die gefragt haben.",
    "Brew tip: let the water of your {gear} rest for thirty seconds.",
    "Open position: barista, four days a week, sign language welcome.",
    "Wir rösten ab heute mit Strom vom eigenen Dach.",
)
_CAMPAIGN = (
    "Refill month: bring your own tin, we fill it with 15% off. #refillmonth",
    "Bring deine Dose mit: 15% weniger den ganzen Monat. #refillmonth",
    "{coffee} in a jam jar? Why not. #refillmonth, until the end of the month.",
)
_SORRY = (
    "Some of your parcels arrived torn. That is our fault: new bags are on their way, and so is your refund."
)
_COFFEES = ("Nordlicht", "Sidamo", "Huila", "Yirgacheffe", "decaf")
_GEAR = ("V60", "Chemex", "Aeropress")


def publish(random: Random, *, campaign: bool, sorry: bool) -> str:
    if sorry:
        return _SORRY
    line = random.choice(_CAMPAIGN if campaign else _LINES)
    return line.format(coffee=random.choice(_COFFEES), gear=random.choice(_GEAR))
