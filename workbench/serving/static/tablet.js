// The shared tablet's own pages: they lead on without leaving a page of anybody behind in the history.
(() => {
  "use strict";
  const { root } = document.documentElement.dataset;
  // Pages of the educator's that are open in other tabs give way.
  if (window.BroadcastChannel) new BroadcastChannel("workbench").postMessage("handed");

  const lead = async (form, submitter) => {
    const body = new URLSearchParams(new FormData(form));
    if (submitter?.name) body.set(submitter.name, submitter.value);
    const said = document.getElementById("cut");
    if (said) said.textContent = "";
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      location.replace(answer.ok ? (await answer.json()).address : root);
    } catch {
      if (said) said.textContent = said.dataset.says;
    }
  };

  document.addEventListener("submit", (event) => {
    if (!["mine", "next", "take-back"].includes(new URL(event.target.action).pathname.slice(root.length))) return;
    event.preventDefault();
    lead(event.target, event.submitter);
  });
})();
