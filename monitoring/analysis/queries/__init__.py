"""The keyword query language: understand it, explain it, and say what to ask a platform for.

`("blue bottle" OR #bluebottle) AND coffee -job lang:en -from:@bot`. Matching posts against it is the work of
`monitoring.analysis.matching`.
"""

from monitoring.analysis.queries.coloring import Part, Piece, colored
from monitoring.analysis.queries.conjunctions import Conjunction, allows_platform
from monitoring.analysis.queries.covering import alternatives
from monitoring.analysis.queries.errors import QueryError
from monitoring.analysis.queries.explaining import explain
from monitoring.analysis.queries.parsing import MAX_LENGTH, Query, parse, parse_search
from monitoring.analysis.queries.word_lists import WordLists, excluding, including, query_text, word_lists
from monitoring.analysis.queries.writing import write_author

__all__ = [
    "MAX_LENGTH",
    "Conjunction",
    "Part",
    "Piece",
    "Query",
    "QueryError",
    "WordLists",
    "allows_platform",
    "alternatives",
    "colored",
    "excluding",
    "explain",
    "including",
    "parse",
    "parse_search",
    "query_text",
    "word_lists",
    "write_author",
]
