// Three small plug-ins of ours for Chart.js.

// Densely and on a ground of its own, or lightly: wider, and leaning the other way, so that nobody needs the shade.
function hatch(context, color, ground) {
  const tile = document.createElement("canvas"), size = ground ? 8 : 12;
  tile.width = tile.height = size;
  const pen = tile.getContext("2d");
  if (ground) { pen.fillStyle = ground; pen.fillRect(0, 0, size, size); } else { pen.translate(size, 0); pen.scale(-1, 1); }
  pen.strokeStyle = color;
  pen.globalAlpha = 0.35;
  pen.beginPath();
  for (const shift of [-size, 0, size]) { pen.moveTo(shift, size); pen.lineTo(shift + size, 0); }
  pen.stroke();
  return context.createPattern(tile, "repeat");
}

// A hatched band where nobody looked: no data is not zero. A lightly hatched one where some platforms were not read.
export const gaps = {
  id: "gaps",
  beforeDatasetsDraw(chart, _, { covered, unread, color, ground }) {
    if (!unread && !covered?.includes(false)) return;
    const { ctx, chartArea: area, scales: { x } } = chart;
    const step = covered.length > 1 ? x.getPixelForValue(1) - x.getPixelForValue(0) : area.width;
    ctx.save();
    const dense = hatch(ctx, color, ground), light = hatch(ctx, color, null);
    covered.forEach((seen, index) => {
      if (seen && !unread?.[index]) return;
      ctx.fillStyle = seen ? light : dense;
      const left = Math.max(x.getPixelForValue(index) - step / 2, area.left);
      ctx.fillRect(left, area.top, Math.min(step, area.right - left), area.height);
    });
    ctx.restore();
  },
};

// Days with a name: a campaign is a band with a line on top, what happened or stood out a dashed line, and a line on
// top over several days. Of several panels over
// one axis the first bears the names, where there is room; the page says all of them in words.
export const marks = {
  id: "marks",
  beforeDatasetsDraw(chart, _, { marks: named, named: isFirst, tokens }) {
    if (!named?.length) return;
    const { ctx, chartArea: area, scales: { x } } = chart;
    const step = chart.data.labels.length > 1 ? x.getPixelForValue(1) - x.getPixelForValue(0) : area.width;
    let free = area.left;
    ctx.save();
    ctx.font = `500 11px ${window.Chart.defaults.font.family}`;
    ctx.textBaseline = "top";
    for (const mark of named) {
      const left = Math.max(x.getPixelForValue(mark.first) - step / 2, area.left);
      const right = Math.min(x.getPixelForValue(mark.last) + step / 2, area.right);
      if (mark.kind === "campaign") {
        ctx.fillStyle = tokens["accent-soft"];
        ctx.fillRect(left, area.top, right - left, area.height);
        ctx.fillStyle = tokens["accent-fill"];
        ctx.fillRect(left, area.top, right - left, 2);
      } else {
        const middle = (left + right) / 2;
        if (mark.last > mark.first) { ctx.fillStyle = tokens["text-3"]; ctx.fillRect(left, area.top, right - left, 2); }
        ctx.strokeStyle = tokens["text-3"];
        ctx.setLineDash([3, 3]);
        ctx.beginPath(); ctx.moveTo(middle, area.top); ctx.lineTo(middle, area.bottom); ctx.stroke();
        ctx.setLineDash([]);
      }
      const start = mark.kind === "campaign" ? left + 4 : (left + right) / 2 + 4;
      const width = ctx.measureText(mark.label).width;
      if (!isFirst || start < free || start + width > area.right) continue;
      ctx.fillStyle = tokens["text-2"];
      ctx.fillText(mark.label, start, area.top + 5);
      free = start + width + 8;
    }
    ctx.restore();
  },
};

// At most one note a chart: a hairline and two lines of text in the head-room; it flips side near the edge.
export const note = {
  id: "note",
  afterDatasetsDraw(chart, _, { index, title, text, tokens }) {
    if (index === undefined) return;
    const { ctx, chartArea: area, scales, data } = chart;
    const total = data.datasets.reduce((sum, dataset) => sum + (dataset.data[index] ?? 0), 0);
    const x = scales.x.getPixelForValue(index), y = scales.y.getPixelForValue(total);
    const family = chart.options.font?.family ?? window.Chart.defaults.font.family;
    ctx.save();
    ctx.font = `600 12px ${family}`;
    const width = Math.max(ctx.measureText(title).width, ctx.measureText(text).width);
    const side = x + 12 + width < area.right ? 1 : -1;
    ctx.strokeStyle = tokens["text-3"];
    ctx.beginPath(); ctx.moveTo(x, y - 4); ctx.lineTo(x, area.top + 8); ctx.lineTo(x + 8 * side, area.top + 8); ctx.stroke();
    ctx.textAlign = side > 0 ? "left" : "right"; ctx.textBaseline = "middle";
    ctx.fillStyle = tokens.text; ctx.fillText(title, x + 12 * side, area.top + 8);
    ctx.font = `400 12px ${family}`; ctx.fillStyle = tokens["text-2"]; ctx.fillText(text, x + 12 * side, area.top + 25);
    ctx.restore();
  },
};
