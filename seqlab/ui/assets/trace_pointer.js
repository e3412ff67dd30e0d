// What the pointer and the keyboard do to a canvas of traces: pick, step, zoom, mark a span.

import { panelAt } from "./trace_paint.js";

const DRAG = 6; // pixels from which a press is a drag

export function listen(chart) {
  const canvas = chart.overlay, place = (e) => { const r = canvas.getBoundingClientRect(); return { x: e.clientX - r.left, y: e.clientY - r.top }; };
  const columnAt = (x) => Math.min(Math.max(Math.floor(chart.plan.column(x)), 0), chart.header.steps - 1);
  const inPlot = ({ x }) => chart.plan && x >= chart.plan.left && x <= chart.plan.left + chart.plan.width;
  let press = null;

  canvas.onpointerdown = (e) => {
    const at = place(e);
    if (!chart.plan || e.button !== 0 || !inPlot(at)) return;
    canvas.setPointerCapture(e.pointerId);
    press = { ...at, brush: e.shiftKey && chart.header.brush, dragged: false };
  };
  canvas.onpointermove = (e) => {
    chart.hover = place(e);
    if (press && Math.abs(chart.hover.x - press.x) > DRAG && e.pointerType !== "touch") press.dragged = true;
    if (press?.dragged && press.brush) chart.brushed = [columnAt(press.x), columnAt(chart.hover.x)];
    else if (press?.dragged) chart.zoomed = [press.x, chart.hover.x];
    chart.redrawOverlay();
  };
  canvas.onpointerleave = () => {
    chart.hover = null;
    chart.redrawOverlay();
  };
  canvas.onpointerup = (e) => {
    const was = press, at = place(e);
    press = null;
    chart.zoomed = null;
    if (!was) return;
    if (!was.dragged) return pick(at);
    const ends = [was.x, at.x].sort((a, b) => a - b);
    if (was.brush) return chart.mark(ends.map(columnAt));
    const range = ends.map((x) => Math.min(Math.max(chart.plan.column(x), 0), chart.header.steps + chart.header.horizon / chart.header.per_column));
    if (range[1] - range[0] >= 2) chart.zoomTo([Math.floor(range[0]), Math.ceil(range[1])]);
    else chart.redrawOverlay();
  };
  canvas.onpointercancel = () => {
    press = null;
    chart.zoomed = chart.brushed = null;
    chart.redrawOverlay();
  };
  canvas.ondblclick = () => chart.zoomTo(null);

  function pick({ x, y }) {
    const panel = panelAt(chart, y), { rows } = chart.header;
    const unit = panel?.kind === "map" ? rows[Math.min(rows.length - 1, Math.floor(((y - panel.top) / panel.height) * rows.length))] : chart.cursor.unit;
    chart.place({ unit, step: columnAt(x) });
  }

  canvas.addEventListener("wheel", (e) => {
    if (!chart.plan || !e.ctrlKey) return; // a plain wheel scrolls the page
    e.preventDefault();
    const at = chart.plan.column(place(e).x), factor = e.deltaY > 0 ? 1.25 : 0.8, [a, b] = chart.range;
    const whole = chart.header.steps + chart.header.horizon / chart.header.per_column;
    const next = [Math.max(0, at - (at - a) * factor), Math.min(whole, at + (b - at) * factor)];
    if (next[1] - next[0] >= 2) chart.zoomTo(next[0] <= 0 && next[1] >= whole ? null : next);
  }, { passive: false });

  canvas.onkeydown = (e) => {
    if (!chart.header || e.ctrlKey || e.metaKey || e.altKey) return;
    const far = e.shiftKey ? 10 : 1, act = {
      ArrowLeft: () => chart.step(-far), ArrowRight: () => chart.step(far), ArrowUp: () => chart.nextUnit(-1), ArrowDown: () => chart.nextUnit(1),
      Home: () => chart.step(-chart.header.steps), End: () => chart.step(chart.header.steps), Escape: () => chart.zoomTo(null),
    }[e.key];
    if (act) {
      e.preventDefault();
      chart.hover = null; // the read-out follows the cursor, not a pointer that lies still
      act();
    }
  };
}
