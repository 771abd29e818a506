"""Wordings that count as one when two statements are compared, in either language.

The alias table says what a question is searched for; the concepts here only have to mean the same
inside statements about one subject. No entry names a particular disagreement.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import fsum
from typing import Final

from rag.aliases import aliases
from rag.text import normalise, tokens

#: concept -> its English and its Japanese wordings, as regular expressions.
_WORDINGS: Final[dict[str, tuple[str, str]]] = {
    "cabinet": (
        r"cabinet(?! office| members?| ministers?| bill| order| no)",
        r"閣議|内閣(?![府委官総])",
    ),
    "approval": (
        r"approv\w+|adopt(?:s|ed|ion of the)|deci(?:ded|sions?)|settled|passe[ds]|enact\w+|became",
        r"可決|承認|決定|決めた|成立",
    ),
    "release": (
        r"publi(?:sh\w*|cation|c|cly)|issued|released?|came out|made public|disclos\w+|announce\w*",
        r"公表|公開|公刊|発表|発行",
    ),
    "start": (
        r"start\w*|began|begin\w*|set \w+(?: \w+){0,4} going|launch\w*|called for",
        r"始ま|始め|開始|立ち上げ|発足",
    ),
    "meeting": (r"meetings?|met|held|took place", r"会合|会議|開催|開かれ"),
    "use": (r"utili[sz]\w+|adoption|us(?:e|es|ed|ing|age)", r"利活用|活用|利用|導入|使う"),
    "develop": (r"develop\w*", r"開発"),
    "govern": (r"governance", r"ガバナンス"),
    "transform": (r"transform\w*", r"変革"),
    "society": (r"societ\w+", r"社会"),
    "strengthen": (r"strengthen\w*|stronger|tougher|stricter", r"強化|強い|強め|厳し"),
    "rule": (r"rule-?making|regulations?|rules?", r"規制(?!当局)|ルール"),
    "trust": (r"trustworth\w+|trusted|reliab\w+", r"信頼"),
    "abroad": (r"international\w*|abroad|foreign|global", r"国際|対外"),
    "together": (r"cooperat\w+|work\w* together", r"協力|協働|連携"),
    "comply": (r"compl(?:y|ies|ying)", r"遵守"),
    "resolution": (r"resolutions?", r"附帯決議|決議"),
    "principle": (r"principles?", r"原則"),
    "policy": (r"(?:basic )?polic(?:y|ies)|pillars?", r"基本的な方針|基本方針|方針|柱"),
    "field": (r"fields?", r"分野"),
    "model": (r"models?", r"モデル"),
    "amend": (r"amend\w*|reform\w*", r"改正|改め"),
    "revise": (r"revis(?:ions?|ed)|updated?s?|replaced", r"改定|改訂|置き換え"),
    "report": (r"reports? of|round of [\w ]*reports?", r"報告"),
    "organization": (r"organi[sz]ations?", r"団体"),
    "faster": (r"accelerat\w*|speed\w*|faster", r"加速"),
    "budget": (r"budgets?", r"予算"),
    "total": (r"total|altogether", r"総額|合計"),
    "draft": (r"drafts?", r"原案|の案|(?<=改定)案|(?<=改訂)案|(?<=予算)案|(?<=計画)案|(?<=とめ)案"),
    "bill": (r"bills?", r"法案"),
    "name": (r"nam(?:es|ing)", r"名前|社名|事業者名|企業名"),
    "emergency": (r"emergenc\w+", r"緊急"),
    "penal": (r"fines?|penalt\w+|sanctions?|punish\w*", r"罰則|罰金|制裁|過料"),
    "fully": (r"full|fully", r"全面"),
    "effect": (r"in(?:to)? force|(?:in(?:to)? |full )*effect(?:ive)?|applied", r"施行"),
    "promulgate": (r"promulgat\w+", r"公布"),
    "submit": (r"submi(?:t|ts|tted|ssion)|sen[dt]", r"提出"),
    "form": (r"formed|set up|establish\w*|formation|created", r"設け|設置|設立|置かれ"),
    "committee": (r"committees?", r"委員会"),
    "chambers": (r"(?:both|each) (?:chambers?|houses?)", r"両院"),
    "group": (r"groups?|councils?|teams?|panels?|friends", r"グループ|戦略会議|研究会"),
    "favour": (r"in favou?r", r"賛成"),
    "against": (r"against", r"反対"),
    "invest": (r"invest\w*", r"投資"),
    "version": (r"versions?", r"版"),
    "article": (r"articles?", r"条文|条(?![項例約件])"),
    "part": (
        r"chapters?|items?|provisions (?:of|entered)|most|main part|portion|category|share",
        r"章|第\d+項|主要部分|一部|区分|のうち",
    ),
    "newsletter": (r"newsletters?", r"広報"),
    "outline": (r"outlines?|interim", r"骨子|中間"),
}  # fmt: skip
#: Groups of the alias table whose words the concepts above sort more finely.
_SORTED: Final = frozenset(
    "promulgation enforcement full_enforcement enactment submission passed fine budget "
    "name_and_shame publication formation decision cabinet_decision statute utilization "
    "cooperation international replaced amendment against favour review meeting first latest "
    "documents definition duty basic_principles members organization survey legal_basis head "
    "deputy purpose vote secretariat jurisdiction".split()
)
#: Words of the frame and of reporting; which of them a sentence has doesn't change what it states.
_FRAME: Final = frozenset(
    tokens(
        "according commentary commentator source account article text website site blog page "
        "single alone every other another unnamed index file map regulation-map date dates day "
        "month year called name list lists number total figure apparently wrong error "
        "arithmetic take takes go goes receive receives "
        "full title Japan Japanese country government also so there it ai act law"
    )
) | frozenset(
    (
        "no",
        "ai",
        "資料",
        "解説",
        "記事",
        "情報",
        "報源",
        "日付",
        "日本",
        "政府",
        "法律",
        "計算",
        "算上",
    )
)
_CONCEPTS: Final = re.compile(
    "|".join(
        rf"(?P<{name}>(?<![a-z])(?:{english})(?![a-z])|{japanese})"
        for name, (english, japanese) in _WORDINGS.items()
    )
)

#: Laws, plans, bodies and countries: what a statement is about.
NAMES: Final = frozenset(
    f"={name}"
    for name in (
        "ai-act ai-hq-order appi copyright-act headquarters plan utilization_guidelines "
        "business_guidelines principle_code hiroshima aisi eu gdpr constitution korea china "
        "united_states united_kingdom germany france india canada singapore taiwan civil_code "
        "penal_code"
    ).split()
)
_AI_BILL: Final = re.compile(r"\bai bill|ai(?:推進)?法案")
_BILL: Final = re.compile(r"(?:ai)?(?:推進)?法?の?法案")


@lru_cache(maxsize=20_000)
def concepts(text: str) -> frozenset[str]:
    """The concepts and entities of a text (each with a leading "=") and its other words."""
    plain = normalise(text)
    found = {"=ai-act"} if _AI_BILL.search(plain) else set()
    plain = _BILL.sub(" bill ", plain)  # AI法案 is not the AI法 yet
    for mention in reversed(aliases().mentions(plain)):
        if mention.group not in _SORTED:
            found.add(f"={mention.group}")
            plain = f"{plain[: mention.start]} {plain[mention.end :]}"
    plain = " ".join(plain.split())
    for match in _CONCEPTS.finditer(plain):
        found.add(f"={match.lastgroup}")
    rest = _CONCEPTS.sub(" ", plain)
    return frozenset(found | {t for t in tokens(rest) if t not in _FRAME})


def weight(word: str) -> float:
    """How much a word says about what is stated: a concept more than a word, kana hardly."""
    if word[0] == "=":
        return 2.0
    if "\u3040" <= word[0] <= "\u309f" or "\u3040" <= word[-1] <= "\u309f":
        return 0.1
    return 0.5 if word[0] > "\u3000" else 1.0


def weigh(words: frozenset[str]) -> float:
    """The sum of the weights, the same in whatever order a set gives its words."""
    return fsum(map(weight, words))
