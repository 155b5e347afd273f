// Elements from data, and the smallest change that turns one tree into another.
// Words only ever become text nodes and attribute values: nothing here parses HTML.

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = new Set(["svg", "circle", "path", "rect", "line", "g", "ellipse"]);

function h(tag, attributes = {}, ...children) {
  const element = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "value" && tag !== "button" && tag !== "li") element.value = value;
    else if (name === "checked") element.checked = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child === false || child === null || child === undefined || child === "") continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

// Makes `from` like `to` in place. An element for which `mine(element)` holds keeps the value a person gave it.
function morph(from, to, mine) {
  const here = from.getRootNode().activeElement === from; // what has the focus by our doing keeps it
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !(here && name === "tabindex")) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  morphChildren(from, to, mine);
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(from.nodeName) && from.type !== "file" && !mine(from)) {
    if (from.value !== to.value) from.value = to.value;
    if (from.checked !== to.checked) from.checked = to.checked;
  }
}

function morphChildren(from, to, mine) {
  const keyed = new Map();
  for (const child of from.children) if (child.dataset.key) keyed.set(child.dataset.key, child);
  let place = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const key = wanted.dataset?.key;
    let match = null;
    if (key) match = keyed.get(key) ?? null;
    else if (place && !place.dataset?.key && place.nodeName === wanted.nodeName) match = place;
    if (match && match.nodeName === wanted.nodeName) {
      if (match !== place) from.insertBefore(match, place);
      else place = place.nextSibling;
      if (match.nodeType === Node.TEXT_NODE) {
        if (match.data !== wanted.data) match.data = wanted.data;
      } else morph(match, wanted, mine);
    } else from.insertBefore(wanted, place);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

// A name as it is found: without case, accents and apostrophes, however they were typed (workbench/ground/names.py).
function asFound(name) {
  const plain = { ø: "o", đ: "d", ł: "l", ħ: "h", ı: "i", ð: "d", þ: "th", æ: "ae", œ: "oe" };
  const letters = name.normalize("NFKD").replace(/[\u0300-\u036f'’‘‛`´′ʻʼʽʾʿˈʹꞌ＇]/g, "").toLocaleLowerCase();
  return letters.replace(/[øđłħıðþæœ]/g, (letter) => plain[letter]);
}

// Whether a name has every word that was typed, in whichever order.
function isFound(name, typed) {
  const known = asFound(name);
  return asFound(typed).split(/[\s,]+/).every((word) => known.includes(word));
}
