// On every page, before all else: what is left shows nobody, however the browser keeps it, and comes back as it is now.
(() => {
  "use strict";
  const { handed, posted, root } = document.documentElement.dataset;
  // Emptied when it is left, not when it comes back: a page out of the browser's memory is seen before a script runs.
  const empty = () => document.body.replaceChildren();
  const anew = () => (posted === undefined ? location.reload() : location.replace(root)); // an answer to a form has no address

  window.addEventListener("pagehide", (event) => event.persisted && empty());
  window.addEventListener("pageshow", (event) => event.persisted && anew());
  document.addEventListener("freeze", empty);
  document.addEventListener("resume", anew);

  if (!window.BroadcastChannel) return;
  new BroadcastChannel("workbench").onmessage = () => {
    const app = document.getElementById("jupyter-config-data");
    if (handed !== undefined && !app) return; // the pictures say so themselves, and stay
    empty(); // this browser was handed over, or is on, in another tab
    location.replace(root);
  };
})();
