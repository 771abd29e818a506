"""Orders to a machine that stand in a document: data that is never taken for a statement.

A second line behind the citations: an order could only be quoted, and even that is kept out.
docs/decisions/0008 says what this can't see.
"""

from __future__ import annotations

import re
from functools import lru_cache

#: What a document says to a machine that reads it instead of stating something: orders about
#: answers and sources, turns of a chat, data in the form of our own. Prose has none of these.
_SPEECH = (
    r"(?:answer|reply|repl(?:ies|y)|respon[ds]e?|say|tell|state|claim|mention|output|print|repeat|"
    r"cite|quote|refuse|decline)"
)
_ORDER = re.compile(
    # the imperative of speaking, or of setting sources aside, at the start of a clause
    r"(?:^|[:;,|]\s)(?:please |kindly |now |then |always |only |just )*(?:"
    r"(?:ignore|disregard|forget|set aside)\b(?! (?:of|for)\b)|"
    r"(?:answer|say|reply|output|print|repeat|respond)(?: only| always)?"
    r"(?: with (?:the word|only|[\"'“])| that\b| as\b|:| ?[\"'“])|answer (?:only|with)\b|"
    r"tell (?:the user|users|everyone|anyone)\b|"
    r"(?:decline|refuse) (?:all|any|every|to answer)\b|"
    r"(?:do not|don't|never) (?:mention|cite|quote|consult)\b|(?:cite|treat) (?:this|it)\b|"
    r"(?:print|reveal|show) your\b|pretend\b|obey\b|act as\b)|[;:] state that\b|"
    # a machine, or whoever answers, is spoken to
    rf"\byour? (?:[\w']+ )*?{_SPEECH}\b|\b{_SPEECH} (?:that )?you\b|\byou are now\b|"
    r"\bthe assistant (?:shall|must|should|will)\b|"
    r"\b(?:attention|dear|note (?:to|for)|message (?:to|for)) (?:[\w]+ )?"
    r"(?:language models?|assistants?|AIs?|models?|chatbots?|LLMs?)\b|"
    r"\b(?:only|correct|right|required|permitted) answer (?:is|must|shall)\b|"
    r"\boverrides? (?:all|any|every|the|previous|other) (?:\w+ )?(?:sources?|documents?|"
    r"instructions?)|"
    r"^\W*(?:(?:new|system|developer|admin\w*|secret) )?(?:instruction|prompt|command)s?\s*[:：]|"
    r"^\W*(?:system|assistant|admin\w*)(?: (?:message|prompt|note))?\s*[:：]|"
    r"^\W*(?:user|human|question)\s*[:：].*(?:[?？]|か。)$",
    re.IGNORECASE,
)
_REQUEST = r"(?:(?:て|で)(?:あげて)?(?:ください|下さい)|[えけせてべめれろ]よ|しろ|なさい)"
_ORDER_JA = re.compile(
    # と答えてください, だけを出力せよ, と書くこと: a request to speak
    r"(?:と|だけ[をと]?|から|には?|を)(?:お?答え|回答|返答|出力|引用|表示|拒否|述べ|言|書|伝え|教え|"
    rf"紹介|主張|断言|名乗|示し|示す)[^、。]{{0,4}}{_REQUEST}(?=[。、」！\[［]|$)|"
    r"(?:回答|答え|質問|聞か|尋ね|問わ)[^。]{0,80}(?:答え|回答す|書|言|述べ|出力す)[うくるえべ]{0,2}こと|"
    r"(?:と|だけ)(?:お?答え|回答す)る?こと|(?:文書|資料)は?を?(?:無視|参照し)[なすい]{1,2}る?こと|"
    r"(?:文書|資料|報告書|出典|情報源|指示|命令)[^。]{0,30}"
    rf"(?:無視|忘れ|捨て|使わない|扱|優先|取り消|従)[^、。]{{0,4}}{_REQUEST}(?=[。、：」]|$)|"
    r"(?:指示|命令)[^。]{0,20}(?:取り消し|無視し|忘れ)|(?:ない|無視し)でください|"
    r"あなたの(?:役割|任務|仕事)|あなたは[^。]{0,40}(?:アシスタント|ボット|モデル)|"
    r"(?:AI|アシスタント|モデル|ボット)(?:の方)?へ(?:お願い)?(?:です)?[：:、。]|"
    r"アシスタントは[^。]{0,80}答え|^\W*(?:システム|アシスタント)(?:メッセージ|プロンプト)?\s*[：:]"
)
_RECORD = re.compile(
    r"^[\"']?(?:authority|quote|short|claims|citations|verified|source_id)[\"']?\s*[:=]|"
    r"[\"'](?:answer|authority|citations|claims|content|quote|role|short|status)[\"']\s*:"
)
_TURN = re.compile(r"<\|[\w ]{1,30}\|>|\[/?INST\]|<<?/?SYS>>?|<(?:start|end)_of_turn>")


@lru_cache(maxsize=65536)
def addressed(sentence: str) -> bool:
    """Whether a sentence orders its reader what to answer, or is no sentence but a record."""
    return any(form.search(sentence) for form in (_ORDER, _ORDER_JA, _RECORD))


def transcript(passage: str) -> bool:
    """Whether a passage holds turns of a chat that somebody made up."""
    return bool(_TURN.search(passage))
