"""Finding the live charts of a page from a script in it: they lie in shadow roots, and a canvas is only pixels."""

LIVE_CHARTS = """
window.liveCharts = () => {
  const found = [], look = (node) => {
    if (node.classList?.contains('live-chart')) found.push(node);
    if (node.shadowRoot) look(node.shadowRoot);
    for (const child of node.children ?? []) look(child);
  };
  look(document.documentElement);
  return found;
};
// What the legends read: the newest value of every line.
window.legendValues = () =>
  window.liveCharts().flatMap((root) => [...root.querySelectorAll('.entry b')]).map((b) => b.textContent).filter(Boolean);
"""
