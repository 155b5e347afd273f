// An app's page: what Voilà's scripts call, the calm wait before, and the sentence when its kernel is gone.
(() => {
  "use strict";
  const BEAT = 10_000; // ms between two questions whether the kernel lives
  const CUT = 2_500; // ms between two while nobody answers
  const GRACE = 2_000; // ms that one waits for answers to go when the device is handed on
  const LONGEST = 8_000; // ms until a question counts as not answered
  const PAUSE = 1_500; // ms without a key until one has stopped typing
  const PATIENCE = 5_000; // ms until a page without any output is shown as it is

  const at = (id) => document.getElementById(id);

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

  // Voilà's scripts are there before the page is whole, and begin then: for nothing, when it was cut short.
  window.addEventListener("load", (event) => cut() && event.stopImmediatePropagation());

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-reload]")) location.reload();
  });

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
        await fetch(action, asked);
        return location.replace("/");
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
  const handed = () => "handed" in document.body.dataset;
  new BroadcastChannel("workbench").onmessage = () => handed() || location.replace("/"); // this browser was handed over
  window.addEventListener("pagehide", (event) => event.persisted && handed() && document.body.replaceChildren());
  window.addEventListener("pageshow", (event) => event.persisted && handed() && location.reload());

  let asleep = false;
  let missed = 0;
  let asked = 0;
  let typed = 0;
  let next = 0;

  const sleep = (why) => {
    if (asleep) return;
    asleep = true;
    const overlay = at("asleep");
    at("asleep-why").textContent = overlay.dataset[why] || overlay.dataset.lost;
    overlay.addEventListener("cancel", (event) => event.preventDefault());
    const open = () => (Date.now() - typed < PAUSE ? setTimeout(open, 300) : overlay.showModal()); // not into a word
    open();
  };

  const ask = async () => {
    if (asleep) return;
    asked = Date.now();
    const kernel = JSON.parse(at("jupyter-config-data").textContent).kernelId;
    const body = new URLSearchParams({ kernel, hidden: document.hidden ? "1" : "0" });
    const xsrf = document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] || "";
    try {
      const signal = AbortSignal.timeout(LONGEST);
      const answer = await fetch("/alive", { method: "POST", body, headers: { "X-XSRFToken": xsrf }, signal });
      const said = answer.ok ? await answer.json() : { alive: false, why: "lost" };
      if (!said.alive) sleep(said.why);
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

  const soon = (event) => {
    if (event.type === "keydown") typed = Date.now();
    if (Date.now() - asked > 2000) ask();
  };

  const watch = () => {
    if (cut()) return;
    setInterval(() => document.hidden || ask(), BEAT);
    document.addEventListener("visibilitychange", ask);
    window.addEventListener("online", ask);
    document.addEventListener("pointerdown", soon, true);
    document.addEventListener("keydown", soon, true);
    window.addEventListener("pageshow", (event) => event.persisted && ask());
  };
})();
