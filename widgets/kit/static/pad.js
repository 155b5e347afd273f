// Drawing with a finger, a pen or a mouse: points in units of the sheet, a stroke at a time.
//
// One line is drawn at a time, by what touched the sheet first: a second finger or the palm that comes down beside it draws
// nothing and ends nothing. A pen goes before the hand that holds it. A stroke whose end nobody told (a pen out of reach, a
// gesture of the system) is kept as far as it came, and does not swallow the next one.

const PALM = 70; // CSS px: a contact as large as this is no fingertip
const HAND = 1000; // ms after a pen's last word in which a touch is the hand that holds it
const SILENT = 4000; // ms without a word from what draws until another may
const TAP = 12; // units of the sheet: what moved less while a pen comes down was the hand

class Pad {
  // `kept(name)` gives a sheet's strokes, `keep(name, strokes)` keeps them, `drawn()` shows what there is.
  constructor(root, { kept, keep, drawn }) {
    Object.assign(this, { kept, keep, drawn });
    this.stroke = null; // {sheet, name, before, id, type, points, heard}
    this.penned = -Infinity; // when a pen said something last
    const sheetOf = ({ target }) => target.closest?.("[data-pad]");
    root.addEventListener("pointerdown", (event) => sheetOf(event) && this.down(event, sheetOf(event)));
    root.addEventListener("pointermove", (event) => this.move(event));
    for (const kind of ["pointerup", "pointercancel"]) root.addEventListener(kind, (event) => this.up(event));
    root.addEventListener("lostpointercapture", (event) => this.up(event), true);
  }

  down(event, sheet) {
    if (event.button) return;
    event.preventDefault();
    const now = performance.now();
    const pen = event.pointerType === "pen";
    const touch = event.pointerType === "touch";
    if (pen) this.penned = now;
    else if (touch && (now - this.penned < HAND || Math.max(event.width, event.height) > PALM)) return;
    const before = this.stroke;
    const over = before && (before.id === event.pointerId || !touch || !before.sheet.isConnected);
    if (before && !over && now - before.heard < SILENT) return;
    if (before) this.end(pen && before.type === "touch" && this.moved < TAP);
    try {
      sheet.setPointerCapture(event.pointerId);
    } catch {
      // it is up again already
    }
    const name = sheet.dataset.pad;
    const { pointerId: id, pointerType: type } = event;
    this.stroke = { sheet, name, before: this.kept(name) ?? [], id, type, points: [], heard: now };
    this.point(event);
    this.show();
  }

  move(event) {
    if (event.pointerType === "pen") this.penned = performance.now();
    if (event.pointerId !== this.stroke?.id) return;
    if (event.buttons === 0) return this.end(); // it was lifted where nobody saw it
    this.stroke.heard = performance.now();
    this.point(event);
    this.show();
  }

  up(event) {
    if (event.pointerType === "pen") this.penned = performance.now();
    if (event.pointerId === this.stroke?.id) this.end();
  }

  end(nothing = false) {
    const { name, before, points } = this.stroke;
    this.stroke = null;
    if (nothing) this.drawn();
    else this.keep(name, [...(this.kept(name) ?? before), points]); // the sheet may be gone from the page meanwhile
  }

  // A sheet's strokes with the one that is being drawn.
  strokes(name) {
    const kept = this.kept(name) ?? [];
    return this.stroke?.name === name ? [...kept, this.stroke.points] : kept;
  }

  show() {
    const { sheet, name } = this.stroke;
    sheet.firstElementChild.setAttribute("d", lines(this.strokes(name)));
  }

  point({ clientX, clientY }) {
    const { sheet, points } = this.stroke;
    const box = sheet.getBoundingClientRect();
    const { width, height } = sheet.viewBox.baseVal;
    const within = (part, whole) => Math.round(Math.min(1, Math.max(0, part)) * whole);
    const [x, y] = [within((clientX - box.left) / box.width, width), within((clientY - box.top) / box.height, height)];
    const last = points[points.length - 1];
    if (!last || last[0] !== x || last[1] !== y) points.push([x, y]);
  }

  // How far the stroke led from where it began.
  get moved() {
    const [[x, y]] = this.stroke.points;
    return Math.max(...this.stroke.points.map((one) => Math.hypot(one[0] - x, one[1] - y)));
  }
}
