// Getting ready: the dots of the way, and words read aloud by the device's own voice.

const PREPARE_BLOCKS = {
  trail(block) {
    return h(
      "nav",
      { class: "wb-trail", "aria-label": block.label, "data-key": "trail" },
      h("strong", {}, block.who),
      h(
        "ol",
        {},
        block.dots.map((dot) =>
          h(
            "li",
            {},
            h(
              "button",
              { type: "button", class: `wb-dot-button wb-step-${dot.state}`, "data-act": "press", "data-for": dot.name, "aria-label": dot.says, title: dot.says, "aria-current": dot.state === "here" ? "step" : null },
              h("span", { class: "wb-bead", "aria-hidden": "true" }, dot.state === "done" ? tick() : ""),
            ),
          ),
        ),
      ),
    );
  },

  aloud(block) {
    if (!globalThis.speechSynthesis) return null;
    return h(
      "button",
      { type: "button", class: "wb-button wb-secondary wb-aloud", "data-act": "aloud", "data-say": JSON.stringify(block.say) },
      picture("speech", 24),
      h("span", {}, block.label),
    );
  },
};

// Says what stands on a button, or stops when it is saying something.
function readAloud(button, language) {
  const voice = globalThis.speechSynthesis;
  if (voice.speaking) return voice.cancel();
  for (const words of JSON.parse(button.dataset.say)) {
    const said = new SpeechSynthesisUtterance(words);
    said.lang = language || document.documentElement.lang || "en";
    said.rate = 0.9;
    voice.speak(said);
  }
}
