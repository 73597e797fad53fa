"""Random posts and queries of a small, nasty vocabulary, so that they often have to do with each other."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.analysis.naive_queries import NaivePost, Tree

WORDS = [
    *("nike", "NIKE", "Nikes", "blue", "bottle", "a", "ab", "x", "24"),
    *(
        "straße",
        "STRASSE",
        "İstanbul",
        "istanbul",
        "ISTANBUL",
        "café",
        "cafe\u0301",
        "ﬁn",
        "fin",
        "ŉo",
        "ΌΣΟΣ",
    ),
    *("किताब", "किताबें", "हिन्दी", "தமிழ்", "كتاب", "한국", "\u1112\u1161\u11ab국", "ᄀ", "ｎｉｋｅ", "𝓷𝓲𝓴𝓮"),
    *("北京", "京", "東京", "タワー", "がっこう", "か\u3099っこう", "กาแฟ", "ກາເຟ", "កាហ្វេ", "ကော်ဖီ"),
]
SIGNED_WORDS = [
    "coca-cola",
    "coca‑cola",
    "don't",
    "don’t",
    "c++",
    "❤",
    "❤️",
    "👍",
    "👍🏽",
    "🇩🇪",
    "👩‍💻",
    "$x",
    "acme™",
]
NAMES = ["nike", "nike_x", "nike.com", "ab", "x", "blue-bottle", "nike@blue.example", "Nike"]
TAGS = ["nike", "nike_x", "blue", "straße", "北京", "किताब", "İstanbul", "a1"]
GLUE = [
    *" #@_.-/&*",
    "  ",
    "\n",
    "\u00a0",
    "\u3000",
    "",
    "",
    ", ",
    "\u0301",
    "\u0307",
    "\u200d",
    "\ufe0f",
    "\u00ad",
]
GLUE += ["ß", "\u1161", "の", "ー", "™", "\x00", "'", "’", "\ud83d", "\ufb01", "\u0345", "²", "´", "…", " ' "]

words = st.sampled_from(WORDS)
pieces = st.one_of(
    words,
    st.sampled_from(SIGNED_WORDS),
    st.sampled_from(GLUE),
    st.sampled_from(["#nike", "@nike", "@nike_x", "#北京", "blue bottle", "nike.com", "@nike@blue.example"]),
)
spaced_text = st.lists(words, max_size=8).map(" ".join)
texts = st.one_of(st.lists(pieces, max_size=14).map("".join), spaced_text, st.text(max_size=12))


def _tagged(kind: str, values: st.SearchStrategy[object]) -> st.SearchStrategy[Tree]:
    return values.map(lambda value: (kind, value))


literals: st.SearchStrategy[Tree] = st.one_of(
    _tagged("word", words),
    _tagged("word", st.sampled_from(SIGNED_WORDS)),
    _tagged("phrase", st.lists(words, min_size=1, max_size=3).map(" ".join)),
    _tagged("prefix", st.sampled_from(["ni", "blue", "किता", "北", "stra", "straß", "İst", "coca-c", "กา"])),
    _tagged("tag", st.sampled_from(TAGS)),
    _tagged("handle", st.sampled_from(NAMES)),
)
filters: st.SearchStrategy[Tree] = st.one_of(
    _tagged("lang", st.sampled_from(["en", "de", "pt"])),
    _tagged("platform", st.sampled_from(["x", "bluesky"])),
    _tagged("from", st.sampled_from(["nike", "Nike_X", "blue.example"])),
    _tagged("followers", st.sampled_from([0, 5, 100])),
)
nears: st.SearchStrategy[Tree] = st.tuples(st.just("near"), literals, literals, st.integers(0, 3))


def _grown(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(inner, min_size=2, max_size=4)
    return st.one_of(
        several.map(lambda parts: ("and", *parts)),
        several.map(lambda parts: ("or", *parts)),
        inner.map(lambda part: ("not", part)),
    )


trees = st.recursive(st.one_of(literals, literals, nears, filters), _grown, max_leaves=8)
# Half of them are held by a word, so that exclusions and filters below it are allowed.
queries = st.one_of(trees, st.tuples(st.just("and"), st.one_of(literals, nears), trees))


def posts_about(trees: list[Tree]) -> st.SearchStrategy[NaivePost]:
    """Posts that often contain what the queries look for, well or badly separated."""
    sought = st.sampled_from([form for tree in trees for form in _surface_forms(tree)] or ["nothing"])
    spoken = st.one_of(
        texts,
        st.lists(sought, max_size=5).map(" ".join),
        st.lists(st.one_of(sought, pieces), max_size=9).map("".join),
    )
    return st.builds(
        NaivePost,
        text=spoken,
        title=st.one_of(st.just(""), spoken),
        language=st.sampled_from([None, "en", "en-GB", "de", "pt_BR", "EN"]),
        platform=st.sampled_from(["", "x", "bluesky"]),
        handle=st.sampled_from(["", "nike", "@Nike", "nike_x", "blue.example"]),
        followers=st.sampled_from([None, 0, 5, 1000]),
    )


def _surface_forms(tree: Tree) -> list[str]:
    signs = {"tag": "#", "handle": "@"}
    if tree[0] in ("word", "phrase", "prefix", "tag", "handle"):
        return [signs.get(tree[0], "") + tree[1]]
    return [form for part in tree[1:] if isinstance(part, tuple) for form in _surface_forms(part)]


# Several queries, and posts about them.
cases = st.lists(queries, min_size=1, max_size=5).flatmap(
    lambda trees: st.tuples(st.just(trees), st.lists(posts_about(trees), min_size=1, max_size=4))
)
