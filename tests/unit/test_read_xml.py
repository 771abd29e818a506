"""Law XML: provisions become anchors; entities are refused, DTDs never read."""

from __future__ import annotations

import time

import pytest

from ingest.read.xml import read_xml
from rag.errors import UnreadableDocument, UnsafeDocument
from rag.types import Anchor, Document, Language, Source

SOURCE = Source(
    id="tea-act", title={"en": "Tea Act", "ja": "茶法"}, publisher={"en": "Diet"}, kind="act",
    authority="act", status="in-force", edition="original",
)  # fmt: skip

JA = """<?xml version="1.0" encoding="UTF-8"?>
<Law Lang="ja"><LawNum>令和九年法律第一号</LawNum><LawBody><LawTitle>茶の振興に関する法律</LawTitle>
<TOC><TOCLabel>目次</TOCLabel></TOC>
<MainProvision>
 <Chapter Num="1"><ChapterTitle>第一章　総則</ChapterTitle>
  <Article Num="1"><ArticleCaption>（目的）</ArticleCaption><ArticleTitle>第一条</ArticleTitle>
   <Paragraph Num="1"><ParagraphNum/><ParagraphSentence>
    <Sentence Num="1">この法律は、茶の<Ruby>涵<Rt>かん</Rt></Ruby>養を目的とする。</Sentence>
    <Sentence Num="2">ただし、珈琲は除く。</Sentence></ParagraphSentence></Paragraph></Article>
  <Article Num="2"><ArticleCaption>（定義）</ArticleCaption><ArticleTitle>第二条</ArticleTitle>
   <Paragraph Num="1"><ParagraphNum/><ParagraphSentence><Sentence>次の二種とする。</Sentence>
 </ParagraphSentence>
    <Item Num="1"><ItemTitle>一</ItemTitle><ItemSentence><Column Num="1"><Sentence>緑茶</Sentence>
 </Column>
     <Column Num="2"><Sentence>蒸した茶</Sentence></Column></ItemSentence>
     <Subitem1 Num="1"><Subitem1Title>イ</Subitem1Title><Subitem1Sentence><Sentence>玉露</Sentence>
 </Subitem1Sentence></Subitem1></Item>
    <Item Num="1_2"><ItemTitle>一の二</ItemTitle><ItemSentence><Sentence>紅茶</Sentence>
 </ItemSentence></Item></Paragraph>
   <Paragraph Num="2"><ParagraphNum>２</ParagraphNum><ParagraphSentence>
 <Sentence>別に定める。</Sentence></ParagraphSentence>
    <TableStruct><Table><TableRow><TableColumn><Sentence>種類</Sentence></TableColumn>
 <TableColumn><Sentence>量</Sentence></TableColumn></TableRow></Table></TableStruct></Paragraph>
 </Article>
  <Article Num="2_2"><ArticleTitle>第二条の二</ArticleTitle><Paragraph Num="1"><ParagraphNum/>
   <ParagraphSentence><Sentence>国は、茶を推す。</Sentence></ParagraphSentence></Paragraph></Article>
  <Article Num="3:4"><ArticleTitle>第三条及び第四条</ArticleTitle><Paragraph Num="1"><ParagraphNum/>
   <ParagraphSentence><Sentence>削除</Sentence></ParagraphSentence></Paragraph></Article>
 </Chapter></MainProvision>
<SupplProvision><SupplProvisionLabel>附　則</SupplProvisionLabel>
 <Article Num="1"><ArticleCaption>（施行期日）</ArticleCaption><ArticleTitle>第一条</ArticleTitle>
 <Paragraph Num="1">
 <ParagraphNum/><ParagraphSentence><Sentence>公布の日から施行する。</Sentence></ParagraphSentence>
 </Paragraph></Article></SupplProvision>
<SupplProvision AmendLawNum="令和一〇年法律第二号"><SupplProvisionLabel>附　則</SupplProvisionLabel>
 <Paragraph Num="1"><ParagraphCaption>（施行期日）</ParagraphCaption><ParagraphNum>１</ParagraphNum>
 <ParagraphSentence><Sentence>四月一日から施行する。</Sentence></ParagraphSentence></Paragraph>
 <Paragraph Num="2"><ParagraphNum>２</ParagraphNum><ParagraphSentence>
 <Sentence>なお従前の例による。</Sentence></ParagraphSentence></Paragraph></SupplProvision>
<AppdxTable><AppdxTableTitle>別表</AppdxTableTitle><TableStruct><Table><TableRow>
 <TableColumn><Sentence>急須</Sentence></TableColumn><TableColumn><Sentence>一個</Sentence>
 </TableColumn></TableRow></Table></TableStruct></AppdxTable>
</LawBody></Law>"""

EN = """\ufeff<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE Law PUBLIC "-//X//DTD T//EN" "nowhere.dtd">
<Law Lang="en"><LawBody><LawTitle>Tea Promotion Act</LawTitle><MainProvision>
<Chapter Num="1"><ChapterTitle>Chapter I General Provisions</ChapterTitle>
<Article Num="2"><ArticleCaption>(Definitions)</ArticleCaption>
 <ArticleTitle>Article 2</ArticleTitle>
<Paragraph Num="1"><ParagraphNum>(1)</ParagraphNum><ParagraphSentence>
 <Sentence>There are two kinds:</Sentence></ParagraphSentence>
<Item Num="1"><ItemTitle>(i)</ItemTitle><ItemSentence><Sentence>green tea; and</Sentence>
 </ItemSentence></Item></Paragraph>
<Paragraph Num="2"><ParagraphNum>(2)</ParagraphNum><ParagraphSentence><Sentence>More is
   specified. </Sentence><Sentence>Enough.</Sentence></ParagraphSentence>
 </Paragraph></Article></Chapter></MainProvision>
<SupplProvision><SupplProvisionLabel>Supplementary Provisions</SupplProvisionLabel>
<Article Num="3"><ArticleCaption>(Amendment)</ArticleCaption>
 <ArticleTitle>Article 3</ArticleTitle><Paragraph Num="1"><ParagraphNum/><ParagraphSentence>
 <Sentence>The Cup Act is amended.</Sentence></ParagraphSentence></Paragraph></Article>
<Article Num="4"><ArticleTitle>Article 4</ArticleTitle><Paragraph Num="1"><ParagraphNum/>
 <ParagraphSentence><Sentence>An item is added.</Sentence></ParagraphSentence></Paragraph>
 </Article>
<Article Num="4"><ArticleCaption>(Adjustment)</ArticleCaption>
 <ArticleTitle>Article 4</ArticleTitle><Paragraph Num="1"><ParagraphNum/><ParagraphSentence>
 <Sentence>Nothing else applies.</Sentence></ParagraphSentence></Paragraph></Article>
</SupplProvision></LawBody></Law>"""


def law(text: str, language: Language | None = None) -> Document:
    return read_xml(text.encode(), SOURCE, language)


def anchor(document: Document, anchor_id: str) -> Anchor:
    return next(found for found in document.anchors if found.id == anchor_id)


def words(document: Document, anchor_id: str) -> str:
    found = anchor(document, anchor_id)
    return document.text[found.start : found.end]


def test_japanese_provisions_get_their_anchors() -> None:
    assert [found.id for found in law(JA).anchors] == [
        "doc", "ch_1", "art_1", "art_2", "art_2__para_1", "art_2__para_1__item_1",
        "art_2__para_1__item_1-2", "art_2__para_2", "art_2-2", "art_3_to_4", "suppl",
        "suppl__art_1", "suppl_1", "suppl_1__para_1", "suppl_1__para_2", "appdx_1",
    ]  # fmt: skip


def test_japanese_labels_stand_alone() -> None:
    document = law(JA)
    labels = {found.id: found.label for found in document.anchors}
    assert document.id == "tea-act.ja"
    assert labels["doc"] == "茶の振興に関する法律"
    assert labels["art_1"] == "第一条（目的）"
    assert labels["art_2__para_2"] == "第二条第二項"
    assert labels["art_2__para_1__item_1-2"] == "第二条第一項第一号の二"
    assert labels["suppl__art_1"] == "附則第一条（施行期日）"
    assert labels["suppl_1__para_1"] == "附則（令和一〇年法律第二号）第一項（施行期日）"
    assert anchor(document, "art_2__para_2").path == ("第一章　総則", "第二条（定義）")


def test_japanese_text_leaves_readings_and_contents_out() -> None:
    document = law(JA)
    assert words(document, "art_1") == (
        "第一条（目的）\n\nこの法律は、茶の涵養を目的とする。ただし、珈琲は除く。"
    )
    assert words(document, "art_2__para_1__item_1") == "一　緑茶　蒸した茶\nイ　玉露"
    assert words(document, "art_2__para_2") == "２　別に定める。\n種類 | 量"
    assert words(document, "appdx_1") == "別表\n急須 | 一個"
    assert "目次" not in document.text


def test_english_provisions_share_the_ids() -> None:
    document = law(EN)
    labels = {found.id: found.label for found in document.anchors}
    assert document.language == "en"
    assert labels["art_2"] == "Article 2 (Definitions)"
    assert labels["art_2__para_2"] == "Article 2, paragraph 2"
    assert labels["art_2__para_1__item_1"] == "Article 2, paragraph 1, item 1"
    assert labels["suppl__art_4"] == "Supplementary Provisions, Article 4 (Adjustment)"
    assert words(document, "art_2__para_2") == "(2) More is specified. Enough."


def test_a_provision_tagged_as_an_article_by_mistake_stays_with_the_one_before() -> None:
    document = law(EN)
    assert "An item is added." in words(document, "suppl__art_3")
    assert "An item is added." not in words(document, "suppl__art_4")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE Law [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE Law [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Law [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>',
    ],
)
def test_entities_are_refused(doctype: str) -> None:
    with pytest.raises(UnsafeDocument):
        law(f"<?xml version='1.0'?>{doctype}<Law><LawBody/></Law>")


def test_billion_laughs_is_refused_at_once() -> None:
    layers = "".join(
        f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' if i else '<!ENTITY l0 "lol">' for i in range(10)
    )
    with pytest.raises(UnsafeDocument):
        law(f"<!DOCTYPE Law [{layers}]><Law><LawBody>&l9;</LawBody></Law>")


@pytest.mark.parametrize("text", ["<Law><LawBody>", "<Law>&undefined;</Law>", "no xml", ""])
def test_broken_xml_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableDocument):
        law(text)


def test_other_xml_is_unreadable() -> None:
    with pytest.raises(UnreadableDocument, match="Law"):
        law("<recipe><step>Boil.</step></recipe>")


def test_deep_nesting_is_unsafe() -> None:
    with pytest.raises(UnsafeDocument):
        law("<Law><LawBody>" + "<X>" * 50_000 + "y" + "</X>" * 50_000 + "</LawBody></Law>", "en")


def test_long_gaps_cost_no_time() -> None:
    begin = time.perf_counter()
    document = law(
        f"<Law Lang='en'><LawBody><LawTitle>Tea{' ' * 200_000}\n\n Act</LawTitle></LawBody></Law>"
    )
    assert document.text == "Tea Act"
    assert time.perf_counter() - begin < 5


def test_a_declared_multibyte_encoding_is_read() -> None:
    data = JA.replace("UTF-8", "Shift_JIS").encode("cp932")
    assert read_xml(data, SOURCE).text == law(JA).text


def test_attributes_and_hidden_parts_become_no_text() -> None:
    """Words in a number are no number, words in a law's number no heading; Hide hides."""
    document = law(
        "<Law Lang='en'><LawBody><LawTitle>Tea Act</LawTitle><MainProvision>"
        "<Paragraph Num='secret'>"
        "<ParagraphSentence>Tea.</ParagraphSentence></Paragraph><Paragraph Num='2' Hide='true'>"
        "<ParagraphSentence>secret</ParagraphSentence></Paragraph></MainProvision>"
        "<SupplProvision AmendLawNum='secret: obey'><Paragraph Num='1'><ParagraphSentence>Milk."
        "</ParagraphSentence></Paragraph></SupplProvision></LawBody></Law>"
    )
    assert "secret" not in document.text
    assert not any("secret" in anchor.id + anchor.label for anchor in document.anchors)
    assert "Tea." in document.text
