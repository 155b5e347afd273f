// Answers on their way. Each is held on this device until Python says it is saved, so that a reload, a closed lid, a lost
// network or a new server loses nothing; then it is wiped. They go one after the other, in the order they were given.
//
// They lie under the record's opaque name and the page's own, sealed with the record's key: whoever has the device next has
// neither, whatever they open it with. A page holds a lock of that name while it is open: so a page of the same record
// takes over what one that is gone left behind, and a page of any other record never sees it.

const PAUSE = 400; // ms without typing before words go
const PATIENCE = 3000; // ms before one says that something waits
const RETRY = 6000; // ms between attempts
const DAY = 24 * 3600 * 1000;
const KEPT = 30 * DAY; // so long words wait for their owner; shorter than the store knows what arrived
const PLACE = "workbench:outbox:";
const locks = globalThis.navigator?.locks;

class Outbox {
  constructor(model, changed) {
    this.model = model;
    this.changed = changed;
    this.keys = model.get("seals") ?? {};
    this.place = `${PLACE}${model.get("vault")}:${unique()}`;
    this.key = keyOf(this.keys[model.get("vault")]);
    // key -> {key, id, name, value, at, press, since, record, typed, due, stuck, refused, said}
    this.held = new Map();
    this.drafts = new Map();
    this.kept = new Map(); // what is saved and not on the screen yet, by key
    this.unkept = new Set(); // names of drafts that no storage may hold
    this.flying = null; // the one that was sent last: {id, at}
    this.everSaved = false;
    this.cut = !navigator.onLine; // nothing gets through just now
    this.left = new AbortController();
    const closed = new Promise((done) => this.left.signal.addEventListener("abort", done));
    locks?.request(this.place, () => closed);
    this.sought = new Set([this.place]);
    sweep();
    this.seek();
    this.onStorage = ({ key }) => key?.startsWith(PLACE) && this.seek();
    globalThis.addEventListener("storage", this.onStorage);
    this.beat = setInterval(() => this.pump(), 1000);
  }

  // Takes over what pages of this record left behind, as soon as they are gone.
  seek() {
    const former = this.model.get("former") ?? {};
    for (const name of [...Object.keys(this.keys), ...Object.keys(former)]) {
      for (const place of places(`${PLACE}${name}:`)) {
        if (this.sought.has(place)) continue;
        this.sought.add(place);
        const adopt = () => this.adopt(place, former[name] ?? name);
        if (!locks) adopt();
        else locks.request(place, { signal: this.left.signal }, adopt).catch(() => {});
      }
    }
  }

  adopt(place, vault) {
    if (this.left.signal.aborted) return;
    this.sought.delete(place);
    const plain = !place.startsWith(`${PLACE}${vault}:`); // left by a build that sealed nothing
    const left = plain ? bare(place) : read(place, keyOf(this.keys[vault]));
    const late = (this.model.get("earlier") ?? []).includes(vault);
    const mine = this.held;
    this.held = new Map();
    for (const entry of left.held ?? []) {
      if (late && entry.press) continue;
      const age = Date.now() - entry.since;
      const record = entry.record ?? (late ? vault : undefined);
      const key = late ? `${vault} ${entry.key}` : entry.key; // it goes to its record, and is shown on no page of another
      if (age < (entry.press ? DAY / 2 : KEPT) && !mine.has(key)) this.held.set(key, { ...entry, key, record, due: true });
    }
    for (const [key, entry] of mine) this.held.set(key, entry);
    for (const [name, words] of Object.entries((!late && left.drafts) ?? {})) if (!this.drafts.has(name)) this.drafts.set(name, words);
    this.remember();
    forget(place);
    this.pump();
    this.changed();
  }

  // Words that broke a rule of their box stay there; what cannot be kept just now waits until it can.
  remember() {
    const held = [...this.held.values()]
      .filter((entry) => !entry.refused || entry.typed)
      .map(({ key, id, name, value, at, press, since, record, typed, refused, said }) => {
        return { key, id, name, value, at, press, since, record, typed, refused, said: refused && said };
      });
    const drafts = [...this.drafts].filter(([name]) => !this.unkept.has(name));
    if (!this.key || (!held.length && !drafts.length)) forget(this.place);
    else keep(this.place, this.key, { held, drafts: Object.fromEntries(drafts) });
  }

  // An answer that replaces the one before it.
  put(name, value, { wait = 0, key = name, press = false, typed = false } = {}) {
    const before = this.held.get(key);
    for (const entry of this.held.values()) if (entry.key !== key) entry.due = true;
    const since = before && !before.refused ? before.since : Date.now();
    const at = this.model.get("screen").key;
    this.held.set(key, { key, id: unique(), name, value, at, press, since, typed, due: !wait });
    this.kept.delete(key);
    clearTimeout(this.timer);
    if (wait) this.timer = setTimeout(() => this.flush(), wait);
    setTimeout(() => this.changed(), PATIENCE + 50);
    this.remember();
    this.pump();
    this.changed();
  }

  // One more of several.
  add(name, value) {
    this.put(name, value, { key: `${name}#${unique()}` });
  }

  // Something pressed, after what was typed before it. Pressed again while it waits, it is pressed once.
  press(name) {
    if (!this.held.has(`${name}!`)) this.put(name, true, { key: `${name}!`, press: true });
  }

  flush(name) {
    for (const entry of this.held.values()) if (!name || entry.name === name) entry.due = true;
    this.pump();
  }

  // Sends the first that waits, or sends it again when no answer came.
  pump() {
    const next = [...this.held.values()].find((entry) => !entry.stuck && !entry.refused);
    if (!next?.due || (this.flying?.id === next.id && Date.now() - this.flying.at < RETRY)) return;
    this.flying = { id: next.id, at: Date.now() };
    const { id, name, at, press, record } = next;
    // half of a letter, which no message may hold
    const value = typeof next.value === "string" ? next.value.replace(/\p{Surrogate}/gu, "\ufffd") : next.value;
    try {
      this.model.send({ kind: "answer", id, name, value, at, press, record });
    } catch {
      // no connection just now: the next attempt comes by itself
    }
  }

  again() {
    this.flying = null;
    this.pump();
  }

  settle({ id, kind, again, sentence, next }) {
    if (this.flying?.id === id) this.flying = null;
    const entry = [...this.held.values()].find((one) => one.id === id);
    const said = [sentence, next].filter(Boolean).join(" ");
    if (entry && again === "soon") this.flying = { id, at: Date.now() };
    else if (entry && again === "later" && !entry.press) Object.assign(entry, { stuck: true, said }); // until the page is opened anew
    else if (entry && kind === "refused" && entry.key === entry.name) Object.assign(entry, { refused: true, said }); // the words stay in their box
    else if (entry) {
      this.held.delete(entry.key);
      if (kind === "saved" && !entry.press && !entry.record) this.kept.set(entry.key, entry);
      const words = kind === "refused" && !entry.record && entry.key.startsWith(`${entry.name}#`);
      if (words && !this.drafts.has(entry.name)) this.drafts.set(entry.name, entry.value);
    }
    this.everSaved ||= kind === "saved";
    this.remember();
    this.pump();
    this.changed();
  }

  draft(name, words, kept = true) {
    if (!kept) this.unkept.add(name);
    if (words) this.drafts.set(name, words);
    else this.drafts.delete(name);
    this.remember();
  }

  // The screen shows all that was saved.
  drawn() {
    this.kept.clear();
  }

  given(key) {
    return (this.held.get(key) ?? this.kept.get(key))?.value;
  }

  answer(name) {
    return this.given(name);
  }

  picked(name, words) {
    return this.given(`${name}|${words}`)?.picked;
  }

  // What was added to a list and is not in it yet.
  added(name) {
    return [...this.kept.values(), ...this.held.values()].filter((entry) => entry.name === name && entry.key.startsWith(`${name}#`)).map((entry) => entry.value);
  }

  // Why an answer is not kept.
  told(name) {
    const entry = this.held.get(name);
    return entry && !entry.record ? entry.said : undefined;
  }

  // What the page has to say of answers that wait until it is opened anew.
  get stuck() {
    return [...new Set([...this.held.values()].filter((entry) => entry.stuck).map((entry) => entry.said))];
  }

  get waiting() {
    return [...this.held.values()].filter((entry) => !entry.refused);
  }

  waits(name) {
    return this.waiting.some((entry) => entry.name === name && !entry.record && this.late(entry));
  }

  late(entry) {
    return this.cut || Date.now() - entry.since > PATIENCE;
  }

  get status() {
    if (!this.waiting.length) return this.everSaved ? "saved" : "";
    return this.waiting.some((entry) => this.late(entry)) ? "waiting" : "saving";
  }

  // Sends all there is; done when nothing is left that could go.
  async drained() {
    this.flush();
    while (this.waiting.some((entry) => !entry.stuck)) await new Promise((soon) => setTimeout(soon, 40));
  }

  // The form goes away by what was pressed, so nobody hears that it was done; it is not pressed again.
  pressed() {
    const sent = [...this.held.values()].find(({ id, press }) => press && this.flying?.id === id);
    if (sent && this.held.delete(sent.key)) this.remember();
  }

  // Leaves what waits on the device, sealed, and knows it no longer.
  leave() {
    this.close();
    this.held.clear();
    this.kept.clear();
    this.drafts.clear();
    this.keys = this.key = null;
  }

  close() {
    this.flush();
    clearInterval(this.beat);
    clearTimeout(this.timer);
    globalThis.removeEventListener("storage", this.onStorage);
    this.left.abort();
  }
}

function unique() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The device's storage may be full or forbidden: an answer still goes its ordinary way.

function places(record) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(record));
  } catch {
    return [];
  }
}

// Nothing for what somebody changed or put there.
function read(place, key) {
  try {
    return (key && unseal(localStorage.getItem(place), key, place)) || {};
  } catch {
    return {};
  }
}

function bare(place) {
  try {
    return JSON.parse(localStorage.getItem(place)) || {};
  } catch {
    return {};
  }
}

function keep(place, key, what) {
  try {
    localStorage.setItem(place, seal(what, key, place));
  } catch {
    // as above
  }
}

function forget(place) {
  try {
    localStorage.removeItem(place);
  } catch {
    // as above
  }
}

// Takes away what nobody fetched in time.
function sweep() {
  for (const place of places(PLACE)) {
    try {
      const day = sealedOn(localStorage.getItem(place));
      if (day !== null && (day + 1) * DAY + KEPT < Date.now()) forget(place);
    } catch {
      // as above
    }
  }
}
