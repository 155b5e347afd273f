// What only My class needs: the way to a learner's conference, the board-safe cover, a week of days, and paper.

const COVERED = "workbench:board-safe"; // remembered, so that a reload never uncovers

const BOARD_BLOCKS = {
  // The workbench's own pages open one of a learner at an address that names nobody; elsewhere Python shows the way.
  start(block) {
    const button = (more) => h("button", { class: `wb-button wb-${block.look}`, "aria-label": block.says || null, ...more }, block.label);
    if (!served() && block.pages) return block.look === "name" ? h("strong", {}, block.label) : null;
    if (!served()) return button({ type: "button", "data-act": "press", "data-for": block.name, "data-key": block.name });
    const told = { app: block.app, learner: block.learner ?? "", quick: Number(block.quick) };
    return h(
      "form",
      { method: "post", action: `${document.documentElement.dataset.root}open`, class: "wb-start", "data-open": true, "data-key": block.name },
      Object.entries(told).map(([name, value]) => h("input", { type: "hidden", name, value })),
      button({ type: "submit" }),
    );
  },

  // Only the workbench's own pages can hand a device over.
  "hand-over": (block) =>
    served() && h("a", { href: `${document.documentElement.dataset.root}tablet?class=${block.class}`, class: "wb-button wb-secondary wb-hand-over", "data-key": block.name }, block.label),

  cover: (block) =>
    h(
      "button",
      { type: "button", class: "wb-button wb-secondary wb-cover", "data-act": "cover", "data-key": "cover", "aria-pressed": String(block.covered), "aria-keyshortcuts": block.key && "Escape" },
      h("span", {}, block.label),
      block.key && h("kbd", { "aria-hidden": "true" }, block.key),
    ),

  tabs: (block) =>
    h(
      "nav",
      { class: "wb-tabs", "aria-label": block.label },
      h(
        "ul",
        {},
        block.tabs.map((one) =>
          h(
            "li",
            {},
            h(
              "button",
              { type: "button", class: "wb-tab", "data-act": "press", "data-for": one.name, "data-key": one.name, "aria-current": one.here ? "page" : null },
              one.label,
              one.count > 0 && h("span", { class: "wb-count" }, one.count),
            ),
          ),
        ),
      ),
    ),

  // What is told aloud when it changes, and read by everybody: a region of its own, the same on each page of the board.
  news: (block) => h("p", { class: "wb-news", role: "status", "data-key": "news", "data-lasts": true }, block.words),

  // A flag of somebody who is named above.
  flag(block, page) {
    return h(
      "div",
      { class: `wb-flag${block.urgent ? " wb-urgent" : ""}`, "data-key": block.name },
      h("div", { class: "wb-flag-top" }, pennant(), h("h4", {}, block.asks), h("span", { class: "wb-flag-when" }, block.urgency), h("span", { class: "wb-quiet-words" }, block.since)),
      block.words && h("p", { class: "wb-quote" }, `${page.words["open-quote"]}${block.words}${page.words["close-quote"]}`),
      block.tried && h("p", { class: "wb-quiet-words" }, block.tried),
      block.inside.map((one) => draw(one, page)),
    );
  },

  // Somebody who calls: the name as the way to their page, why, what to do, and below what was said.
  call: (block, page) => {
    const [way, acts, ...rest] = block.inside;
    return h(
      "div",
      { class: `wb-call${block.urgent ? " wb-urgent" : ""}` },
      h(
        "div",
        { class: "wb-call-top" },
        h("div", { class: "wb-row-words" }, h("h3", { class: "wb-row-who" }, block.symbol && symbol(block.symbol), draw(way, page)), because(block.why)),
        draw(acts, page),
      ),
      rest.map((one) => draw(one, page)),
    );
  },

  // Everybody of a class, a cell each; those whom one looks for, when one does.
  glances: (block, page) => {
    const there = block.rows.map((row, place) => [row, block.inside[place]]).filter(([row]) => isFound(row.who, page.search));
    return h(
      "div",
      { class: "wb-glances-all" },
      h("p", { class: "wb-quiet-words", "data-told": "glances" }, there.length ? "" : page.words.nobody),
      h(
        "ul",
        { class: "wb-glances", "aria-label": block.label, "data-sought": page.search.trim() ? true : null },
        there.map(([row, way]) =>
          h(
            "li",
            { class: `wb-glance${row.urgent ? " wb-urgent" : ""}`, "data-key": way.name },
            h("p", { class: "wb-row-who" }, row.symbol && symbol(row.symbol), draw(way, page), row.call && h("span", { class: "wb-call-kind" }, row.call)),
            row.quote && h("p", { class: "wb-quote" }, `${page.words["open-quote"]}${row.quote}${page.words["close-quote"]}`),
            h(
              "p",
              { class: "wb-glance-foot" },
              row.feeling && h("span", { class: "wb-glance-face" }, face(FEELINGS[row.feeling], 26), h("span", {}, row.face)),
              row.due && h("span", { class: row.late ? "wb-why-amber" : null }, row.due),
              row.talk && h("span", {}, row.talk),
            ),
          ),
        ),
      ),
    );
  },

  // A line of words that is sent with the button even when it is empty.
  reply(block, page) {
    const id = page.id(block.name);
    return field(
      block,
      page,
      h(
        "div",
        { class: "wb-adder-row" },
        h("input", {
          type: "text", id, "data-draft": block.name, "data-unkept": block.unkept, value: page.draft(block.name), "aria-label": block.label, placeholder: block.label, autocomplete: "off",
          ...described(block, page),
        }),
        h("button", { type: "button", class: "wb-button wb-secondary", "data-act": "reply", "data-for": block.name, "data-focus": block.focus || null, "aria-label": block.says }, block.send),
      ),
    );
  },

  list: (block, page) =>
    h(
      block.numbered ? "ol" : "ul",
      { class: `wb-list wb-list-${block.look}`, "aria-label": block.label || null },
      block.inside.map((one) => h("li", { "data-key": one.name || null }, draw(one, page))),
    ),

  // Somebody with the reasons, and what can be done; the name may be a way of its own.
  person: (block, page) => {
    const acts = block.inside ?? [];
    const way = acts.find((one) => one.look === "name");
    return h(
      "div",
      { class: "wb-row" },
      h(
        "div",
        { class: "wb-row-words" },
        h("p", { class: "wb-row-who" }, block.symbol && symbol(block.symbol), way ? draw(way, page) : block.who),
        because(block.why),
      ),
      h("div", { class: "wb-row-acts" }, acts.filter((one) => one !== way).map((one) => draw(one, page))),
    );
  },

  week: (block, page) =>
    h(
      "ol",
      { class: "wb-week", "aria-label": block.label },
      block.inside.map((day) =>
        h(
          "li",
          { class: `wb-day-card${day.today ? " wb-today" : ""}${day.past ? " wb-past-day" : ""}`, "data-key": day.name, "aria-current": day.today ? "date" : null },
          h("h3", {}, h("span", {}, day.label), day.note && h("small", {}, day.note)),
          (day.inside ?? []).map((one) => draw(one, page)),
        ),
      ),
    ),

  planned: (block) =>
    h(
      "ul",
      { class: "wb-planned" },
      block.rows.map((row) =>
        h("li", { class: row.held ? "wb-held" : null }, row.held && tick(), h("span", {}, row.who), row.note && h("small", {}, row.note)),
      ),
    ),

  lines: (block) => h("div", { class: "wb-lines", "aria-hidden": "true", style: `--count:${block.count}` }, Array.from({ length: block.count }, () => h("i"))),

  // What is ringed with a pencil.
  ring: (block) =>
    h(
      "ul",
      { class: `wb-ring${block.faces ? " wb-ring-faces" : ""}` },
      block.options.map((one, place) =>
        h("li", {}, block.faces ? face(place, 40) : block.pictures[place] && picture(block.pictures[place], 32), h("span", {}, one)),
      ),
    ),

  boxes: (block) => h("ul", { class: "wb-boxes" }, block.rows.map((one) => h("li", {}, h("i", { "aria-hidden": "true" }), h("span", {}, one)))),
};

// The reasons why somebody is there, in a line.
function because(why) {
  return why.length > 0 && h("p", { class: "wb-why" }, why.map((one, place) => [place > 0 && " · ", h("span", { class: one.look ? `wb-why-${one.look}` : null }, one.words)]));
}

function served() {
  return document.body.classList.contains("app");
}

function pennant() {
  return h("svg", { viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true", class: "wb-pennant" }, h("path", { d: "M4 18 V2" }), h("path", { d: "M4 3 L16 6.5 L4 10 Z", class: "wb-fill" }));
}

function covered() {
  try {
    return localStorage.getItem(COVERED) === "1";
  } catch {
    return false;
  }
}

// Takes care of a form that is a board. Covering hides the page at once; Python then draws what all may see.
class Board {
  constructor(root, model, outbox) {
    Object.assign(this, { root, model, outbox });
    this.onKey = (event) => {
      if (event.key === "Escape" && this.here && !model.get("screen").covered) this.cover(true);
    };
    this.onSubmit = (event) => {
      if (!("open" in event.target.dataset)) return;
      outbox.flush();
      const xsrf = document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] ?? "";
      event.target.querySelector("[name=_xsrf]")?.remove();
      event.target.append(h("input", { type: "hidden", name: "_xsrf", value: xsrf }));
    };
    this.onMessage = (message) => message.kind === "file" && saveAs(message.name, message.type, message.text);
    root.addEventListener("submit", this.onSubmit);
    model.on("msg:custom", this.onMessage);
    // on a page of ours the key works wherever the focus is; JupyterLab has its own use for it
    this.hears = served() ? document : root;
    this.hears.addEventListener("keydown", this.onKey, true);
  }

  begin() {
    if (this.here && covered() && !this.model.get("screen").covered) this.cover(true);
  }

  get here() {
    return "covered" in this.model.get("screen");
  }

  cover(on) {
    this.root.toggleAttribute("data-hides", on);
    try {
      if (on) localStorage.setItem(COVERED, "1");
      else localStorage.removeItem(COVERED);
    } catch {
      // it is then covered until the next reload
    }
    this.outbox.put("cover", on);
  }

  drawn() {
    const { covered: hidden, up, bell } = this.model.get("screen");
    if (hidden) this.root.removeAttribute("data-hides");
    if (bell && up > this.up) ring();
    this.up = up ?? 0;
  }

  close() {
    this.model.off("msg:custom", this.onMessage);
    this.hears.removeEventListener("keydown", this.onKey, true);
  }
}

// Two soft tones, for a flag that went up while nobody sees whose. A browser that nobody touched yet stays silent.
let sound = null;
function ring() {
  try {
    sound ??= new AudioContext();
    sound.resume();
    for (const [place, pitch] of [660, 880].entries()) {
      const tone = sound.createOscillator();
      const loudness = sound.createGain();
      const begins = sound.currentTime + place * 0.25;
      tone.frequency.value = pitch;
      loudness.gain.setValueAtTime(0.08, begins);
      loudness.gain.exponentialRampToValueAtTime(0.0001, begins + 0.9);
      tone.connect(loudness).connect(sound.destination);
      tone.start(begins);
      tone.stop(begins + 1);
    }
  } catch {
    // a browser without sound still shows the count
  }
}

function saveAs(name, type, text) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
