// One function per kind of block: data in, an element out. `page` tells what the browser knows by itself.

function field(block, page, ...parts) {
  const error = page.errors.get(block.name);
  return h(
    "div",
    { class: `wb-field wb-${block.kind}${block.size ? ` wb-${block.size}` : ""}`, "data-key": block.name },
    block.aloud && PREPARE_BLOCKS.aloud(block.aloud, page),
    ...parts,
    page.waits(block.name) && h("p", { class: "wb-waits" }, page.words.waiting),
    h("p", { class: "wb-error", role: "alert", id: page.id(block.name, "error") }, error),
  );
}

function hint(block, page) {
  return block.hint && h("p", { class: "wb-hint", id: page.id(block.name, "hint") }, block.hint);
}

function described(block, page) {
  const ids = [block.hint && page.id(block.name, "hint"), page.errors.has(block.name) && page.id(block.name, "error")];
  return { "aria-describedby": ids.filter(Boolean).join(" ") || null, "aria-invalid": page.errors.has(block.name) && "true" };
}

function chips(words, act, name, label, look) {
  if (!words?.length) return null;
  return h(
    "ul",
    { class: `wb-chips wb-${look}`, "aria-label": label },
    words.map((one) =>
      h("li", {}, h("button", { type: "button", class: "wb-chip", "data-act": act, "data-for": name, "data-words": one }, one)),
    ),
  );
}

// What stands on a choice: its picture, where it has one, over its words.
function shown(option) {
  return [option.picture && picture(option.picture), h("span", { class: "wb-option" }, option.label)];
}

function pictured(block) {
  return block.options.some((one) => one.picture);
}

function radios(block, page, draw) {
  const value = page.answer(block.name) ?? block.value;
  return block.options.map((option, place) =>
    h(
      "label",
      { class: "wb-radio" },
      h("input", {
        type: "radio",
        name: page.id(block.name),
        value: option.value,
        "data-name": block.name,
        checked: option.value === value,
      }),
      h("span", { class: "wb-face-label" }, draw?.(place), shown(option)),
    ),
  );
}

function choice(block, page, look, draw) {
  const value = page.answer(block.name) ?? block.value;
  const other = block.options.some((option) => option.value === value) ? "" : value;
  return field(
    block,
    page,
    h(
      "fieldset",
      { class: `${look}${block.quiet ? " wb-quiet" : ""}`, ...described(block, page) },
      h("legend", {}, block.label),
      h("div", { class: "wb-options" }, radios(block, page, draw)),
      block.own &&
        h(
          "div",
          { class: "wb-own" },
          h("label", { for: page.id(block.name, "own") }, block.own),
          picture("pencil", 32),
          h("input", { type: "text", id: page.id(block.name, "own"), "data-name": block.name, "data-own": true, value: other }),
        ),
    ),
    hint(block, page),
  );
}

const BLOCKS = {
  text(block, page) {
    const value = page.answer(block.name) ?? block.value;
    const id = page.id(block.name);
    const shared = { id, "data-name": block.name, "data-needed": block.needed, ...described(block, page) };
    const box =
      block.size === "aside"
        ? h("input", { type: "text", ...shared, value })
        : h("textarea", { rows: block.size === "line" ? 1 : 2, ...shared, value });
    return field(
      block,
      page,
      h("div", { class: "wb-asked" }, h("label", { for: id }, block.label), hint(block, page)),
      box,
      h(
        "div",
        { class: "wb-suggestions" },
        chips(block.starters, "put", block.name, page.words.starters, "starters"),
        chips(block.options, "put", block.name, page.words.ideas, "ideas"),
      ),
    );
  },

  choice: (block, page) => choice(block, page, pictured(block) ? "wb-faces wb-pictures" : "wb-choices"),
  faces: (block, page) => choice(block, page, "wb-faces", (place) => face(place, 56)),

  day(block, page) {
    const value = page.answer(block.name) ?? block.value;
    const id = page.id(block.name);
    return field(
      { ...block, size: block.quiet ? "beside" : "" },
      page,
      block.chips ? h("p", { class: "wb-label", id }, block.label) : h("label", { for: id }, block.label),
      h(
        "div",
        { class: "wb-day-row", role: block.chips ? "group" : null, "aria-labelledby": block.chips ? id : null },
        block.offer.map((one) =>
          h(
            "button",
            {
              type: "button",
              class: "wb-chip",
              "data-act": "day",
              "data-for": block.name,
              "data-words": one.value,
              "aria-pressed": String(one.value === value),
            },
            one.label,
          ),
        ),
        !block.chips && h("input", {
          type: "date", id, min: block.least || null, "data-name": block.name, "data-unset": page.words["no-day"], ...described(block, page), value,
        }),
        h("span", { class: block.chips ? "wb-unseen" : "wb-said", "aria-live": "polite" }, block.said),
      ),
    );
  },

  menu(block, page) {
    return field(
      block,
      page,
      block.label && h("p", { class: "wb-label", id: page.id(block.name, "label") }, block.label),
      hint(block, page),
      h(
        "ul",
        {
          class: `wb-chips wb-menu-chips${block.board ? " wb-board" : ""}${pictured(block) ? " wb-pictures" : ""}`,
          "aria-labelledby": block.label ? page.id(block.name, "label") : null,
        },
        block.options.map((one) =>
          h(
            "li",
            {},
            h(
              "button",
              {
                type: "button",
                class: one.row ? "wb-chip wb-in-row" : "wb-chip",
                "data-act": "pick",
                "data-for": block.name,
                "data-words": one.value,
                "aria-pressed": String(page.picked(block.name, one.value) ?? one.picked),
              },
              shown(one),
            ),
          ),
        ),
      ),
      block.board && h("p", { class: "wb-row-said", "data-told": `${block.name} row` }, block.says),
      (block.inside ?? []).map((one) => draw(one, page)),
    );
  },

  adder(block, page) {
    const id = page.id(block.name);
    return field(
      block,
      page,
      h(
        "div",
        { class: "wb-adder-row" },
        h("label", { for: id }, block.label),
        picture("pencil", 32),
        h("input", { type: "text", id, "data-draft": block.name, value: page.draft(block.name), ...described(block, page) }),
        h("button", { type: "button", class: "wb-button wb-secondary", "data-act": "add", "data-for": block.name }, page.words.add),
      ),
      page.waits(block.name) && h("ul", { class: "wb-added" }, page.added(block.name).map((words) => h("li", {}, words))),
    );
  },

  tips: (block) =>
    h(
      "div",
      { class: "wb-tips", role: "group", "aria-label": block.label },
      h("p", { class: "wb-quiet-words", "aria-hidden": "true" }, block.label),
      h(
        "ul",
        { class: "wb-chips wb-starters" },
        block.rows.map((row) =>
          h(
            "li",
            {},
            h(
              "button",
              { type: "button", class: "wb-chip", "data-act": "put", "data-for": block.to, "data-words": row.words },
              h("span", {}, h("span", { class: "wb-tip-words" }, row.words), row.why && h("span", { class: "wb-tip-why" }, row.why)),
            ),
          ),
        ),
      ),
    ),

  button(block, page) {
    const error = page.errors.get(block.name);
    const button = h(
      "button",
      {
        type: "button",
        class: `wb-button wb-${block.look || "secondary"}${block.picture ? " wb-pictured" : ""}`,
        "data-act": "press",
        "data-for": block.name,
        "data-focus": block.focus || null,
        "data-key": error ? null : block.name,
        "aria-label": block.says || null,
        "aria-pressed": block.pressed === null || block.pressed === undefined ? null : String(block.pressed),
        disabled: block.off,
      },
      block.picture && picture(block.picture, 40),
      block.label,
    );
    return error ? h("div", { class: "wb-pressed", "data-key": block.name }, button, h("p", { class: "wb-error", role: "alert" }, error)) : button;
  },

  pad(block, page) {
    const strokes = page.strokes(block);
    const open = page.inked(block).length > 0 || page.opened.has(block.name);
    const act = (name, label) => h("button", { type: "button", class: "wb-button wb-link", "data-act": name, "data-for": block.name }, label);
    return field(
      block,
      page,
      open
        ? [
            h(
              "svg",
              { viewBox: `0 0 ${block.width} ${block.height}`, class: "wb-sheet", "data-pad": block.name, role: "img", "aria-label": block.label },
              h("path", { d: lines(page.inked(block)), class: "wb-ink" }),
            ),
            h("div", { class: "wb-pad-row" }, strokes.length > 0 && [act("unstroke", page.words["undo-stroke"]), act("new-sheet", page.words["new-sheet"])]),
          ]
        : h(
            "button",
            { type: "button", class: "wb-button wb-secondary wb-to-draw", "data-act": "unfold", "data-for": block.name },
            picture("draw", 32),
            h("span", {}, block.label),
          ),
    );
  },

  link: (block) =>
    h("a", { class: "wb-button wb-secondary wb-open", href: block.href, target: "_blank", rel: "noopener noreferrer" }, block.label),

  drawing: (block) =>
    h("svg", { viewBox: `0 0 ${block.width} ${block.height}`, class: "wb-sheet wb-small-sheet", "aria-hidden": "true" }, h("path", { d: block.path, class: "wb-ink" })),

  print: (block) => h("button", { type: "button", class: "wb-button wb-secondary", "data-act": "print" }, block.label),

  select(block, page) {
    const value = page.answer(block.name) ?? block.value;
    const id = page.id(block.name);
    return field(
      { ...block, size: "beside" },
      page,
      h("label", { for: id }, block.label),
      h(
        "select",
        { id, "data-name": block.name },
        block.options.map((one) => h("option", { value: one.value, selected: one.value === value }, one.label)),
      ),
    );
  },

  heading(block) {
    return h(
      "div",
      { class: block.unseen ? "wb-heading wb-unseen" : "wb-heading" },
      h(
        `h${block.level}`,
        { tabindex: block.level === 2 ? "-1" : null, "data-told": block.told || null },
        block.symbol && symbol(block.symbol),
        block.number && h("span", { class: "wb-number" }, block.number),
        block.words,
      ),
      block.lead && h("p", { class: "wb-lead" }, block.lead),
    );
  },

  note: (block) => h("p", { class: `wb-note ${block.look && `wb-${block.look}`}`, "data-told": block.look === "done" ? `done ${block.words}` : null }, block.symbol && symbol(block.symbol), block.words),

  // What was done last, and the way back.
  undo: (block, page) =>
    h(
      "div",
      { class: "wb-undo", "data-key": block.name, "data-undo": true },
      h("p", { "data-told": block.name }, block.words),
      block.inside.map((one) => draw(one, page)),
    ),

  quote(block, page) {
    const plain = block.look === "plain";
    const said = plain ? block.words : `${page.words["open-quote"]}${block.words}${page.words["close-quote"]}`;
    return h("p", { class: `wb-quote ${block.look && `wb-quote-${block.look}`}` }, said);
  },

  empty(block, page) {
    return h(
      "div",
      { class: "wb-empty" },
      h("p", { class: "wb-empty-title" }, block.title),
      h("p", {}, block.words),
      (block.inside ?? []).map((one) => draw(one, page)),
    );
  },

  group(block, page) {
    const looks = block.look.split(" ").filter(Boolean).map((look) => `wb-group-${look}`);
    return h(
      "div",
      {
        class: `wb-group ${looks.join(" ")}`,
        "data-key": block.name || null,
        role: block.label ? "group" : null,
        "aria-label": block.label || null,
      },
      block.label && block.look === "list" && h("p", { class: "wb-label", "aria-hidden": "true" }, block.label),
      (block.inside ?? []).map((one) => draw(one, page)),
    );
  },

  facts(block) {
    return h(
      "dl",
      { class: `wb-facts ${block.label ? `wb-${block.label}` : ""}` },
      block.pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), value && h("dd", {}, value))),
    );
  },

  dates(block) {
    return h(
      "ol",
      { class: "wb-dates", "aria-label": block.label },
      block.rows.map((row) =>
        h(
          "li",
          { class: `${row.look ? `wb-stop-${row.look}` : ""}${row.past ? " wb-past" : ""}` },
          h("span", { class: "wb-stop-day" }, row.day),
          h("span", { class: "wb-stop-words" }, row.words),
        ),
      ),
    );
  },

  marks(block) {
    return h(
      "div",
      { class: "wb-marks" },
      block.marks.map((one) => h("span", { title: one.day }, one.feeling in FEELINGS ? face(FEELINGS[one.feeling], 24) : h("i", { class: "wb-dot" }))),
      h("span", { class: "wb-quiet-words" }, block.label),
    );
  },

  ranges(block) {
    const low = Math.min(...block.rows.map((row) => row.low));
    const high = Math.max(...block.rows.map((row) => row.high));
    const place = (value) => 4 + (92 * (value - low)) / Math.max(high - low, 1);
    return h(
      "ol",
      { class: "wb-ranges" },
      block.rows.map((row) =>
        h(
          "li",
          { class: row.now ? "wb-now" : row.expected ? "wb-expected" : null },
          h("span", { class: "wb-range-label", title: row.term }, row.label),
          h(
            "span",
            { class: "wb-range-track", "aria-hidden": "true" },
            h("i", { style: `left:${place(row.low)}%;right:${100 - place(row.high)}%` }),
          ),
          h("span", { class: "wb-range-said" }, row.said),
        ),
      ),
    );
  },

  path(block, page) {
    const dot = (move) =>
      h(
        "li",
        { class: `wb-step-${move.state}` },
        h(
          "button",
          {
            type: "button",
            class: "wb-dot-button",
            "data-act": "press",
            "data-for": move.name,
            "data-key": move.name,
            "aria-label": move.says,
            title: move.title,
            "aria-current": move.state === "here" ? "step" : null,
            disabled: block.closed,
          },
          h("span", { class: "wb-bead", "aria-hidden": "true" }, move.state === "done" ? tick() : move.number),
        ),
      );
    return h(
      "div",
      { class: "wb-top", "data-key": block.name },
      h(
        "div",
        { class: "wb-who" },
        block.way ? [block.symbol && symbol(block.symbol), draw(block.way, page)] : h("strong", {}, block.symbol && symbol(block.symbol), block.who),
        h("span", { class: "wb-quiet-words wb-minutes" }, page.minutes(block.planned)),
        h("div", { class: "wb-tools" }, block.tools.map((one) => draw(one, page))),
      ),
      block.steps.length > 0 && h(
        "nav",
        { "aria-label": block.label },
        h(
          "ol",
          { class: "wb-path" },
          block.steps.map((step) =>
            h(
              "li",
              { class: `wb-leg${step.here ? " wb-leg-here" : ""}`, style: `flex-grow:${step.moves.length}` },
              h("span", { class: "wb-leg-title" }, step.title),
              h("ol", {}, step.moves.map(dot)),
            ),
          ),
        ),
      ),
    );
  },

  // An end to enjoy: stars that come once, and stand still for those who like it so.
  joy: (block) =>
    h(
      "div",
      { class: `wb-joy wb-joy-${block.band}`, role: "status", "data-key": block.name },
      h("span", { class: "wb-joy-stars", "aria-hidden": "true" }, (block.band === "K-2" ? [64, 88, 64] : block.band === "3-5" ? [28, 40, 28] : [28]).map((size) => picture("star", size))),
      h("p", { class: "wb-note wb-done" }, block.words),
    ),

  // A picture with its word, to look at.
  pictured: (block) => h("p", { class: "wb-pictured-words" }, picture(block.picture, 48), h("span", {}, block.words)),

  search(block, page) {
    const id = page.id("search");
    return h(
      "div",
      { class: "wb-field" },
      h("label", { for: id }, block.label),
      h("input", { type: "search", id, "data-search": true, autocomplete: "off", value: page.search }),
    );
  },

  people(block, page) {
    const wanted = page.search.trim();
    const rows = block.rows.filter((row) => isFound(row.label, wanted));
    return h(
      "div",
      { class: "wb-people" },
      h("p", { class: "wb-quiet-words", "data-told": "people" }, rows.length ? (wanted ? "" : block.label) : page.words.nobody),
      h(
        "ul",
        { class: "wb-people-list" },
        rows.map((row) =>
          h(
            "li",
            { "data-key": row.name },
            h(
              "button",
              { type: "button", class: "wb-person", "data-act": "press", "data-for": row.name },
              h("span", {}, row.label),
              row.mark && h("span", { class: "wb-mark" }, row.mark),
            ),
          ),
        ),
      ),
    );
  },

  ...FILE_BLOCKS,
  ...GRID_BLOCKS,
  ...PREPARE_BLOCKS,
  ...GOAL_BLOCKS,
  ...BOARD_BLOCKS,
  ...REPORT_BLOCKS,
};

// The data of a path through strokes, as workbench/ground/strokes.py has it.
function lines(strokes) {
  return strokes.map(([first, ...rest]) => `M${first.join(" ")}${(rest.length ? rest : [first]).map((point) => `L${point.join(" ")}`).join("")}`).join(" ");
}

function tick() {
  return h("svg", { viewBox: "0 0 16 16", width: 16, height: 16 }, h("path", { d: "M3 8.5 L6.5 12 L13 4.5", class: "wb-tick" }));
}

function draw(block, page) {
  return BLOCKS[block.kind]?.(block, page) ?? null;
}
