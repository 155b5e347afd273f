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
