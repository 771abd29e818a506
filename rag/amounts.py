"""Yen, shares in percent and counts of things, read from and written to text.

Other currencies and percentage points are marked as used up, so that 300 in "$300" or 億 in 9億ドル
never becomes yen or a count. A count needs its unit: the plural noun after an English number, a
counter or noun after a Japanese one. Ordinals (第3回, 2回目, third) count nothing, and neither does
"one" or 一 unless the unit is a known one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from rag.numerals import (
    ARABIC,
    ENGLISH_WORDS,
    JAPANESE,
    NOT_IN_NUMBER,
    SCALES,
    Reading,
    parse_english,
    parse_japanese,
    to_japanese,
    to_kanji,
    to_words,
)
from rag.types import CountValue, PercentValue, Qualifier, YenValue

_FLAGS = re.ASCII | re.IGNORECASE
#: The only units that 一 may stand before: 一部, 一点 and 一般 are words.
_SAFE_AFTER_ONE = ("人", "つ", "名", "社", "件", "か国", "条", "年")

# --- qualifiers -------------------------------------------------------------------------------

_UP_TO_BEFORE = (
    "up to|less than|fewer than|under|below|at most|(?:no|not) more than|not exceeding|"
    "as many as|as much as|a maximum of|within|最大で?|最高で?|多くとも|上限"
)
_OVER_BEFORE = (
    "more than|over|above|at least|exceeding|in excess of|greater than|upwards of|beyond|"
    "(?:no|not) (?:fewer|less) than|a minimum of|just over|少なくとも|最低でも|最低|下限"
)
# "asks about seven themes" and "organised around four pillars" are exact.
_ABOUT_BEFORE = (
    "(?<!ask )(?<!asks )(?<!asked )about|(?<!ised )(?<!ized )(?<!built )(?<!tred )around|"
    r"approximately|approx\.?|roughly|some|circa|c\.|ca\.|an estimated|≈|"
    "(?<![0-9万億兆%円年月日])~|約|およそ|おおよそ|おおむね|概ね|ざっと"
)
_OVER_AFTER = (
    r" or (?:more|greater|higher|above)\b|\+|以上|余り?|あまり|強|"
    "を?(?:超え?[るたて]?|上回[るっ]?た?)"
)
_BEFORE: Final[tuple[tuple[Qualifier, str], ...]] = (
    ("up_to", _UP_TO_BEFORE),
    ("over", _OVER_BEFORE),
    ("nearly", "nearly|almost|close to|just under|ほぼ|ほとんど"),
    ("about", _ABOUT_BEFORE),
)
_AFTER: Final[tuple[tuple[Qualifier, str], ...]] = (
    ("over", _OVER_AFTER),
    ("up_to", r" or (?:less|fewer|below|lower)\b|以下|未満|以内|を下回|に満たない"),
    ("nearly", "弱|近く|近い"),
    ("about", r" or so\b|程度|前後|ほど|くらい|ぐらい|級|内外"),
)


def _spaced(words: str) -> str:
    # PDF text breaks its lines anywhere, "at least" included.
    return words.replace(" ", r"\s")


# Longest first, so that "no more than" isn't read as "more than".
_BEFORE_RE = re.compile(
    "(?:"
    + "|".join(f"(?P<{name}>(?<![A-Za-z])(?:{_spaced(words)}))" for name, words in _BEFORE)
    + r")\s?$",
    re.IGNORECASE,
)
#: What the qualifiers before a number end in: a quick check that spares most numbers the search.
_BEFORE_ENDINGS: Final = (
    "to", "than", "as", "most", "exceeding", "of", "within", "under", "below", "over", "above",
    "least", "beyond", "nearly", "almost", "about", "around", "approximately", "approx",
    "approx.", "roughly", "some", "circa", "c.", "ca.", "estimated", "~", "≈",
    "約", "およそ", "おおよそ", "おおむね", "概ね", "ざっと", "ほぼ", "ほとんど", "最大", "最高",
    "最大で", "最高で", "多くとも", "少なくとも", "上限", "下限", "最低", "最低でも",
)  # fmt: skip
_AFTER_RE = re.compile(
    r"\s?(?:" + "|".join(f"(?P<{name}>{_spaced(words)})" for name, words in _AFTER) + ")",
    re.IGNORECASE,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _qualify(text: str, start: int, end: int) -> tuple[Qualifier, int, int]:
    """The qualifier around text[start:end] and the range widened by it; what follows decides."""
    qualifier: Qualifier = "exact"
    window = max(0, start - 24)
    tail = text[window:start]
    ends_so = tail.rstrip().lower().endswith(_BEFORE_ENDINGS)
    before = _BEFORE_RE.search(tail) if ends_so else None
    if before:
        qualifier = before.lastgroup  # type: ignore[assignment]  # group names are Qualifiers
        start = window + before.start()
    after = _AFTER_RE.match(text, end)
    # 3割強 is a little over 30 %, but 3割強化 is not.
    if after and not (
        text[after.end() - 1] in "強弱級余" and text[after.end() : after.end() + 1] in _KANJI_NEXT
    ):
        qualifier = after.lastgroup  # type: ignore[assignment]
        end = after.end()
    return qualifier, start, end


_KANJI_NEXT = frozenset("化制調力度者点別分暇波地剰裕計引")

# --- yen and percent --------------------------------------------------------------------------

_NUMBER_EN = (
    rf"(?=[0-9aefnostAEFNOST])(?:{NOT_IN_NUMBER}(?<![A-Za-z]){ARABIC}|\b{ENGLISH_WORDS}"
    r"|\ban?(?=\s(?:thousand|[mbtr]{1,2}illion)))"
)
_SCALE_WORD = r"(?:hundred|thousand|million|billion|trillion)"
_SCALE_SHORT = r"(?:trillion|billion|million|thousand|bn|trn|tn|mn|[kmb])(?![A-Za-z])"
_SHARED = r"\s?(?:and|or|to|[-–~〜・]|から)\s?"
_YEN_SIGN = re.compile(
    rf"(?:¥|(?<![A-Za-z])JPY|\byen(?=\s[0-9]))\s?(?P<number>{JAPANESE})"
    rf"(?:\s?-?(?P<scale>{_SCALE_SHORT}))?(?:\s?円)?",
    _FLAGS,
)
_YEN_WORD = re.compile(
    rf"(?P<number>{_NUMBER_EN})(?:[\s-]?(?P<scale>{_SCALE_WORD}|bn|trn|tn|mn|k\b|m\b))?"
    rf"(?:[\s-](?:Japanese\s)?yen|\s?JPY)(?![A-Za-z])",
    _FLAGS,
)
_YEN_JA = re.compile(rf"(?P<number>{JAPANESE})\s?円(?![卓形滑])")
_PERCENT = re.compile(
    rf"(?P<number>{_NUMBER_EN})(?:\s?%|[\s-]?per\s?cent(?:age(?=\spoint)|\b))"
    rf"(?P<points>\s?-?(?:age\s)?(?:points?|ポイント|pt))?",
    _FLAGS,
)
_PERCENT_JA = re.compile(rf"(?P<number>{JAPANESE})\s?(?:%|パーセント)(?P<points>\s?ポイント)?")
_WARI = re.compile(
    rf"(?P<number>{JAPANESE})割(?![合引当り振安愛裂譲])"
    rf"(?:(?P<bu>[0-9一二三四五六七八九])分(?![のけ野]))?"
)
_FOREIGN = re.compile(
    rf"(?:(?:US|A|C|HK)?\$|€|£|(?<![A-Za-z])(?:USD|EUR|GBP|CNY|KRW))\s?{ARABIC}"
    rf"(?:\s?-?{_SCALE_SHORT})?"
    rf"|{_NUMBER_EN}(?:[\s-]?(?:{_SCALE_WORD}|bn|tn|mn))?"
    rf"[\s-](?:US\s|U\.S\.\s|American\s)?"
    rf"(?:dollars?|euros?|pounds?|yuan|won|USD|EUR|GBP|CNY)\b",
    _FLAGS,
)
_FOREIGN_JA = re.compile(rf"{JAPANESE}\s?(?:米|加|豪)?(?:ドル|ユーロ|ポンド|人民元|元|ウォン)")
_SHARED_EN = re.compile(
    rf"(?P<number>{_NUMBER_EN})(?:[\s-]?(?P<scale>{_SCALE_WORD}|bn|tn|mn))?\s?%?{_SHARED}$", _FLAGS
)
_SHARED_JA = re.compile(rf"(?P<number>{JAPANESE})\s?%?{_SHARED}$")
_SHARED_ENDINGS: Final = ("and", "or", "to", "of", "-", "–", "~", "〜", "・", "から")
_YEN_ANCHOR = re.compile(r"yen\b|JPY", _FLAGS)
_PERCENT_ANCHOR = re.compile(r"%|cent\b|percentage|パーセント", _FLAGS)
_FOREIGN_ANCHOR = re.compile(
    r"[$€£]|dollars?\b|euros?\b|pounds?\b|yuan\b|won\b|USD|EUR|GBP|CNY|KRW", _FLAGS
)
_HAS_YEN = re.compile(r"yen|JPY|[円¥]", re.IGNORECASE)
_HAS_FOREIGN = re.compile(r"[$€£]|dollar|euro|pound|yuan|USD|EUR|ドル|ユーロ|ポンド|元|ウォン")


def _scale(name: str | None) -> int:
    return SCALES[name.lower()] if name else 1


def _before_shared(text: str, start: int, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """The first number of "1.1 and 1.9 billion", matched in text[:start] so offsets stay true."""
    if not text[max(0, start - 6) : start].rstrip().endswith(_SHARED_ENDINGS):
        return None
    return pattern.search(text, max(0, start - 32), start)


def _near(
    pattern: re.Pattern[str], anchors: re.Pattern[str], text: str, before: int, after: int
) -> Iterator[re.Match[str]]:
    """The matches of a pattern around the rare words or signs that each of them contains.

    Searching a whole sentence for spelled-out numbers is what would take the time. One match per
    anchor, behind the previous anchor, keeps hostile text linear.
    """
    previous = 0
    for anchor in anchors.finditer(text):
        match = pattern.search(text, max(previous, anchor.start() - before), anchor.end() + after)
        if match and match.start() <= anchor.start():
            yield match
        previous = anchor.end()


def _yen(amount: Decimal | None, text: str, start: int, end: int) -> Iterator[Reading]:
    if amount is None or amount != int(amount):
        return
    qualifier, start, end = _qualify(text, start, end)
    yield YenValue(int(amount), qualifier), start, end


def _find_yen(text: str) -> Iterator[Reading]:
    for match in _YEN_SIGN.finditer(text):
        number = parse_japanese(match["number"])
        amount = None if number is None else number * _scale(match["scale"])
        yield from _yen(amount, text, *match.span())
    for match in _near(_YEN_WORD, _YEN_ANCHOR, text, 56, 1):
        number, scale = parse_english(match["number"]), _scale(match["scale"])
        if number is None:
            continue
        yield from _yen((number or Decimal(1)) * scale, text, *match.span())
        if first := _before_shared(text, match.start(), _SHARED_EN):
            other = parse_english(first["number"])
            if other is not None and not first["scale"]:
                yield from _yen(other * scale, text, *first.span("number"))
            elif other is not None:
                span = (first.start("number"), first.end("scale"))
                yield from _yen(other * _scale(first["scale"]), text, *span)
    for match in _YEN_JA.finditer(text):
        amount = parse_japanese(match["number"])
        yield from _yen(amount, text, *match.span())
        first = _before_shared(text, match.start(), _SHARED_JA)
        if first and amount is not None:
            digits = first["number"]
            # 1~2兆円 says 兆 once for both; 100億~200億円 says it twice.
            shared = "" if digits[-1] in "万億兆" else match["number"].lstrip("0123456789,.")
            yield from _yen(parse_japanese(digits + shared), text, *first.span("number"))


def _percent(number: Decimal | None, text: str, start: int, end: int) -> Iterator[Reading]:
    if number is None:
        return
    qualifier, start, end = _qualify(text, start, end)
    yield PercentValue(number, qualifier), start, end


def _find_percent(text: str) -> Iterator[Reading]:
    for pattern, parse, shared in (
        (_PERCENT, parse_english, _SHARED_EN),
        (_PERCENT_JA, parse_japanese, _SHARED_JA),
    ):
        for match in _near(pattern, _PERCENT_ANCHOR, text, 44, 12):
            if match["points"]:
                yield None, *match.span()
                continue
            yield from _percent(parse(match["number"]), text, *match.span())
            if first := _before_shared(text, match.start(), shared):
                yield from _percent(parse(first["number"]), text, *first.span("number"))
    if "割" in text:
        for match in _WARI.finditer(text):
            number = parse_japanese(match["number"])
            if number is not None:
                number = number * 10 + (parse_japanese(match["bu"] or "0") or 0)
                yield from _percent(number, text, *match.span())


def find_amounts(text: str) -> Iterator[Reading]:
    """The yen amounts and percentages of folded text, and the foreign amounts they exclude."""
    if _HAS_YEN.search(text):
        yield from _find_yen(text)
    if "%" in text or "割" in text or "cent" in text.lower() or "パーセント" in text:
        yield from _find_percent(text)
    if _HAS_FOREIGN.search(text):
        for match in _near(_FOREIGN, _FOREIGN_ANCHOR, text, 64, 40):
            yield None, *match.span()
        for match in _FOREIGN_JA.finditer(text):
            yield None, *match.span()


# --- counts, English --------------------------------------------------------------------------

_IRREGULAR: Final = {
    "people": "person", "staff": "staff", "personnel": "personnel", "children": "child",
    "men": "man", "women": "woman", "criteria": "criterion", "series": "series",
}  # fmt: skip
_NOT_PLURAL: Final = _words(
    "was has does its this plus across always perhaps towards various previous serious lens yes "
    "versus whereas thus besides sometimes less unless as is us his news previous gas bias yens "
    "dollars euros pounds thousands millions billions trillions hundreds dozens"
)
#: Plural in form, but the first half of a longer name: three rights holders.
_COMPOUND: Final = frozenset(("rights", "communications", "sales", "operations", "sports"))
#: Where a noun phrase can't go on, so that the plural behind belongs to something else.
_STOP: Final = _words(
    "a an the this that these those of in on at by for from with to into onto over under and or "
    "but nor if as than then when while where which who whom whose what is are was were be been "
    "being am has have had do does did will would shall should can could may might must not no it "
    "its he she they them their his her our your my we you i there here see so also only both all "
    "any each every most more less least times per via versus after before since until during "
    "between among through percent yen jpy january february march april june july august "
    "september october november december am pm years' bn billion million trillion"
) - {"times"}
#: A capitalised word before the number makes it a name (Sora 2, GPT 4) unless it is one of these.
_NO_NAME: Final = _words(
    "a the about above all almost and another approximately around as at below between both but by "
    "contains contain covers describes first for from has have having in includes into its just "
    "last least lists list many name names nearly next of on only or other our out over per "
    "roughly sets some since such than that their these they this those through to under up upon "
    "what which while with within act plan code bill law has's counts these were are is"
)
KNOWN_SINGULARS: Final = _words(
    "article chapter part principle policy guideline member person country region company year "
    "month week day hour page item point matter organisation organization instruction body "
    "council meeting measure pillar stage field law act"
)
_PLAIN_UNITS: Final = KNOWN_SINGULARS | _words(
    "staff personnel comment word user official employee respondent institution case application "
    "organisation document model parameter country token citizen"
)
_MONTHS: Final = _words("jan feb mar apr may jun jul aug sep oct nov dec")
_COUNT = re.compile(
    rf"(?<![A-Za-z0-9$¥€£#/.,:-])(?<![0-9] )(?=[0-9aefnostAEFNOST])"
    rf"(?P<number>{ARABIC}|{ENGLISH_WORDS}"
    rf"|an?(?=\s(?:thousand|million|billion|trillion)\s))"
    rf"(?:\s(?P<scale>{_SCALE_WORD})\b)?(?:\s?\([0-9]{{1,4}}\))?"
    rf"(?P<more>\+|\sor\s(?:more|fewer|less)\b)?(?=[\s-][A-Za-z])",
    _FLAGS,
)
_NEXT_WORD = re.compile(r"\s([A-Za-z][A-Za-z'-]{0,24})(?![A-Za-z0-9])", re.ASCII)
_HYPHENATED = re.compile(r"-([a-z]{3,14})(?![A-Za-z0-9])", re.ASCII)
_OTHER_COUNT = re.compile(
    rf"(?<![A-Za-z0-9$¥€£#/.,:-])(?<![0-9] )(?P<number>{ARABIC}|\b{ENGLISH_WORDS})"
    r"(?:\s(?:and|or|to)\s|\s(?:out\s)?of\s(?:the\s|its\s|these\s)?|\s?[-–]\s?)$",
    _FLAGS,
)
_OTHER_ENDINGS: Final = ("and", "or", "to", "of", "the", "its", "these", "-", "–")
_WORD_BEFORE = re.compile(r"([A-Za-z][A-Za-z0-9.'-]*)\s$")
# After these a bare 1868 … 2100 is a year even where a plural follows: "in 2019 members met".
_YEAR_BEFORE = re.compile(r"\b(?:in|since|during|until|the|by|year|through)\s$", re.IGNORECASE)


def singular(word: str) -> str | None:
    """The lower-case singular of an English plural; None where the word is none."""
    lower = word.lower()
    if lower in _IRREGULAR:
        return _IRREGULAR[lower]
    if len(lower) < 4 or not lower.endswith("s") or "'" in lower or lower in _NOT_PLURAL:
        return None
    if lower.endswith(("ss", "us", "is", "ous")):
        return None
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    if lower.endswith(("sses", "shes", "ches", "xes")):
        return lower[:-2]
    return lower[:-1]


def plural(unit: str) -> str:
    """The plural of an English unit, such that `singular` gives the unit back."""
    for many, one in _IRREGULAR.items():
        if unit == one:
            return many
    if unit.endswith("y") and unit[-2:-1] not in "aeiou":
        return unit[:-1] + "ies"
    return unit + ("es" if unit.endswith(("ss", "sh", "ch", "x")) else "s")


def _unit_after(text: str, position: int, number: Decimal) -> tuple[str, int] | None:
    """The head noun behind a number: the first plural within a few words, before any stop word."""
    if hyphenated := _HYPHENATED.match(text, position):
        word = hyphenated[1]
        return (word, hyphenated.end()) if word in KNOWN_SINGULARS else None
    for _ in range(6):
        match = _NEXT_WORD.match(text, position)
        if match is None or match[1].lower() in _STOP:
            return None
        word, position = match[1], match.end()
        if number == 1:
            if word.lower() in KNOWN_SINGULARS:
                return word.lower(), position
        elif (unit := singular(word)) and word.lower() not in _COMPOUND:
            return unit, position
        if text[position : position + 1] not in (" ", "\n"):
            return None
    return None


def _names_something(text: str, start: int) -> bool:
    """Whether the number is part of a name (Sora 2) or a date (December 5)."""
    match = _WORD_BEFORE.search(text[max(0, start - 24) : start])
    if match is None or not match[1][0].isupper() or match[1].lower() in _NO_NAME:
        return False
    if match[1][:3].lower() in _MONTHS:
        return True
    # A capital at the start of a sentence says nothing.
    before = text[: start - len(match[0])].rstrip()
    return bool(before) and before[-1] not in ".!?:;\"'“”()"


def _find_english_counts(text: str) -> Iterator[Reading]:
    for match in _COUNT.finditer(text):
        start, digits = match.start(), match["number"]
        number = parse_english(digits)
        if number is None or _names_something(text, start):
            continue
        # "a thousand" has no number of its own, "two thousand" has.
        number = (number or Decimal(1)) * _scale(match["scale"]) if match["scale"] else number
        unit = _unit_after(text, match.end(), number)
        if unit is None or number != int(number):
            continue
        qualifier, begin, end = _qualify(text, start, unit[1])
        # "2026 marks the year": bare digits that may be a year need more than a word in -s.
        if len(digits) == 4 and 1868 <= number <= 2100 and not match["scale"]:
            after_year = _YEAR_BEFORE.search(text[max(0, start - 9) : start])
            unlikely = qualifier == "exact" or unit[0] == "level"  # below 2020 levels
            if after_year or (unlikely and unit[0] not in _PLAIN_UNITS):
                continue
        if match["more"]:
            qualifier = "over" if match["more"].endswith(("+", "more")) else "up_to"
        yield CountValue(int(number), unit[0], qualifier), begin, end
        first = None
        if text[max(0, start - 7) : start].rstrip().endswith(_OTHER_ENDINGS):
            first = _OTHER_COUNT.search(text, max(0, start - 28), start)
        if first and not match["scale"]:
            other = parse_english(first["number"])
            idiom = first["number"].lower() == "one" or _names_something(text, first.start())
            if other is not None and other == int(other) and other < 1868 and not idiom:
                yield CountValue(int(other), unit[0]), *first.span("number")


# --- counts, Japanese -------------------------------------------------------------------------

_COUNTRY = "(?:[かカヶケヵ箇]国|国・地域|国と地域|国(?![間内民会家際連務立籍勢政の外]))"
#: Counters stand right behind the number; what must not follow keeps 2人工知能 and 3本部 out.
_COUNTERS: Final = (
    "項目", "団体", "機関", "省庁", "府省", "段階", "種類", "類型", "言語", "議席", "自治体",
    "大学", "ページ", "頁", "[かカヶケヵ箇]?条(?![例約件文項理])", "章", "節",
    "人(?![工間口材権格物類事員])", "名(?![称前義誉])", "社(?![会員長説])",
    "回(?![答収復避路線転帰るり])", "件", "点(?![検在数滴])", "部(?![門分会署品局長])", "票",
    "柱", "本(?![部会人法日国年格])", "個", "つ", "年間", "[かカヶケヵ箇]月", "週間", "日間",
    "時間", "分間", "世帯", "都市", "法人",
)  # fmt: skip
_NOUNS: Final = (
    "原則", "方針", "指針", "柱", "分野", "区分", "施策", "要件", "事例", "課題", "企業",
    "事業者", "都道府県", "項目", "機関", "団体", "テーマ", "指示", "条文", "論点", "視点",
    "観点", "役割", "目標", "段階", "会議",
)  # fmt: skip
_NOT_UNITS: Final = "ドル|ユーロ|ポンド|ウォン|パーセント|ポイント|メートル|キロ|グラム"
_COUNT_JA = re.compile(
    rf"(?P<number>{JAPANESE})(?P<more>余り?)?"
    rf"(?:(?P<noun>(?:つの|個の|の|以上の)?(?:[一-龥]{{0,4}}?)(?:{'|'.join(_NOUNS)}))"
    rf"|の?(?P<country>{_COUNTRY})|(?P<counter>{'|'.join(_COUNTERS)})"
    rf"|(?P<kana>(?!{_NOT_UNITS})[ァ-ヶー]{{2,12}}))"
    rf"(?!目(?!標))"
)
_FREE_JA = re.compile(rf"(?P<number>{JAPANESE})つの(?P<free>[一-龥]{{2,8}}|[ァ-ヶー]{{2,12}})")
_OTHER_COUNT_JA = re.compile(
    rf"(?P<number>{JAPANESE})(?:または|又は|若しくは|ないし|から|[~〜–-])$"
)
_OTHER_ENDINGS_JA: Final = ("または", "又は", "若しくは", "ないし", "から", "~", "〜", "–", "-")
_ALL_BEFORE = re.compile(r"(?:全部で|全|計|合計|総|本則)\s?$")
_SMALL_KANJI = re.compile(r"[一二三四五六七八九十]+")
_CANONICAL: Final = {
    "頁": "ページ",
    "国・地域": "か国",
    "国と地域": "か国",
    "国": "か国",
    "年間": "年",
}


def _canonical(unit: str) -> str:
    if unit in _CANONICAL:
        return _CANONICAL[unit]
    return re.sub("^[かカヶケヵ箇]条", "条", re.sub("^[カヶケヵ箇](?=[国月])", "か", unit))


def _head(noun: str) -> str:
    """The known noun a phrase ends in: つの基本原則 counts 原則."""
    bare = re.sub("^(?:つの|個の|の|以上の)", "", noun)
    return next((known for known in _NOUNS if bare.endswith(known)), bare)


def _count_ja(text: str, match: re.Match[str], unit: str) -> Iterator[Reading]:
    digits = match["number"]
    number = parse_japanese(digits)
    if number is None or number != int(number):
        return
    # 前三条 points at three articles, it doesn't count any.
    if unit in ("条", "節", "章", "款") and text[: match.start()].endswith("前"):
        return
    kanji = bool(_SMALL_KANJI.fullmatch(digits))
    if kanji and number == 1 and unit not in _SAFE_AFTER_ONE:
        return
    groups = match.groupdict()
    noun = groups.get("noun")
    # 一定方針, 四半期方針: behind a kanji number only つの or nothing may stand before the noun.
    if kanji and noun and not noun.startswith("つの") and noun != unit:
        return
    # 十条 without 全 is too often the tail of a word, or an article.
    start, end = match.span()
    first = None
    if text[max(0, start - 4) : start].endswith(_OTHER_ENDINGS_JA):
        first = _OTHER_COUNT_JA.search(text, max(0, start - 20), start)
    if first:
        other = parse_japanese(first["number"])
        if other is not None and other == int(other) and other < 1868:
            yield CountValue(int(other), unit), *first.span("number")
    whole = _ALL_BEFORE.search(text[max(0, start - 4) : start])
    if whole:
        start -= len(whole[0])
    qualifier, start, end = _qualify(text, start, end)
    if groups.get("more") or (noun and noun.startswith("以上の")):
        qualifier = "over"
    yield CountValue(int(number), unit, qualifier), start, end


def _find_japanese_counts(text: str) -> Iterator[Reading]:
    for match in _COUNT_JA.finditer(text):
        if match["noun"]:
            yield from _count_ja(text, match, _head(match["noun"]))
        else:
            found = match["country"] or match["counter"] or match["kana"]
            yield from _count_ja(text, match, _canonical(found))
    if "つの" in text:
        for match in _FREE_JA.finditer(text):
            yield from _count_ja(text, match, _head(match["free"]))


def find_counts(text: str) -> Iterator[Reading]:
    """The counted things of folded text; any other reading of the same characters is better."""
    yield from _find_english_counts(text)
    if not text.isascii():
        yield from _find_japanese_counts(text)


# --- writing ----------------------------------------------------------------------------------

YEN_FORMS: Final = ("en", "en_sign", "en_code", "en_digits", "ja", "ja_digits", "kanji")
PERCENT_FORMS: Final = ("en", "en_words", "en_british", "ja", "ja_wide", "wari")
COUNT_FORMS: Final = ("en", "en_words", "ja", "kanji")
_EN_BEFORE: Final = {
    "exact": "", "over": "more than ", "about": "about ", "nearly": "nearly ", "up_to": "up to ",
}  # fmt: skip
_JA_AROUND: Final = {
    "exact": ("", ""), "over": ("", "超"), "about": ("約", ""), "nearly": ("ほぼ", ""),
    "up_to": ("", "以下"),
}  # fmt: skip


def _around(text: str, qualifier: Qualifier, *, before_only: bool = False) -> str:
    before, after = _JA_AROUND[qualifier]
    if before_only and after:
        before, after = ("少なくとも" if qualifier == "over" else "最大"), ""
    return f"{before}{text}{after}"


def _english_scale(yen: int) -> tuple[str, str]:
    """502.7 and "billion": the largest scale that needs at most four decimals, as it's exact."""
    for name in ("trillion", "billion", "million"):
        scaled = Decimal(yen) / SCALES[name]
        if scaled >= 1 and scaled == round(scaled, 4):
            return f"{scaled.normalize():f}", name
    return f"{yen:,}", ""


def render_yen(value: YenValue, form: str) -> str:
    """The amount in one of `YEN_FORMS`."""
    if form == "ja":
        return _around(to_japanese(value.yen) + "円", value.qualifier)
    if form == "ja_digits":
        return _around(f"{value.yen:,}円", value.qualifier)
    if form == "kanji":
        return _around(to_kanji(value.yen) + "円", value.qualifier)
    digits, scale = (f"{value.yen:,}", "") if form == "en_digits" else _english_scale(value.yen)
    before = _EN_BEFORE[value.qualifier]
    if form == "en_sign":
        return (
            f"{before}¥{digits}"
            + {"": "", "trillion": "tn", "billion": "bn", "million": "m"}[scale]
        )
    words = f"{digits} {scale}".strip()
    return f"{before}JPY {words}" if form == "en_code" else f"{before}{words} yen"


def render_percent(value: PercentValue, form: str) -> str:
    """The share in one of `PERCENT_FORMS`; 割 only where it is exact, otherwise as "ja"."""
    number = f"{value.percent:f}"
    if form == "wari" and value.percent == int(value.percent) and 10 <= value.percent <= 100:
        tens, ones = divmod(int(value.percent), 10)
        return _around(f"{tens}割" + (f"{ones}分" if ones else ""), value.qualifier)
    if form in ("ja", "wari"):
        return _around(f"{number}%", value.qualifier)
    if form == "ja_wide":
        return _around(f"{number}％", value.qualifier)
    sign = {"en_words": " percent", "en_british": " per cent"}.get(form, "%")
    return f"{_EN_BEFORE[value.qualifier]}{number}{sign}"


def render_count(value: CountValue, form: str) -> str:
    """The count in one of `COUNT_FORMS`, the unit in its own language."""
    number, unit = value.number, value.unit
    if unit.isascii():
        words = to_words(number) if form == "en_words" and number < 100 else f"{number:,}"
        noun = unit if number == 1 else plural(unit)
        return f"{_EN_BEFORE[value.qualifier]}{words} {noun}"
    kanji = form == "kanji" and 1 < number < 10**16
    digits = to_kanji(number) if kanji else to_japanese(number)
    if unit in _NOUNS and unit not in _COUNTERS:
        joint = "つの" if number < 10 else "" if kanji else "の"
        return _around(f"{digits}{joint}{unit}", value.qualifier, before_only=True)
    if unit == "条":  # 28条 alone would be Article 28
        return _around(f"全{digits}条", value.qualifier)
    return _around(f"{digits}{unit}{'間' if unit == '年' else ''}", value.qualifier)
