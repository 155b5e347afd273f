// Getting ready: the dots of the way, and words read aloud by the device's own voice.

const PREPARE_BLOCKS = {
  trail(block) {
    return h(
      "nav",
      { class: "wb-trail", "aria-label": block.label, "data-key": "trail" },
      h("strong", {}, block.symbol && symbol(block.symbol), block.who),
      h(
        "ol",
        {},
        block.dots.map((dot) =>
          h(
            "li",
            {},
            h(
              "button",
              { type: "button", class: `wb-dot-button wb-step-${dot.state}`, "data-act": "press", "data-for": dot.name, "aria-label": dot.says, title: dot.says, "aria-current": dot.state === "here" ? "step" : null },
              h("span", { class: "wb-bead", "aria-hidden": "true" }, dot.state === "done" ? tick() : ""),
            ),
          ),
        ),
      ),
    );
  },

  // Where one signs on paper, with the class and the school.
  signatures: (block) =>
    h(
      "div",
      { class: "wb-signatures" },
      h("div", { class: "wb-sign-lines" }, block.lines.map((one) => h("p", {}, h("i", {}), one))),
      block.place && h("p", { class: "wb-sign-place" }, block.place),
    ),

  // Pictures that say a sentence; without a voice they show it.
  told(block, page) {
    const speaks = page.reader.speaks(page.language);
    const row = (one) => {
      const say = JSON.stringify([one.says]);
      return h(
        "li",
        {},
        h(
          speaks ? "button" : "div",
          { type: speaks ? "button" : null, class: `wb-told-one${page.reader.reading === say ? " wb-telling" : ""}`, "data-act": speaks ? "aloud" : null, "data-say": speaks ? say : null, title: one.says },
          picture(one.picture),
          h("span", { class: "wb-option", "aria-hidden": "true" }, one.label),
          h("span", { class: "wb-unseen" }, one.says),
        ),
      );
    };
    return h("ul", { class: "wb-told-all", "aria-label": block.label || null }, block.rows.map(row));
  },

  aloud(block, page) {
    const say = JSON.stringify(block.say);
    if (!page.reader.speaks(page.language)) return null;
    return h(
      "button",
      { type: "button", class: "wb-button wb-secondary wb-aloud", "data-act": "aloud", "data-say": say },
      picture("sound", 28),
      h("span", {}, page.reader.reading === say ? block.stop : block.label),
    );
  },
};

// The device's own voice. Some devices have none, or none for the page's language; some are late to tell theirs, lose a
// sentence, or say for ever that they speak: what does not begin, or does not end, is stopped.
class Reader {
  constructor(changed) {
    this.changed = changed;
    this.device = globalThis.SpeechSynthesisUtterance ? globalThis.speechSynthesis : null;
    this.reading = null; // what is read just now, as JSON
    this.device?.addEventListener?.("voiceschanged", changed);
    this.asks = [500, 2500].map((time) => setTimeout(changed, time)); // for those that tell nobody when theirs come
  }

  speaks(language) {
    const first = (tag) => (tag || "").toLowerCase().split(/[-_]/)[0];
    return Boolean(this.device?.getVoices().some((one) => first(one.lang) === first(language)));
  }

  // Reads it, or stops when something is read.
  press(say, language) {
    if (this.reading !== null) return this.stop();
    this.reading = say;
    const stuck = this.device.speaking || this.device.pending;
    if (stuck) this.device.cancel();
    const begin = () => this.reading === say && this.read(JSON.parse(say), language);
    if (stuck) setTimeout(begin, 100);
    else begin();
    this.changed();
  }

  read(every, language) {
    const limit = (time) => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.stop(), time);
    };
    limit(5000);
    every.forEach((words, place) => {
      const said = new SpeechSynthesisUtterance(words);
      said.lang = language;
      said.rate = 0.9;
      said.onstart = () => limit(8000 + 300 * words.length);
      said.onend = () => (place === every.length - 1 ? this.over() : limit(5000));
      said.onerror = () => this.over();
      this.device.speak(said);
    });
  }

  over() {
    clearTimeout(this.timer);
    if (this.reading === null) return;
    this.reading = null;
    this.changed();
  }

  stop() {
    this.device?.cancel();
    this.over();
  }

  close() {
    this.stop();
    this.asks.forEach(clearTimeout);
    this.device?.removeEventListener?.("voiceschanged", this.changed);
  }
}
