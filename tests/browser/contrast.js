// The texts, and marks of charts, that stand out too little from what is painted behind them (WCAG
// 2.2: 4.5 for text, 3 for large text, icons and graphics). What is disabled or not shown is exempt.
const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const known = new Map();
const rgba = (css) => {
  if (!known.has(css)) {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = css;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    known.set(css, [r, g, b, a / 255]);
  }
  return known.get(css);
};
const over = (top, below, share) => below.map((part, i) => top[i] * share + part * (1 - share));
const light = (colour) => {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (one, other) => {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
const ancestors = (element) => {
  const found = [];
  for (let one = element; one; one = one.parentElement ?? one.getRootNode().host) found.push(one);
  return found;
};
const opacity = (element) =>
  ancestors(element).reduce((all, one) => all * Number(getComputedStyle(one).opacity), 1);
// A label that hangs out of its parent isn't painted on it.
const ground = (element) => {
  const box = element.getBoundingClientRect();
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  const paper = matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
  return ancestors(element).reverse().reduce((below, one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const around = left <= x && x <= right && top <= y && y <= bottom;
    if (!around && one !== document.documentElement) return below;
    const style = getComputedStyle(one);
    const colour = rgba(style.backgroundColor);
    return over(colour, below, colour[3] * Number(style.opacity));
  }, paper);
};
const shown = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && element.checkVisibility({ visibilityProperty: true })
    && getComputedStyle(element).clipPath === "none" && opacity(element) > 0
    && !element.closest(":disabled, [aria-disabled=true], [inert], script, style, noscript");
};
const poor = [];
const hold = (element, css, behind, least, said) => {
  const colour = rgba(css);
  const painted = over(colour, behind, colour[3] * opacity(element));
  const found = ratio(painted, behind);
  if (found < least) poor.push(`${found.toFixed(2)} of ${least}: ${said.trim().slice(0, 60)}`);
};
const roots = [...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean);
let texts = 0;
for (const element of [document, ...roots].flatMap((root) => [...root.querySelectorAll("*")])) {
  const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  const text = own.map((node) => node.data).join(" ").trim();
  const hint = !element.value && element.placeholder ? element.placeholder : "";
  if ((!text && !hint) || !shown(element)) continue;
  texts += 1;
  const style = getComputedStyle(element);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  const least = large || element.dataset.testid === "stIconMaterial" ? 3 : 4.5;
  let css = element.matches("svg text") ? style.fill : style.color;
  if (hint) css = getComputedStyle(element, "::placeholder").color;
  hold(element, css, ground(element), least, hint || text);
}
let marks = 0;
const chart = "[data-testid='stVegaLiteChart'] svg";
for (const mark of document.querySelectorAll(`${chart} path[role='graphics-symbol']`)) {
  const { fill } = getComputedStyle(mark);
  if (!shown(mark) || fill === "none" || rgba(fill)[3] === 0) continue;
  marks += 1;
  hold(mark, fill, ground(mark.closest("svg")), 3, "a mark of the chart");
}
return { texts, marks, poor: [...new Set(poor)] };
