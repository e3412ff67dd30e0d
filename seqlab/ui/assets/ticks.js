// Where the axes' ticks go, and how numbers and dates are written.

export const PAD = { left: 58, right: 14, top: 10, bottom: 36 }; // pixels around the plot
export const DAY = 864e5; // all times are ms since 1970, UTC
const MINUTE = 6e4, HOUR = 36e5, MONTH = 30.4375 * DAY;
const SHORT_STEPS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY];
const MONTH_STEPS = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

export function niceStep(span, count) {
  const raw = span / Math.max(1, count), power = 10 ** Math.floor(Math.log10(raw)), part = raw / power;
  return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power;
}

export function steps(low, high, step) {
  const found = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-9 && found.length < 60; at += step) found.push(at);
  return found;
}

export function logTicks(low, high, count) {
  const decades = Math.log10(high / low);
  if (decades < 0.7) return steps(low, high, niceStep(high - low, count)).filter((v) => v > 0);
  const every = Math.max(1, Math.ceil(decades / count)), found = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.log10(high); e += every) {
    for (const m of decades < 2.5 ? [1, 2, 5] : [1]) {
      const v = m * 10 ** e;
      if (v >= low * 0.999 && v <= high * 1.001) found.push(v);
    }
  }
  return found;
}

export function format(v) {
  if (v === null || v === undefined || !Number.isFinite(v)) return "–";
  const size = Math.abs(v);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return v.toExponential(1).replace("e+", "e");
  return String(Number(v.toPrecision(4)));
}

// A date as exact as ticks `step` apart need it; 0 gives day and time.
export function formatTime(ms, step) {
  const iso = new Date(ms).toISOString();
  if (step >= 12 * MONTH) return iso.slice(0, 4);
  if (step >= MONTH) return iso.slice(0, 7);
  return step >= DAY ? iso.slice(0, 10) : iso.slice(step ? 5 : 0, 16).replace("T", " ");
}

// At most about `count` ticks at round dates: { step: ms between two, at: [...] }.
export function timeTicks(low, high, count) {
  const short = SHORT_STEPS.find((step) => (high - low) / step <= count);
  if (short) return { step: short, at: steps(low, high, short) };
  const months = MONTH_STEPS.find((step) => (high - low) / (step * MONTH) <= count) ?? 2400, at = [];
  const first = new Date(low), start = first.getUTCFullYear() * 12 + first.getUTCMonth();
  for (let month = Math.ceil(start / months) * months; at.length < 60; month += months) {
    const date = Date.UTC(Math.floor(month / 12), month % 12);
    if (date > high) break;
    if (date >= low) at.push(date);
  }
  return { step: months * MONTH, at };
}
