// An app's page: what Voilà's scripts call, the calm wait before, and a new kernel when its own is gone.
(() => {
  "use strict";
  const BEAT = 10_000; // ms between two questions whether the kernel lives
  const CUT = 2_500; // ms between two while nobody answers
  const GRACE = 2_000; // ms that one waits for answers to go when the device is handed on
  const LONGEST = 8_000; // ms until a question counts as not answered
  const PAUSE = 1_500; // ms without a key until one has stopped typing
  const PRESS = 500; // ms until what was pressed is on its way
  const AGAIN = 20_000; // ms within which a page does not renew itself twice
  const ELSEWHERE = 20_000; // ms that another page may take to answer
  const LATER = 30_000; // ms until one is asked again who did not want to
  const HOLD = 8_000; // ms that a finger or an unfinished word can hold a page up
  const NOBODY = 502; // from this status on it is a proxy that answers, or nobody who can
  const UNLOAD = 250; // ms until a page that is left is gone
  const PATIENCE = 5_000; // ms until a page without any output is shown as it is

  const at = (id) => document.getElementById(id);
  const { root } = document.documentElement.dataset; // where our addresses begin

  const show = () => {
    const main = at("rendered_cells");
    if (!main || !main.hidden) return;
    main.hidden = false;
    const started = performance.now();
    const ready = () => {
      if (main.getBoundingClientRect().height < 24 && performance.now() - started < PATIENCE) {
        requestAnimationFrame(ready);
        return;
      }
      at("loading")?.remove();
      watch();
      settle();
    };
    ready();
  };

  // Voilà calls these by name.
  window.voila_process = window.update_loading_text = window.voila_heartbeat = () => {};
  window.voila_finish = window.display_cells = () => (window.themeLoaded ? show() : (window.cellLoaded = true));
  const cut = () => document.querySelector("[data-cut]");
  document.addEventListener("DOMContentLoaded", () => {
    window.voila_finish();
    if (cut()) show();
    setTimeout(show, 30_000); // what can be seen is better than a wait for ever
  });
  window.addEventListener("load", () => {
    setTimeout(() => window.themeLoaded || window.dispatchEvent(new Event("workbench:fails")), 20_000);
  });

  // Voilà's scripts are there before the page is whole, and begin then: for nothing, when it was cut short.
  window.addEventListener("load", (event) => cut() && event.stopImmediatePropagation());

  // Another language: the forms are drawn anew by their kernel, with what was typed; the frame comes from the server.
  const say = async (form, language) => {
    const body = new URLSearchParams(new FormData(form));
    body.set("language", language);
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const heard = answer.ok && !window.dispatchEvent(new CustomEvent("workbench:speak", { cancelable: true, detail: language }));
    if (!heard) return location.reload();
    const page = new DOMParser().parseFromString((await answer.json()).frame, "text/html");
    document.documentElement.lang = language;
    document.title = page.title;
    for (const part of ["a.skip", "header.frame", "#asleep"]) document.querySelector(part).replaceWith(page.querySelector(part));
    document.querySelector(`form.language [value="${language}"]`).focus();
  };
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.language") || !event.submitter) return;
    event.preventDefault();
    say(event.target, event.submitter.value).catch(() => location.reload());
  });

  // The shared tablet. The next person gets a clean screen: what waits goes, or stays on the device for its owner only.
  const after = (time) => new Promise((done) => setTimeout(done, time));
  const handOn = async ({ dataset, action }, body) => {
    asleep = true;
    at("rendered_cells").hidden = true;
    const waits = [];
    window.dispatchEvent(new CustomEvent("workbench:leaving", { detail: waits }));
    await Promise.race([Promise.all(waits), after(GRACE)]);
    window.dispatchEvent(new Event("workbench:left"));
    globalThis.speechSynthesis?.cancel();
    sessionStorage.clear();
    document.title = dataset.goes;
    const note = document.createElement("p");
    note.className = "handing";
    note.setAttribute("role", "status");
    note.textContent = dataset.goes;
    document.body.replaceChildren(note);
    for (;;) {
      try {
        const asked = { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(LONGEST) };
        const answer = await fetch(action, asked);
        if (answer.status >= NOBODY) throw new Error("nobody answers");
        return location.replace(await answer.json().then((told) => told.address, () => root));
      } catch {
        note.textContent = dataset.offline;
        await after(CUT);
      }
    }
  };
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.hand-on")) return;
    event.preventDefault();
    handOn(event.target, new URLSearchParams(new FormData(event.target)));
  });
  const kernel = () => JSON.parse(at("jupyter-config-data").textContent).kernelId;
  const xsrf = () => document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] || "";

  // A page that is left ends its kernel. Voilà's scripts do so before it is sure that one leaves.
  window.addEventListener("beforeunload", () => (leaving = Date.now()));
  window.addEventListener("pagehide", () => {
    asleep = true;
    navigator.sendBeacon(`${root}voila/api/shutdown/${kernel()}`, new URLSearchParams({ _xsrf: xsrf() }));
  });

  let asleep = false; // nothing more is asked: the page is left, handed on or renewed
  let missed = 0;
  let asked = 0;
  let next = 0;
  let leaving = 0; // when one last went somewhere else: the page is here until the other answers
  let busy = 0; // until then whoever is at the page is in the middle of something

  // Where one was, for the page that takes this one's place: a form and its box, no words.
  const PLACE = "workbench:place";
  const boxes = (name) =>
    [...document.querySelectorAll("#rendered_cells :is([data-name], [data-draft])")].filter(({ dataset }) => (dataset.name ?? dataset.draft) === name);
  const keep = () => {
    const box = document.activeElement;
    const name = box?.dataset?.name ?? box?.dataset?.draft;
    const held = name && { name, nth: boxes(name).indexOf(box), long: box.value?.length, caret: box.selectionStart };
    sessionStorage.setItem(PLACE, JSON.stringify({ view: location.href, since: Date.now(), y: scrollY, held }));
  };
  const kept = () => {
    try {
      const place = JSON.parse(sessionStorage.getItem(PLACE)) ?? {};
      return place.view === location.href ? place : {};
    } catch {
      return {};
    }
  };
  const settle = () => {
    const { y, held, since } = kept();
    if (!since || Date.now() - since > AGAIN * 3) return;
    const until = Date.now() + PATIENCE;
    const look = () => {
      const late = Date.now() > until;
      const box = held && boxes(held.name)[held.nth];
      // What was being typed comes out of the device's memory, and never into a box that one is in: it has to be there.
      const there = !held || box?.value?.length === held.long;
      const high = document.documentElement.scrollHeight >= y + innerHeight;
      if (Date.now() < busy || (late && !there)) return;
      if (!late && !(there && high)) return requestAnimationFrame(look);
      scrollTo(0, y);
      box?.focus({ preventScroll: true });
      if (Number.isInteger(held?.caret)) box.setSelectionRange(held.caret, held.caret);
    };
    look();
  };

  // Words that only this page has: those that no device may keep, and those in a widget that is none of ours.
  const only = () =>
    [...document.querySelectorAll("#rendered_cells :is(input:not([type]), input[type=text], textarea)")].some((box) =>
      box.closest(".wb-form") ? "unkept" in box.dataset && box.value : box.value !== box.defaultValue,
    );

  const askFirst = (why) => {
    const overlay = at("asleep");
    at("asleep-why").textContent = overlay.dataset[why] ?? overlay.dataset.lost;
    overlay.showModal();
  };
  const later = ({ target }) => target.id === "asleep" && setTimeout(() => (asleep = false), LATER);
  document.addEventListener("close", later, true);

  // Its kernel is gone. The page is asked for anew in the next pause, and what waits on the device goes by itself then;
  // one that was put to sleep, when somebody is there again.
  const renew = (why) => {
    if (asleep) return;
    asleep = true;
    const act = () => {
      const now = Date.now();
      if (at("rendered_cells")?.hidden ?? true) return; // the device is handed on, or the page left
      if (now < busy) return setTimeout(act, Math.min(busy - now, PAUSE));
      if (now < leaving + ELSEWHERE) return setTimeout(act, PAUSE);
      if (only()) return askFirst("only");
      if (now - (kept().since ?? 0) < AGAIN) return askFirst(why);
      try {
        keep();
      } catch {
        return askFirst(why); // a device that keeps nothing
      }
      location.reload();
    };
    const slept = why === "idle" || why === "room";
    if (!slept || busy > asked) return act();
    const woken = () => {
      for (const kind of ["pointerdown", "keydown"]) document.removeEventListener(kind, woken, true);
      setTimeout(act); // after `soon` has seen it
    };
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, woken, true);
  };

  const ask = async () => {
    if (asleep) return;
    asked = Date.now();
    const body = new URLSearchParams({ kernel: kernel(), hidden: document.hidden ? "1" : "0" });
    try {
      const signal = AbortSignal.timeout(LONGEST);
      const answer = await fetch(`${root}alive`, { method: "POST", body, headers: { "X-XSRFToken": xsrf() }, signal });
      if (answer.status >= NOBODY) throw new Error("nobody answers");
      const said = answer.ok ? await answer.json() : { alive: false, why: "lost" };
      if (!said.alive) renew(said.why);
      else if (missed > 0) window.dispatchEvent(new Event("workbench:back"));
      missed = 0;
    } catch {
      // Nobody answers: a form goes on without, and holds what is said until somebody does.
      missed += 1;
      if (missed === 2) window.dispatchEvent(new Event("workbench:cut"));
      clearTimeout(next);
      next = setTimeout(ask, CUT);
    }
  };

  const soon = ({ type, isComposing }) => {
    const held = type === "pointerdown" || isComposing; // until the finger is lifted, or the word is there
    busy = Date.now() + (held ? HOLD : type.startsWith("pointer") ? PRESS : PAUSE);
    if (Date.now() - asked > 2000) ask();
  };

  const watch = () => {
    if (cut()) return;
    setInterval(() => document.hidden || ask(), BEAT);
    document.addEventListener("visibilitychange", ask);
    window.addEventListener("online", ask);
    // The line to the kernel broke: when nobody answers now either, there is no connection.
    window.addEventListener("workbench:doubt", () => {
      missed ||= 1;
      setTimeout(ask, UNLOAD);
    });
    for (const kind of ["pointerdown", "pointerup", "pointercancel", "keydown", "input", "compositionend"])
      document.addEventListener(kind, soon, true);
  };
})();
