// Draws the figures when they come into sight (all of them before print), in the colours of the scheme, and lets a
// finding point at the figure that shows it.
(() => {
  "use strict";
  const packed = JSON.parse(document.getElementById("data").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const touch = matchMedia("(pointer: coarse)").matches;
  const PRINT_WIDTH = 680;
  const NARROW = 600;
  const PAINT = {
    light: { ink: "#4c525c", hover: "#ffffff", edge: "#d5d5cf", text: "#1d2026",
             scale: ["#1f5fae", "#7fb0e0", "#f3f3f0", "#f0a37f", "#b3262b"] },
    dark: { ink: "#a5acb7", hover: "#23272e", edge: "#3a3f49", text: "#e7e8ea",
            scale: ["#6fb1ff", "#3a6aa6", "#23272e", "#a8573c", "#ff8a75"] },
  };
  const config = { responsive: true, displayModeBar: false };
  const plots = [...document.querySelectorAll(".plot")];
  const lenses = new Map(); // plot -> {where, step} while a finding points at it
  let printing = false;

  // A fresh copy of a figure, its shared arrays put back.
  const unpack = (node) => {
    if (Array.isArray(node)) return node.map(unpack);
    if (node === null || typeof node !== "object") return node;
    if ("$" in node) return { ...packed.arrays[node.$] };
    return Object.fromEntries(Object.entries(node).map(([k, v]) => [k, unpack(v)]));
  };

  const paint = (figure) => {
    const colors = PAINT[dark.matches && !printing ? "dark" : "light"];
    figure.layout.font.color = colors.ink;
    figure.layout.hoverlabel = { bgcolor: colors.hover, bordercolor: colors.edge, font: { color: colors.text } };
    for (const trace of figure.data) {
      if (trace.meta && trace.meta.paint === "ink") trace.line.color = colors.text;
      if (trace.meta && trace.meta.paint === "diverging") trace.colorscale = colors.scale.map((c, i) => [i / 4, c]);
    }
  };

  const short = (name) => (name.length > 15 ? "…" + name.slice(-14) : name);

  const fit = (figure, width) => {
    const layout = figure.layout;
    if (touch) layout.dragmode = false; // a finger on a figure scrolls the page
    if (width >= NARROW) return;
    const entries = figure.data.filter((t) => t.showlegend !== false && t.name).length;
    if (entries > 1 || figure.data.some((t) => t.showlegend)) {
      const rows = Math.min(8, Math.ceil(entries / Math.max(1, Math.floor(width / 130))));
      layout.legend = { ...layout.legend, orientation: "h", x: 0, y: -50 / (layout.height - 60), yanchor: "top" };
      layout.height += 20 * rows + 16;
      layout.margin.b += 20 * rows + 16;
    }
    layout.margin.l = 48;
    layout.margin.r = 8;
    for (const trace of figure.data) {
      const bar = trace.marker && trace.marker.colorbar;
      if (bar) bar.ticktext = bar.ticktext.map((t) => t.split(" ")[0]);
      if (trace.type === "heatmap" && Array.isArray(trace.y)) {
        const shown = layout.yaxis.tickvals || trace.y;
        layout.yaxis.tickvals = shown;
        layout.yaxis.ticktext = shown.map(short);
      }
    }
  };

  const focus = (figure, lens) => {
    const named = new Set(lens.where);
    const some = figure.data.some((t) => t.meta && named.has(t.meta.parameter));
    for (const trace of some ? figure.data : []) {
      if (!trace.meta || !trace.meta.parameter) continue;
      const chosen = named.has(trace.meta.parameter);
      trace.opacity = chosen ? 1 : 0.12;
      if (chosen) { trace.visible = true; trace.line.width = 2.4; }
    }
    const overSteps = figure.layout.xaxis.title.text === "step";
    if (overSteps && lens.step > 0) {
      (figure.layout.shapes ||= []).push({ type: "line", x0: lens.step, x1: lens.step, yref: "paper", y0: 0, y1: 1,
                                           line: { color: "#d8486f", width: 1.5, dash: "dash" } });
    }
    return some || overSteps;
  };

  const draw = (plot) => {
    const figure = unpack(packed.figures[plot.dataset.figure]);
    const width = printing ? PRINT_WIDTH : plot.clientWidth;
    paint(figure);
    fit(figure, width);
    if (lenses.has(plot)) focus(figure, lenses.get(plot));
    if (printing) {
      figure.layout.width = PRINT_WIDTH;
      delete figure.layout.updatemenus; // buttons are no use on paper
    }
    plot.dataset.drawn = width < NARROW ? "narrow" : "wide";
    Plotly.react(plot, figure.data, figure.layout, config);
  };
  const redraw = () => plots.filter((p) => p.dataset.drawn).forEach(draw);

  const watcher = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (isIntersecting) { watcher.unobserve(target); draw(target); }
    }
  }, { rootMargin: "600px" });
  plots.forEach((p) => watcher.observe(p));

  dark.addEventListener("change", redraw);
  addEventListener("resize", () => {
    for (const p of plots) {
      if (!printing && p.dataset.drawn && p.dataset.drawn !== (p.clientWidth < NARROW ? "narrow" : "wide")) draw(p);
    }
  });

  let closed = [];
  addEventListener("beforeprint", () => {
    printing = true;
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((d) => (d.open = true));
    plots.forEach(draw);
  });
  addEventListener("afterprint", () => {
    printing = false;
    closed.forEach((d) => (d.open = false));
    redraw();
  });

  const clear = (plot) => {
    lenses.delete(plot);
    plot.parentElement.querySelector(".lens")?.remove();
    draw(plot);
  };

  for (const link of document.querySelectorAll("a.see")) {
    link.addEventListener("click", (event) => {
      const card = document.getElementById(link.hash.slice(1));
      const plot = card.querySelector(".plot");
      const lens = { where: JSON.parse(link.dataset.where), step: Number(link.dataset.step) };
      event.preventDefault(); // also works where the page is inside a notebook, which has no address of its own
      lenses.set(plot, lens);
      watcher.unobserve(plot);
      draw(plot);
      card.querySelector(".lens")?.remove();
      const names = lens.where.length > 3 ? `${lens.where.length} parameters` : lens.where.join(", ");
      const button = Object.assign(document.createElement("button"), { className: "lens", type: "button" });
      button.textContent = `Showing ${names ? names + ", " : ""}since step ${lens.step.toLocaleString("en")}. Show all again`;
      button.addEventListener("click", () => clear(plot));
      plot.before(button);
      card.scrollIntoView({ block: "start" });
      card.classList.add("lit");
      setTimeout(() => card.classList.remove("lit"), 2500);
    });
  }
  for (const link of document.querySelectorAll('nav a, .runs a')) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById(link.hash.slice(1)).scrollIntoView({ block: "start" });
    });
  }
})();
