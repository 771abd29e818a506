"""Words of legal force: duty, effort, advice, permission, ban and punishment.

Each is the sign by which it is known in a claim and, where that isn't all, what counts for it in a
quote; for what must be kept the other way round.
"""

from __future__ import annotations

from typing import Final

from rag.signs import Sign, sign

_DUTY: Final = sign(
    r"must|shall|oblig(?:e[ds]?|ing|at\w+)|require[sd]?|mandatory|compulsory|ha(?:ve|s|d) to|"
    r"(?:is|are) to|dut(?:y|ies)|has the [a-z ]{3,40} (?:prepare|give|take|carry|publish|conduct)",
    r"義務|な(?:けれ|く)ばなら|なければなりません|ねばなら|てはなら|必須|必要がある|ものと(?:する|され)",
)
_POSSIBLE: Final = sign(
    r"may(?! [0-9])|might|can|could|able|allow\w*|permit\w*|entitled|possib\w+|potential\w*|lets?|"
    r"likely|unless",
    r"できる|でき、|できない|できま|可能|得る|うる|かねない|おそれ|許可|認め",
)
_EFFORT: Final = sign(r"endeavou?r\w*|striv\w+|efforts?|best", r"努め|努力")
_ADVICE: Final = sign(
    r"should(?! be able)|recommend\w*|advis\w+|call(?:s|ed)? (?:on|for)|urge[sd]?|encourag\w+|"
    r"invit\w+|expect(?:s|ed)?|ask(?:s|ed)?|request\w*|supports?",
    r"べき|望まし|期待|推奨|勧め|勧告|促[すしさ]|求め|要請|呼びかけ",
)

#: What a claim must not say where its quote doesn't.
ADDED: Final[dict[str, Sign]] = {
    "a duty": Sign(
        sign(
            r"must|shall|oblig(?:e[ds]?|ing|at\w+)|require[sd]?|mandatory|compulsory|ha(?:ve|s) to",
            r"義務|な(?:けれ|く)ばなら|なければなりません|ねばなら|必須",
        ),
        _DUTY,
    ),
    "an effort": Sign(_EFFORT, None),
    "a ban": Sign(
        sign(r"prohibit\w*|bann?(?:ed|s)?|forbid\w*|unlawful|illegal", r"禁|違法|てはなら"),
        sign(
            r"prohibit\w*|bann?(?:ed|s)?|forbid\w*|unlawful|illegal|(?:must|shall|may) not|cannot",
            r"禁|違法|てはなら|できない|できません",
        ),
    ),
    "a punishment": Sign(
        sign(
            r"fine[sd]?|penalt\w+|punish\w*|sanction\w*|criminal\w*",
            r"(?:刑事|行政)?罰(?:則|金刑?)?|過料|制裁|課徴金|刑",
        ),
        None,
    ),
    "imprisonment": Sign(
        sign(r"(?:im)?prison\w*|jail\w*|arrest\w*|detention", r"懲役|禁錮|拘禁|逮捕|投獄"),
        None,
    ),
    "a crime": Sign(sign(r"crim(?:e|es|inal\w*)", r"犯罪|刑事"), None),
    "a permission": Sign(
        sign(
            r"may(?! [0-9])|can|permit\w*|allow\w*|entitled|lets?",
            r"できる|でき、|できます|許可|認め",
        ),
        _POSSIBLE,
    ),
    "an order": Sign(
        sign(r"ordered|orders (?=[a-z])|command\w*|force[sd]|compel\w*", r"命[じず令]|強制"),
        sign(r"order\w*|command\w*|force[sd]?|compel\w*", r"命[じず令]|強制"),
    ),
    "a call for it": Sign(
        sign(r"should|recommend\w*|advise[sd]?|urge[sd]?", r"べき|望まし|推奨|勧告|促[すしさ]"),
        _ADVICE,
    ),
    "legal force": Sign(
        sign(r"bind(?:s|ing)?|bound|enforceable|liable|liabilit\w+|legally", r"拘束|縛|法的"),
        None,
    ),
}

#: What a claim must not leave out where its quote says it.
KEPT: Final[dict[str, Sign]] = {
    "that it is a duty": Sign(
        sign(
            r"must|shall|oblig(?:e[ds]?|ing|at\w+)|require[sd]|mandatory|compulsory|ha(?:ve|s) to",
            r"義務|な(?:けれ|く)ばなら|なければなりません|ねばなら|てはなら|必須",
        ),
        _DUTY,
    ),
    "that it is an effort only": Sign(sign(r"endeavou?r\w*|striv\w+", r"努め|努力"), _EFFORT),
    "that it is a possibility only": Sign(
        sign(r"may(?! [0-9])|might|could|potential\w*", r"できる|でき、|可能|得る|うる|かねない"),
        _POSSIBLE,
    ),
    "that it is advice only": Sign(
        sign(
            r"should|recommend\w*|call(?:s|ed)? (?:on|for)|urge[sd]?|encourag\w+|invit\w+",
            r"べき|望まし|期待|推奨|勧め|促[すしさ]|求め|要請|呼びかけ",
        ),
        _ADVICE,
    ),
}
