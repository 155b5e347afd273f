// Files: chosen or dropped, sent in pieces, each after the one before has arrived.

const PIECE = 512 * 1024;

class Courier {
  constructor(model) {
    this.model = model;
    this.waiting = null;
  }

  async take(files) {
    const list = [...files];
    if (!list.length) return;
    if (!(await this.say({ kind: "files", files: list.map((file) => ({ name: file.name, size: file.size })) }))) return;
    for (const [place, file] of list.entries()) {
      for (let start = 0; start < file.size || start === 0; start += PIECE) {
        const bytes = await file.slice(start, start + PIECE).arrayBuffer();
        if (!(await this.say({ kind: "piece", file: place, start }, [bytes]))) return;
      }
    }
    this.model.send({ kind: "arrived" });
  }

  say(message, buffers = []) {
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.model.send(message, undefined, buffers);
    });
  }

  heard(message) {
    if (message.kind !== "next") return;
    const resolve = this.waiting;
    this.waiting = null;
    resolve?.(message.go);
  }
}

// The files of what was dropped, those in folders too.
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const found = [];
  const walk = async (entry) => {
    if (entry.isFile) return found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)); // a hundred at a time
      if (!some.length) return;
      for (const one of some) await walk(one);
    }
  };
  for (const entry of entries) await walk(entry);
  return found;
}

// A spreadsheet takes a cell that begins like a formula for one; an apostrophe makes it text.
function cell(value) {
  const words = value === null || value === undefined ? "" : String(value);
  const safe = /^[=+\-@\t\r]/.test(words) ? `'${words}` : words;
  return `"${safe.replaceAll('"', '""')}"`;
}

function download(name, header, rows) {
  const text = "\uFEFF" + [header, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

const FILE_BLOCKS = {
  drop(block, page) {
    const id = page.id("files");
    return h(
      "div",
      { class: "wb-drop", "data-drop": true, "data-key": "drop" },
      h("p", { class: "wb-drop-title", id: `${id}-label` }, block.label),
      h("p", { class: "wb-hint", id: `${id}-hint` }, block.hint),
      h(
        "div",
        { class: "wb-chooser" },
        h("input", { type: "file", id, multiple: true, accept: block.accept, "data-files": true, "aria-labelledby": `${id}-label ${id}-choose`, "aria-describedby": `${id}-hint` }),
        h("label", { class: "wb-button wb-primary", id: `${id}-choose`, for: id }, block.choose),
        h("input", { type: "file", id: `${id}-folder`, webkitdirectory: true, "data-files": true }),
        h("label", { class: "wb-folder", for: `${id}-folder` }, block.folder),
      ),
      h(
        "div",
        { class: "wb-sources" },
        block.sources.map((have) =>
          h(
            "details",
            {},
            h("summary", {}, have.label),
            h("dl", {}, have.from.map((one) => [h("dt", {}, one.name), h("dd", {}, one.where)])),
          ),
        ),
      ),
    );
  },

  progress(block) {
    const whole = block.total ? Math.min(100, Math.round((100 * block.done) / block.total)) : null;
    return h(
      "div",
      { class: "wb-progress", "data-key": "progress" },
      h("p", { "data-told": "bar" }, block.label),
      h("progress", { max: 100, value: whole, "aria-label": block.label, class: whole === null ? "wb-unsure" : null }),
    );
  },

  table(block) {
    return h(
      "div",
      { class: "wb-table", tabindex: "0", role: "region", "aria-label": block.label },
      h(
        "table",
        {},
        h("caption", {}, block.label),
        h("thead", {}, h("tr", {}, block.header.map((one, place) => h("th", { scope: "col", class: block.numbers.includes(place) ? "wb-figure" : null }, one)))),
        h(
          "tbody",
          {},
          block.rows.map((row) =>
            h(
              "tr",
              {},
              row.map((one, place) =>
                h(place ? "td" : "th", { scope: place ? null : "row", class: block.numbers.includes(place) ? "wb-figure" : null, "data-label": block.header[place] }, one),
              ),
            ),
          ),
        ),
      ),
    );
  },

  download: (block) =>
    h("button", { type: "button", class: "wb-button wb-secondary", "data-act": "download", "data-key": "download" }, block.label),
};
