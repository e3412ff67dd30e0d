// A line chart that only ever receives what is new, so that a long run costs no more per update than a
// short one, and that keeps the user's zoom while points arrive.
//
// data = {
//   stream: text; another stream starts an empty chart,
//   sender, number, oldest: who sends; which of its messages this is, and the first whose news it repeats,
//   lines: [{ name, color (index of the theme's palette, or "text"), style: "line" | "dashed" | "dots",
//             start, x: [...], y: [... null breaks the line] }],   points from `start` on are replaced
//   marks: [{ x, label }], levels: [{ y, label }], x_label, y_label, x_kind: "number" | "time" (ms since 1970), log: offer a log scale,
//   hint: say how to zoom, height: pixels, empty: text while there is nothing to see, alt: text for screen readers,
//   caption: a sentence above the chart, figures: [{ label, value }] above it too; without lines there is no plot }
//
// Streamlit may skip a message that a newer one overtakes. If news got lost that this message does not repeat,
// that is reported back as the trigger "gap", and Python sends everything again.

import { listen } from "./pointer.js";
import { DAY, PAD, format, formatTime, logTicks, niceStep, steps, timeTicks } from "./ticks.js";

const charts = new WeakMap(); // parent element → chart
const views = new Map(); // stream → what the user zoomed to; outlives a remount when the run ends

export default function ({ data, parentElement, setTriggerValue }) {
  let chart = charts.get(parentElement);
  if (chart && !chart.root.isConnected) {
    chart.destroy(); // Streamlit wrote the component's html anew
    chart = null;
  }
  if (!chart) charts.set(parentElement, (chart = new LiveChart(parentElement)));
  chart.receive(data, setTriggerValue);
  // Streamlit also cleans up when the window is resized, and goes on with the same element: the points stay.
  return () => setTimeout(() => chart.root.isConnected || chart.destroy(), 1000);
}

class LiveChart {
  constructor(parent) {
    this.root = parent.querySelector(".live-chart");
    this.root.replaceChildren(); // what an earlier mount left
    const add = (tag, name, to) => to.appendChild(Object.assign(document.createElement(tag), { className: name }));
    this.figures = add("div", "figures", this.root);
    this.caption = add("div", "caption", this.root);
    this.bar = add("div", "bar", this.root);
    this.stage = add("div", "stage", this.root);
    this.canvas = add("canvas", "", this.stage);
    this.emptyText = add("div", "empty", this.stage);
    this.hint = add("div", "hint", this.root);
    this.where = add("span", "where", this.bar);
    this.tools = add("span", "tools", this.bar);
    this.logButton = add("button", "", this.tools);
    this.logButton.textContent = "Log scale";
    this.resetButton = add("button", "", this.tools);
    this.resetButton.textContent = "Show all";
    this.hint.textContent = "Drag to zoom · Shift and drag to move · Ctrl and wheel zooms · double-click shows all";
    Object.assign(this.canvas, { tabIndex: 0 });
    this.canvas.setAttribute("role", "img");
    this.lines = new Map();
    this.stream = null;
    this.view = null; // { x: [low, high], y: [low, high] }, or null to follow the data
    this.log = false;
    this.watch = new ResizeObserver(() => this.redraw());
    this.watch.observe(this.stage);
    listen(this);
  }

  destroy() {
    this.watch.disconnect();
    cancelAnimationFrame(this.frame);
  }

  receive(data, setTriggerValue) {
    if (!data) return;
    this.data = data;
    if (data.stream !== this.stream) {
      this.stream = data.stream;
      this.lines.forEach((line) => line.entry.remove());
      this.lines.clear();
      const kept = views.get(this.stream);
      this.view = kept?.view ?? null;
      this.log = kept?.log ?? false;
      this.asked = 0;
    }
    const followed = data.sender === this.sender && data.oldest <= this.number + 1;
    if (followed || data.lines.every((sent) => sent.start === 0)) {
      Object.assign(this, { sender: data.sender, number: data.number });
      data.lines.forEach((sent) => this.takeLine(sent));
    } else if (Date.now() - this.asked > 1000) {
      this.asked = Date.now();
      setTriggerValue("gap", Date.now());
    }
    this.showFigures(data.figures);
    this.caption.textContent = data.caption;
    this.caption.hidden = !data.caption;
    this.hint.hidden = !data.hint;
    this.bar.hidden = this.stage.hidden = data.lines.length === 0;
    this.stage.style.height = `${data.height}px`;
    this.canvas.setAttribute("aria-label", data.alt);
    this.redraw();
  }

  showFigures(figures) {
    this.figures.hidden = figures.length === 0;
    while (this.figures.children.length > figures.length) this.figures.lastChild.remove();
    figures.forEach(({ label, value }, i) => {
      let figure = this.figures.children[i];
      if (!figure) {
        figure = this.figures.appendChild(document.createElement("div"));
        figure.append(document.createElement("span"), document.createElement("b"));
      }
      const [name, number] = figure.children;
      if (name.textContent !== label) name.textContent = label; // text nodes here too
      if (number.textContent !== value) number.textContent = value;
    });
  }

  takeLine({ name, color, style, start, x, y }) {
    const line = this.lines.get(name) ?? this.addLine(name);
    Object.assign(line, { color, style });
    line.x.length = line.y.length = start;
    for (let i = 0; i < x.length; i++) {
      line.x.push(x[i]);
      line.y.push(y[i]);
    }
  }

  addLine(name) {
    const entry = document.createElement("span"), value = document.createElement("b"), swatch = document.createElement("i");
    entry.className = "entry";
    entry.append(swatch, document.createTextNode(name), value); // text nodes: a name is never markup
    this.bar.insertBefore(entry, this.where);
    const line = { x: [], y: [], entry, value, swatch };
    this.lines.set(name, line);
    return line;
  }

  keep() {
    views.set(this.stream, { view: this.view, log: this.log });
    this.redraw();
  }

  redraw() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  // ---- scales -------------------------------------------------------------------------------------

  limits() {
    let x0 = Infinity, x1 = -Infinity, y0 = Infinity, y1 = -Infinity;
    for (const { x, y } of this.lines.values()) {
      for (let i = 0; i < x.length; i++) {
        if (y[i] === null || (this.log && y[i] <= 0)) continue;
        x0 = Math.min(x0, x[i]); x1 = Math.max(x1, x[i]);
        y0 = Math.min(y0, y[i]); y1 = Math.max(y1, y[i]);
      }
    }
    if (x0 === Infinity) return null;
    for (const { y } of this.data.levels ?? []) {
      if (this.log && y <= 0) continue;
      y0 = Math.min(y0, y); y1 = Math.max(y1, y); // how far it is to a level is what the level is drawn for
    }
    if (x0 === x1) { x0 -= 0.5; x1 += 0.5; }
    if (this.log) {
      const room = y1 > y0 ? (y1 / y0) ** 0.06 : 1.5;
      return { x: [x0, x1], y: [y0 / room, y1 * room] };
    }
    const room = y1 > y0 ? (y1 - y0) * 0.06 : Math.abs(y1) * 0.1 || 1;
    return { x: [x0, x1], y: [y0 - room, y1 + room] };
  }

  scales(limits, width, height) {
    const up = (v) => (this.log ? Math.log(Math.max(v, 1e-300)) : v), down = (v) => (this.log ? Math.exp(v) : v);
    const [x0, x1] = limits.x, low = up(limits.y[0]), high = up(limits.y[1]);
    const w = width - PAD.left - PAD.right, h = height - PAD.top - PAD.bottom;
    return {
      w, h, limits,
      px: (x) => PAD.left + ((x - x0) / (x1 - x0)) * w,
      py: (y) => PAD.top + (1 - (up(y) - low) / (high - low)) * h,
      atX: (px) => x0 + ((px - PAD.left) / w) * (x1 - x0),
      atY: (py) => down(low + (1 - (py - PAD.top) / h) * (high - low)),
    };
  }

  // ---- drawing ------------------------------------------------------------------------------------

  draw() {
    const width = this.stage.clientWidth, height = this.stage.clientHeight, ratio = window.devicePixelRatio || 1;
    if (!width || !height || !this.data) return;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    const style = getComputedStyle(this.root), theme = (name) => style.getPropertyValue(`--st-${name}`).trim();
    const palette = theme("chart-categorical-colors").split(",").map((c) => c.trim()).filter(Boolean);
    this.colorOf = (line) => (line.color === "text" ? theme("gray-color") || style.color : palette[line.color % palette.length] || style.color);
    const g = this.canvas.getContext("2d");
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.clearRect(0, 0, width, height);
    g.font = `12px ${theme("font") || "sans-serif"}`;
    const limits = this.view ?? this.limits();
    this.emptyText.hidden = limits !== null;
    this.logButton.hidden = limits === null || !this.data.log;
    this.hint.style.visibility = limits === null ? "hidden" : ""; // keeps its place: nothing moves when the first point comes
    this.emptyText.textContent = this.data.empty;
    this.resetButton.hidden = this.view === null;
    this.logButton.setAttribute("aria-pressed", String(this.log));
    this.scale = limits && this.scales(limits, width, height);
    if (this.scale) {
      this.drawAxes(g, width, height, style.color, theme("border-color"));
      g.save();
      g.beginPath();
      g.rect(PAD.left - 3, PAD.top - 3, this.scale.w + 6, this.scale.h + 6); // dots and marks on the edge stay whole
      g.clip();
      for (const mark of this.data.marks ?? []) this.drawMark(g, mark, style.color);
      this.drawLevels(g, style.color);
      for (const line of this.lines.values()) this.drawLine(g, line);
      g.restore();
      this.drawPointer(g, style.color, theme("primary-color"));
    }
    this.readOut();
  }

  drawAxes(g, width, height, ink, grid) {
    const { limits, px, py, w, h } = this.scale, floor = PAD.top + h;
    const yTicks = this.log ? logTicks(...limits.y, 6) : steps(...limits.y, niceStep(limits.y[1] - limits.y[0], h / 44));
    const span = limits.x[1] - limits.x[0], room = Math.max(3, Math.floor(w / (this.data.x_kind === "time" ? 90 : 60)));
    const timed = this.data.x_kind === "time";
    const whole = !timed && span >= 2, plainStep = niceStep(span, room);
    const plain = () => ({ step: plainStep, at: steps(...limits.x, whole ? Math.max(1, plainStep) : plainStep) });
    const { step: xStep, at: xTicks } = timed ? timeTicks(...limits.x, room) : plain();
    g.lineWidth = 1;
    g.strokeStyle = grid;
    g.fillStyle = ink;
    g.textBaseline = "middle";
    g.textAlign = "right";
    for (const v of yTicks) {
      const y = Math.round(py(v)) + 0.5;
      g.globalAlpha = 0.6;
      g.beginPath(); g.moveTo(PAD.left, y); g.lineTo(width - PAD.right, y); g.stroke();
      g.globalAlpha = 0.8;
      g.fillText(format(v), PAD.left - 7, y);
    }
    g.textAlign = "center";
    g.textBaseline = "top";
    for (const v of xTicks) {
      const x = px(v), text = timed ? formatTime(v, xStep) : format(v), half = g.measureText(text).width / 2;
      g.fillText(text, Math.min(Math.max(x, PAD.left + half - 20), width - half - 2), floor + 6);
      g.beginPath(); g.moveTo(x, floor); g.lineTo(x, floor + 4); g.stroke();
    }
    g.globalAlpha = 1;
    g.beginPath(); g.moveTo(PAD.left, floor + 0.5); g.lineTo(width - PAD.right, floor + 0.5); g.stroke();
    g.globalAlpha = 0.7;
    g.textBaseline = "bottom";
    g.fillText(this.data.x_label, PAD.left + w / 2, height);
    g.save();
    g.translate(1, PAD.top + h / 2);
    g.rotate(-Math.PI / 2);
    g.textBaseline = "top";
    g.fillText(this.data.y_label, 0, 0);
    g.restore();
    g.globalAlpha = 1;
  }

  drawLine(g, line) {
    const { px, py } = this.scale, color = this.colorOf(line), { x, y } = line;
    line.swatch.style.borderColor = color;
    line.swatch.className = line.style === "dashed" ? "dashed" : "";
    g.strokeStyle = g.fillStyle = color;
    g.lineWidth = 2;
    g.lineJoin = "round";
    g.setLineDash(line.style === "dashed" ? [5, 4] : []);
    if (line.style !== "dots") {
      let pen = false;
      g.beginPath();
      for (let i = 0; i < x.length; i++) {
        if (y[i] === null) pen = false;
        else if (pen) g.lineTo(px(x[i]), py(y[i]));
        else { g.moveTo(px(x[i]), py(y[i])); pen = true; }
      }
      g.stroke();
    }
    g.setLineDash([]);
    if (line.style === "dots" || x.length <= 40) {
      for (let i = 0; i < x.length; i++) if (y[i] !== null) this.dot(g, px(x[i]), py(y[i]), 2.5);
    }
  }

  drawMark(g, mark, ink) {
    const x = Math.round(this.scale.px(mark.x)) + 0.5, right = x > PAD.left + this.scale.w * 0.75;
    g.globalAlpha = 0.55;
    g.strokeStyle = g.fillStyle = ink;
    g.lineWidth = 1;
    g.setLineDash([3, 3]);
    g.beginPath(); g.moveTo(x, PAD.top); g.lineTo(x, PAD.top + this.scale.h); g.stroke();
    g.setLineDash([]);
    g.textAlign = right ? "right" : "left";
    const crowded = (this.data.levels ?? []).some((level) => Math.abs(this.scale.py(level.y) - PAD.top) < 24); // its text stands there
    g.textBaseline = "top";
    g.fillText(mark.label, x + (right ? -5 : 5), PAD.top + (crowded ? 34 : 0));
    g.globalAlpha = 1;
  }

  drawLevels(g, ink) {
    const { px, py, w, limits } = this.scale;
    let below = Infinity; // where the text of the level above begins: texts give way to each other, the lines stay
    g.strokeStyle = g.fillStyle = ink;
    g.lineWidth = 1;
    g.textAlign = "right";
    for (const { y: value, label } of [...(this.data.levels ?? [])].sort((a, b) => a.y - b.y)) {
      if (this.log && value <= 0) continue;
      const y = Math.round(py(value)) + 0.5, roomAbove = y - PAD.top > 16;
      g.globalAlpha = 0.6;
      g.setLineDash([7, 4]);
      g.beginPath(); g.moveTo(px(limits.x[0]), y); g.lineTo(px(limits.x[1]), y); g.stroke();
      g.setLineDash([]);
      const bottom = Math.min(roomAbove ? y - 3 : y + 16, below);
      g.globalAlpha = 0.8;
      g.textBaseline = "bottom";
      g.fillText(label, PAD.left + w - 4, bottom);
      below = bottom - 14;
    }
    g.globalAlpha = 1;
  }

  drawPointer(g, ink, accent) {
    const { px, py, h } = this.scale, drag = this.dragging;
    if (drag?.box) {
      g.fillStyle = g.strokeStyle = accent;
      g.globalAlpha = 0.18;
      g.fillRect(drag.x, drag.y, drag.toX - drag.x, drag.toY - drag.y);
      g.globalAlpha = 0.8;
      g.strokeRect(drag.x, drag.y, drag.toX - drag.x, drag.toY - drag.y);
      g.globalAlpha = 1;
    }
    this.near = this.pointer && !drag?.box ? this.nearest(this.pointer.x) : null;
    if (this.near === null) return;
    const x = px(this.near);
    if (x < PAD.left - 1 || x > PAD.left + this.scale.w + 1) return;
    g.strokeStyle = ink;
    g.globalAlpha = 0.4;
    g.beginPath(); g.moveTo(x, PAD.top); g.lineTo(x, PAD.top + h); g.stroke();
    g.globalAlpha = 1;
    for (const line of this.lines.values()) {
      const i = line.x.indexOf(this.near);
      const y = i < 0 || line.y[i] === null ? -1 : py(line.y[i]);
      if (y < PAD.top - 2 || y > PAD.top + h + 2) continue; // not there, or outside of what the user zoomed to
      g.fillStyle = this.colorOf(line);
      this.dot(g, x, y, 4);
    }
  }

  dot(g, x, y, radius) {
    g.beginPath(); g.arc(x, y, radius, 0, 7); g.fill();
  }

  nearest(px) {
    let best = null, far = Infinity;
    for (const { x, y } of this.lines.values()) {
      for (let i = 0; i < x.length; i++) {
        const d = Math.abs(this.scale.px(x[i]) - px);
        if (y[i] !== null && d < far) { far = d; best = x[i]; }
      }
    }
    return best;
  }

  readOut() {
    const near = this.scale ? this.near ?? null : null;
    const at = (v) => (this.data.x_kind === "time" ? formatTime(v, v % DAY ? 0 : DAY) : format(v));
    this.where.textContent = near === null ? "" : `${this.data.x_label} ${at(near)}`;
    for (const line of this.lines.values()) {
      const i = near === null ? line.y.findLastIndex((v) => v !== null) : line.x.indexOf(near);
      line.value.textContent = i >= 0 && (near !== null || this.data.x_kind !== "time") ? format(line.y[i]) : "";
      line.entry.style.display = line.x.length ? "" : "none";
    }
  }
}
