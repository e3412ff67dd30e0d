// Heat maps of gates and states over one shared time axis, with the input above and one unit's lines below.
// One cursor (unit, step) belongs to all of them; canvases that carry the same `link` share it.
//
// data: bytes. uint32 (little endian) length of a JSON header, the header, zeros up to a multiple of 8, then the arrays that
// the header names by [offset, length] in bytes, counted from the end of the padding. The maps' arrays are a block of their
// own at the very end, which is left out (header.planes.sent = false) when the page knows that it lies here already.
//
// header = {
//   alt, link: name shared with other canvases (or ""), brush: whether Shift and drag reports a span,
//   steps: columns of the maps, rows: [unit numbers from top to bottom], groups: [{ start: row, label }],
//   per_column: input steps that one column stands for, horizon: input steps after the last column,
//   times: [offset, length] of float64, one per input step (context, then horizon): ms since 1970, or numbers,
//   x_kind: "time" | "number", x_label: text, words: [text of each column] or [],
//   cursor: { unit, step }, spans: [{ start, end, label }] shaded columns, highlight: [units] marked at the left edge,
//   input: null | { title, lines: [{ name, color, dashed, at: [offset, length] of float32, one per input step, NaN = gap }] },
//   planes: { id, start, sent }: name of the maps' block, and where it begins; maps count from there,
//   answer: number of the last pick that the page knew of,
//   maps: [{ name, label, low, high, scale: "gate" | "state", at: [offset, length] of uint8, row by row, 255 = missing,
//            summary: null | [offset, length] of uint8, one per row }],
//   lines: [{ title, low, high, traces: [{ name, color, at, band_low, band_high: [offset, length] of float32 }] }],
//   row_height, scales: { gate: [[share, "#rrggbb"], …], state: … }, missing, unit_color: colours,
// }
//
// What the user picks is reported as the state "selected": { unit, step, number, has }, where `has` names the block of maps
// that lies here, and as "span": [start, end] where brushing is on.

import "./ticks.js"; // named here so that all files are asked for at once, not one after the other
import { listen } from "./trace_pointer.js";
import { drawBase, drawOverlay, layout } from "./trace_paint.js";

const charts = new WeakMap(); // parent element → canvas
const linked = new Map(); // link → set of canvases
const blocks = new Map(); // id → bytes of the maps; outlives a canvas that is drawn anew
const MOST_BLOCKS = 4;
const KEY_PAUSE = 250; // ms after the last key before the page is told

export default function ({ data, parentElement, setStateValue }) {
  if (!data?.byteLength) return; // only to have the scripts fetched
  let chart = charts.get(parentElement);
  if (chart && !chart.root.isConnected) {
    chart.destroy();
    chart = null;
  }
  if (!chart) charts.set(parentElement, (chart = new TraceCanvas(parentElement)));
  chart.receive(data, setStateValue);
  return () => setTimeout(() => chart.root.isConnected || chart.destroy(), 1000);
}

// The header with its arrays; null if its maps should lie here and do not.
function parse(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), length = view.getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const start = 4 + length + ((8 - ((4 + length) % 8)) % 8);
  const whole = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice(); // typed arrays need aligned memory
  const cut = ([offset, size], Kind) => new Kind(whole.buffer, whole.byteOffset + start + offset, size / Kind.BYTES_PER_ELEMENT);
  const { planes } = header;
  if (planes.sent) {
    blocks.delete(planes.id);
    blocks.set(planes.id, whole.slice(start + planes.start)); // a copy: the message itself can go
    if (blocks.size > MOST_BLOCKS) blocks.delete(blocks.keys().next().value);
  }
  const block = blocks.get(planes.id);
  if (!block) return null;
  header.times = cut(header.times, Float64Array);
  for (const line of header.input?.lines ?? []) line.values = cut(line.at, Float32Array);
  for (const map of header.maps) {
    map.values = block.subarray(map.at[0], map.at[0] + map.at[1]);
    map.mean = map.summary && block.subarray(map.summary[0], map.summary[0] + map.summary[1]);
  }
  for (const panel of header.lines) {
    for (const trace of panel.traces) {
      trace.values = cut(trace.at, Float32Array);
      trace.low = cut(trace.band_low, Float32Array);
      trace.high = cut(trace.band_high, Float32Array);
    }
  }
  return header;
}

class TraceCanvas {
  constructor(parent) {
    this.root = parent.querySelector(".trace-canvas");
    this.root.replaceChildren();
    const add = (tag, name, to) => to.appendChild(Object.assign(document.createElement(tag), { className: name }));
    this.bar = add("div", "bar", this.root);
    this.readout = add("span", "readout", this.bar);
    this.tools = add("span", "tools", this.bar);
    this.nearButton = add("button", "", this.tools);
    this.nearButton.textContent = "Zoom in";
    this.resetButton = add("button", "", this.tools);
    this.resetButton.textContent = "Show all";
    this.saveButton = add("button", "", this.tools);
    this.saveButton.textContent = "Save picture";
    this.stage = add("div", "stage", this.root);
    this.base = add("canvas", "base", this.stage);
    this.overlay = add("canvas", "overlay", this.stage);
    this.hint = add("div", "hint", this.root);
    Object.assign(this.overlay, { tabIndex: 0 });
    this.overlay.setAttribute("role", "img");
    this.zoom = null; // [first, last] columns, or null for all
    this.cursor = { unit: 0, step: 0 };
    this.number = 0; // of picks
    this.hover = null; // { x, y } pixels
    this.brushed = null; // [start, end] columns being brushed
    this.watch = new ResizeObserver(() => this.redraw());
    this.watch.observe(this.root);
    this.nearButton.onclick = () => this.nearer();
    this.saveButton.onclick = () => this.save();
    this.resetButton.onclick = () => this.zoomTo(null);
    listen(this);
  }

  destroy() {
    this.watch.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    linked.get(this.link)?.delete(this);
  }

  receive(data, setStateValue) {
    this.tell = setStateValue;
    const before = this.header, header = parse(data);
    if (!header) return this.report({ has: "" }); // then it is sent again
    this.header = header;
    if (header.link !== this.link) {
      linked.get(this.link)?.delete(this);
      this.link = header.link;
      if (this.link) linked.set(this.link, (linked.get(this.link) ?? new Set()).add(this));
    }
    if (before && before.steps !== header.steps) this.zoom = null;
    if (!this.timer && header.answer >= this.number) this.cursor = { ...header.cursor }; // else the user has moved on meanwhile
    this.overlay.setAttribute("aria-label", header.alt);
    this.hint.textContent = header.brush
      ? "Click picks unit and step · arrow keys move · drag zooms · Shift and drag marks a span · double-click shows all"
      : "Click picks unit and step · arrow keys move (Shift: by ten) · drag zooms · double-click shows all";
    this.redraw();
  }

  // ---- moving ---------------------------------------------------------------------------------------

  get range() {
    const end = this.header.steps + this.header.horizon / this.header.per_column;
    return this.zoom ?? [0, end];
  }

  place(cursor, { from = null, pause = 0 } = {}) {
    const { header } = this, step = Math.min(Math.max(cursor.step, 0), header.steps - 1);
    const unit = header.rows.includes(cursor.unit) ? cursor.unit : this.cursor.unit;
    if (step === this.cursor.step && unit === this.cursor.unit) return;
    this.cursor = { unit, step };
    if (this.zoom && (step < this.zoom[0] || step + 1 > this.zoom[1])) {
      const width = this.zoom[1] - this.zoom[0], first = Math.max(0, Math.min(step + 0.5 - width / 2, header.steps - width));
      this.zoomTo([first, first + width]);
    }
    this.redrawOverlay();
    if (from) return; // the canvas that was moved tells the page
    for (const other of linked.get(this.link) ?? []) {
      const time = this.timeOf(step);
      if (other !== this && other.covers(time)) other.place({ unit: other.cursor.unit, step: other.columnAt(time) }, { from: this });
    }
    this.number += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.report({ has: this.header.planes.id });
    }, pause);
  }

  report(more) {
    this.tell("selected", { ...this.cursor, number: this.number, ...more });
  }

  // Where a column lies on the axis that linked canvases share, and back.
  timeOf(column) {
    return this.header.times[Math.min(this.header.times.length - 1, column * this.header.per_column)];
  }

  // Whether a time is one of those that are read; with `ahead` also of those that are forecast.
  covers(time, ahead = false) {
    const { times, steps, per_column } = this.header;
    return time >= times[0] && time <= times[ahead ? times.length - 1 : steps * per_column - 1];
  }

  columnAt(time) {
    const { times, per_column } = this.header;
    let low = 0, high = times.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (times[middle] <= time) low = middle;
      else high = middle - 1;
    }
    return Math.floor(low / per_column);
  }

  step(by, pause = KEY_PAUSE) {
    this.place({ unit: this.cursor.unit, step: this.cursor.step + by }, { pause });
  }

  nextUnit(by) {
    const { rows } = this.header, row = rows.indexOf(this.cursor.unit);
    this.place({ unit: rows[Math.min(Math.max(row + by, 0), rows.length - 1)], step: this.cursor.step }, { pause: KEY_PAUSE });
  }

  zoomTo(range, from = null) {
    this.zoom = range;
    this.redraw();
    if (from) return;
    for (const other of linked.get(this.link) ?? []) {
      if (other === this) continue;
      const whole = other.header.steps, times = range && [this.timeOf(Math.floor(range[0])), this.timeOf(Math.ceil(range[1]) - 1)];
      if (times && !times.every((time) => other.covers(time, true))) continue; // it has no such columns, and would show others
      const ends = times && [other.columnAt(times[0]), other.columnAt(times[1]) + 1];
      other.zoomTo(ends && ends[1] - ends[0] < whole ? ends : null, this);
    }
  }

  // Half of what is seen, around the cursor: for fingers, which cannot drag a span and scroll the page as well.
  nearer() {
    const [first, last] = this.range, width = Math.max(2, Math.round((last - first) / 2));
    const start = Math.max(0, Math.min(Math.round(this.cursor.step + 0.5 - width / 2), this.header.steps - width));
    if (width < last - first) this.zoomTo([start, start + width]);
  }

  mark(span) {
    this.brushed = null;
    this.tell("span", span);
    this.redrawOverlay();
  }

  // ---- drawing --------------------------------------------------------------------------------------

  redraw() {
    this.stale = true;
    this.redrawOverlay();
  }

  redrawOverlay() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const began = performance.now(), width = this.root.clientWidth, { header } = this;
    if (!header || !width) return;
    this.plan = layout(header, width);
    const ratio = window.devicePixelRatio || 1, style = getComputedStyle(this.root);
    const theme = (name) => style.getPropertyValue(`--st-${name}`).trim();
    this.look = {
      ink: style.color, back: theme("background-color"), accent: theme("primary-color"), grid: theme("border-color"),
      font: theme("font") || "sans-serif", ratio,
    };
    if (this.stage.style.height !== `${this.plan.height}px`) this.stage.style.height = `${this.plan.height}px`;
    for (const canvas of [this.base, this.overlay]) {
      const w = Math.round(width * ratio), h = Math.round(this.plan.height * ratio);
      if (canvas.width !== w || canvas.height !== h) {
        canvas.width = w;
        canvas.height = h;
        this.stale = true;
      }
    }
    this.plan.range = this.range;
    this.plan.px = (column) => this.plan.left + ((column - this.plan.range[0]) / (this.plan.range[1] - this.plan.range[0])) * this.plan.width;
    this.plan.column = (px) => this.plan.range[0] + ((px - this.plan.left) / this.plan.width) * (this.plan.range[1] - this.plan.range[0]);
    if (this.stale) {
      this.stale = false;
      drawBase(this, this.base.getContext("2d"));
    }
    drawOverlay(this, this.overlay.getContext("2d"));
    this.resetButton.hidden = this.zoom === null;
    this.root.dataset.ready = "true"; // for whoever waits for the picture
    this.root.dataset.drawn = String(performance.now() - began);
  }

  save() {
    const picture = document.createElement("canvas"), g = picture.getContext("2d");
    picture.width = this.base.width;
    picture.height = this.base.height;
    g.fillStyle = this.look.back || "#fff";
    g.fillRect(0, 0, picture.width, picture.height);
    g.drawImage(this.base, 0, 0);
    g.drawImage(this.overlay, 0, 0);
    picture.toBlob((blob) => {
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: "gates.png" });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
  }
}
