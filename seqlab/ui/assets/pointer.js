// Zoom, pan and hover: turns what the pointer and the keyboard do into the chart's view.

import { PAD } from "./ticks.js";

function zoom(chart, x, y, factor) {
  const s = chart.scale, mix = (px, by) => x + (px - x) * by, mixY = (py, by) => y + (py - y) * by;
  chart.view = {
    x: [s.atX(mix(PAD.left, factor)), s.atX(mix(PAD.left + s.w, factor))],
    y: [s.atY(mixY(PAD.top + s.h, factor)), s.atY(mixY(PAD.top, factor))],
  };
  chart.keep();
}

function pan(chart, dx, dy) {
  const s = chart.scale;
  chart.view = {
    x: [s.atX(PAD.left - dx), s.atX(PAD.left + s.w - dx)],
    y: [s.atY(PAD.top + s.h - dy), s.atY(PAD.top - dy)],
  };
  chart.keep();
}

function showAll(chart) {
  chart.view = null;
  chart.keep();
}

export function listen(chart) {
  const place = (e) => { const r = chart.canvas.getBoundingClientRect(); return { x: e.clientX - r.left, y: e.clientY - r.top }; };
  chart.logButton.onclick = () => { chart.log = !chart.log; chart.view = null; chart.keep(); };
  chart.resetButton.onclick = () => showAll(chart);
  chart.canvas.ondblclick = () => showAll(chart);
  chart.canvas.onpointerleave = () => { chart.pointer = null; chart.redraw(); };
  chart.canvas.onpointerdown = (e) => {
    if (!chart.scale || e.button !== 0) return;
    chart.canvas.setPointerCapture(e.pointerId);
    const { x, y } = place(e);
    chart.dragging = { x, y, toX: x, toY: y, pan: e.shiftKey, box: false };
  };
  chart.canvas.onpointermove = (e) => {
    const { x, y } = (chart.pointer = place(e)), drag = chart.dragging;
    if (drag?.pan) {
      pan(chart, x - drag.toX, y - drag.toY);
    }
    if (drag) {
      Object.assign(drag, { toX: x, toY: y });
      drag.box = !drag.pan && Math.hypot(x - drag.x, y - drag.y) > 6;
    }
    chart.redraw();
  };
  chart.canvas.onpointerup = chart.canvas.onpointercancel = (e) => {
    const drag = chart.dragging;
    chart.dragging = null;
    if (drag?.box && e.type === "pointerup") {
      const s = chart.scale, order = (a, b) => (a < b ? [a, b] : [b, a]);
      const flat = Math.abs(drag.toY - drag.y) < 12, thin = Math.abs(drag.toX - drag.x) < 12;
      chart.view = {
        x: thin ? s.limits.x : order(s.atX(drag.x), s.atX(drag.toX)),
        y: flat ? s.limits.y : order(s.atY(drag.y), s.atY(drag.toY)),
      };
      chart.keep();
    }
    chart.redraw();
  };
  chart.canvas.addEventListener("wheel", (e) => {
    if (!chart.scale || !e.ctrlKey) return; // a plain wheel scrolls the page
    e.preventDefault();
    const { x, y } = place(e);
    zoom(chart, x, y, e.deltaY > 0 ? 1.25 : 0.8);
  }, { passive: false });
  chart.canvas.onkeydown = (e) => {
    if (!chart.scale) return;
    const s = chart.scale, x = PAD.left + s.w / 2, y = PAD.top + s.h / 2;
    const act = {
      "+": () => zoom(chart, x, y, 0.8), "-": () => zoom(chart, x, y, 1.25), "0": () => showAll(chart), Escape: () => showAll(chart),
      ArrowLeft: () => pan(chart, 40, 0), ArrowRight: () => pan(chart, -40, 0), ArrowUp: () => pan(chart, 0, 30), ArrowDown: () => pan(chart, 0, -30),
    }[e.key];
    if (act) { e.preventDefault(); act(); }
  };
}
