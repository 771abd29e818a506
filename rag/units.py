"""What is counted: Japanese counters and nouns, and the English nouns that mean the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from rag.types import Language

#: As patterns: what counts countries, ...
COUNTRY: Final = "(?:[かカヶケヵ箇]国|国・地域|国と地域|国(?![間内民会家際連務立籍勢政の外]))"
#: Counters stand right behind the number; what must not follow keeps 2人工知能 and 3本部 out.
#: ... counters, which stand right behind the number; what must not follow keeps 2人工知能 and
#: 3本部 out ...
COUNTERS: Final = (
    "項目", "団体", "機関", "省庁", "府省", "段階", "種類", "類型", "言語", "議席", "自治体",
    "大学", "ページ", "頁", "[かカヶケヵ箇]?条(?![例約件文項理])", "章", "節",
    "人(?![工間口材権格物類事員])", "名(?![称前義誉])", "社(?![会員長説])",
    "回(?![答収復避路線転帰るり])", "件", "点(?![検在数滴])", "部(?![門分会署品局長])", "票",
    "柱", "本(?![部会人法日国年格])", "個", "つ", "年間", "[かカヶケヵ箇]月", "週間", "日間",
    "時間", "分間", "世帯", "都市", "法人", "法域", "氏(?![名族神])",
    "党(?![員首派内])", "の?地域(?![協社団振住経銀医計活包別居])",
)  # fmt: skip
#: ... nouns, which may stand behind つの or の and up to four kanji ...
NOUNS: Final = (
    "原則", "方針", "指針", "柱", "分野", "区分", "施策", "要件", "事例", "課題", "企業",
    "事業者", "都道府県", "項目", "機関", "団体", "テーマ", "指示", "条文", "論点", "視点",
    "観点", "役割", "目標", "段階", "会議", "法域", "政党",
)  # fmt: skip
#: ... and katakana words that count nothing.
NOT_UNITS: Final = "ドル|ユーロ|ポンド|ウォン|パーセント|ポイント|メートル|キロ|グラム"
_CANONICAL: Final = {
    "頁": "ページ",
    "国・地域": "か国",
    "国と地域": "か国",
    "国": "か国",
    "の地域": "地域",
    "年間": "年",
}
#: English nouns that a Japanese counter or noun may stand for, the usual one first.
_TWINS: Final[Mapping[str, tuple[str, ...]]] = {
    unit: tuple(nouns.split())
    for unit, nouns in {
        "条": "article", "条文": "article", "章": "chapter", "部": "part", "節": "section",
        "原則": "principle", "指針": "principle guideline", "方針": "policy principle",
        "柱": "pillar", "か国": "country nation region member jurisdiction state",
        "人": "person member staff official employee expert minister secretary user respondent "
        "individual citizen participant personnel",
        "社": "company business firm operator", "企業": "company business firm",
        "事業者": "operator business", "団体": "organization body group",
        "機関": "organization body institution agency institute",
        "件": "comment case application opinion submission", "回": "time meeting session use",
        "票": "vote", "ページ": "page", "年": "year", "か月": "month", "週間": "week",
        "日間": "day", "時間": "hour", "分間": "minute", "分野": "field area sector",
        "項目": "item matter principle theme guideline", "施策": "measure",
        "要件": "requirement", "事例": "case example", "課題": "challenge issue",
        "段階": "stage phase", "種類": "type kind", "都道府県": "prefecture",
        "省庁": "ministry agency", "府省": "ministry", "テーマ": "theme",
        "指示": "instruction", "パラメータ": "parameter", "議席": "seat", "ステップ": "step",
        "モデル": "model", "大学": "university", "言語": "language",
        "自治体": "municipality government", "区分": "category", "目標": "goal target",
        "地域": "region area", "法域": "jurisdiction", "党": "party",
    }.items()
}  # fmt: skip
_TWINS_ALIAS: Final = {
    "名": "人",
    "氏": "人",
    "政党": "党",
    "パラメーター": "パラメータ",
    "organisation": "organization",
}
_TIMES: Final = (
    "人", "年", "か月", "週間", "日間", "時間", "分間", "回",
    "year", "month", "week", "day", "hour", "minute", "time",
)  # fmt: skip
#: Units that may count anything but people and time.
_GENERIC: Final = frozenset(("つ", "個", "点", "項目", "本", "item", "point", "matter", "thing"))
_NOT_THINGS: Final = frozenset((*_TWINS["人"], *_TIMES)) - {"member"}


def canonical(unit: str) -> str:
    """One spelling of a counter: か国 for 国, カ国 and 国・地域."""
    if unit in _CANONICAL:
        return _CANONICAL[unit]
    return re.sub("^[かカヶケヵ箇]条", "条", re.sub("^[カヶケヵ箇](?=[国月])", "か", unit))


def head(noun: str) -> str:
    """The known noun a phrase ends in: つの基本原則 counts 原則."""
    bare = re.sub("^(?:つの|個の|の|以上の)", "", noun)
    return next((known for known in NOUNS if bare.endswith(known)), bare)


def units_agree(a: str, b: str) -> bool:
    """Whether two units may name the same things, in one language or in two."""
    a, b = _TWINS_ALIAS.get(a, a), _TWINS_ALIAS.get(b, b)
    if a == b or b in _TWINS.get(a, ()) or a in _TWINS.get(b, ()):
        return True
    if a.isascii() and b.isascii():
        # Staff and officials may be the same people; an article and a chapter are never one thing.
        both = _TWINS["人"], _TWINS["か国"]
        if any(a in group and b in group for group in both):
            return True
    generic, other = (a, b) if a in _GENERIC else (b, a)
    return generic in _GENERIC and other not in _NOT_THINGS


def in_language(unit: str, language: Language) -> str:
    """The unit in a language, where it has a twin there; itself otherwise."""
    usual = _TWINS_ALIAS.get(unit, unit)
    if language == "en":
        return _TWINS[usual][0] if usual in _TWINS else unit
    twins = (ja for ja, nouns in _TWINS.items() if usual in nouns)
    return next(twins, unit) if usual.isascii() else unit
