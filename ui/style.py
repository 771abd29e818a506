"""The style of what `ui.answers` builds; colours follow the theme of the page."""

from __future__ import annotations

CSS = """
[data-testid="stMainBlockContainer"] { max-width: 68rem; padding-top: 3.5rem; }
[data-testid="stButtonGroup"] button[aria-checked="true"] p {
  font-weight: 700; text-decoration: underline; text-underline-offset: .3em;
  color: var(--st-text-color, CanvasText);
}
[data-testid="stApp"] :is(
  :focus-visible:not(main, input, textarea, canvas), label:has(> * input:focus-visible),
  [role="group"]:has(input:focus-visible), [data-testid="stChatInput"]:has(textarea:focus-visible)
) {
  outline: 3px solid var(--st-text-color, CanvasText) !important; outline-offset: 1px;
}
[data-testid="stFullScreenFrame"]:has([data-testid="stVegaLiteChart"])
  [data-testid="stElementToolbar"] { display: none; }
[data-testid="stSliderThumbValue"], [data-testid="stSliderThumbValue"] p {
  color: var(--st-text-color, CanvasText);
}
.ail, .ail-head { overflow-wrap: anywhere; line-height: 1.6; }
.ail p { margin: 0 0 .5rem; unicode-bidi: isolate; }
.ail h3 { font-size: 1rem; font-weight: 600; margin: 1.1rem 0 .4rem; padding: 0; }
.ail ul, .ail ol { margin: 0 0 .5rem; padding-left: 1.2rem; }
.ail .ail-short { font-size: 1.5rem; font-weight: 600; line-height: 1.3; margin-bottom: .6rem; }
.ail-plain { white-space: pre-wrap; }
.ail .ail-small, .ail-head .ail-small { font-size: .85rem; margin-bottom: .25rem; opacity: .8; }
.ail a { color: var(--st-link-color, LinkText); }
.ail a.ail-chip {
  display: inline-block; min-width: 1.5rem; padding: 0 .3rem; text-align: center;
  white-space: nowrap; border: 1px solid currentColor; border-radius: .4rem; font-size: .85rem;
}
.ail .ail-labels { display: flex; flex-wrap: wrap; gap: .3rem; list-style: none; padding: 0; }
.ail .ail-labels li {
  margin: 0; padding: 0 .4rem; border: 1px solid color-mix(in srgb, currentColor 45%, transparent);
  border-radius: .3rem; font-size: .8rem; line-height: 1.5;
}
.ail .ail-box {
  border: 1px solid color-mix(in srgb, currentColor 25%, transparent);
  border-left-width: 4px; border-radius: .4rem; padding: .7rem .9rem .4rem; margin: .6rem 0;
}
.ail.ail-box {
  border: 1px solid currentColor; border-left-width: 4px; border-radius: .4rem;
  padding: .7rem .9rem .4rem;
}
.ail .ail-box h3 { margin-top: 0; }
.ail .ail-sides { display: flex; flex-wrap: wrap; gap: .8rem; list-style: none; padding: 0; }
.ail .ail-sides > li {
  flex: 1 1 16rem; min-width: 0; margin: 0; padding-left: .7rem;
  border-left: 2px solid color-mix(in srgb, currentColor 25%, transparent);
}
.ail .ail-cards { list-style: none; padding: 0; }
.ail .ail-cards > li {
  margin: 0; padding: .6rem 0 .5rem;
  border-top: 1px solid color-mix(in srgb, currentColor 15%, transparent);
}
.ail details { padding-left: .8rem; }
.ail details:has(:target) { outline: 2px solid currentColor; border-radius: .3rem; }
.ail mark { scroll-margin: 8rem; }
.ail .ail-pair { display: flex; flex-wrap: wrap; gap: 0 .8rem; }
.ail .ail-pair blockquote { flex: 1 1 18rem; min-width: 0; }
p.ail-question { scroll-margin-top: 5rem; margin: 0; }
[data-testid="stLayoutWrapper"]:has(> .st-key-ask) {
  position: sticky; bottom: 0; z-index: 1; padding-bottom: 1rem;
  background: var(--st-background-color, Canvas);
}
.ail .ail-cards.ail-nearest > li { padding-left: .8rem; border-left: 2px dashed currentColor; }
.ail .ail-title { font-weight: 600; margin-bottom: .1rem; }
.ail summary { cursor: pointer; padding: .2rem 0; }
.ail summary span:first-of-type { text-decoration: underline dotted; text-underline-offset: .2em; }
.ail blockquote {
  margin: .4rem 0 .2rem; padding: .6rem .9rem; border-radius: .4rem; border: 0; opacity: 1;
  color: inherit; background: color-mix(in srgb, currentColor 5%, transparent);
}
.ail .ail-crumbs { font-size: .85rem; font-weight: 600; }
.ail .ail-around { opacity: .8; font-size: .9rem; }
.ail mark {
  background: #ffe58a; color: #1a1a1a; padding: .05em .1em; border-radius: .15em;
  text-decoration: underline; text-underline-offset: .2em; unicode-bidi: isolate;
}
.ail-hidden, .ail mark::before, .ail mark::after {
  position: absolute; clip-path: inset(50%); font-size: 1px; white-space: nowrap;
}
.ail mark::before { content: attr(data-before); }
.ail mark::after { content: attr(data-after); }
@media (max-width: 40rem) {
  [data-testid="stMainBlockContainer"] { padding-inline: 1rem; }
  .st-key-view button { padding-inline: .4rem; }
  [data-testid="stChatMessage"] { flex-direction: column; gap: .3rem; padding-inline: .5rem; }
  [data-testid="stChatMessageContent"] { width: 100%; }
  .ail details { padding-left: 0; }
}
.ail-head h1 { font-size: 1.9rem; padding: 0; margin: 0 0 .3rem; }
.ail-head p { margin: 0 0 .4rem; }
"""

#: Shows a new answer from its question on. Like the other script of the page, in `ui.copying`, it
#: is a constant that has nothing of anybody's text in it.
SCROLL_TO_QUESTION = """<script>
Array.from(document.querySelectorAll(".ail-question")).pop()?.scrollIntoView();
</script>"""
