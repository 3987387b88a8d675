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
             scale: ["#1f5fae", "#7fb0e0", "#f3f3f0", "#f0a37f", "#b3262b"],
             heat: ["#f4f3f0", "#f6cfae", "#e5734f", "#ab2440", "#4d0d33"] },
    dark: { ink: "#a5acb7", hover: "#23272e", edge: "#3a3f49", text: "#e7e8ea",
            scale: ["#6fb1ff", "#3a6aa6", "#23272e", "#a8573c", "#ff8a75"],
            heat: ["#22262d", "#55304f", "#a83d5a", "#f0835a", "#ffe6a0"] },
  };
  const HEAT_AT = [0, 0.1, 0.35, 0.7, 1];
  const config = { responsive: true, displayModeBar: false };
  const plots = [...document.querySelectorAll(".plot")];
  const lenses = new Map(); // plot -> {where, step} while a finding points at it
  const chosen = new Map(); // plot -> {key: index} of what is chosen to be shown in it
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
      if (trace.meta && trace.meta.paint === "heat") trace.colorscale = colors.heat.map((c, i) => [HEAT_AT[i], c]);
    }
  };

  const short = (name) => (name.length > 15 ? "…" + name.slice(-14) : name);

  const fit = (figure, width) => {
    const layout = figure.layout;
    if (touch) layout.dragmode = false; // a finger on a figure scrolls the page
    if (width >= NARROW) return;
    const below = (layout.legend || {}).orientation === "h"; // it has a place of its own
    const entries = figure.data.filter((t) => t.showlegend !== false && t.visible !== false && t.name).length;
    if (!below && (entries > 1 || figure.data.some((t) => t.showlegend && t.visible !== false))) {
      const rows = Math.min(8, Math.ceil(entries / Math.max(1, Math.floor(width / 130))));
      layout.legend = { ...layout.legend, orientation: "h", x: 0, xanchor: "left", y: -50 / (layout.height - 60), yanchor: "top" };
      layout.height += 20 * rows + 16;
      layout.margin.b += 20 * rows + 16;
    }
    layout.margin.l = 48;
    layout.margin.r = 8;
    for (const trace of figure.data) {
      const bar = trace.marker && trace.marker.colorbar;
      if (bar && bar.ticktext) bar.ticktext = bar.ticktext.map((t) => t.split(" ")[0]);
      if (trace.type === "heatmap" && Array.isArray(trace.y)) {
        const shown = layout.yaxis.tickvals || trace.y;
        layout.yaxis.tickvals = shown;
        layout.yaxis.ticktext = shown.map(short);
      }
    }
  };

  const namesOf = (trace) => trace.meta && (trace.meta.names || (trace.meta.parameter && [trace.meta.parameter]));

  // What there is to choose from in a figure: [{key, as: "slider" or "list", label, options: [{text, names?, layout}],
  // first?}], `first` the place of what is shown first
  const choicesOf = (figure) => (figure.layout.meta && figure.layout.meta.choose) || [];

  // Sets "a.b[2].c" inside a layout.
  const put = (layout, path, value) => {
    const keys = path.replace(/\[(\d+)\]/g, ".$1").split(".");
    const last = keys.pop();
    keys.reduce((at, key) => (at[key] ||= {}), layout)[last] = value;
  };

  const applyChoices = (plot, figure) => {
    const state = chosen.get(plot) || {};
    for (const choice of choicesOf(figure)) {
      const at = state[choice.key] ?? choice.first ?? 0;
      for (const [path, value] of Object.entries(choice.options[at].layout || {})) put(figure.layout, path, value);
      for (const trace of figure.data) {
        if (trace.meta && trace.meta.when && choice.key in trace.meta.when) trace.visible = trace.meta.when[choice.key] === at;
      }
    }
  };

  const choose = (plot, key, at) => {
    chosen.set(plot, { ...chosen.get(plot), [key]: at });
    const control = plot.parentElement.querySelector(`.choose [data-key="${key}"]`);
    if (control) { control.value = at; control.dispatchEvent(new Event("chosen")); }
  };

  // Moves a slider through all its places, once; a second press, or a hand on the slider, stops it.
  const playButton = (control, places) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Play" });
    let timer = 0;
    const stop = () => { clearInterval(timer); timer = 0; button.textContent = "Play"; };
    const move = (at) => { control.value = at; control.dispatchEvent(new Event("input")); };
    control.addEventListener("pointerdown", stop);
    button.addEventListener("click", () => {
      if (timer) return stop();
      button.textContent = "Stop";
      move(Number(control.value) >= places - 1 ? 0 : Number(control.value));
      timer = setInterval(() => {
        if (Number(control.value) >= places - 1) return stop();
        move(Number(control.value) + 1);
      }, 350);
    });
    return button;
  };

  // The controls above a figure: a list, or a slider with its value beside it.
  const addControls = (plot, figure) => {
    if (plot.parentElement.querySelector(".choose")) return;
    for (const { key, as, label, options, first = 0 } of choicesOf(figure)) {
      if (options.length < 2) continue;
      const row = Object.assign(document.createElement("div"), { className: "choose" });
      const name = document.createElement("label");
      row.append(name);
      name.append(label + " ");
      let control;
      if (as === "list") {
        control = document.createElement("select");
        options.forEach((o, i) => control.add(new Option(o.text, i)));
        name.append(control);
      } else {
        control = Object.assign(document.createElement("input"), { type: "range", min: 0, max: options.length - 1, value: first });
        const said = document.createElement("output");
        const say = () => (said.value = options[control.value].text);
        say();
        control.addEventListener("input", say);
        control.addEventListener("chosen", say);
        name.append(control);
        row.append(said, playButton(control, options.length));
      }
      control.dataset.key = key;
      control.value = (chosen.get(plot) || {})[key] ?? first;
      control.addEventListener("input", () => { choose(plot, key, Number(control.value)); draw(plot); });
      plot.before(row);
    }
  };

  const frameRow = (figure, at, rows) => {
    const [across, along] = rows ? ["xref", "y"] : ["yref", "x"];
    (figure.layout.shapes ||= []).push({ type: "rect", [across]: "paper", [across[0] + "0"]: 0, [across[0] + "1"]: 1,
                                         [along + "0"]: at - 0.5, [along + "1"]: at + 0.5,
                                         line: { color: "#3f7be8", width: 2 }, fillcolor: "rgba(0,0,0,0)" });
  };

  const focus = (figure, lens) => {
    const named = new Set(lens.where);
    const meant = (names) => (names || []).some((name) => named.has(name));
    const some = figure.data.some((t) => meant(namesOf(t)));
    for (const trace of some ? figure.data : []) {
      if (!namesOf(trace)) continue;
      const singled = meant(namesOf(trace));
      trace.opacity = singled ? 1 : 0.12;
      if (!singled && trace.fill) trace.fill = "none";
      if (singled && trace.line) trace.line.width = 2.4;
      if (singled && !trace.meta.when) trace.visible = true;
    }
    const rows = figure.data.map((t) => t.meta && t.meta.rows).find(Boolean);
    const columns = figure.layout.meta && figure.layout.meta.columns;
    for (const [i, names] of (rows || columns || []).entries()) {
      if (meant(names)) frameRow(figure, i, Boolean(rows));
    }
    const overSteps = figure.layout.xaxis.title?.text === "step";
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
    applyChoices(plot, figure);
    addControls(plot, figure);
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
      for (const { key, options } of choicesOf(unpack(packed.figures[plot.dataset.figure]))) {
        const at = options.findIndex((o) => (o.names || []).some((name) => lens.where.includes(name)));
        if (at >= 0) choose(plot, key, at);
      }
      watcher.unobserve(plot);
      draw(plot);
      card.querySelector(".lens")?.remove();
      const names = lens.where.length > 3 ? `${lens.where.length} places` : lens.where.join(", ");
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
