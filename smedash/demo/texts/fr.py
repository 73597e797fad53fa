"""French."""

from smedash.demo.texts.phrasebook import Phrasebook, Talk

BOOK = Phrasebook(
    words={
        "coffee": ("Nordlicht", "Sidamo", "Huila", "décaféiné", "Yirgacheffe", "mélange maison", "Kenya AA"),
        "gear": (
            "V60",
            "Aeropress",
            "cafetière italienne",
            "Chemex",
            "machine à piston",
            "machine à espresso",
        ),
        "taste": ("écorce d’orange", "miel brun", "noisette", "cacao", "cassis", "sucre roux", "abricot"),
        "moment": (
            "ce matin",
            "après le sport",
            "dans le train",
            "avant la première réunion",
            "un dimanche de pluie",
            "au jardin",
        ),
        "place": ("la halle", "la boutique du canal", "la rue des Tilleuls", "la brûlerie", "la gare"),
        "who": ("ma sœur", "tout le bureau", "mon père", "ma voisine", "une amie de Lyon"),
        "grams": ("250 g", "500 g", "1 kg"),
        "amount": ("deux", "trois", "quatre", "cinq"),
    },
    sentences={
        Talk.PRAISE: (
            "Le {coffee} de {brand} est délicieux : {taste}, {taste_2}, aucune amertume.",
            "J’adore le {coffee} de {brand} à la {gear}, un vrai plaisir {moment}.",
            "Accueil très sympathique chez {brand} à {place}, et le {coffee} est excellent.",
            "Commandé hier chez {brand}, reçu aujourd’hui, fraîchement torréfié. Parfait.",
            "Le {coffee} de {brand} est enfin de retour, je suis ravie !",
            "Merci à {brand} pour l’échantillon de {coffee}, super surprise.",
        ),
        Talk.PLAIN: (
            "{moment}, le {coffee} de {brand} à la {gear}.",
            "{grams} de {coffee} commandés chez {brand}.",
            "{brand} sera samedi à {place} avec le {coffee}.",
            "Dégustation chez {brand} : {taste}, {taste_2}, corps moyen.",
            "Nouveau chez {brand} : {coffee}, sachets de {grams}.",
            "18 g, 38 g, 28 secondes avec le {coffee} de {brand}.",
        ),
        Talk.GRIPE: (
            "Le {coffee} de {brand} était vieux et amer cette fois. Très déçu.",
            "Vingt minutes d’attente chez {brand} à {place} pour une tasse froide. Mauvais service.",
            "{brand} augmente encore ses prix, c’est trop cher, dommage.",
            "Toujours aucune réponse de {brand} à mon message. C’est nul.",
        ),
        Talk.QUESTION: (
            "Est-ce que {brand} vend le {coffee} en {grams} ?",
            "Quelle mouture pour le {coffee} de {brand} à la {gear} ?",
            "{brand} à {place} est ouvert le dimanche ?",
        ),
        Talk.PARCEL: (
            "Encore un colis de {brand} avec le sachet déchiré. Très déçue.",
            "Ma commande chez {brand} a onze jours de retard, aucune réponse. Service horrible.",
            "Le {coffee} de {brand} est arrivé ouvert dans le carton. Inacceptable, je veux un remboursement.",
        ),
        Talk.REFILL: (
            "Ma propre boîte chez {brand} à {place}, 15% de moins. #refillmonth",
            "{brand} remplit votre boîte de {coffee} tout le mois. Superbe idée ! #refillmonth",
            "#refillmonth chez {brand} : {grams} de {coffee}, zéro emballage.",
        ),
        Talk.STORY: (
            "L’histoire de la barista de {brand} qui a appris la langue des signes pour un client. Magnifique.",
            "{brand} et le grand-père sourd : la plus belle lecture de l’année.",
            "Bravo à {brand}, ça fait du bien. ❤",
        ),
        Talk.TOPIC: (
            "{brand} : {grams} de {coffee} à 19 euros maintenant.",
            "L’eau compte plus que la {gear} pour le {brand}.",
            "Le {brand} à la maison, un vrai bonheur : {taste}, {taste_2}.",
            "Faut-il un bon moulin pour le {brand} ?",
        ),
        Talk.VERSUS: ("{brand} ou {rival} ? Je reste fidèle au premier pour le {coffee}.",),
    },
    openers={
        Talk.PRAISE: ("Petit bonheur :", "Alors là.", "Nouvelles de {place} :"),
        Talk.GRIPE: ("Bof.", "Avis honnête :"),
        Talk.PARCEL: ("Encore.", "Sérieusement ?"),
        Talk.PLAIN: ("Aujourd’hui :",),
    },
    closers={
        Talk.PRAISE: ("Je recommande.", "☕", "{who} est d’accord."),
        Talk.GRIPE: ("C’était mieux avant.",),
        Talk.PARCEL: ("Et vous ?",),
        Talk.PLAIN: ("La suite demain.", "☕"),
    },
    titles={
        Talk.PRAISE: ("{brand} {coffee} : bonne surprise",),
        Talk.PLAIN: ("Visite chez {brand} à {place}", "{brand} {coffee} à la {gear}"),
        Talk.GRIPE: ("Que se passe-t-il chez {brand} ?",),
        Talk.QUESTION: ("Question sur {brand}",),
        Talk.PARCEL: ("Les colis de {brand} arrivent déchirés",),
        Talk.REFILL: ("{brand} remplit vos boîtes ce mois-ci",),
        Talk.STORY: ("La barista de {brand} et la langue des signes",),
        Talk.TOPIC: ("{brand} et l’eau : mes notes",),
        Talk.VERSUS: ("{brand} ou {rival} ?",),
    },
    headlines={
        Talk.PLAIN: ("{brand} : pourquoi les petits torréfacteurs grandissent", "Une matinée chez {brand}"),
        Talk.PARCEL: ("Colis déchirés : les clients de {brand} se plaignent",),
    },
    tags=("café", "espresso", "baristamaison", "cafédumatin", "torréfaction"),
)
