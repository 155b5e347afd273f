// The pictures that stand on choices, for those who do not read yet: our own drawings, never emoji.
// A drawing is a list of paths; one that begins with "#" is filled, one with "@" is teal.

const PERSON = (x, y, size) => {
  const r = size * 0.3;
  return [`@M${x - r} ${y} a${r} ${r} 0 1 0 ${2 * r} 0 a${r} ${r} 0 1 0 ${-2 * r} 0`, `M${x - size * 0.55} ${y + size * 1.15} q0 ${-size * 0.7} ${size * 0.55} ${-size * 0.7} q${size * 0.55} 0 ${size * 0.55} ${size * 0.7}`];
};
const DIGIT = { 1: "l3 -2 v14", 2: "q4 -5 7 0 q1 3 -7 11 h8", 3: "q8 -4 7 1 q0 4 -4 4 q5 0 5 4 q0 6 -9 3" };
const PICTURES = {
  alone: [...PERSON(24, 17, 24)],
  animal: ["M12 20 L10 8 L19 13 Q24 11 29 13 L38 8 L36 20 Q40 27 36 34 Q31 41 24 41 Q17 41 12 34 Q8 27 12 20 Z", "#M18 25 h.1", "#M30 25 h.1", "@M21 31 H27 L24 34 Z", "M14 33 L5 31 M34 33 L43 31"],
  again: ["M37 16 A15 15 0 1 0 39 27", "@M39 8 V17 H30"],
  ask: ["M15 44 V30 L11 24 Q10 20 14 21 L18 26 V10 Q20 6 22 10 V22 V7 Q24 3 27 7 V22 V9 Q29 6 32 9 V24 V14 Q34 11 36 14 V32 Q36 38 32 44 Z"],
  ball: ["@M6 24 a18 18 0 1 0 36 0 a18 18 0 1 0 -36 0", "M24 15 L33 21 L29 32 H19 L15 21 Z", "M24 15 V6 M33 21 L41 18 M29 32 L34 39 M19 32 L14 39 M15 21 L7 18"],
  book: ["M24 13 Q15 7 5 10 V38 Q15 35 24 41 Q33 35 43 38 V10 Q33 7 24 13 Z", "@M24 13 V41", "M10 18 Q15 17 19 19", "M29 19 Q34 17 38 18", "M10 25 Q15 24 19 26", "M29 26 Q34 24 38 25"],
  build: ["M6 28 H23 V42 H6 Z", "M25 28 H42 V42 H25 Z", "@M15 12 H33 V26 H15 Z"],
  class: [...PERSON(12, 22, 15), ...PERSON(36, 22, 15), ...PERSON(24, 14, 18)],
  draw: ["M8 40 Q14 26 20 34 T32 30 T42 22", "@M30 8 L38 14 L24 27 L18 28 L18 22 Z"],
  family: [...PERSON(13, 14, 18), ...PERSON(35, 14, 18), ...PERSON(24, 28, 12)],
  flag: ["M12 44 V6", "@M12 8 Q22 3 30 9 Q36 13 42 9 V26 Q34 30 28 25 Q20 21 12 26"],
  food: ["@M24 15 Q13 9 8 19 Q5 31 16 41 Q20 43 24 40 Q28 43 32 41 Q43 31 40 19 Q35 9 24 15 Z", "M24 15 Q23 9 28 5"],
  friend: [...PERSON(15, 18, 20), ...PERSON(33, 18, 20)],
  game: ["M8 8 H40 V40 H8 Z", "#M15 15 h.1", "#M33 15 h.1", "#M24 24 h.1", "#M15 33 h.1", "#M33 33 h.1"],
  grow: ["M24 44 V20", "@M24 26 Q10 26 9 13 Q23 12 24 26 Z", "@M24 20 Q25 6 39 6 Q39 20 24 20 Z", "M12 44 H36"],
  help: ["@M24 41 Q6 29 7 17 Q8 9 16 9 Q22 9 24 16 Q26 9 32 9 Q40 9 41 17 Q42 29 24 41 Z"],
  home: ["M6 24 L24 8 L42 24", "M11 20 V42 H37 V20", "@M20 42 V30 H28 V42"],
  level: ["M8 18 H40", "@M8 30 H40"],
  look: ["M4 24 Q24 4 44 24 Q24 44 4 24 Z", "@M17 24 a7 7 0 1 0 14 0 a7 7 0 1 0 -14 0"],
  machine: ["M6 10 H42 V34 H6 Z", "M18 42 H30 M24 34 V42", "@M16 22 a8 8 0 1 0 16 0 a8 8 0 1 0 -16 0", "M24 10 V14 M24 30 V34 M12 22 H16 M32 22 H36"],
  music: ["M18 36 V10 L38 6 V32", "@M8 36 a5 5 0 1 0 10 0 a5 5 0 1 0 -10 0", "@M28 32 a5 5 0 1 0 10 0 a5 5 0 1 0 -10 0", "M18 18 L38 14"],
  new: ["@M24 4 Q26 22 44 24 Q26 26 24 44 Q22 26 4 24 Q22 22 24 4 Z"],
  note: ["M6 11 H42 V38 H6 Z", "@M6 12 L24 27 L42 12"],
  numbers: [`M6 19 ${DIGIT[1]}`, `@M17 18 ${DIGIT[2]}`, `M33 17 ${DIGIT[3]}`],
  outside: ["@M14 24 a10 10 0 1 0 20 0 a10 10 0 1 0 -20 0", "M24 4 V9 M24 39 V44 M4 24 H9 M39 24 H44 M10 10 L13 13 M35 35 L38 38 M38 10 L35 13 M10 38 L13 35"],
  pencil: ["M10 38 L12 28 L32 8 L40 16 L20 36 Z", "@M27 13 L35 21", "M12 28 L20 36"],
  rest: ["@M34 32 A16 16 0 1 1 22 9 A13 13 0 0 0 34 32 Z", "M32 9 H40 L32 18 H40"],
  run: ["@M26 9 a4 4 0 1 0 8 0 a4 4 0 1 0 -8 0", "M28 16 L22 28 L30 34 V44", "M22 28 L16 38 L8 38", "M28 16 L18 17 L13 24", "M27 20 L33 25 L40 23"],
  show: ["M8 8 H40 V32 H8 Z", "M16 44 L20 32 M32 44 L28 32", "@M13 27 L21 17 L26 23 L30 19 L36 27"],
  smaller: ["M4 24 a11 11 0 1 0 22 0 a11 11 0 1 0 -22 0", "M28 24 H34 M31 20 L35 24 L31 28", "@M38 24 a4 4 0 1 0 8 0 a4 4 0 1 0 -8 0"],
  sound: ["@M7 18 H15 L26 9 V39 L15 30 H7 Z", "M32 18 Q37 24 32 30", "M38 12 Q47 24 38 36"],
  space: ["@M12 24 a12 12 0 1 0 24 0 a12 12 0 1 0 -24 0", "M14 30 Q2 38 4 40 Q8 44 26 32 Q46 18 44 12 Q42 8 33 15", "#M8 8 h.1", "#M40 38 h.1"],
  speech: ["M6 8 H42 V32 H22 L12 42 V32 H6 Z", "@M14 17 H34", "@M14 24 H28"],
  star: ["@M24 5 L30 18 L44 19 L33 28 L37 42 L24 34 L11 42 L15 28 L4 19 L18 18 Z"],
  teacher: [...PERSON(15, 18, 20), "M26 10 H43 V30 H30", "@M32 17 H38 M32 23 H36"],
  time: ["M6 24 a18 18 0 1 0 36 0 a18 18 0 1 0 -36 0", "@M24 12 V24 L32 29"],
  up: ["M6 40 H16 V31 H26 V22 H36 V13", "@M30 12 L37 5 L44 12 M37 5 V24"],
  wait: ["M12 6 H36 M12 42 H36", "M15 6 Q15 18 24 24 Q15 30 15 42", "M33 6 Q33 18 24 24 Q33 30 33 42", "@M19 40 Q24 32 29 40"],
  water: ["@M24 5 Q9 24 9 31 A15 13 0 0 0 39 31 Q39 24 24 5 Z", "M17 32 Q18 37 23 38"],
};

function picture(name, size = 56) {
  return h(
    "svg",
    { viewBox: "0 0 48 48", width: size, height: size, "aria-hidden": "true", class: "wb-picture" },
    (PICTURES[name] ?? []).map((line) => {
      const mark = "#@".includes(line[0]) ? line[0] : "";
      return h("path", { d: mark ? line.slice(1) : line, class: `wb-stroke${mark === "@" ? " wb-tinted" : mark ? " wb-dotted" : ""}` });
    }),
  );
}

// A learner's own symbol beside their name: its elements as data, the drawing's own first.
function symbol([[tag, frame], ...parts]) {
  return h(tag, { ...frame, "aria-hidden": "true", class: "wb-symbol" }, parts.map(([part, given]) => h(part, given)));
}
