// The form: draws the screen that Python describes, and listens.

let views = 0;

function render({ model, el }) {
  const number = ++views;
  const root = h("div", { class: "wb-form" });
  const status = h("p", { class: "wb-status", role: "status" });
  const body = h("div", { class: "wb-body" });
  const cut = h("p", { class: "wb-cut", role: "status" });
  root.append(status, body, cut);
  el.append(root);

  const errors = new Map();
  let key = null;
  let goTo = null; // the name of what is to have the focus after the next drawing
  let outbox = new Outbox(model, () => redraw());
  const courier = new Courier(model);
  const board = new Board(root, model, outbox);
  const page = {
    errors,
    search: "",
    get words() {
      return model.get("words");
    },
    id: (...parts) => `wb${number}-${parts.join("-")}`,
    answer: (name) => outbox.answer(name),
    picked: (name, words) => outbox.picked(name, words),
    draft: (name) => outbox.drafts.get(name) ?? "",
    added: (name) => outbox.added(name),
    waits: (name) => outbox.waits(name),
    minutes: (planned) => page.words.minutes.replace("{count}", Math.max(0, Math.floor((Date.now() - since(model)) / 60000))).replace("{planned}", planned),
    opened: new Set(),
    strokes: (block) => JSON.parse((page.answer(block.name) ?? block.value) || "[]"),
  };

  const focused = () => root.getRootNode().activeElement;
  const named = (name) => [...root.querySelectorAll("[data-name],[data-draft],[data-for]")].find((one) => [one.dataset.name, one.dataset.draft, one.dataset.for].includes(name));
  const boxOf = ({ dataset: { for: name } }) => [...root.querySelectorAll("[data-name],[data-draft]")].find((one) => [one.dataset.name, one.dataset.draft].includes(name));
  const mine = (element) => {
    const typed = element === focused() && !/^(radio|checkbox)$/.test(element.type) && element.nodeName !== "SELECT";
    return typed || "search" in element.dataset;
  };

  function redraw() {
    const screen = model.get("screen");
    const moved = key !== null && key !== screen.key;
    const wanted = h(
      "div",
      { class: "wb-body" },
      screen.alert && h("div", { class: "wb-alert", role: "alert" }, h("p", {}, screen.alert.sentence), h("p", {}, screen.alert.next)),
      (screen.blocks ?? []).map((block) => draw(block, page)),
    );
    if (moved) {
      errors.clear();
      body.replaceChildren(...wanted.childNodes);
    } else morph(body, wanted, mine);
    root.lang = screen.language;
    root.style.setProperty("--size", `${screen.size ?? 16}px`);
    root.classList.toggle("wb-large", (screen.size ?? 16) >= 24);
    root.classList.toggle("wb-stepper", Boolean(screen.stepper));
    root.classList.toggle("wb-board", "covered" in screen);
    board.drawn();
    const said = screen.saves || outbox.status === "waiting" ? (page.words[outbox.status] ?? "") : "";
    if (status.textContent !== said) status.textContent = said;
    status.dataset.state = outbox.status;
    body.querySelectorAll("textarea").forEach(grow);
    if (moved) {
      if (root.getBoundingClientRect().top < 0) root.scrollIntoView({ block: "start" });
      body.querySelector("h2")?.focus({ preventScroll: true });
    } else if (goTo) {
      const target = named(goTo);
      if (target && target !== focused()) target.focus();
      if (target) goTo = null;
    }
    key = screen.key;
  }

  function grow(box) {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  // Words of a chip go into the box: in place of another chip's, or after what was typed.
  function put(box, words, others) {
    const starter = /\s*(…|\.\.\.)$/;
    const now = box.value.trim();
    const bare = (text) => text.replace(starter, "").trim();
    const fresh = starter.test(words) ? `${bare(words)} ` : words;
    box.value = !now || others.some((one) => bare(one) === now) ? fresh : `${now} ${fresh}`;
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
    if ("draft" in box.dataset) return outbox.draft(box.dataset.draft, box.value);
    changed(box);
    grow(box);
  }

  function changed(box, wait = PAUSE) {
    const name = box.dataset.name;
    errors.delete(name);
    if ("needed" in box.dataset && !box.value.trim() && box === focused()) return;
    outbox.put(name, box.value, { wait });
  }

  function addFrom(box, stay = true) {
    const words = box.value.trim();
    if (!words) return box.focus();
    const reply = [...root.querySelectorAll("[data-act=reply]")].find((one) => one.dataset.for === box.dataset.draft);
    if (reply) return acts.reply(reply);
    errors.delete(box.dataset.draft);
    outbox.add(box.dataset.draft, words);
    outbox.draft(box.dataset.draft, "");
    box.value = "";
    if (stay) box.focus();
  }

  const acts = {
    press(button) {
      const name = button.dataset.for;
      errors.delete(name);
      goTo = button.dataset.focus ?? null;
      outbox.press(name);
    },
    put(button) {
      const box = boxOf(button);
      const chips = [...root.querySelectorAll("[data-act=put]")].filter((one) => one.dataset.for === button.dataset.for);
      put(box, button.dataset.words, chips.map((one) => one.dataset.words));
    },
    pick(button) {
      const { for: name, words } = button.dataset;
      const picked = button.getAttribute("aria-pressed") !== "true";
      errors.delete(name);
      outbox.put(name, { words, picked }, { key: `${name}|${words}` });
    },
    day(button) {
      const again = button.getAttribute("aria-pressed") === "true";
      errors.delete(button.dataset.for);
      outbox.put(button.dataset.for, again ? "" : button.dataset.words);
    },
    add: (button) => addFrom(boxOf(button)),
    unfold(button) {
      page.opened.add(button.dataset.for);
      redraw();
    },
    unstroke: (button) => redrawn(button.dataset.for, (strokes) => strokes.slice(0, -1)),
    "new-sheet": (button) => redrawn(button.dataset.for, () => []),
    aloud: (button) => readAloud(button, model.get("screen").language),
    reply({ dataset: { for: name, focus } }) {
      errors.delete(name);
      goTo = focus;
      outbox.put(name, outbox.drafts.get(name) ?? "");
      outbox.draft(name, "");
    },
    cover: (button) => board.cover(button.getAttribute("aria-pressed") !== "true"),
    print: () => window.print(),
    download() {
      const { name, header, rows } = model.get("screen").download;
      download(name, header, rows);
    },
  };

  // Drawing: points in units of the sheet, a stroke at a time.
  const block = (name) => (function find(blocks) {
    for (const one of blocks) {
      if (one.name === name) return one;
      const inside = find(one.inside ?? []);
      if (inside) return inside;
    }
    return null;
  })(model.get("screen").blocks ?? []);
  const redrawn = (name, change) => outbox.put(name, JSON.stringify(change(page.strokes(block(name)))));
  let stroke = null;
  const at = ({ clientX, clientY }) => {
    const box = stroke.sheet.getBoundingClientRect();
    const { width, height } = stroke.sheet.viewBox.baseVal;
    const within = (part, whole) => Math.round(Math.min(1, Math.max(0, part)) * whole);
    return [within((clientX - box.left) / box.width, width), within((clientY - box.top) / box.height, height)];
  };
  root.addEventListener("pointerdown", (event) => {
    const sheet = event.target.closest?.("[data-pad]");
    if (!sheet || event.button) return;
    event.preventDefault();
    sheet.setPointerCapture(event.pointerId);
    stroke = { sheet, before: page.strokes(block(sheet.dataset.pad)), points: [] };
    stroke.points.push(at(event));
  });
  root.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    stroke.points.push(at(event));
    stroke.sheet.firstElementChild.setAttribute("d", lines([...stroke.before, stroke.points]));
  });
  const lifted = () => {
    if (!stroke) return;
    const { sheet, points } = stroke;
    stroke = null;
    redrawn(sheet.dataset.pad, (strokes) => [...strokes, points]);
  };
  root.addEventListener("pointerup", lifted);
  root.addEventListener("pointercancel", lifted);

  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button && root.contains(button)) acts[button.dataset.act]?.(button);
  });
  root.addEventListener("input", ({ target }) => {
    if ("search" in target.dataset) {
      page.search = target.value;
      redraw();
    } else if (target.dataset.draft) outbox.draft(target.dataset.draft, target.value, !("unkept" in target.dataset));
    else if (target.nodeName === "TEXTAREA" || target.type === "text") {
      grow(target);
      if (target.dataset.name) changed(target);
    }
  });
  root.addEventListener("change", ({ target }) => {
    if ("files" in target.dataset) {
      courier.take(target.files).then(() => (target.value = ""));
    } else if (!target.dataset.name) return;
    else if (target.type === "date") {
      const year = Number(target.value.slice(0, 4));
      if (!target.value || year > 1999) changed(target); // a year still being typed is no year yet
    } else if (target.type === "radio" || target.nodeName === "SELECT") {
      if (target.nodeName === "SELECT") outbox.flush(); // it may lead elsewhere: what was typed before goes first
      changed(target, 0);
    }
  });
  root.addEventListener("focusout", ({ target }) => {
    const name = target.dataset?.name;
    // typed in from paper, words are added by going on
    if (target.dataset?.draft && target.value.trim() && target.closest(".wb-group-typing")) addFrom(target, false);
    if (!name) return;
    if ("needed" in target.dataset && !target.value.trim() && held(name)) outbox.put(name, target.value);
    outbox.flush(name);
  });
  const held = (name) => (model.get("screen").blocks ?? []).some(function has(block) {
    return (block.name === name && block.value) || (block.inside ?? []).some(has);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.target.dataset.draft) {
      event.preventDefault();
      addFrom(event.target);
    }
  });
  // JupyterLab has shortcuts of its own: what is typed here is not meant for them
  root.addEventListener("keydown", (event) => event.stopPropagation());

  for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
    root.addEventListener(kind, (event) => {
      const place = event.target.closest?.("[data-drop]");
      if (!place) return;
      event.preventDefault();
      place.classList.toggle("wb-over", kind === "dragenter" || kind === "dragover");
      if (kind === "drop") dropped(event.dataTransfer).then((files) => courier.take(files));
    });
  }

  // Paper gets the agreement or the sheets alone: a copy beside the page, whose frames would cut it
  let paper = null;
  const beforePrint = () => {
    const agreement = body.querySelector(".wb-group-agreement, .wb-group-papers");
    if (!agreement || paper) return;
    paper = h("div", { class: "wb-form wb-print", style: "--size:16px", "aria-hidden": "true" }, agreement.cloneNode(true));
    document.body.append(paper);
  };
  const afterPrint = () => {
    paper?.remove();
    paper = null;
  };
  const leaving = () => outbox.flush();
  const speak = (event) => {
    event.preventDefault(); // it is heard: the page need not be reloaded
    outbox.drained().then(() => model.send({ kind: "speak", language: event.detail })); // picked words are said anew
  };
  const heard = (message) => {
    courier.heard(message);
    if (message.kind === "refused") errors.set(message.name, `${message.sentence} ${message.next}`.trim());
    if (message.kind === "saved") errors.delete(message.name);
    if (message.kind === "saved" || message.kind === "refused") outbox.settle(message);
  };
  // another record: what the one before still holds waits for it
  const refile = () => {
    outbox.close();
    outbox = new Outbox(model, () => redraw());
  };
  const off = () => {
    outbox.cut = true;
    cut.textContent = page.words.cut;
    redraw();
  };
  const back = () => {
    outbox.cut = false;
    cut.textContent = "";
    outbox.again();
    redraw();
  };
  const handOn = ({ detail }) => detail.push(outbox.drained());
  const drawn = () => {
    outbox.drawn();
    redraw();
  };
  model.on("msg:custom", heard);
  model.on("change:screen change:drawn", drawn);
  model.on("change:vault", refile);
  const onWindow = {
    "workbench:speak": speak,
    pagehide: leaving,
    offline: off,
    online: back,
    "workbench:cut": off,
    "workbench:back": back,
    "workbench:leaving": handOn,
    beforeprint: beforePrint,
    afterprint: afterPrint,
  };
  for (const [kind, listener] of Object.entries(onWindow)) window.addEventListener(kind, listener);
  const clock = setInterval(redraw, 20000);
  board.begin();
  redraw();

  return () => {
    globalThis.speechSynthesis?.cancel();
    outbox.close();
    board.close();
    clearInterval(clock);
    model.off("msg:custom", heard);
    model.off("change:screen change:drawn", drawn);
    model.off("change:vault", refile);
    afterPrint();
    for (const [kind, listener] of Object.entries(onWindow)) window.removeEventListener(kind, listener);
  };
}

// When this sitting began, the same after a reload.
function since(model) {
  const name = `workbench:${model.get("vault")}:since`;
  try {
    if (!sessionStorage.getItem(name)) sessionStorage.setItem(name, String(Date.now()));
    return Number(sessionStorage.getItem(name));
  } catch {
    return Date.now();
  }
}

export default { render };
