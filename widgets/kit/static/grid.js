// A picture of many small facts: rows of people, columns in groups, a mark where there is something.

const GRID_BLOCKS = {
  grid(block) {
    const ends = [];
    block.groups.forEach((group) => ends.push((ends.at(-1) ?? 0) + group.terms.length));
    const first = (place) => place === 0 || ends.includes(place);
    const rule = (place) => (first(place) ? "wb-grid-first" : null);
    return h(
      "div",
      { class: "wb-grid", tabindex: "0", role: "region", "aria-label": block.label, "data-key": "grid" },
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h("tr", {}, h("td", {}), block.groups.map((group) => h("th", { scope: "colgroup", colspan: group.terms.length, class: "wb-grid-first" }, group.label))),
          h(
            "tr",
            {},
            h("th", { scope: "col" }, block.corner),
            block.groups.flatMap((group) => group.terms).map((term, place) => h("th", { scope: "col", class: rule(place) }, term)),
          ),
        ),
        h(
          "tbody",
          {},
          h("tr", { class: "wb-grid-total" }, h("th", { scope: "row" }, block.total), block.totals.map((one, place) => h("td", { class: rule(place) }, one))),
          block.rows.map((row) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, row.name),
              row.cells.map((cell, place) =>
                h(
                  "td",
                  { class: rule(place), title: cell.says },
                  h("span", { class: `wb-spot wb-spot-${cell.look || "none"}`, "aria-hidden": "true" }),
                  h("span", { class: "wb-unseen" }, cell.says),
                ),
              ),
            ),
          ),
        ),
      ),
    );
  },
};
