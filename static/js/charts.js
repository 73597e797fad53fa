// The only code that speaks to Chart.js. A canvas names its data: <canvas data-chart="ID">, where ID is the id of
// a json_script with {labels: ["2026-11-20", ...], ticks: ["20 Nov", "", ...], covered: [true, ...],
// format: {notation: "standard", ...}, series: [{label, kind: "line"|"bar", color: "accent-fill", values: [1, null]}],
// stacked, max, note: {index, title, text}, marks: [{kind: "campaign"|"peak", label, first, last}], hide_x}. A null value
// is a gap; where `covered` is false a hatched band says that nobody looked; `unread: {title, buckets: {3: "Bluesky"}}`
// hatches others lightly, and the tooltip names whom nobody read. `links: {base, spans: ["from=…", ...]}`
// lead to the rows behind a bar, one span for each label; a series' `query` narrows them to its own.
import { gaps, marks, note } from "./chart-plugins.js";
import { readTokens, transparent } from "./chart-tokens.js";

const Chart = window.Chart;
const radius = { topLeft: 2, topRight: 2 };
const language = document.documentElement.lang;
const live = new Map();
const waiting = new Map();
let tokens = null;
let short = null; // numbers beside the axis

function lineSeries(series, tokens) {
  const color = tokens[series.color];
  return { type: "line", label: series.label, data: series.values, borderColor: color, borderWidth: 2, pointRadius: 0,
    pointHoverRadius: 4, pointBackgroundColor: color, tension: 0.25, spanGaps: false, fill: series.fill ?? false,
    backgroundColor: transparent(color, 0.1), borderDash: series.dashed ? [5, 4] : [] };
}

function barSeries(series, tokens, stacked, top) {
  return { type: "bar", label: series.label, data: series.values, backgroundColor: tokens[series.color],
    borderRadius: !stacked || top ? radius : 0, borderColor: tokens.surface, borderWidth: stacked ? { top: 1 } : 0,
    borderSkipped: false, barPercentage: 0.82, categoryPercentage: 0.92, pointStyle: "rect" };
}

function datasets(data, tokens) {
  const bars = data.series.filter((series) => series.kind === "bar");
  return data.series.map((series) => (series.kind === "line" ? lineSeries(series, tokens)
    : barSeries(series, tokens, data.stacked, series === bars.at(-1))));
}

function tooltip(tokens, format, unread) {
  const labelColor = ({ dataset }) => {
    const color = dataset.pointBackgroundColor ?? dataset.backgroundColor;
    return { backgroundColor: color, borderColor: color };
  };
  let number = null; // made when somebody points at the chart: most never do
  const label = ({ dataset, raw }) => {
    number ??= new Intl.NumberFormat(language, format ?? {});
    return `${dataset.label}: ${number.format(raw)}`;
  };
  const footer = ([first]) => (first && unread?.buckets[first.dataIndex]
    ? `${unread.title}: ${unread.buckets[first.dataIndex]}` : "");
  return { backgroundColor: tokens.ink, footerColor: tokens["on-ink"], footerFont: { weight: 400 }, titleColor: tokens["on-ink"], bodyColor: tokens["on-ink"], padding: 10,
    cornerRadius: 6, boxPadding: 5, usePointStyle: true, titleFont: { weight: 600 }, callbacks: { label, labelColor, footer } };
}

// Where there is no room for all labels of the days, every second or third one stands.
function tickAt(ticks, index, width) {
  const labeled = ticks.flatMap((label, place) => (label ? [place] : []));
  const every = Math.max(1, Math.ceil((labeled.length * 62) / width));
  return labeled.indexOf(index) % every ? "" : ticks[index];
}

function scales(data, tokens) {
  return {
    x: { stacked: data.stacked, grid: { display: false }, border: { color: tokens.line },
      ticks: { color: tokens["text-3"], maxRotation: 0, autoSkip: false, display: !data.hide_x,
        callback(_, index) { return tickAt(data.ticks, index, this.chart.width); } } },
    y: { stacked: data.stacked, beginAtZero: true, suggestedMax: data.max, border: { display: false },
      grid: { color: tokens.line, drawTicks: false }, afterFit: (scale) => { scale.width = 40; },
      ticks: { color: tokens["text-3"], padding: 8, maxTicksLimit: data.lines ?? 4, precision: 0,
        callback: (value) => short.format(value) } },
  };
}

// Which rows lie under the pointer: those of the bar that is hit, or else of its day.
function rowsUnder(event, chart, data) {
  const [bar] = chart.getElementsAtEventForMode(event, "nearest", { intersect: true }, true);
  const [place] = bar ? [bar] : chart.getElementsAtEventForMode(event, "index", { intersect: false }, true);
  if (!place) return null;
  const query = bar && data.series[bar.datasetIndex].query;
  return [data.links.base, data.links.spans[place.index], ...(query ? [query] : [])].join("&");
}

function leading(data) {
  if (!data.links) return {};
  return {
    onClick: (event, _, chart) => { const link = rowsUnder(event, chart, data); if (link) location.assign(link); },
    onHover: (event, _, chart) => { chart.canvas.style.cursor = rowsUnder(event, chart, data) ? "pointer" : ""; },
  };
}

function configuration(data, tokens) {
  return {
    data: { labels: data.labels, datasets: datasets(data, tokens) }, plugins: [marks, gaps, note],
    options: { ...leading(data), responsive: false, maintainAspectRatio: false, animation: false,
      interaction: { mode: "index", intersect: false }, layout: { padding: { top: 2, right: 2 } },
      scales: scales(data, tokens),
      plugins: { legend: { display: false }, tooltip: tooltip(tokens, data.format, data.unread),
        gaps: { covered: data.covered, unread: data.unread?.buckets, color: tokens["text-3"], ground: tokens["surface-2"] },
        marks: { marks: data.marks, named: data.hide_x, tokens }, note: { ...data.note, tokens } } },
  };
}

function draw(canvas, { width, height }) {
  const source = document.getElementById(canvas.dataset.chart);
  tokens ??= readTokens();
  live.get(canvas)?.destroy();
  Object.assign(canvas, { width, height });
  live.set(canvas, new Chart(canvas, configuration(JSON.parse(source.textContent), tokens)));
}

// One chart a task, when the browser has nothing else to do: scrolling and typing come first on a slow machine, too.
const soon = window.requestIdleCallback ? (work) => requestIdleCallback(work, { timeout: 500 }) : setTimeout;

function prepare() {
  short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 });
  short.format(1);
  soon(drawNext);
}

function drawNext() {
  const [[canvas, size] = []] = waiting;
  waiting.delete(canvas);
  if (canvas?.isConnected) draw(canvas, size);
  if (waiting.size) soon(drawNext);
}

function drawSoon(canvas, size) {
  if (!waiting.size) soon(short ? drawNext : prepare);
  waiting.set(canvas, size);
}

// The browser says how large a chart's place is once it has laid it out; Chart.js would make it lay out the page to ask.
const places = new ResizeObserver((changed) => {
  for (const { target, contentRect: size } of changed) {
    const canvas = target.querySelector("canvas");
    if (!size.width || !canvas) continue;
    if (live.has(canvas)) live.get(canvas).resize(size.width, size.height);
    else drawSoon(canvas, size);
  }
});

function watch(scope) {
  for (const [canvas, chart] of live) if (!canvas.isConnected) { chart.destroy(); live.delete(canvas); }
  scope.querySelectorAll("canvas[data-chart]").forEach((canvas) => places.observe(canvas.parentElement));
}

Object.assign(Chart.defaults.font, { family: getComputedStyle(document.body).fontFamily, size: 12 });
document.fonts.ready.then(() => watch(document));
document.addEventListener("htmx:afterSettle", (event) => watch(event.detail.elt));
document.addEventListener("themechange", () => {
  tokens = null;
  live.forEach((chart, canvas) => drawSoon(canvas, chart));
});
// On paper stands every chart, also one that nobody has scrolled to.
addEventListener("beforeprint", () => {
  short ??= new Intl.NumberFormat(language, { notation: "compact" });
  for (const canvas of document.querySelectorAll("canvas[data-chart]")) draw(canvas, canvas.parentElement.getBoundingClientRect());
});
