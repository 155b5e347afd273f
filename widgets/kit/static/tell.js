// What is told aloud goes through one region, which is there before its words are: a screen reader may pass over one that
// comes together with them. Each thing is told once, when it comes or changes, however often the page is drawn.

const PAUSE_TO_TELL = 150; // ms; what happens together is told together
const JOINER = "\u2060"; // nobody hears it; in words that stand on the page too, it lets a search find those one sees alone

class Teller {
  constructor() {
    this.region = h("p", { class: "wb-unseen wb-told", role: "status" });
    this.known = null; // what stood on the page to be told: its name and words
    this.next = [];
    this.count = 0;
  }

  // Tells what is new on a page that was drawn; of the first one nothing.
  drawn(body) {
    const found = new Map([...body.querySelectorAll("[data-told]")].map((one) => [one.dataset.told, one.textContent.trim()]));
    for (const [name, words] of found) if (this.known && words && this.known.get(name) !== words) this.say(words.replace(" ", ` ${JOINER}`));
    this.known = found;
  }

  say(words) {
    if (!words || this.next.includes(words)) return;
    this.next.push(words);
    this.count += 1;
    if (this.next.length > 1) return;
    this.region.textContent = ""; // or the same words twice would be told once
    setTimeout(() => (this.region.textContent = this.next.splice(0).join(" ")), PAUSE_TO_TELL);
  }
}
