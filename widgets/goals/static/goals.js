// Goals: the board with its strands, the path of days on a card, and what helps with the words.

const STAR = "M24 4 L30 18 L45 19 L33.5 28.5 L37 43 L24 35 L11 43 L14.5 28.5 L3 19 L18 18 Z";
const TRIED = "M24 42 V22 M24 28 Q10 28 9 14 Q23 13 24 28 Z M24 22 Q25 8 38 8 Q38 22 24 22 Z"; // a plant that grows

function drawn(path, kind, size) {
  return h("svg", { viewBox: "0 0 48 48", width: size, height: size, "aria-hidden": "true", class: `wb-sign wb-sign-${kind}` }, h("path", { d: path }));
}

function stop(one, block) {
  const said = [one.on === "today" && block.today, one.day, one.says].filter(Boolean).join(", ");
  const mark = one.feeling in FEELINGS ? face(FEELINGS[one.feeling], 28) : h("i", { class: "wb-days-mark" }, one.kind === "due" && drawn(STAR, "due", 22));
  const label = block.bare ? "" : one.on === "today" ? block.today : ["start", "due"].includes(one.kind) ? one.day : "";
  return h(
    "li",
    { class: `wb-days-${one.kind} wb-days-${one.on}`, title: said },
    h("span", { class: "wb-unseen" }, said),
    h("span", { class: "wb-days-spot", "aria-hidden": "true" }, mark),
    h("span", { class: "wb-days-label", "aria-hidden": "true" }, label),
  );
}

const GOAL_BLOCKS = {
  "goal-board"(block, page) {
    const strands = block.inside ?? [];
    return h(
      "div",
      { class: "wb-goals", style: `--strands:${strands.length}` },
      h(
        "div",
        { class: `wb-strands wb-strands-${Math.min(strands.length, 3)}` },
        block.rows.map((row, place) => h("p", { class: block.bare ? "wb-unseen" : "wb-row-title", "aria-hidden": "true", style: `grid-row:${2 * place + 1}` }, row.title)),
        strands.map((strand, column) => {
          const cells = strand.inside ?? [];
          const rows = cells.map((cell) => block.rows.findIndex((row) => row.id === cell.row));
          return [
            strand.hangs && h("i", { class: "wb-thread", style: `grid-column:${column + 1};grid-row:${2 * rows[0] + 2} / ${2 * rows.at(-1) + 3}` }),
            cells.map((cell, place) =>
              h(
                "section",
                {
                  class: `wb-cell${strand.hangs && place ? " wb-hangs" : ""}`,
                  style: `grid-column:${column + 1};grid-row:${2 * rows[place] + 2}`,
                  "data-key": `${strand.name} ${cell.row}`,
                  "aria-label": [block.rows[rows[place]].title, place && strand.label].filter(Boolean).join(": "),
                },
                (cell.inside ?? []).map((one) => draw(one, page)),
              ),
            ),
          ];
        }),
      ),
    );
  },

  goal(block, page) {
    const quoted = (words) => `${page.words["open-quote"]}${words}${page.words["close-quote"]}`;
    return h(
      "article",
      { class: "wb-goal", "data-key": block.name },
      h(
        "p",
        { class: "wb-goal-facts" },
        h("span", { class: "wb-goal-size" }, block.size),
        block.area && h("span", {}, block.area),
        block.due && h("span", { class: "wb-goal-due" }, block.due),
      ),
      h("h3", { class: "wb-goal-words" }, quoted(block.words)),
      block.why && h("p", { class: "wb-goal-why" }, quoted(block.why)),
      block.changed && h("p", { class: "wb-goal-changed" }, `${block["changed-label"]}: `, quoted(block.changed)),
      (block.inside ?? []).map((one) => draw(one, page)),
    );
  },

  "goal-path": (block) => h("ol", { class: "wb-days", "aria-label": block.label }, block.stops.map((one) => stop(one, block))),

  "check-in": (block, page) => choice(block, page, `wb-faces wb-check-in${block["faces-alone"] ? " wb-alone" : ""}`, (place) => face(FEELINGS[block.options[place].value], 40)),

  examples: (block) =>
    h(
      "div",
      { class: "wb-examples" },
      h("p", { class: "wb-quiet-words" }, block.label),
      h(
        "ul",
        {},
        block.rows.map((row) =>
          h(
            "li",
            {},
            h("span", { class: "wb-vague" }, row.vague),
            h("span", { class: "wb-to", "aria-hidden": "true" }, "→"),
            h("button", { type: "button", class: "wb-chip", "data-act": "put", "data-for": block.to, "data-words": row.good }, row.good),
          ),
        ),
      ),
    ),

  door: (block, page) => h("div", { class: "wb-door", "data-key": block.name }, (block.inside ?? []).map((one) => draw(one, page))),

  advice: (block) =>
    h(
      "div",
      { class: "wb-advice", role: "group", "aria-label": block.label, "data-told": `advice ${block.label}` },
      block.sentences.map((one) => h("p", {}, one)),
    ),

  star: () => drawn(STAR, "met", 56),

  stars: (block) =>
    h(
      "section",
      { class: "wb-stars", "aria-label": block.label },
      h("p", { class: block.bare ? "wb-unseen" : "wb-quiet-words" }, block.label),
      h(
        "ul",
        {},
        block.rows.map((row) =>
          h(
            "li",
            { "data-key": row.name },
            h(
              "button",
              { type: "button", class: "wb-star", "data-act": "press", "data-for": row.name, "aria-label": [row.says, row.learned].filter(Boolean).join(". ") },
              drawn(row.met ? STAR : TRIED, row.met ? "met" : "tried", 32),
              h("span", { class: "wb-star-words" }, row.words),
              row.learned && h("span", { class: "wb-star-learned" }, row.learned),
            ),
          ),
        ),
      ),
    ),
};
