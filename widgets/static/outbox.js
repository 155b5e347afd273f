// Answers on their way. Each is held in the tab's own storage until Python says it is saved,
// so that a reload, a closed lid or a lost network loses nothing; then it is wiped.

const PAUSE = 400; // ms without typing before words go
const PATIENCE = 3000; // ms before one says that something waits
const RETRY = 6000; // ms between attempts

class Outbox {
  constructor(model, changed) {
    this.model = model;
    this.changed = changed;
    this.store = `workbench:${model.get("vault")}`;
    this.held = new Map(); // key -> {name, value, seq, since, again}
    this.drafts = new Map();
    this.timers = new Map();
    this.seq = 0;
    this.count = 0;
    this.everSaved = false;
    this.restore();
    this.retrying = setInterval(() => this.resend(), RETRY);
  }

  restore() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.store) ?? "{}");
      for (const [name, words] of Object.entries(kept.drafts ?? {})) this.drafts.set(name, words);
      for (const [key, entry] of Object.entries(kept.held ?? {})) {
        this.held.set(key, { ...entry, seq: 0, since: Date.now(), again: true });
        this.count = Math.max(this.count, Number(key.split("#")[1] ?? 0));
      }
    } catch {
      sessionStorage.removeItem(this.store);
    }
    for (const key of this.held.keys()) this.send(key);
  }

  remember() {
    try {
      if (!this.held.size && !this.drafts.size) return sessionStorage.removeItem(this.store);
      const held = Object.fromEntries([...this.held].map(([key, { name, value }]) => [key, { name, value }]));
      sessionStorage.setItem(this.store, JSON.stringify({ held, drafts: Object.fromEntries(this.drafts) }));
    } catch {
      // storage is full or forbidden: the answer still goes its ordinary way
    }
  }

  // An answer that replaces the one before it.
  put(name, value, { wait = 0, key = name } = {}) {
    this.held.set(key, { name, value, seq: 0, since: Date.now(), again: true });
    this.remember();
    clearTimeout(this.timers.get(key));
    this.timers.set(key, setTimeout(() => this.send(key), wait));
    this.changed();
  }

  // One more of several.
  add(name, value) {
    this.put(name, value, { key: `${name}#${++this.count}` });
  }

  // Something pressed: what was typed before it goes first.
  press(name) {
    this.flush();
    this.deliver({ kind: "answer", name, value: true, seq: ++this.seq });
  }

  flush(name) {
    for (const [key, entry] of this.held) if (!entry.seq && (!name || entry.name === name)) this.send(key);
  }

  send(key) {
    const entry = this.held.get(key);
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    if (!entry) return;
    entry.seq = ++this.seq;
    this.deliver({ kind: "answer", name: entry.name, value: entry.value, seq: entry.seq });
    setTimeout(() => this.changed(), PATIENCE + 50);
  }

  deliver(message) {
    try {
      this.model.send(message);
    } catch {
      // no connection just now: the next attempt comes by itself
    }
  }

  resend() {
    for (const [key, entry] of this.held) {
      if (entry.again && entry.seq && Date.now() - entry.since > PATIENCE) this.send(key);
    }
  }

  settle({ seq, kind, again }) {
    for (const [key, entry] of this.held) {
      if (entry.seq !== seq) continue;
      if (kind === "saved" || !again) this.held.delete(key);
      else entry.again = again === "soon";
    }
    this.everSaved ||= kind === "saved";
    this.remember();
    this.changed();
  }

  draft(name, words) {
    if (words) this.drafts.set(name, words);
    else this.drafts.delete(name);
    this.remember();
  }

  answer(name) {
    return this.held.get(name)?.value;
  }

  picked(name, words) {
    return [...this.held.values()].findLast((one) => one.name === name && one.value?.words === words)?.value.picked;
  }

  get status() {
    const waiting = [...this.held.values()];
    if (!waiting.length) return this.everSaved ? "saved" : "";
    const late = waiting.some((entry) => Date.now() - entry.since > PATIENCE);
    return late || !navigator.onLine ? "waiting" : "saving";
  }

  close() {
    this.flush();
    clearInterval(this.retrying);
    for (const timer of this.timers.values()) clearTimeout(timer);
  }
}
