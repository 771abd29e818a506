"""Provisions of laws, read from and written to text.

- A range of articles or paragraphs (Articles 3 to 5, 第三条から第五条まで, paragraphs 3 to 5 of
  Article 18) gives its two ends only.
- "of the Supplementary Provisions" holds for the whole list or range before it.
- 同条, 前条 and "the preceding Article" are nothing: what they mean isn't in the sentence.
- 16条 without 第 is an article unless a word such as 全 or からなる says that articles are
  counted.
- Law numbers (Act No. 53 of 2025, 令和七年法律第五十三号) and the numbers of chapters, parts,
  pages and the like are marked as used up: neither their years nor their numbers are values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from rag.dates import YEAR_JA
from rag.numerals import Reading, parse_japanese, parse_roman, to_kanji, to_roman
from rag.types import ArticleRef

_FLAGS = re.ASCII | re.IGNORECASE

# --- provisions, English ----------------------------------------------------------------------

_ROMAN_ITEM = r"(?:[0-9]{1,3}|[ivxl]{1,8})"
#: 30-4(1)(ii) or 30-4, paragraph (1), item (ii)
_PROVISION = (
    r"(?P<n>[0-9]{1,4})(?P<b>(?:-[0-9]{1,3}){0,3})(?![0-9.-]*[0-9])"
    r"(?:\s?\((?P<p>[0-9]{1,3})\)|,?\spara(?:graph)?(?P<qs>s)?\.?\s?\(?(?P<q>[0-9]{1,3})\b\)?)?"
    rf"(?:\s?\((?P<i>[ivxl]{{1,8}})\)|,?\sitems?\s?\(?(?P<j>{_ROMAN_ITEM})\b\)?)?"
)
_SUPPLEMENTARY = r"(?:supplementary|suppl\.?)(?:\sprovisions?)?"
_AND = r"(?:,?\s(?:and|or|to|through)\s|,\s|\s?[-–—]\s?)"
_PARAGRAPH = r"(?:\([0-9]{1,3}\)|[0-9]{1,3}(?![0-9A-Za-z%]|[.,-][0-9]))"
_PARAGRAPHS = rf"(?:{_AND}(?:paragraph\s)?{_PARAGRAPH}){{0,5}}"
_ARTICLE = re.compile(
    rf"(?<![A-Za-z0-9])(?P<before>{_SUPPLEMENTARY},?\s)?"
    rf"(?:(?:item\s\(?(?P<item>{_ROMAN_ITEM})\)?(?:,|\sof)\s)?"
    rf"paragraphs?\s(?P<paragraph>{_PARAGRAPH})(?P<also>{_PARAGRAPHS})(?:,|\sof)\s)?"
    rf"(?P<word>art(?P<plural>icles|s)?(?:icle)?\.?\s?){_PROVISION}",
    _FLAGS,
)
_NEXT_ARTICLE = re.compile(
    rf"(?:,?\s(?:and|or|to|through)\s|,\s|\s?[–—]\s?|-)(?:art(?:icles?)?\.?\s)?{_PROVISION}",
    _FLAGS,
)
# "paragraph (7) of the preceding Article" and "paragraph (3) of Article 35" go on to another one.
_NEXT_PARAGRAPH = re.compile(
    rf"{_AND}(?P<word>paragraph(?P<plural>s)?\s)?(?P<number>{_PARAGRAPH})"
    rf"(?!{_PARAGRAPHS}\sof\s(?:the\s(?:preceding|same|next|following)\s|art))",
    _FLAGS,
)
_SUPPLEMENTARY_AFTER = re.compile(
    rf"(?P<more>\s(?:and|or|to)\sarticle\s{_PROVISION})?"
    r",?(?:\sof)?(?:\sthe)?\ssupplementary\sprovisions?",
    _FLAGS,
)

# --- provisions, Japanese ---------------------------------------------------------------------

_JA_NUMBER = r"(?:[0-9]{1,4}|[一二三四五六七八九十百千]{1,7})"
_ARTICLE_JA = re.compile(
    rf"(?P<suppl>[附付]則(?:\([^()]{{1,30}}\))?)?"
    rf"(?:第\s?(?P<n>{_JA_NUMBER})|(?:(?<=[法令])|(?<=[^本]則)|(?<=条約))(?P<m>{_JA_NUMBER})"
    rf"|(?<![0-9.,第十百千万億兆])(?P<k>[0-9]{{1,4}}))"
    rf"(?P<list>(?:\s?[・~〜–-]\s?{_JA_NUMBER}){{0,5}})\s?条(?![例約件理文項])"
    rf"(?P<branch>(?:\s?の\s?{_JA_NUMBER}(?!つ|[条項号人件点]|原則)){{0,3}})"
    rf"(?P<pstart>\s?第?\s?(?P<paragraph>{_JA_NUMBER})"
    rf"(?P<plist>(?:\s?[・、~–-]\s?{_JA_NUMBER}){{0,5}})\s?項(?!目))?"
    rf"(?:\s?第?\s?(?P<item>{_JA_NUMBER})\s?号)?"
)
_NEXT_PARAGRAPH_JA = re.compile(
    rf"(?:及び|又は|若しくは|並びに|および|または|から|と|、|,|・|[~〜-])"
    rf"(?P<all>第?\s?(?P<number>{_JA_NUMBER})\s?項(?!目)(?:\s?第?\s?(?P<item>{_JA_NUMBER})\s?号)?)"
)
_COUNTED = re.compile(
    r"\s?(?:から(?:な[るり]|成)|より(?:な[るり]|成)|で構成|の?条文|ある|あり|しか|だけ|超|以上)"
)
_COUNTED_BEFORE = re.compile(r"(?:全部で|[全計総約]|ほぼ|およそ|本則|最大で?|少なくとも)\s?$")
_JA_DIGITS = re.compile(_JA_NUMBER)

# --- numbers that are used up -----------------------------------------------------------------

_LAW_NUMBER = re.compile(
    r"\bNo\.?\s?[0-9]{1,5}(?:,?\sof\s(?:(?:Reiwa|Heisei|Showa|Taisho|Meiji)\s[0-9]{1,2}|[0-9]{4})\b)?",
    _FLAGS,
)
_LAW_NUMBER_JA = re.compile(
    rf"{YEAR_JA}\s?(?:法律|政令|勅令|条例|条約|太政官布告|[一-龥ァ-ヶー・]{{0,24}}?(?:令|規則|告示))"
    rf"第\s?{_JA_NUMBER}\s?号"
)
_NUMBERED = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z])(?:chapters?|chap\.|parts?|(?:sub)?sections?|sec\.|divisions?|phases?|steps?|title|tiers?|levels?|annex(?:es)?|"
    r"tables?|figures?|fig\.|pages?|pp?\.|paragraphs?|items?|principles?|volumes?|vol\.|footnotes?|notes?|"
    r"appendix|rules?|society|G|T|ISO(?:/IEC)?|room|box|question|week|day)\s?\(?(?:[0-9]{1,6}(?:\.[0-9]{1,3})*|[ivxlc]{1,8})\b\)?"
    r"(?:(?:,?\s(?:and|or|to|through)\s|,\s|\s?[-–—]\s?)\(?[0-9]{1,4}\b\)?){0,5}",
    _FLAGS,
)
_PHONE = re.compile(r"\+[0-9]{1,3}(?:[ -][0-9]{1,5}){2,5}", re.ASCII)
_HAS_ARTICLE = re.compile(r"art", re.IGNORECASE)
_EACH = re.compile(_PARAGRAPH)
_HAS_DIGIT = re.compile(r"[0-9]")


_Provision = tuple[ArticleRef, int, int]


def _plain(number: str) -> int:
    """The number of a paragraph, 3 or (3)."""
    return int(number.strip("()"))


def _item_number(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if text.isdigit() else parse_roman(text)


def _read_provision(match: re.Match[str], *, alone: bool = False) -> ArticleRef | None:
    """The provision of a match, `alone` without the paragraph that stands before the article."""
    groups = match.groupdict()
    before = {} if alone else groups
    paragraph = groups["p"] or groups["q"] or before.get("paragraph")
    item = groups["i"] or groups["j"] or before.get("item")
    branch = tuple(int(part) for part in groups["b"].split("-")[1:])
    if not int(groups["n"]):
        return None
    number = _plain(paragraph) if paragraph else None
    return ArticleRef(int(groups["n"]), branch, number, _item_number(item))


def _members(text: str, match: re.Match[str], taken: int) -> tuple[list[_Provision], int]:
    """The provisions of a list or range that starts with a match, and where they end.

    What stands before `taken` is part of the list before: "paragraph (3), Article 35".
    """
    alone = match.start() < taken
    ref = _read_provision(match, alone=alone)
    start, end = match.start("word") if alone else match.start(), match.end()
    if ref is None:
        return [], end
    found = [(ref, start, end)]
    # "Arts. 19-20" is a range where "Article 30-4" is one article inserted after the 30th.
    if match["plural"] and len(ref.branch) == 1 and ref.branch[0] > ref.article:
        last = ArticleRef(ref.branch[0], (), ref.paragraph, ref.item)
        middle = match.end("n")
        found = [(ArticleRef(ref.article), start, middle), (last, match.start("b") + 1, end)]
    elif match["also"] and not alone:
        # "paragraphs 3 to 5 of Article 18": the last one takes the article's characters.
        found = [(ref, start, match.end("paragraph"))]
        for other in _EACH.finditer(text, *match.span("also")):
            found.append((replace(ref, paragraph=_plain(other[0])), *other.span()))
        found[-1] = found[-1][0], found[-1][1], end
    plural = match["qs"]
    while ref.paragraph and ref.item is None and (more := _NEXT_PARAGRAPH.match(text, end)):
        plural = plural or more["plural"]
        if more["number"].isdigit() and not (plural or more["word"]):
            break
        found.append((replace(ref, paragraph=_plain(more["number"])), *more.span("number")))
        end = more.end()
    chain = match["plural"] or text.startswith(" through ", end)
    while chain and (following := _NEXT_ARTICLE.match(text, end)):
        end = following.end()
        if later := _read_provision(following):
            found.append((later, following.start("n"), end))
    return found, end


def _find_english(text: str) -> Iterator[Reading]:
    taken = 0
    for match in _ARTICLE.finditer(text):
        found, taken = _members(text, match, taken)
        after = _SUPPLEMENTARY_AFTER.match(text, taken)
        if found and after and not after["more"]:
            found[-1] = found[-1][0], found[-1][1], after.end()
        supplementary = bool(match["before"] or after)
        for ref, start, end in found:
            yield replace(ref, supplementary=supplementary), start, end


def _ja(text: str | None) -> int | None:
    value = parse_japanese(text) if text else None
    return int(value) if value else None


def _find_japanese(text: str) -> Iterator[Reading]:
    inherited, inherited_to = False, -1
    for match in _ARTICLE_JA.finditer(text):
        if match["k"] and not match["branch"] and not match["pstart"]:
            before = text[max(0, match.start() - 6) : match.start()]
            if _COUNTED.match(text, match.end()) or _COUNTED_BEFORE.search(before):
                continue
        # 附則第二条から第四条まで: the second article is one of the supplementary provisions too.
        joined = inherited and text[inherited_to : match.start()] in (
            "から",
            "及び",
            "、",
            "又は",
            "と",
            "・",
        )
        supplementary = bool(match["suppl"]) or joined
        inherited, inherited_to = supplementary, match.end()
        group = "n" if match["n"] else "m" if match["m"] else "k"
        article = _ja(match[group])
        if article is None:
            continue
        branch = tuple(
            int(parse_japanese(part[0]) or 0) for part in _JA_DIGITS.finditer(match["branch"])
        )
        paragraph, item = _ja(match["paragraph"]), _ja(match["item"])
        start = match.start()
        others = list(_JA_DIGITS.finditer(match["list"]))
        if others:
            yield ArticleRef(article, supplementary=supplementary), start, match.end(group)
            base = match.start("list")
            for other in others[:-1]:
                number = _ja(other[0])
                if number:
                    ref = ArticleRef(number, supplementary=supplementary)
                    yield ref, base + other.start(), base + other.end()
            article, start = _ja(others[-1][0]) or article, base + others[-1].start()
        middle, end = match.end("paragraph"), match.end()
        for other in _JA_DIGITS.finditer(text, *match.span("plist")) if match["plist"] else ():
            yield ArticleRef(article, branch, paragraph, None, supplementary), start, middle
            paragraph, start, middle = _ja(other[0]), *other.span()
        yield ArticleRef(article, branch, paragraph, item, supplementary), start, end
        while paragraph and (more := _NEXT_PARAGRAPH_JA.match(text, end)):
            also = ArticleRef(
                article, branch, _ja(more["number"]), _ja(more["item"]), supplementary
            )
            yield also, more.start("all"), more.end()
            end = more.end()


def find_references(text: str) -> Iterator[Reading]:
    """The provisions of folded text, and the numbers they use up."""
    if "条" in text:
        yield from _find_japanese(text)
    if "号" in text and "年" in text:
        for match in _LAW_NUMBER_JA.finditer(text):
            yield None, *match.span()
    if _HAS_DIGIT.search(text):
        for match in _LAW_NUMBER.finditer(text):
            yield None, *match.span()
        if _HAS_ARTICLE.search(text):
            yield from _find_english(text)


def find_labels(text: str) -> Iterator[tuple[int, int]]:
    """Where numbers name a part or a line (Chapter 4, Level 4, +81 3 …) and so count nothing."""
    for pattern in (_NUMBERED, _PHONE):
        for match in pattern.finditer(text):
            yield match.span()


# --- writing ----------------------------------------------------------------------------------

ARTICLE_FORMS: Final = ("en", "en_short", "en_reversed", "ja", "kanji", "ja_bare")


def render_article(ref: ArticleRef, form: str) -> str:
    """The provision in one of `ARTICLE_FORMS`."""
    if form in ("ja", "kanji", "ja_bare"):
        number = to_kanji if form == "kanji" else str
        prefix = "" if form == "ja_bare" else "第"
        text = ("附則" if ref.supplementary else "") + f"{prefix}{number(ref.article)}条"
        text += "".join(f"の{number(part)}" for part in ref.branch)
        # 30条の42項 would read as branch 42.
        prefix = "第" if ref.branch else prefix
        text += f"{prefix}{number(ref.paragraph)}項" if ref.paragraph else ""
        return text + (f"{prefix}{number(ref.item)}号" if ref.item else "")
    article = "-".join(map(str, (ref.article, *ref.branch)))
    suppl = " of the Supplementary Provisions" if ref.supplementary else ""
    if form == "en_short":
        text = f"Art. {article}" + (f"({ref.paragraph})" if ref.paragraph else "")
        text += f"({to_roman(ref.item)})" if ref.item and ref.paragraph else ""
        return (
            text
            + (f", item ({to_roman(ref.item)})" if ref.item and not ref.paragraph else "")
            + suppl
        )
    if form == "en_reversed" and ref.paragraph:
        item = f"item ({to_roman(ref.item)}), " if ref.item else ""
        return f"{item}paragraph ({ref.paragraph}) of Article {article}{suppl}"
    text = f"Article {article}" + (f", paragraph ({ref.paragraph})" if ref.paragraph else "")
    return text + (f", item ({to_roman(ref.item)})" if ref.item else "") + suppl
