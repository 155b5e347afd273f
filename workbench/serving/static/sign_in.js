// Hands the key in the address over, out of sight of logs, and takes it off the address.
(() => {
  "use strict";
  const page = document.documentElement;
  const key = /^#key=([\w-]+)$/.exec(location.hash)?.[1] || "";
  page.classList.add("knocking");
  if (key) history.replaceState(null, "", location.pathname + location.search);

  document.addEventListener("DOMContentLoaded", async () => {
    const form = document.querySelector("form");
    const body = new URLSearchParams({ key, _xsrf: form.elements.namedItem("_xsrf").value });
    try {
      // Without a key this asks whether the browser is in already: a link from elsewhere hides its cookie.
      const answer = await fetch("/enter", { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.ok && (await answer.json()).entered) {
        location.replace(location.pathname + location.search);
        return;
      }
      if (answer.ok && key) return location.replace("/?wrong=1"); // a link of a server that ended
    } catch {
      // The form below works without us.
    }
    page.classList.remove("knocking");
  });
})();
