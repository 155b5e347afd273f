// Finding somebody by part of a name, each the way to all there is of them.
(() => {
  "use strict";
  const form = document.querySelector("form.find");
  if (!form) return;
  const box = form.querySelector("input[type=search]");
  const list = form.querySelector("ul");
  const said = form.querySelector("[role=status]");
  const xsrf = form.elements.namedItem("_xsrf").value;
  let wait = 0;

  const show = (found) => {
    list.replaceChildren(
      ...found.map(({ id, name }) => {
        const button = Object.assign(document.createElement("button"), { name: "learner", value: id, textContent: name });
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
    list.hidden = !found.length;
    said.hidden = found.length > 0 || !box.value.trim();
    said.textContent = said.hidden ? "" : box.dataset.none;
  };

  const find = async () => {
    const words = box.value;
    if (!words.trim()) return show([]);
    const body = new URLSearchParams({ words, _xsrf: xsrf });
    const answer = await fetch(`${document.documentElement.dataset.root}find`, { method: "POST", body });
    if (!answer.ok) location.reload();
    else if (words === box.value) show((await answer.json()).learners); // else more was typed meanwhile
  };

  box.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(find, 120);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "learner") return;
    event.preventDefault(); // Enter in the box: whoever is alone there
    const buttons = list.querySelectorAll("button");
    if (buttons.length === 1) buttons[0].click();
  });
  window.addEventListener("pageshow", find); // the browser may have filled in what was typed
})();

// The learners of another class without leaving the page, and what the button will do.
(() => {
  "use strict";
  const form = document.querySelector("form.choose");
  if (!form) return;
  const classes = form.elements.namedItem("class");
  const learners = form.elements.namedItem("learner");
  const start = form.querySelector("button.primary");
  const xsrf = form.elements.namedItem("_xsrf").value;

  const label = () => {
    if (!start) return;
    const started = learners.selectedOptions[0]?.dataset.started === "1";
    start.textContent = started ? start.dataset.continue : start.dataset.start;
  };

  const wait = (waiting) => {
    for (const control of [learners, ...form.querySelectorAll("button")]) control.disabled = waiting;
  };

  const list = (found) => {
    learners.replaceChildren(
      ...found.map(({ id, name, started }) => {
        const option = new Option(name, id);
        if (started) option.dataset.started = "1";
        return option;
      }),
    );
    wait(!found.length);
    label();
  };

  const change = async () => {
    wait(true);
    const body = new URLSearchParams({ class: classes.value, _xsrf: xsrf });
    const answer = await fetch(`${document.documentElement.dataset.root}learners`, { method: "POST", body });
    const asked = body.get("class");
    const found = answer.ok ? (await answer.json()).learners : null;
    if (!found) location.reload();
    else if (asked === classes.value) list(found); // else a later choice is on its way
  };

  classes?.addEventListener("change", change);
  learners.addEventListener("change", label);
  window.addEventListener("pageshow", label); // the browser may have filled in another choice
  label();
})();
