// Checks that run inside a page, each returning sentences. browser.py puts them there; nothing is loaded.

const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [tabindex='0']";

function named(element) {
  const words = (element.getAttribute("aria-label") || element.innerText || element.value || "").trim().slice(0, 50);
  const id = element.id ? `#${element.id}` : "";
  const first = element.classList[0] ? `.${element.classList[0]}` : "";
  return `<${element.localName}${id}${first}>${words ? ` "${words.replace(/\s+/g, " ")}"` : ""}`;
}

// Seen by someone: drawn, not transparent, and not one of the 1 px boxes that only screen readers read.
function seen(element) {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const drawn = element.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.height > 1;
  return drawn && style.clipPath !== "inset(50%)" && style.pointerEvents !== "none";
}

function scrollsItself(element) {
  for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
    if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(at).overflowX)) return true;
  }
  return false;
}

function sidewaysScroll() {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    const out = box.right > root.clientWidth + 1 || box.left < -1;
    return out && seen(element) && !scrollsItself(element);
  });
  const innermost = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
  const where = innermost.slice(0, 10).map((element) => {
    const box = element.getBoundingClientRect();
    return `${named(element)} reaches from ${Math.round(box.left)} to ${Math.round(box.right)} px`;
  });
  return [`The page is ${root.scrollWidth} px wide in a window of ${root.clientWidth}`, ...where];
}

// A radio or checkbox is hit by its label as well, so their boxes count as one.
function targetBox(element) {
  const boxes = [element, ...(element.labels || [])].map((one) => one.getBoundingClientRect());
  const use = ["radio", "checkbox", "file"].includes(element.type) ? boxes : boxes.slice(0, 1);
  return {
    width: Math.max(...use.map((box) => box.right)) - Math.min(...use.map((box) => box.left)),
    height: Math.max(...use.map((box) => box.bottom)) - Math.min(...use.map((box) => box.top)),
  };
}

// WCAG 2.5.8 frees a link whose size the line of a sentence decides.
function inSentence(element) {
  if (element.localName !== "a" || getComputedStyle(element).display !== "inline") return false;
  const block = element.closest("p, li, dd, dt, td, th, label, legend, figcaption, address, caption, div");
  const around = (block?.innerText || "").replace(element.innerText, "").trim();
  return around.length > 0 && /[\p{L}\p{N}]{2}/u.test(around);
}

function smallTargets(least, leastButton) {
  const problems = [];
  for (const element of document.querySelectorAll(CONTROLS)) {
    if (!seen(element) || element.disabled || inSentence(element)) continue;
    const button = element.matches("button, [role=button], input[type=submit], input[type=button]");
    const wanted = button ? leastButton : least;
    const { width, height } = targetBox(element);
    // Half a pixel: browsers round the edges of boxes that are set in rem.
    if (width + 0.5 < wanted || height + 0.5 < wanted) {
      problems.push(`${named(element)} is ${Math.round(width)} by ${Math.round(height)} px, not ${wanted}`);
    }
  }
  return problems;
}

function cutBy(textBox, element) {
  for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
    const style = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    const cutsX = ["hidden", "clip"].includes(style.overflowX);
    const cutsY = ["hidden", "clip"].includes(style.overflowY);
    if (["auto", "scroll"].includes(style.overflowX) || ["auto", "scroll"].includes(style.overflowY)) return null;
    const outX = textBox.right > box.right + 1 || textBox.left < box.left - 1;
    // Line boxes of generous fonts stick out of tight lines without their letters doing so.
    const outY = textBox.bottom > box.bottom + textBox.height / 4 || textBox.top < box.top - textBox.height / 4;
    if ((cutsX && outX) || (cutsY && outY)) return at;
    if (style.position === "fixed") return null;
  }
  return null;
}

function hiddenFromSight(element) {
  for (let at = element; at; at = at.parentElement) {
    const box = at.getBoundingClientRect();
    const style = getComputedStyle(at);
    if (style.clipPath === "inset(50%)" || (box.width <= 1 && style.overflowX === "hidden")) return true;
  }
  return !element.checkVisibility({ visibilityProperty: true });
}

function clippedText() {
  const problems = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const words = walker.currentNode.data.trim();
    if (!words || hiddenFromSight(element) || element.closest("script, style, option, textarea, svg")) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) {
      const cut = cutBy(box, element);
      if (cut) problems.add(`"${words.slice(0, 50)}" is cut off by ${named(cut)}`);
    }
  }
  return [...problems];
}

function headingProblems() {
  const problems = [];
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((one) => one.checkVisibility());
  const firsts = headings.filter((one) => one.localName === "h1").length;
  if (firsts !== 1) problems.push(`There are ${firsts} h1 headings`);
  // What is wrong or urgent is said in an h2 before the page's own h1, as GOV.UK does.
  headings.forEach((one, at) => {
    const before = at ? Number(headings[at - 1].localName[1]) : 1;
    if (Number(one.localName[1]) > before + 1) problems.push(`${named(one)} follows an h${before}`);
  });
  if (!document.title.trim()) problems.push("The page has no title");
  return problems;
}

function repeatedNames() {
  const places = new Map();
  for (const link of document.querySelectorAll("a[href]")) {
    const name = (link.getAttribute("aria-label") || link.textContent).replace(/\s+/g, " ").trim();
    // A link in a drawing has its address in baseVal, as it was written; that of others is whole, or is no address.
    const drawn = link.href.baseVal;
    const address = drawn === undefined ? link.href : new URL(drawn, document.baseURI).href;
    if (link.checkVisibility() && name) places.set(name, (places.get(name) || new Set()).add(address));
  }
  return [...places].filter(([, to]) => to.size > 1).map(([name, to]) => `"${name}" leads to ${[...to].join(" and ")}`);
}

// How an element looks where focus may show: itself, its drawn parts, and the label that draws a radio.
function look(element) {
  const parts = [element, ...(element.labels || [])];
  return parts.flatMap((one) => [null, "::before", "::after"].map((pseudo) => {
    const style = getComputedStyle(one, pseudo);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    const clear = /rgba\(.*, 0\)$/.test(style.outlineColor);
    const outline = outlined && !clear ? `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}` : "";
    return [outline, style.boxShadow, style.backgroundColor, style.borderColor, style.borderWidth].join("|");
  })).join("/");
}

function rememberUnfocused() {
  document.activeElement?.blur?.();
  window.scrollTo(0, 0);
  window.unfocusedLooks = new Map([...document.querySelectorAll(CONTROLS)].map((one) => [one, look(one)]));
  window.focusVisited = new Set();
  window.focusLast = null;
}

function covered(element) {
  const box = element.getBoundingClientRect();
  const inset = 2;
  const points = [
    [box.left + box.width / 2, box.top + box.height / 2],
    [box.left + inset, box.top + inset], [box.right - inset, box.top + inset],
    [box.left + inset, box.bottom - inset], [box.right - inset, box.bottom - inset],
  ].filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
  if (!points.length) return "lies outside the window";
  const mine = [element, ...(element.labels || [])];
  const hit = points.map(([x, y]) => document.elementFromPoint(x, y));
  const free = hit.some((top) => top && mine.some((one) => one.contains(top) || top.contains(one)));
  return free ? "" : `is under ${named(hit.find(Boolean) || document.body)}`;
}

function focusStop() {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) {
    return { over: true, name: "", problems: [] };
  }
  if (window.focusVisited.has(at)) {
    const caught = window.focusLast === at;
    return { over: true, name: named(at), problems: caught ? [`${named(at)} keeps the focus`] : [] };
  }
  window.focusVisited.add(at);
  window.focusLast = at;
  const problems = [];
  const hidden = covered(at);
  if (hidden) problems.push(`${named(at)} has the focus and ${hidden}`);
  if (window.unfocusedLooks.get(at) === look(at)) problems.push(`${named(at)} looks the same with the focus as without`);
  return { over: false, name: named(at), problems };
}
