"""Does a post ask something?"""

from __future__ import annotations

import regex

QUESTION_MARK = regex.compile("[?？؟¿⁇⁈⁉՞፧]|(?<=[\u0370-\u03ff])[;;]")  # Greek asks with a semicolon
# How people ask without a question mark: "anyone know a good roaster", in the languages judged here.
ASKING = regex.compile(
    r"""(?i)\b(?:
        any(?:one|body)\ (?:know|knows|tried|else|recommend|got|have)|any\ (?:recommendations|suggestions|tips|ideas)
      | who\ knows | where\ can\ i | how\ (?:do|can)\ i
      | (?:weiß|weiss|kennt|hat|kann)\ (?:hier\ )?(?:jemand|wer) | wo\ (?:kann|bekomme|finde)\ ich
      | quelqu['’]un\ (?:sait|connaît|connait|a\ déjà|peut) | où\ (?:puis-je|est-ce\ que|trouver)
      | alguien\ (?:sabe|conoce|ha\ probado|puede|recomienda) | dónde\ puedo
      | qualcuno\ (?:sa|conosce|ha\ provato|può) | dove\ posso
      | algu[eé]m\ (?:sabe|conhece|já|pode|indica) | onde\ (?:posso|encontro)
      | ada\ yang\ (?:tau|tahu|pernah|bisa|punya) | di\ ?mana\ (?:bisa|ada)
      | kisi\ ko\ pata | koi\ bata | किसी\ को\ पता | कोई\ बता
      | هل\ | (?:حد|احد|أحد)\ (?:يعرف|جرب) | من\ يعرف | وين\ القى
    )""",
    regex.VERBOSE,
)


def is_question(text: str) -> bool:
    """Whether a text (without links, whose addresses have question marks) asks something."""
    return QUESTION_MARK.search(text) is not None or ASKING.search(text) is not None
