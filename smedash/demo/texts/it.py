"""Italian."""

from smedash.demo.texts.phrasebook import Phrasebook, Talk

BOOK = Phrasebook(
    words={
        "coffee": (
            "Nordlicht",
            "Sidamo",
            "Huila",
            "decaffeinato",
            "Yirgacheffe",
            "espresso della casa",
            "Kenya AA",
        ),
        "gear": ("V60", "Aeropress", "moka", "Chemex", "French press", "macchina da espresso"),
        "taste": (
            "scorza d’arancia",
            "miele scuro",
            "nocciola",
            "cacao",
            "ribes nero",
            "zucchero di canna",
            "albicocca",
        ),
        "moment": (
            "stamattina",
            "dopo la palestra",
            "in treno",
            "prima della riunione",
            "una domenica di pioggia",
            "in giardino",
        ),
        "place": (
            "mercato coperto",
            "negozio sul canale",
            "chiosco della stazione",
            "laboratorio",
            "bar all’angolo",
        ),
        "who": ("mia sorella", "tutto l’ufficio", "mio padre", "la vicina", "un’amica di Torino"),
        "grams": ("250 g", "500 g", "1 kg"),
        "amount": ("due", "tre", "quattro", "cinque"),
    },
    sentences={
        Talk.PRAISE: (
            "Il {coffee} di {brand} è buonissimo: {taste}, {taste_2}, per niente amaro.",
            "Adoro il {coffee} di {brand} con la {gear}, perfetto {moment}.",
            "Personale gentilissimo da {brand} al {place}, e il {coffee} è ottimo.",
            "Ordinato ieri da {brand}, arrivato oggi, appena tostato. Fantastico.",
            "Grazie a {brand} per il campione di {coffee}, bellissima sorpresa.",
        ),
        Talk.PLAIN: (
            "{moment} il {coffee} di {brand} con la {gear}.",
            "Ordinati {grams} di {coffee} da {brand}.",
            "{brand} sabato è al {place} con il {coffee}.",
            "Assaggio da {brand}: {taste}, {taste_2}, corpo medio.",
            "Novità da {brand}: {coffee}, pacchi da {grams}.",
            "18 g, 38 g, 28 secondi con il {coffee} di {brand}.",
        ),
        Talk.GRIPE: (
            "Il {coffee} di {brand} questa volta era vecchio e amaro. Deludente.",
            "Venti minuti da {brand} al {place} e la tazza fredda. Pessimo servizio.",
            "{brand} ha alzato ancora i prezzi, troppo caro, peccato.",
            "Nessuna risposta da {brand} da una settimana. Male.",
        ),
        Talk.QUESTION: (
            "Ma {brand} vende il {coffee} in pacchi da {grams}?",
            "Che macinatura usate per il {coffee} di {brand} con la {gear}?",
            "{brand} al {place} è aperto la domenica?",
        ),
        Talk.PARCEL: (
            "Un altro pacco di {brand} con il sacchetto rotto. Molto deluso.",
            "Il mio ordine da {brand} è in ritardo di undici giorni e nessuno risponde. Servizio pessimo.",
            "Il {coffee} di {brand} è arrivato aperto nella scatola. Vergognoso, voglio il rimborso.",
        ),
        Talk.REFILL: (
            "Con il mio barattolo da {brand}, al {place}, il 15% in meno. #refillmonth",
            "{brand} riempie il tuo barattolo di {coffee} per tutto il mese. Bellissima idea! #refillmonth",
            "#refillmonth da {brand}: {grams} di {coffee}, zero imballaggi.",
        ),
        Talk.STORY: (
            "La storia della barista di {brand} che ha imparato la lingua dei segni per un cliente. Meravigliosa.",
            "{brand} e il nonno sordo: la cosa più bella letta quest’anno.",
            "Brava {brand}, che bello. ❤",
        ),
        Talk.TOPIC: (
            "{brand}: {grams} di {coffee} a 19 euro ormai.",
            "L’acqua conta più della {gear} per il {brand}.",
            "Il {brand} a casa è una meraviglia: {taste}, {taste_2}.",
            "Ha senso il {brand} senza un buon macinino?",
        ),
        Talk.VERSUS: ("{brand} o {rival}? Resto con il primo per il {coffee}.",),
    },
    openers={
        Talk.PRAISE: ("Piccola gioia:", "Ecco.", "Dal {place}:"),
        Talk.GRIPE: ("Mah.", "Opinione sincera:"),
        Talk.PARCEL: ("Di nuovo.", "Sul serio?"),
        Talk.PLAIN: ("Oggi:",),
    },
    closers={
        Talk.PRAISE: ("Lo riprendo.", "☕", "{who} è d’accordo."),
        Talk.GRIPE: ("Una volta era meglio.",),
        Talk.PARCEL: ("Capita anche a voi?",),
        Talk.PLAIN: ("Domani il resto.", "☕"),
    },
    titles={
        Talk.PRAISE: ("{brand} {coffee}: bella sorpresa",),
        Talk.PLAIN: ("Visita da {brand}", "{brand} {coffee} con la {gear}"),
        Talk.GRIPE: ("Che succede da {brand}?",),
        Talk.QUESTION: ("Domanda su {brand}",),
        Talk.PARCEL: ("I pacchi di {brand} arrivano rotti",),
        Talk.REFILL: ("{brand} riempie i barattoli questo mese",),
        Talk.STORY: ("La barista di {brand} e la lingua dei segni",),
        Talk.TOPIC: ("{brand} e l’acqua: appunti",),
        Talk.VERSUS: ("{brand} o {rival}?",),
    },
    headlines={
        Talk.PLAIN: ("{brand}: perché crescono le piccole torrefazioni", "Una mattina da {brand}"),
        Talk.PARCEL: ("Pacchi rotti: i clienti di {brand} protestano",),
    },
    tags=("caffè", "espresso", "baristaacasa", "moka", "torrefazione"),
)
