"""Words of scope, time and cause: all and only, first and last, before and after, because.

Each is the sign by which it is known in a claim and, where that isn't all, what counts for it in a
quote; for what must be kept the other way round.
"""

from __future__ import annotations

from typing import Final

from rag.signs import Sign, sign

_AIMED: Final = sign(
    r"plan(?:s|ned|ning)?|will|would|going to|intend\w*|aim\w*|seeks?|sought|target\w*|goals?|"
    r"promis\w+|foresee\w*|expect\w*|(?:is|are|was|were) to|shall|must|should|set for|want\w*|view|"
    r"asks?|asked|instruct\w*|potential\w*|purpose|objective|toward\w*|commit\w*|about to",
    r"予定|見込|方針|考え|目標|目指|めざ|狙|見通し|ものと|なければ|べき|努め|向け|今後|将来|指示|求め|"
    r"期待|目的|計画する|計画し",
)

#: What a claim must not say where its quote doesn't.
ADDED: Final[dict[str, Sign]] = {
    "that it is all": Sign(
        sign(
            r"all|every|each|any|whole|entire\w*|always|everyone|everything|universal\w*",
            r"すべて|全て|全員|全体|あらゆる|どの|各|必ず|常に|一切|全面|全額|全国|全部|何人も|いつでも|問わず",
        ),
        sign(
            r"all|every|each|any|whole|entire\w*|always|everyone|everything|full\w*|universal\w*|"
            r"both|regardless",
            r"すべて|全て|全員|全体|あらゆる|いずれ|どの|各|必ず|常に|一切|全面|全額|全国|全部|何人も|"
            r"いつでも|問わず",
        ),
    ),
    "that it is always so": Sign(
        sign(
            r"always|at any time|in any case|whenever|invariably|automatic\w*|unconditional\w*",
            r"必ず|常に|いつでも|自動的|無条件|当然に",
        ),
        None,
    ),
    "that it is only this": Sign(
        sign(
            r"(?<!not )only|sole\w*|exclusive\w*|alone|merely|limited to|restricted|confined",
            r"のみ(?!なら)|だけ(?!でな)|限[らりるっ定]|唯一|専ら|もっぱら|に過ぎ|にすぎ|しか",
        ),
        None,
    ),
    "that it is still or already so": Sign(
        sign(
            r"still|already|any ?more|no longer|so far|yet|by now|since(?! the)",
            r"まだ|既に|すでに|もはや|今も|引き続き|これまで|以来",
        ),
        sign(
            r"still|already|any ?more|no longer|so far|yet|by now|since|remain\w*|continu\w*",
            r"まだ|既に|すでに|もはや|今も|引き続き|これまで|以来|続け",
        ),
    ),
    "that it is the first or last": Sign(
        sign(
            r"first|last|final|latest|earliest|newest|original",
            r"初[めの回会]|最初|最後|最終|最新|冒頭|当初",
        ),
        sign(
            r"first|last|final\w*|latest|earliest|newest|initial\w*|original\w*|current",
            r"初[めの回会]|最初|最後|最終|最新|第1|第一|1回|冒頭|当初|現行",
        ),
    ),
    "that it is the most": Sign(
        sign(
            r"most|mainly|above all|especially|particularly|largest|biggest|highest|greatest|least",
            r"最も|もっとも|最大|最高|最低|特に|とりわけ|主に|何より",
        ),
        None,
    ),
    "an exception": Sign(
        sign(
            r"except\w*|other than|apart from|excluding|excludes?|excluded|exempt\w*|aside from",
            r"以外|除[きくい]|除外|免除|例外|のほか",
        ),
        sign(
            r"except\w*|other than|apart from|excluding|excludes?|excluded|exempt\w*|unless|"
            r"without|no|not",
            r"以外|除[きくい]|除外|免除|例外|のほか|ただし|要しない",
        ),
    ),
    "an inclusion": Sign(
        sign(r"included?|includes|including|even", r"含[むみまめん]"),
        sign(
            r"includ\w*|among|contain\w*|cover\w*|as well as|count|even|consists?|list\w*|such as|"
            r"parts?|for example|both",
            r"含[むみまめん]|はじめ|うち|など|等|入[っりる]|一部|構成|挙げ",
        ),
    ),
    "a condition": Sign(
        sign(r"if|unless|provided|subject to|on condition", r"に限り|場合に限|条件"),
        sign(
            r"if|unless|where|when|provided|subject to|in case|as far as|once|depend\w*|"
            r"conditions?|given|upon|has",
            r"場合|とき|限|条件|次第|たら|れば|ただし|認める|応じ",
        ),
    ),
    "a cause": Sign(
        sign(
            r"because|as a result|due to|owing to|led to|leads? to|therefore|thus|hence|so that|"
            r"so as|in order to|thanks to|caus(?:e|es|ed|ing)|reasons?|results? in|resulted",
            r"ため(?!の)|ので|結果、|理由|原因|おかげ|よって、|したがって|従って、|きっかけ|受けて",
        ),
        sign(
            r"because|result\w*|due to|owing to|led to|leads? to|therefore|thus|hence|so that|"
            r"so as|in order|thanks to|caus\w+|reasons?|consequen\w+|prompt\w+|in response|purpose",
            r"ため|ので|結果|理由|原因|おかげ|よって|したがって|受けて|背景|踏まえ|きっかけ|目的|よう",
        ),
    ),
    "that it is before": Sign(
        sign(
            r"before|prior to|ahead of|earlier than|in advance|at the latest",
            r"前[にの、](?!提)|先立|事前|予め|あらかじめ",
        ),
        sign(
            r"before|prior|precede\w*|ahead|earlier|in advance|until|by the|at the latest|within|"
            r"no (?:later|more) than",
            r"前(?![期述文提身])|まで|先立|事前|予め|あらかじめ|以内|超えない",
        ),
    ),
    "that it is after": Sign(
        sign(
            r"after\w*|later than|following|subsequent\w*|thereafter|at the earliest|since",
            r"(?<![最午前])後[にの、も]|のち|以降|以後|てから|翌",
        ),
        sign(
            r"after\w*|later|since|once|following|subsequent\w*|thereafter|upon|at the earliest|"
            r"when|from",
            r"(?<![最午前])後(?![見援])|のち|以降|以後|から|うえで|上で|とき|たら|翌",
        ),
    ),
    "haste": Sign(
        sign(
            r"immediately|promptly|at once|without delay|soon|as soon as|quickly",
            r"直ち|速やか|遅滞|すぐ|早[期急]",
        ),
        None,
    ),
    "that it is more": Sign(
        sign(
            r"more|exceed\w*|higher|greater|larger|increas\w*|rais(?:e|es|ed|ing)|strengthen\w*|"
            r"stronger|at least",
            r"超[えす]|上回|増[えや加額]|引き上げ|拡大|強化|少なくとも|高[いく]|多[いく]",
        ),
        sign(
            r"more|over|above|exceed\w*|higher|greater|larger|increas\w*|rais\w+|rise\w*|rose|up|"
            r"at least|no less|doubl\w*|strong\w*|strengthen\w*|times|earlier|beyond",
            r"以上|超|上回|増|引き上げ|上げ|拡大|強化|少なくとも|倍|高[いく]|多[いく]",
        ),
    ),
    "that it is less": Sign(
        sign(
            r"less|below|fewer|lower\w*|smaller|reduc\w*|decreas\w*|cuts?|fall\w*|fell|weak\w*|"
            r"eas(?:e|es|ed|ing)|at most",
            r"未満|下回|減[らっり額少]|引き下げ|縮小|緩和|弱[いめ]|低[いく]|少な[いく]",
        ),
        sign(
            r"less|under|below|fewer|lower\w*|small\w*|reduc\w*|decreas\w*|cuts?|fall\w*|fell|"
            r"at most|up to|no more|down|weak\w*|eas\w+|within|almost|nearly|light\w*",
            r"以下|未満|下回|減|引き下げ|縮小|緩和|弱[いめ]|低[いく]|少な[いく]|以内|近く|超えない|軽",
        ),
    ),
    "that it is a draft": Sign(
        sign(r"drafts?|propos\w+", r"案(?![件内])|提案|草稿"),
        sign(r"draft\w*|propos\w+|bills?", r"案(?![件内])|提案|草稿"),
    ),
    "a plan or an aim": Sign(
        sign(
            r"plans|planned|will|would|going to|intend\w*|aim(?:s|ed)|target\w*|goals?|promis\w+|"
            r"expect(?:s|ed)",
            r"予定|見込|考え|目標|目指|めざ|狙い",
        ),
        _AIMED,
    ),
}

#: What a claim must not leave out where its quote says it.
KEPT: Final[dict[str, Sign]] = {
    "that it is a draft": Sign(
        sign(r"drafts?|propos\w+|interim", r"案(?![件内])|草稿|中間|暫定"),
        None,
    ),
    "that it is a bill": Sign(sign(r"bills?", r"法案|法律案"), None),
    "that it is planned only": Sign(
        sign(
            r"plan(?:s|ned|ning)|will|would|going to|intend\w*|aim(?:s|ed)|sought|target(?:s|ed)?|"
            r"goals?|promis\w+|foresees?|expect\w*|(?:is|are|was|were) to|set for|"
            r"about to|instruct\w*|pending",
            r"予定|見込|考え|目標|目指|めざ|見通し|指示|求め",
        ),
        _AIMED,
    ),
    "that it is intended only": Sign(
        sign(
            r"intend(?:s|ed)? to|plan(?:s|ned) to|set for",
            r"考え(?:だ|で|を)|予定|見込み?[だでと]|方針[だで]",
        ),
        sign(
            r"intend\w*|plan(?:s|ned)|set for|will|would|is to|are to|was to|were to|aim\w*",
            r"考え|予定|見込|方針|つもり|見通し",
        ),
    ),
    "in whose words": Sign(
        sign(
            r"according to|says?|said|reports?|reported|argu\w+|claims?|treats?|regard(?:s|ed)|"
            r"describ\w+|stress\w*|told|estimat\w+|(?:give|date|put|name)s|finds?|sees|notes?|"
            r"commentary|commentaries|blog",
            r"(?<![条項号書法則文])によ(?:れば|ると)|としている|みなし|とみ[るて]|と(?:伝え|報じ|述べ)",
        ),
        sign(
            r"according to|under|says?|said|reports?|reported|argu\w+|claims?|treats?|regard\w*|"
            r"describ\w+|stress\w*|told|tells?|estimat\w+|(?:give|date|put|name|state|divide|count|"
            r"mention|conclude|recommend|advise|call|hold|consider|see|place)s|finds?|notes?|"
            r"commentary(?:'s)?|commentaries|blog|view|opinion",
            r"よれば|よると|とし(?:て|た|、|$)|とする|みな|み[るて]|伝え|報じ|述べ|解説|報道|推計|という|いう",
        ),
    ),
    "that it is in doubt": Sign(
        sign(
            r"whether|unclear|unconfirmed|apparently|likely|perhaps|seems?|appears?|rumou?r\w*|"
            r"alleged\w*|not (?:been )?(?:found|verified|confirmed)",
            r"かどうか|か否か|未確認|確認されて|確認でき|不明|とみられ|らしい|ようだ|可能性",
        ),
        None,
    ),
    "a condition": Sign(
        sign(
            r"if|unless|where (?:it|they|he|this|the|there|necessary|needed|appropriate)|provided|"
            r"subject to|as far as|under conditions?|depend\w*|in case|to the extent|once",
            r"場合|とき(?!の)|限り|条件|次第で|たら|ただし、|範囲|必要と認め|応じ",
        ),
        ADDED["a condition"][1],
    ),
    "an exception": Sign(
        sign(
            r"except\w*|other than|apart from|excluding|excluded|save for|exempt\w*",
            r"以外|除[きくい]|除外|例外|のほか",
        ),
        ADDED["an exception"][1],
    ),
    "that it is so in principle": Sign(
        sign(
            r"in principle|generally|as a rule|usually|normally|typically|mostly|tends?",
            r"原則|一般に|基本的に|通常|おおむね|概ね",
        ),
        None,
    ),
    "that it is one of several": Sign(
        sign(r"one of|some|certain|partly|in part|part of", r"一部|一つ|ひとつ|1つ|一環"),
        sign(r"one|some|certain|partly|part|among|of the", r"一部|一つ|ひとつ|1つ|一環|うち|など"),
    ),
    "that it is only this": Sign(
        sign(
            r"(?<!not )only|alone|solely|exclusively|merely",
            r"のみ(?!なら)|だけ(?!でな)|限[らりるっ]|唯一|単独|過ぎ|すぎ",
        ),
        None,
    ),
    "that it was so before": Sign(
        sign(r"no longer|formerly|previous\w*|superseded|repealed|former", r"旧|かつて|以前|当時"),
        None,
    ),
    "of what it is not said": Sign(
        sign(
            r"serious|severe|significant|particularly|advanced|high-risk|autonomous|expensive|major|"
            r"specific|wrongful|improper|without justifiable",
            r"重大な|特に|著しい|高度な|高リスク|特定の|大規模|悪質|不正|正当な理由",
        ),
        None,
    ),
}
