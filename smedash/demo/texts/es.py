"""Spanish."""

from smedash.demo.texts.phrasebook import Phrasebook, Talk

BOOK = Phrasebook(
    words={
        "coffee": (
            "Nordlicht",
            "Sidamo",
            "Huila",
            "descafeinado",
            "Yirgacheffe",
            "espresso de la casa",
            "Kenia AA",
        ),
        "gear": ("V60", "Aeropress", "cafetera italiana", "Chemex", "prensa francesa", "máquina de espresso"),
        "taste": (
            "piel de naranja",
            "miel oscura",
            "avellana",
            "cacao",
            "grosella",
            "azúcar moreno",
            "albaricoque",
        ),
        "moment": (
            "esta mañana",
            "después del gimnasio",
            "en el tren",
            "antes de la primera reunión",
            "un domingo de lluvia",
            "en el jardín",
        ),
        "place": (
            "el mercado",
            "la tienda del canal",
            "la calle de los Tilos",
            "el tostadero",
            "la estación",
        ),
        "who": ("mi hermana", "toda la oficina", "mi padre", "mi vecina", "una amiga de Sevilla"),
        "grams": ("250 g", "500 g", "1 kg"),
        "amount": ("dos", "tres", "cuatro", "cinco"),
    },
    sentences={
        Talk.PRAISE: (
            "El {coffee} de {brand} está buenísimo: {taste}, {taste_2}, nada amargo.",
            "Me encanta el {coffee} de {brand} en la {gear}, perfecto {moment}.",
            "Muy buena atención en {brand} en {place}, y el {coffee} es excelente.",
            "Pedí ayer a {brand} y llegó hoy, recién tostado. Genial.",
            "Gracias a {brand} por la muestra de {coffee}, qué alegría.",
        ),
        Talk.PLAIN: (
            "{moment}, el {coffee} de {brand} en la {gear}.",
            "He pedido {grams} de {coffee} a {brand}.",
            "{brand} estará el sábado en {place} con el {coffee}.",
            "Cata en {brand}: {taste}, {taste_2}, cuerpo medio.",
            "Novedad en {brand}: {coffee}, bolsas de {grams}.",
            "18 g, 38 g, 28 segundos con el {coffee} de {brand}.",
        ),
        Talk.GRIPE: (
            "El {coffee} de {brand} estaba viejo y amargo esta vez. Decepcionante.",
            "Veinte minutos en {brand} en {place} y el café frío. Muy mal servicio.",
            "{brand} sube otra vez los precios, demasiado caro, qué pena.",
            "Sin respuesta de {brand} desde hace una semana. Fatal.",
        ),
        Talk.QUESTION: (
            "¿{brand} vende el {coffee} en bolsas de {grams}?",
            "¿Qué molienda usáis para el {coffee} de {brand} en la {gear}?",
            "¿{brand} abre los domingos en {place}?",
        ),
        Talk.PARCEL: (
            "Otro paquete de {brand} con la bolsa rota. Muy decepcionado.",
            "Mi pedido de {brand} llega once días tarde y nadie responde. Pésimo servicio.",
            "El {coffee} de {brand} llegó abierto dentro de la caja. Una vergüenza, quiero mi dinero.",
        ),
        Talk.REFILL: (
            "Con mi propia lata en {brand}, en {place}, un 15% menos. #refillmonth",
            "{brand} llena tu lata de {coffee} todo el mes. ¡Qué buena idea! #refillmonth",
            "#refillmonth en {brand}: {grams} de {coffee}, cero envases.",
        ),
        Talk.STORY: (
            "La historia de la barista de {brand} que aprendió lengua de signos por un cliente. Preciosa.",
            "{brand} y el abuelo sordo: lo mejor que he leído este año.",
            "Gracias, {brand}. Más gente así. ❤",
        ),
        Talk.TOPIC: (
            "{brand}: {grams} de {coffee} por 19 euros ya.",
            "El agua importa más que la {gear} en el {brand}.",
            "El {brand} en casa, una maravilla: {taste}, {taste_2}.",
            "¿Vale la pena el {brand} sin un buen molinillo?",
        ),
        Talk.VERSUS: ("¿{brand} o {rival}? Me quedo con el primero por el {coffee}.",),
    },
    openers={
        Talk.PRAISE: ("Pequeña alegría:", "Pues sí.", "Desde {place}:"),
        Talk.GRIPE: ("Uf.", "Opinión sincera:"),
        Talk.PARCEL: ("Otra vez.", "¿En serio?"),
        Talk.PLAIN: ("Hoy:",),
    },
    closers={
        Talk.PRAISE: ("Repetiré.", "☕", "{who} opina igual."),
        Talk.GRIPE: ("Antes era mejor.",),
        Talk.PARCEL: ("¿Alguien más?",),
        Talk.PLAIN: ("Mañana más.", "☕"),
    },
    titles={
        Talk.PRAISE: ("{brand} {coffee}: una grata sorpresa",),
        Talk.PLAIN: ("Visita a {brand} en {place}", "{brand} {coffee} en la {gear}"),
        Talk.GRIPE: ("¿Qué pasa con {brand}?",),
        Talk.QUESTION: ("Pregunta sobre {brand}",),
        Talk.PARCEL: ("Los paquetes de {brand} llegan rotos",),
        Talk.REFILL: ("{brand} llena tus latas este mes",),
        Talk.STORY: ("La barista de {brand} y la lengua de signos",),
        Talk.TOPIC: ("{brand} y el agua: mis notas",),
        Talk.VERSUS: ("¿{brand} o {rival}?",),
    },
    headlines={
        Talk.PLAIN: ("{brand}: por qué crecen los pequeños tostadores", "Una mañana en {brand}"),
        Talk.PARCEL: ("Paquetes rotos: quejas de clientes de {brand}",),
    },
    tags=("café", "espresso", "baristaencasa", "cafédelamañana", "tueste"),
)
