// The form: draws the screen that Python describes, and listens.

const UNFOLDS = /Mac|iP(hone|ad|od)/.test(navigator.platform); // there the arrows unfold a list
const QUIET = 1500; // ms without anything said until "Saved" is told

let views = 0;

function render({ model, el }) {
  const number = ++views;
  const root = h("div", { class: "wb-form" });
  const status = h("p", { class: "wb-status", role: "status", "aria-live": "off" }); // told after a pause, below
  const teller = new Teller();
  const body = h("div", { class: "wb-body" });
  const cut = h("p", { class: "wb-cut", role: "status" });
  root.append(status, body, cut, teller.region);
  el.append(root);

  const errors = new Map(); // why an answer was refused, by its name
  const half = new Set(); // names of days that are half typed
  const why = {
    get: (name) => errors.get(name) ?? (half.has(name) ? page.words.half : outbox.told(name)),
    has: (name) => Boolean(why.get(name)),
  };
  let key = null;
  let acted = ""; // the name of what was changed or pressed last, but for undoing
  let chosen = null; // the folded list that the keys go through, until one is taken
  let undoing = ""; // the name of the button that undoes, while it is pressed
  let toTell = false; // an answer was given, and nobody was told that it is saved
  let toldState = "";
  let quiet = 0;
  let gone = false; // the page is nobody's any more
  let goTo = null; // the name of what is to have the focus after the next drawing
  let outbox = new Outbox(model, () => key !== null && redraw()); // what it finds at once is in the first drawing
  const reader = new Reader(() => redraw());
  const courier = new Courier(model);
  const board = new Board(root, model, outbox);
  const page = {
    errors: why,
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
    reader,
    get language() {
      return model.get("screen").language || document.documentElement.lang || "en";
    },
    inked: (block) => pad.strokes(block.name),
  };

  const focused = () => root.getRootNode().activeElement;
  const named = (name) => [...root.querySelectorAll("[data-name],[data-draft],[data-for]")].find((one) => [one.dataset.name, one.dataset.draft, one.dataset.for].includes(name));
  const boxOf = ({ dataset: { for: name } }) => [...root.querySelectorAll("[data-name],[data-draft]")].find((one) => [one.dataset.name, one.dataset.draft].includes(name));
  const mine = (element) => {
    const typed = element === focused() && !/^(radio|checkbox)$/.test(element.type) && element.nodeName !== "SELECT";
    return typed || "search" in element.dataset || element === chosen || isHalf(element);
  };

  function redraw() {
    if (gone) return;
    const place = focused();
    const stood = place && place !== body && body.contains(place) && around(place);
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
      half.clear();
      for (const one of wanted.querySelectorAll("[data-lasts]")) {
        const there = [...body.querySelectorAll("[data-lasts]")].find((old) => old.dataset.key === one.dataset.key);
        if (there) morph(there, one, mine);
        if (there) one.replaceWith(there);
      }
      body.replaceChildren(...wanted.childNodes);
    } else morph(body, wanted, mine);
    root.lang = screen.language;
    root.style.setProperty("--size", `${screen.size ?? 16}px`);
    root.classList.toggle("wb-large", (screen.size ?? 16) >= 24);
    root.classList.toggle("wb-grows", Boolean(screen.grows));
    root.classList.toggle("wb-stepper", Boolean(screen.stepper));
    root.classList.toggle("wb-board", "covered" in screen);
    board.drawn();
    body.querySelectorAll("input[type=date]").forEach(unset);
    const said = screen.saves || outbox.status === "waiting" ? (page.words[outbox.status] ?? "") : "";
    if (status.textContent !== said) status.textContent = said;
    status.dataset.state = outbox.status;
    const stuck = outbox.stuck.length > 0 && [...outbox.stuck, page.words.kept];
    const waits = [outbox.cut && page.words.cut, stuck].flat().filter(Boolean).join(" ");
    if (cut.textContent !== waits) cut.textContent = waits;
    body.querySelectorAll("textarea").forEach(grow);
    if (moved) {
      if (root.getBoundingClientRect().top < 0) root.scrollIntoView({ block: "start" });
      body.querySelector("h2")?.focus({ preventScroll: true });
    } else if (goTo) {
      const target = named(goTo);
      if (target && target !== focused()) target.focus();
      if (target) goTo = null;
    }
    if (stood && !moved && !body.contains(focused())) comeBack(stood);
    teller.drawn(body);
    tellSaved();
    key = screen.key;
  }

  // Where the focus was, from near to far: when it is gone, one goes on where it was.
  function around(element) {
    const parents = [];
    for (let one = element.parentElement; one && one !== root; one = one.parentElement) parents.push(one);
    return { element, parents, undone: Boolean(element.closest("[data-undo]")), bars: new Set(body.querySelectorAll("[data-undo]")) };
  }

  function comeBack({ element, parents, undone, bars }) {
    if (body.contains(element) && !element.disabled) return element.focus({ preventScroll: true }); // it only moved
    const bar = [...body.querySelectorAll("[data-undo]")].find((one) => !bars.has(one));
    const before = (undone && acted && named(acted)) || bar?.querySelector("button");
    if (before && !before.disabled) return before.focus();
    for (const one of parents.filter((parent) => parent.isConnected)) {
      const heading = one.querySelector("h2, h3") ?? (one === body && body.querySelector("h1, h2, h3, p"));
      if (!heading) continue;
      if (!heading.hasAttribute("tabindex")) heading.setAttribute("tabindex", "-1");
      return heading.focus({ preventScroll: true });
    }
  }

  // "Saved" is told once, when nothing was said for a while; what waits is told when it does.
  function tellSaved() {
    const state = outbox.status;
    if (state === "waiting" && toldState !== "waiting") teller.say(page.words.waiting);
    if (state === "waiting") toldState = state;
    clearTimeout(quiet);
    if (state !== "saved" || !toTell || !model.get("screen").saves) return;
    const count = teller.count;
    quiet = setTimeout(() => {
      if (outbox.status !== "saved") return;
      toTell = false;
      toldState = "saved";
      if (teller.count === count) teller.say(page.words.saved);
    }, QUIET);
  }

  function unset(box) {
    box.classList.toggle("wb-unset", !box.value && !box.validity.badInput);
  }

  // A day that is half typed has no value, and one without a whole year is none yet.
  function isHalf(box) {
    return box.type === "date" && (box.validity.badInput || (box.value !== "" && Number(box.value.slice(0, 4)) < 2000));
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
    half.delete(name);
    acted = name;
    toTell = true;
    if ("needed" in box.dataset && !box.value.trim() && box === focused()) return;
    outbox.put(name, box.value, { wait, typed: box.type !== "radio" && box.nodeName !== "SELECT" });
  }

  function addFrom(box, stay = true) {
    const words = box.value.trim();
    if (!words) return box.focus();
    const reply = [...root.querySelectorAll("[data-act=reply]")].find((one) => one.dataset.for === box.dataset.draft);
    if (reply) return acts.reply(reply);
    errors.delete(box.dataset.draft);
    acted = box.dataset.draft;
    toTell = true;
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
      if (button.closest("[data-undo]")) undoing = name;
      else acted = name;
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
      acted = name;
      toTell = true;
      outbox.put(name, { words, picked }, { key: `${name}|${words}` });
    },
    day(button) {
      const again = button.getAttribute("aria-pressed") === "true";
      errors.delete(button.dataset.for);
      half.delete(button.dataset.for);
      acted = button.dataset.for;
      toTell = true;
      const box = boxOf(button);
      if (box) box.value = ""; // also what was typed half
      outbox.put(button.dataset.for, again ? "" : button.dataset.words);
    },
    add: (button) => addFrom(boxOf(button)),
    unfold(button) {
      page.opened.add(button.dataset.for);
      redraw();
      [...root.querySelectorAll("[data-pad]")].find((one) => one.dataset.pad === button.dataset.for)?.scrollIntoView({ block: "nearest" });
    },
    unstroke: (button) => redrawn(button.dataset.for, (strokes) => strokes.slice(0, -1)),
    "new-sheet": (button) => redrawn(button.dataset.for, () => []),
    aloud: (button) => reader.press(button.dataset.say, page.language),
    reply({ dataset: { for: name, focus } }) {
      errors.delete(name);
      goTo = focus;
      outbox.put(name, outbox.drafts.get(name) ?? "");
      outbox.draft(name, "");
    },
    cover: (button) => board.cover(button.getAttribute("aria-pressed") !== "true"),
    print(button) {
      pressed = button;
      window.print();
      pressed = null;
    },
    download() {
      const { name, header, rows } = model.get("screen").download;
      download(name, header, rows);
    },
  };

  const block = (name) => (function find(blocks) {
    for (const one of blocks) {
      if (one.name === name) return one;
      const inside = find(one.inside ?? []);
      if (inside) return inside;
    }
    return null;
  })(model.get("screen").blocks ?? []);
  const kept = (name) => block(name) && page.strokes(block(name));
  const pad = new Pad(root, {
    kept,
    keep: (name, strokes) => outbox.put(name, JSON.stringify(strokes), { typed: true }),
    drawn: () => redraw(),
  });
  const redrawn = (name, change) => outbox.put(name, JSON.stringify(change(page.strokes(block(name)))), { typed: true });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button && root.contains(button)) acts[button.dataset.act]?.(button);
  });
  root.addEventListener("input", ({ target }) => {
    if (target.type === "date") unset(target);
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
      if (!isHalf(target)) changed(target); // a year still being typed is no year yet
    } else if (target.type === "radio") changed(target, 0);
    else if (target.nodeName === "SELECT" && chosen !== target) take(target);
  });
  // With the arrows one goes through a folded list; it is taken with Enter or by going on, by a pointer at once.
  const taken = (list) => (list.querySelector("option[selected]") ?? list.options[0])?.value;
  const take = (list) => {
    if (chosen === list) chosen = null;
    outbox.flush(); // it may lead elsewhere: what was typed before goes first
    changed(list, 0);
  };
  root.addEventListener("pointerdown", ({ target }) => target.nodeName === "SELECT" && (chosen = null));
  root.addEventListener("keydown", (event) => {
    const { target, altKey, key: pressed } = event;
    if (target.nodeName !== "SELECT" || !target.dataset.name) return;
    if (pressed === "Enter") {
      if (chosen === target && target.value !== taken(target)) {
        event.preventDefault(); // it need not unfold any more
        take(target);
      }
      chosen = null;
    } else if (altKey || pressed === " " || UNFOLDS) chosen = null; // it unfolds, and one is taken there
    else if (/^(Arrow|Home|End|Page)|^.$/.test(pressed)) chosen = target;
  });
  root.addEventListener("focusout", ({ target }) => {
    const name = target.dataset?.name;
    // typed in from paper, words are added by going on
    if (target.dataset?.draft && target.value.trim() && target.closest(".wb-group-typing")) addFrom(target, false);
    if (!name) return;
    if (chosen === target) {
      chosen = null;
      if (target.value !== taken(target)) take(target);
    }
    if (target.type === "date" && isHalf(target) !== half.has(name)) {
      half[isHalf(target) ? "add" : "delete"](name);
      redraw();
    }
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
  let pressed = null; // which of several sheets is meant
  const beforePrint = () => {
    const around = pressed?.closest(".wb-group-printed") ?? body;
    const agreement = around.querySelector(".wb-group-agreement, .wb-group-papers");
    if (!agreement || paper) return;
    paper = h("div", { class: "wb-form wb-print", style: "--size:16px", "aria-hidden": "true" }, agreement.cloneNode(true));
    document.body.append(paper);
  };
  const afterPrint = () => {
    paper?.remove();
    paper = null;
  };
  const leaving = () => {
    if (chosen) take(chosen);
    outbox.flush();
  };
  const speak = (event) => {
    event.preventDefault(); // it is heard: the page need not be reloaded
    outbox.drained().then(() => model.send({ kind: "speak", language: event.detail })); // picked words are said anew
  };
  const heard = (message) => {
    courier.heard(message);
    if (message.kind === "refused") {
      const about = message.about && named(message.about) ? message.about : "";
      errors.set(about || message.name, `${message.sentence} ${message.next}`.trim());
      if (about) goTo = about;
    }
    if (message.kind === "saved") errors.delete(message.name);
    if (undoing && message.name === undoing) {
      if (message.kind === "saved") teller.say(page.words.undone);
      undoing = "";
    }
    if (message.kind === "saved" || message.kind === "refused") outbox.settle(message);
  };
  // another record: what the one before still holds waits for it
  const refile = () => {
    outbox.close();
    outbox = new Outbox(model, () => redraw());
  };
  const off = () => {
    outbox.cut = true;
    redraw();
  };
  const back = () => {
    outbox.cut = false;
    outbox.again();
    redraw();
  };
  const handOn = ({ detail }) => detail.push(outbox.drained());
  const drawn = () => {
    outbox.drawn();
    redraw();
  };
  // somebody else has the device now: what waits is sealed, and the page has neither it nor its key any more
  const left = () => {
    gone = true;
    outbox.leave();
    errors.clear();
    for (const name of ["screen", "words", "seals", "former"]) model.set(name, {});
    root.replaceChildren();
  };
  model.on("msg:custom", heard);
  for (const one of ["change:screen", "change:drawn"]) model.on(one, drawn);
  model.on("change:vault", refile);
  const onWindow = {
    "workbench:speak": speak,
    pagehide: leaving,
    offline: off,
    online: back,
    "workbench:cut": off,
    "workbench:back": back,
    "workbench:leaving": handOn,
    "workbench:left": left,
    beforeprint: beforePrint,
    afterprint: afterPrint,
  };
  for (const [kind, listener] of Object.entries(onWindow)) window.addEventListener(kind, listener);
  const clock = setInterval(redraw, 20000);
  board.begin();
  redraw();

  return () => {
    reader.close();
    clearTimeout(quiet);
    outbox.pressed();
    outbox.close();
    board.close();
    clearInterval(clock);
    model.off("msg:custom", heard);
    for (const one of ["change:screen", "change:drawn"]) model.off(one, drawn);
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
