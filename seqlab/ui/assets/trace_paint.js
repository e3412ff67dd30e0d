// How the canvas of traces is laid out and painted: everything that stays on one canvas, the cursor on another above it,
// so that moving the cursor paints no heat map again.

import { format, formatTime, niceStep, steps, timeTicks } from "./ticks.js";

const TITLE = 20, GAP = 12, AXIS = 34, INPUT = 150, LINES = 96, STRIP = 12;
const WORDS = 76; // pixels for words below the maps, which stand slanted
const WIDE = 560; // pixels from which there is room for all labels

// Row numbers, which must not be rounded to a few digits as values are.
const exact = (number) => String(Number(number.toPrecision(12)));

const LEFT = (width) => (width < WIDE ? 40 : 58);
const RIGHT = (width) => (width < WIDE ? 58 : 74);

// Panels from top to bottom: { kind, top (of the plot), height, content }.
// Whether what is read are characters, which need not be slanted.
const areLetters = (words) => words.every((word) => [...word].length < 2);

export function layout(header, width) {
  const panels = [];
  let top = 0;
  const add = (kind, height, content, axis) => {
    panels.push({ kind, top: top + TITLE, height, content, axis });
    top += TITLE + height + (axis ? (areLetters(header.words) ? AXIS : WORDS) : GAP);
  };
  if (header.input) add("input", INPUT, header.input, true);
  const rows = header.rows.length;
  header.maps.forEach((map, number) => add("map", Math.max(rows * header.row_height, 24), map, number === header.maps.length - 1));
  header.lines.forEach((lines, number) => add("lines", LINES, lines, number === header.lines.length - 1));
  return { panels, height: Math.max(top, 40), width: Math.max(40, width - LEFT(width) - RIGHT(width)), left: LEFT(width), whole: width };
}

export function drawBase(chart, g) {
  const { header, plan, look } = chart;
  g.setTransform(look.ratio, 0, 0, look.ratio, 0, 0);
  g.clearRect(0, 0, plan.whole, plan.height);
  g.textBaseline = "middle";
  for (const panel of plan.panels) {
    g.font = `12px ${look.font}`;
    if (panel.kind === "input") drawInput(chart, g, panel);
    else if (panel.kind === "map") drawMap(chart, g, panel);
    else drawLines(chart, g, panel);
    if (panel.axis) drawAxis(chart, g, panel.top + panel.height);
  }
  // Spans that the page marks lie over all panels.
  for (const span of header.spans) {
    const x0 = Math.max(plan.px(span.start), plan.left), x1 = Math.min(plan.px(span.end + 1), plan.left + plan.width);
    if (x1 <= x0) continue;
    for (const panel of plan.panels) {
      g.globalAlpha = panel.kind === "map" ? 0.25 : 0.12;
      g.fillStyle = look.accent;
      g.fillRect(x0, panel.top, x1 - x0, panel.height);
    }
    g.globalAlpha = 1;
    if (span.label) text(g, span.label, x0 + 3, plan.panels[0].top + 8, look.ink, "left", plan.left + plan.width - x0 - 4);
  }
}

function text(g, words, x, y, color, align = "left", room = Infinity) {
  g.fillStyle = color;
  g.textAlign = align;
  let shown = words;
  while (shown.length > 1 && g.measureText(shown).width > room) shown = `${shown.slice(0, -2).trimEnd()}…`;
  g.fillText(shown, x, y);
}

function title(chart, g, panel, words, strong = "") {
  const { plan, look } = chart;
  text(g, words, plan.left, panel.top - TITLE / 2, look.ink, "left", plan.width);
  if (!strong) return;
  const shift = g.measureText(`${words} `).width;
  g.font = `700 13px ${look.font}`;
  text(g, strong, plan.left + shift, panel.top - TITLE / 2, look.ink);
  g.font = `12px ${look.font}`;
}

function frame(chart, g, panel) {
  const { header, plan, look } = chart;
  g.strokeStyle = look.grid;
  g.lineWidth = 1;
  // Only the input goes on after the last step that the model reads.
  const end = panel.kind === "input" ? plan.left + plan.width : Math.min(plan.left + plan.width, plan.px(header.steps));
  g.strokeRect(plan.left + 0.5, panel.top + 0.5, Math.max(1, end - plan.left - 1), panel.height - 1);
}

function clip(chart, g, panel, paint) {
  g.save();
  g.beginPath();
  g.rect(chart.plan.left, panel.top, chart.plan.width, panel.height);
  g.clip();
  paint();
  g.restore();
}

// ---- the three kinds of panels ------------------------------------------------------------------------

function drawInput(chart, g, panel) {
  const { header, plan, look } = chart, { lines, title: name } = panel.content;
  const first = Math.max(0, Math.floor(plan.range[0] * header.per_column)), last = Math.ceil(plan.range[1] * header.per_column);
  let low = Infinity, high = -Infinity;
  for (const line of lines) {
    for (let i = first; i < Math.min(last, line.values.length); i++) {
      if (line.values[i] < low) low = line.values[i];
      if (line.values[i] > high) high = line.values[i];
    }
  }
  if (!(high >= low)) [low, high] = [0, 1];
  const margin = (high - low || Math.abs(high) || 1) * 0.06;
  panel.low = low - margin;
  panel.high = high + margin;
  frame(chart, g, panel);
  valueTicks(chart, g, panel, 4);
  clip(chart, g, panel, () => {
    if (header.horizon) {
      const x = plan.px(header.steps);
      g.setLineDash([2, 3]);
      g.strokeStyle = look.ink;
      g.globalAlpha = 0.6;
      g.beginPath(); g.moveTo(x, panel.top); g.lineTo(x, panel.top + panel.height); g.stroke();
      g.globalAlpha = 1;
      g.setLineDash([]);
    }
    for (const line of lines) drawLine(chart, g, panel, line.values, line.color, { perColumn: header.per_column, dashed: line.dashed });
  });
  title(chart, g, panel, name);
  let right = plan.left + plan.width;
  for (const line of [...lines].reverse()) { // the legend, from the right
    const wide = g.measureText(line.name).width;
    text(g, line.name, right, panel.top - TITLE / 2, line.color, "right");
    right -= wide + 14;
  }
}

function drawLines(chart, g, panel) {
  const { plan } = chart, { traces, low, high, title: name } = panel.content, margin = 0.05 * (high - low);
  panel.low = low - margin;
  panel.high = high + margin;
  frame(chart, g, panel);
  valueTicks(chart, g, panel, 3);
  clip(chart, g, panel, () => {
    for (const trace of traces) {
      if (trace.low.length) drawBand(chart, g, panel, trace);
      drawLine(chart, g, panel, trace.values, trace.color, {});
    }
  });
  title(chart, g, panel, name.replace("{unit}", chart.header.cursor.unit));
  let x = plan.left + g.measureText(`${name.replace("{unit}", chart.header.cursor.unit)}  `).width;
  g.font = `700 13px ${chart.look.font}`;
  for (const trace of traces) {
    text(g, trace.name, x, panel.top - TITLE / 2, trace.color);
    x += g.measureText(trace.name).width + 10;
  }
  g.font = `12px ${chart.look.font}`;
}

function yOf(panel, value) {
  return panel.top + (1 - (value - panel.low) / (panel.high - panel.low)) * panel.height;
}

// A line through values; several to a pixel are drawn as their span, so that no spike gets lost.
function drawLine(chart, g, panel, values, color, { perColumn = 1, dashed = false }) {
  const { plan } = chart, first = Math.max(0, Math.floor(plan.range[0] * perColumn) - 1);
  const last = Math.min(values.length, Math.ceil(plan.range[1] * perColumn) + 1), dense = (last - first) / plan.width > 2;
  g.strokeStyle = g.fillStyle = color;
  g.lineWidth = 1.8;
  g.lineJoin = "round";
  g.setLineDash(dashed ? [5, 4] : []);
  g.beginPath();
  let pen = false;
  if (dense) {
    const perPixel = (last - first) / plan.width;
    for (let pixel = 0; pixel < plan.width; pixel++) {
      let low = Infinity, high = -Infinity;
      for (let i = Math.floor(first + pixel * perPixel); i < Math.min(last, first + (pixel + 1) * perPixel); i++) {
        if (values[i] < low) low = values[i];
        if (values[i] > high) high = values[i];
      }
      if (high >= low) {
        const x = plan.px((first + (pixel + 0.5) * perPixel) / perColumn);
        if (pen) g.lineTo(x, yOf(panel, high));
        else g.moveTo(x, yOf(panel, high));
        g.lineTo(x, yOf(panel, low));
      }
      pen = high >= low; // where a pixel has no value there is a gap
    }
  } else {
    for (let i = first; i < last; i++) {
      if (Number.isNaN(values[i])) {
        pen = false;
        continue;
      }
      const x = plan.px((i + 0.5) / perColumn), y = yOf(panel, values[i]);
      if (pen) g.lineTo(x, y);
      else g.moveTo(x, y);
      pen = true;
    }
  }
  g.stroke();
  g.setLineDash([]);
  if (last - first <= 40) {
    for (let i = first; i < last; i++) {
      if (Number.isNaN(values[i])) continue;
      g.beginPath(); g.arc(plan.px((i + 0.5) / perColumn), yOf(panel, values[i]), 2.4, 0, 7); g.fill();
    }
  }
}

function drawBand(chart, g, panel, trace) {
  const { plan } = chart, first = Math.max(0, Math.floor(plan.range[0]) - 1), last = Math.min(trace.low.length, Math.ceil(plan.range[1]) + 1);
  const every = Math.max(1, Math.floor((last - first) / plan.width / 2));
  g.globalAlpha = 0.16;
  g.fillStyle = trace.color;
  g.beginPath();
  for (let i = first; i < last; i += every) g.lineTo(plan.px(i + 0.5), yOf(panel, trace.high[i]));
  for (let i = last - 1; i >= first; i -= every) g.lineTo(plan.px(i + 0.5), yOf(panel, trace.low[i]));
  g.fill();
  g.globalAlpha = 1;
}

function drawMap(chart, g, panel) {
  const { header, plan, look } = chart, map = panel.content, rows = header.rows.length, colors = palette(header, map.scale);
  const first = Math.max(0, Math.floor(plan.range[0])), last = Math.min(header.steps, Math.ceil(plan.range[1]));
  if (last > first && rows) {
    const columns = Math.min(last - first, Math.ceil(plan.width * look.ratio));
    g.imageSmoothingEnabled = false;
    clip(chart, g, panel, () =>
      g.drawImage(picture(map.values, header.steps, first, last, columns, rows, colors), plan.px(first), panel.top, plan.px(last) - plan.px(first), panel.height));
    if (map.mean) g.drawImage(picture(map.mean, 1, 0, 1, 1, rows, colors), plan.left + plan.width + 5, panel.top, STRIP, panel.height);
  }
  frame(chart, g, panel);
  const tall = panel.height / rows;
  for (const group of header.groups) { // groups of units that do the same
    const y = panel.top + group.start * tall;
    g.strokeStyle = look.back;
    g.lineWidth = 2;
    if (group.start) { g.beginPath(); g.moveTo(plan.left, y); g.lineTo(plan.left + plan.width, y); g.stroke(); }
  }
  rowLabels(chart, g, panel, tall);
  colorBar(chart, g, panel, map, colors);
  title(chart, g, panel, map.label, map.name);
  if (map.mean && panel === plan.panels.find((one) => one.kind === "map")) {
    g.font = `10px ${look.font}`;
    text(g, "mean", plan.left + plan.width + 5 + STRIP / 2, panel.top - 7, look.ink, "center");
    g.font = `12px ${look.font}`;
  }
}

// Unit numbers, as many as fit; those that the page highlights get a mark.
function rowLabels(chart, g, panel, tall) {
  const { header, plan, look } = chart, every = Math.max(1, Math.ceil(12 / tall));
  g.font = `11px ${look.font}`;
  header.rows.forEach((unit, row) => {
    const y = panel.top + (row + 0.5) * tall;
    if (header.highlight.includes(unit)) {
      g.fillStyle = header.unit_color;
      g.fillRect(plan.left - 4, panel.top + row * tall, 3, Math.max(1, tall - 0.5));
    }
    g.globalAlpha = 0.8;
    if (row % every === 0) text(g, String(unit), plan.left - 7, y, look.ink, "right");
    g.globalAlpha = 1;
  });
  g.font = `12px ${look.font}`;
}

function colorBar(chart, g, panel, map, colors) {
  const { plan, look } = chart, x = plan.left + plan.width + (map.mean ? STRIP + 12 : 8), tall = Math.min(panel.height, 120);
  for (let i = 0; i < tall; i++) {
    const [r, b, c] = colors.of(Math.round(254 * (1 - i / Math.max(1, tall - 1))));
    g.fillStyle = `rgb(${r},${b},${c})`;
    g.fillRect(x, panel.top + i, 7, 1.5);
  }
  g.font = `10px ${look.font}`;
  g.globalAlpha = 0.85;
  text(g, format(map.high), x + 10, panel.top + 5, look.ink);
  if (tall > 50) text(g, format((map.low + map.high) / 2), x + 10, panel.top + tall / 2, look.ink);
  text(g, format(map.low), x + 10, panel.top + tall - 4, look.ink);
  g.globalAlpha = 1;
  g.font = `12px ${look.font}`;
}

// One pixel per row and per column drawn; columns that share a pixel are averaged.
function picture(values, stride, first, last, columns, rows, colors) {
  const image = new ImageData(columns, rows), pixels = new Uint32Array(image.data.buffer), per = (last - first) / columns;
  for (let row = 0; row < rows; row++) {
    const start = row * stride;
    for (let column = 0; column < columns; column++) {
      let value;
      if (per === 1) value = values[start + first + column];
      else {
        let sum = 0, count = 0;
        const end = Math.min(last, Math.max(Math.floor(first + (column + 1) * per), Math.floor(first + column * per) + 1));
        for (let i = Math.floor(first + column * per); i < end; i++) {
          const v = values[start + i];
          if (v !== 255) { sum += v; count++; }
        }
        value = count ? Math.round(sum / count) : 255;
      }
      pixels[row * columns + column] = colors.packed[value];
    }
  }
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

const palettes = new Map();

function palette(header, scale) {
  const stops = header.scales[scale], key = JSON.stringify([stops, header.missing]);
  if (palettes.has(key)) return palettes.get(key);
  const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const of = (value) => {
    if (value === 255) return rgb(header.missing);
    const share = value / 254, next = stops.findIndex(([at]) => at >= share), to = stops[Math.max(1, next)], from = stops[Math.max(1, next) - 1];
    const part = (share - from[0]) / (to[0] - from[0]), a = rgb(from[1]), b = rgb(to[1]);
    return a.map((v, i) => Math.round(v + (b[i] - v) * part));
  };
  const packed = new Uint32Array(256);
  for (let value = 0; value < 256; value++) {
    const [r, b, c] = of(value);
    packed[value] = (255 << 24) | (c << 16) | (b << 8) | r;
  }
  palettes.set(key, { of, packed });
  return palettes.get(key);
}

function valueTicks(chart, g, panel, count) {
  const { plan, look } = chart, found = steps(panel.low, panel.high, niceStep(panel.high - panel.low, count));
  g.font = `11px ${look.font}`;
  for (const value of found) {
    const y = Math.round(yOf(panel, value)) + 0.5;
    g.globalAlpha = 0.5;
    g.strokeStyle = look.grid;
    g.beginPath(); g.moveTo(plan.left, y); g.lineTo(plan.left + plan.width, y); g.stroke();
    g.globalAlpha = 0.8;
    text(g, format(value), plan.left - 6, y, look.ink, "right", plan.left - 6);
  }
  g.globalAlpha = 1;
  g.font = `12px ${look.font}`;
}

// What was read at each column, slanted; as many as there is room for, the cursor's own in any case left to the read-out.
function drawWords(chart, g, top) {
  const { header, plan, look } = chart, first = Math.max(0, Math.floor(plan.range[0])), last = Math.min(header.steps, Math.ceil(plan.range[1]));
  const letters = areLetters(header.words), wide = plan.width / (plan.range[1] - plan.range[0]);
  const every = Math.max(1, Math.ceil((letters ? 9 : 13) / wide));
  g.font = `11px ${look.font}`;
  for (let column = first; column < last; column += every) {
    const x = plan.px(column + 0.5);
    g.strokeStyle = look.ink;
    g.globalAlpha = 0.5;
    g.beginPath(); g.moveTo(x, top); g.lineTo(x, top + 4); g.stroke();
    g.globalAlpha = 0.9;
    if (letters) {
      text(g, header.words[column], x, top + 12, look.ink, "center");
      continue;
    }
    g.save();
    g.translate(x + 3, top + 8);
    g.rotate(-Math.PI / 3);
    text(g, header.words[column], 0, 0, look.ink, "right", WORDS);
    g.restore();
  }
  g.globalAlpha = 1;
  g.font = `12px ${look.font}`;
}

function drawAxis(chart, g, top) {
  if (chart.header.words.length) return drawWords(chart, g, top);
  const { header, plan, look } = chart, { times, per_column: per } = header, room = Math.max(2, Math.floor(plan.width / 95));
  const index = (column) => Math.min(times.length - 1, Math.max(0, Math.floor(column * per)));
  const low = times[index(plan.range[0])], high = times[index(plan.range[1] - 1e-6)];
  const timed = header.x_kind === "time", whole = Math.max(1, niceStep(high - low, room));
  const { step, at } = timed ? timeTicks(low, high, room) : { step: whole, at: steps(low, high, whole) };
  g.font = `11px ${look.font}`;
  let before = -1; // no two ticks at one step: days without a row, such as weekends, lead to the same next one
  for (const time of at.toReversed()) {
    let from = index(plan.range[0]), to = index(plan.range[1] - 1e-6); // the first input step at or after the tick
    while (from < to) {
      const middle = (from + to) >> 1;
      if (times[middle] < time) from = middle + 1;
      else to = middle;
    }
    if (from === before) continue;
    before = from;
    const x = plan.px((from + 0.5) / per), words = timed ? formatTime(time, step) : exact(time), half = g.measureText(words).width / 2;
    g.strokeStyle = look.ink;
    g.globalAlpha = 0.5;
    g.beginPath(); g.moveTo(x, top); g.lineTo(x, top + 4); g.stroke();
    g.globalAlpha = 0.85;
    text(g, words, Math.min(Math.max(x, plan.left + half - 20), plan.left + plan.width - half + 20), top + 12, look.ink, "center");
  }
  g.globalAlpha = 0.7;
  if (header.x_label) text(g, header.x_label, plan.left + plan.width / 2, top + 26, look.ink, "center");
  g.globalAlpha = 1;
  g.font = `12px ${look.font}`;
}

// ---- what moves ------------------------------------------------------------------------------------------

export function drawOverlay(chart, g) {
  const { header, plan, look, cursor } = chart, x = plan.px(cursor.step + 0.5);
  g.setTransform(look.ratio, 0, 0, look.ratio, 0, 0);
  g.clearRect(0, 0, plan.whole, plan.height);
  const row = header.rows.indexOf(cursor.unit), inside = x >= plan.left && x <= plan.left + plan.width;
  const half = Math.max(1, plan.px(cursor.step + 1) - plan.px(cursor.step)) / 2;
  for (const panel of plan.panels) {
    if (panel.kind === "map" && row >= 0) {
      const tall = panel.height / header.rows.length, y = panel.top + row * tall;
      g.strokeStyle = header.unit_color;
      g.lineWidth = 1.5;
      g.strokeRect(plan.left, y, Math.min(plan.width, plan.px(header.steps) - plan.left), tall);
      if (inside) {
        g.lineWidth = 2.5;
        g.strokeRect(x - Math.max(half, 2.5), y - 1, 2 * Math.max(half, 2.5), tall + 2);
      }
    }
    if (inside) {
      g.strokeStyle = look.ink;
      g.globalAlpha = panel.kind === "map" ? 0.55 : 0.45;
      g.lineWidth = 1;
      g.beginPath(); g.moveTo(Math.round(x) + 0.5, panel.top); g.lineTo(Math.round(x) + 0.5, panel.top + panel.height); g.stroke();
      g.globalAlpha = 1;
    }
    if (panel.kind === "lines" && inside) {
      for (const trace of panel.content.traces) {
        if (cursor.unit !== header.cursor.unit || Number.isNaN(trace.values[cursor.step])) continue;
        g.fillStyle = trace.color;
        g.beginPath(); g.arc(x, yOf(panel, trace.values[cursor.step]), 3.5, 0, 7); g.fill();
      }
    }
  }
  if (chart.brushed) {
    const [a, b] = [...chart.brushed].sort((one, other) => one - other);
    g.fillStyle = look.accent;
    g.globalAlpha = 0.25;
    g.fillRect(plan.px(a), plan.panels[0]?.top ?? 0, plan.px(b + 1) - plan.px(a), plan.height);
    g.globalAlpha = 1;
  }
  if (chart.zoomed) {
    const [a, b] = [...chart.zoomed].sort((one, other) => one - other);
    g.fillStyle = look.ink;
    g.globalAlpha = 0.15;
    g.fillRect(a, 0, b - a, plan.height);
    g.globalAlpha = 1;
  }
  chart.readout.textContent = readOut(chart);
}

export function panelAt(chart, y) {
  return chart.plan?.panels.find((panel) => y >= panel.top && y < panel.top + panel.height) ?? null;
}

// What lies under the pointer; else the cursor's own values.
function readOut(chart) {
  const { header, hover, plan, cursor } = chart;
  const word = (column) => (header.words.length ? `“${header.words[Math.min(header.words.length - 1, Math.max(0, Math.floor(column)))]}” · ` : "");
  const day = (column) => {
    const time = header.times[Math.min(header.times.length - 1, Math.max(0, Math.floor(column * header.per_column)))];
    return header.x_kind === "time" ? formatTime(time, time % 864e5 ? 0 : 864e5) : exact(time);
  };
  const panel = hover && panelAt(chart, hover.y), column = hover && plan.column(hover.x);
  if (panel && column >= 0 && hover.x >= plan.left && hover.x <= plan.left + plan.width) {
    const at = Math.floor(column), when = header.x_kind === "time" ? `${day(column)} · step ${at + 1}` : `${word(column)}step ${at + 1}`;
    if (panel.kind === "map" && at < header.steps) {
      const row = Math.floor(((hover.y - panel.top) / panel.height) * header.rows.length), map = panel.content;
      const byte = map.values[row * header.steps + at], value = map.low + (byte / 254) * (map.high - map.low);
      const unit = `${when} · unit ${header.rows[row]}: ${map.name}`, said = format(Number(value.toPrecision(3)));
      if (byte === 255) return `${unit} is missing`;
      // What lies beyond the colours has their last one: no number is known then.
      return map.scale === "state" && (byte === 0 || byte === 254) ? `${unit} at the end of the colours (${said})` : `${unit} ≈ ${said}`;
    }
    if (panel.kind === "input") {
      const i = Math.floor(column * header.per_column), found = panel.content.lines.filter((line) => !Number.isNaN(line.values[i] ?? NaN));
      return `${header.words.length ? word(column).slice(0, -3) : day(column)} · ${found.map((line) => `${line.name} ${format(line.values[i])}`).join(" · ") || "nothing here"}`;
    }
    if (panel.kind === "lines" && at < header.steps) {
      return `${when} · unit ${header.cursor.unit}: ${panel.content.traces.map((one) => `${one.name} ${format(one.values[at])}`).join(" · ")}`;
    }
  }
  const step = `step ${cursor.step + 1} of ${header.steps}`;
  const values = header.lines.flatMap((lines) => lines.traces).map((one) => `${one.name} ${format(one.values[cursor.step])}`);
  const own = cursor.unit === header.cursor.unit && values.length ? `: ${values.join(" · ")}` : "";
  return `${header.x_kind === "time" ? `${day(cursor.step)} · ` : word(cursor.step)}${step} · unit ${cursor.unit}${own}`;
}
