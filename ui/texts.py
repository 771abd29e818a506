"""Every text of the screen, in English and Japanese."""

from __future__ import annotations

from rag.errors import RagError
from rag.types import Language

LANGUAGES: dict[Language, str] = {"en": "English", "ja": "日本語"}
#: Shown whatever the language is, so that everybody finds the switch.
LANGUAGE_LABEL = "Language / 言語"

SUGGESTIONS: dict[Language, tuple[str, ...]] = {
    "en": (
        "When did the AI Promotion Act come into force?",
        "Who chairs the AI Strategy Headquarters?",
        "What does Article 16 of the AI Promotion Act say?",
        "Does the AI Promotion Act set penalties?",
        "When was the AI Basic Plan adopted?",
    ),
    "ja": (
        "AI推進法はいつ公布されましたか？",
        "人工知能戦略本部の本部長は誰ですか？",
        "AI推進法第16条は何を定めていますか？",
        "AI推進法に罰則はありますか？",
        "人工知能基本計画はいつ閣議決定されましたか？",
    ),
}

#: Keys with a prefix name values of `rag.types`: kind_, authority_, status_, edition_; those that
#: begin with error_ name classes of `rag.errors`.
_TEXTS: dict[str, dict[Language, str]] = {
    # the page
    "title": {"en": "Japan's AI law", "ja": "日本のAI法"},
    "intro": {
        "en": "Ask in English or Japanese. Every statement is quoted from a source and cited down "
        "to the sentence; where the sources say nothing, so does the answer.",
        "ja": "日本語でも英語でも質問できます。"
        "回答はすべて資料からの引用で、根拠となる一文まで示します。"
        "資料に記述がないことには答えません。",
    },
    "try": {"en": "Try one of these:", "ja": "質問の例："},
    "ask": {"en": "Ask about Japan's AI law", "ja": "日本のAI法について質問する"},
    "searching": {"en": "Searching the sources …", "ja": "資料を調べています…"},
    "loading": {"en": "Opening the index …", "ja": "索引を開いています…"},
    "legal": {
        "en": "Information from public sources, not legal advice.",
        "ja": "公開資料に基づく情報であり、法的助言ではありません。",
    },
    # the sidebar
    "filters": {"en": "For the next questions", "ja": "次の質問から適用"},
    "kinds": {"en": "Kinds of source", "ja": "資料の種類"},
    "all_kinds": {"en": "All kinds", "ja": "すべて"},
    "as_of": {"en": "As of this day", "ja": "基準日"},
    "as_of_help": {
        "en": "Answers only from what was published by this day.",
        "ja": "この日までに公表された資料だけから答えます。",
    },
    "new_chat": {"en": "New chat", "ja": "新しい会話"},
    "index": {"en": "Index", "ja": "索引"},
    "counts": {
        "en": "{sources} sources, {documents} documents, {passages} passages",
        "ja": "資料{sources}件、文書{documents}件、{passages}箇所",
    },
    # an answer
    "sources_differ": {"en": "The sources differ", "ja": "資料の間に相違があります"},
    "higher_first": {
        "en": "The source of higher authority comes first.",
        "ja": "権威の高い資料を先に示します。",
    },
    "refused": {"en": "No answer", "ja": "回答なし"},
    "nearest": {
        "en": "Nearest passages (not an answer)",
        "ja": "近い箇所（回答ではありません）",
    },
    "show_passage": {"en": ": show the passage", "ja": "：箇所を表示"},
    "partial": {
        "en": "Partial answer: the sources cover only a part of the question.",
        "ja": "部分的な回答：資料は質問の一部しか扱っていません。",
    },
    "unverified": {"en": "not verified", "ja": "未検証"},
    "unresolved": {"en": "unresolved", "ja": "参照先なし"},
    "notes": {"en": "Notes", "ja": "注記"},
    "citations": {"en": "Citations", "ja": "出典"},
    "citation": {"en": "Citation {marker}", "ja": "出典{marker}"},
    "show_context": {"en": ": show the quote in its document", "ja": "：引用箇所を文書の中で表示"},
    "quote_starts": {"en": "Quote begins: ", "ja": "引用始まり："},
    "quote_ends": {"en": " (quote ends)", "ja": "（引用終わり）"},
    "page": {"en": "page {page}", "ja": "{page}ページ"},
    "authority": {"en": "authority: {name}", "ja": "権威：{name}"},
    "published": {"en": "published {date}", "ja": "公表 {date}"},
    "link": {"en": "Original (opens a new tab)", "ja": "原典（新しいタブで開く）"},
    "took": {"en": "answered in {seconds} s", "ja": "回答時間 {seconds}秒"},
    "index_is": {"en": "index {fingerprint}", "ja": "索引 {fingerprint}"},
    "by": {"en": "as of {date}", "ja": "{date}時点"},
    "only": {"en": "only {kinds}", "ja": "{kinds}のみ"},
    # the index is to be built
    "build_how": {
        "en": "Run this in the project's folder, or press the button:",
        "ja": "プロジェクトのフォルダーで次を実行するか、ボタンを押してください。",
    },
    "build": {"en": "Build the index now", "ja": "索引を作成する"},
    "building": {
        "en": "Building the index; this takes a few minutes. Present step: {percent}%",
        "ja": "索引を作成しています（数分かかります）。現在の工程：{percent}%",
    },
    "error_RagError": {"en": "That did not work.", "ja": "処理できませんでした。"},
    "error_UsageError": {
        "en": "The question can't be asked like this.",
        "ja": "この形では質問できません。",
    },
    "error_SettingsError": {"en": "A setting is wrong.", "ja": "設定に誤りがあります。"},
    "error_IndexMissing": {"en": "There is no index yet.", "ja": "索引がまだありません。"},
    "error_IndexDamaged": {
        "en": "The index can't be read and has to be built again.",
        "ja": "索引を読み取れません。作り直してください。",
    },
    "error_IndexBusy": {
        "en": "Another process is building the index. Try again in a moment.",
        "ja": "別の処理が索引を作成中です。しばらくしてからやり直してください。",
    },
    "error_IndexUnwritable": {
        "en": "The index folder can't be written.",
        "ja": "索引のフォルダーに書き込めません。",
    },
    "error_EncoderError": {
        "en": "The embedding model can't be used.",
        "ja": "埋め込みモデルを利用できません。",
    },
    # kinds, authorities, statuses and editions of sources
    "kind_act": {"en": "act", "ja": "法律"},
    "kind_order": {"en": "order", "ja": "政令"},
    "kind_plan": {"en": "plan", "ja": "計画"},
    "kind_guideline": {"en": "guideline", "ja": "指針"},
    "kind_code": {"en": "code of practice", "ja": "行動規範"},
    "kind_statement": {"en": "statement", "ja": "声明"},
    "kind_budget": {"en": "budget", "ja": "予算"},
    "kind_history": {"en": "history", "ja": "経緯"},
    "kind_report": {"en": "report", "ja": "報告書"},
    "kind_commentary": {"en": "commentary", "ja": "解説"},
    "kind_document": {"en": "your document", "ja": "利用者の文書"},
    "authority_act": {"en": "act", "ja": "法律"},
    "authority_order": {"en": "order", "ja": "政令"},
    "authority_plan": {"en": "plan", "ja": "計画"},
    "authority_guideline": {"en": "guideline", "ja": "指針"},
    "authority_statement": {"en": "statement", "ja": "声明"},
    "authority_record": {"en": "record", "ja": "記録"},
    "authority_commentary": {"en": "commentary", "ja": "解説"},
    "authority_user": {"en": "user", "ja": "利用者"},
    "status_in-force": {"en": "in force", "ja": "施行中"},
    "status_adopted": {"en": "adopted", "ja": "決定済み"},
    "status_published": {"en": "published", "ja": "公表済み"},
    "status_draft": {"en": "draft", "ja": "案"},
    "status_bill-stage": {"en": "written at the bill stage", "ja": "法案段階"},
    "status_superseded": {"en": "superseded", "ja": "旧版"},
    "edition_digest": {"en": "digest in our own words", "ja": "本プロジェクトによる要約版"},
    "edition_original": {"en": "original text", "ja": "原文"},
    "edition_user": {"en": "your document", "ja": "利用者の文書"},
    # reasons of a refusal
    "reason_not_in_sources": {"en": "Not in the sources", "ja": "資料に記述なし"},
    "reason_no_such_article": {"en": "No such article", "ja": "該当する条文なし"},
    "reason_outside_subject": {"en": "Outside the subject", "ja": "主題の範囲外"},
    "reason_other_year": {"en": "Another year", "ja": "別の年"},
    "reason_other_subject": {"en": "Another subject", "ja": "別の対象"},
    "reason_filtered": {"en": "Nothing left after the filters", "ja": "条件に合う資料なし"},
}


def say(key: str, language: Language, **values: object) -> str:
    """A text of the screen."""
    return _TEXTS[key][language].format(**values)


def name_of(group: str, value: str, language: Language) -> str:
    """A kind, authority, status, edition or reason in words; one without a name as it stands."""
    named = _TEXTS.get(f"{group}_{value}")
    return named[language] if named else value


def failure(error: RagError, language: Language) -> str:
    """What an error means, from the nearest class of its tree that has a sentence."""
    known = (f"error_{kind.__name__}" for kind in type(error).__mro__)
    return say(next(key for key in known if key in _TEXTS), language)
