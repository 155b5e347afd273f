// Five faces, best to hardest, a calm one, and four marks for check-ins: our own drawings, never emoji.

const MOUTHS = [
  "M13 26 Q24 40 35 26 Q24 31 13 26 Z", // a wide smile
  "M15 28 Q24 35 33 28", // a small smile
  "M16 31 L32 31", // level
  "M16 32 Q20 28 24 32 Q28 36 32 32", // wavering
  "M15 34 Q24 26 33 34", // turned down
  "M17 30 Q24 33 31 30", // calm
];
const EYES = [
  (x) => h("path", { d: `M${x - 4} 19 Q${x} 13 ${x + 4} 19`, class: "wb-stroke" }),
  (x) => h("circle", { cx: x, cy: 18, r: 2.6, class: "wb-fill" }),
  (x) => h("circle", { cx: x, cy: 18, r: 2.6, class: "wb-fill" }),
  (x) => h("path", { d: `M${x - 4} 18 Q${x} 22 ${x + 4} 18`, class: "wb-stroke" }),
  (x) => h("circle", { cx: x, cy: 20, r: 2.6, class: "wb-fill" }),
  (x) => h("path", { d: `M${x - 4} 19 H${x + 4}`, class: "wb-stroke" }),
];
const BROWS = [null, null, ["M12 13 L19 11", "M29 12 L36 12"], null, ["M12 15 L19 11", "M29 11 L36 15"]];
const FEELINGS = { great: 0, going: 1, slow: 5, stuck: 4 };

function face(number, size) {
  const kind = Math.min(number, MOUTHS.length - 1);
  return h(
    "svg",
    { viewBox: "0 0 48 48", width: size, height: size, "aria-hidden": "true", class: "wb-drawn-face" },
    h("circle", { cx: 24, cy: 24, r: 21, class: "wb-head" }),
    EYES[kind](17),
    EYES[kind](31),
    (BROWS[kind] ?? []).map((d) => h("path", { d, class: "wb-stroke" })),
    h("path", { d: MOUTHS[kind], class: kind === 0 ? "wb-stroke wb-open" : "wb-stroke" }),
  );
}
