// The family of a lot as a map to walk about in: pan, zoom, unfold, follow. Only what is in view is in the page, and from far away
// boxes are one path a colour, so that a thousand lots move as lightly as ten. Without a script the still drawing and the table remain.
"use strict";

(() => {
  const root = document.querySelector("[data-family]");
  if (!root) return;
  const { WIDE, HIGH } = lotFamily;
  const CARDS = 0.42, LEAST = 0.03, MOST = 2; // from this scale on boxes have words; ends of the zoom
  const SIGNS = { good: "✓", look: "!", stop: "✕" };
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const stage = root.querySelector(".stage"), map = stage.parentElement, tip = document.createElement("div");
  const say = (key, values = {}) => root.dataset[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const live = (text) => { part("live").textContent = text; };
  const svgOf = (tag, attributes = {}, text) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  // ---------- drawing ----------
  let family = null;
  const svg = svgOf("svg", { class: "lots" }), world = svgOf("g"), lines = svgOf("path", { class: "edge" }), lit = svgOf("path", { class: "edge lit" });
  const dots = Object.fromEntries(["good", "look", "stop", "quiet"].map((tone) => [tone, svgOf("path", { class: `dot ${tone}` })]));
  const labels = svgOf("g", { class: "labels" }), cards = svgOf("g"), pills = svgOf("g");
  world.append(lines, lit, ...Object.values(dots), cards, labels, pills);
  svg.append(world);
  const view = { x: 0, y: 0, k: 1 };
  const drawn = new Map();
  let region = null, current = null, hovered = null, focused = false, printing = false, moving = null;

  const size = () => ({ wide: stage.clientWidth, high: stage.clientHeight });
  const spot = (node) => (moving?.has(node) ? moving.get(node).map((from, axis) => from + (node[axis ? "y" : "x"] - from) * moving.share) : [node.x, node.y]);
  const active = () => hovered ?? (focused ? current : null);

  function clip(text, most, latin = 0.6) {
    let used = 0;
    for (let place = 0; place < text.length; place++) {
      used += text.charCodeAt(place) > 0x2e7f ? 1 : latin;
      if (used > most) return `${text.slice(0, Math.max(0, place - 1))}…`;
    }
    return text;
  }

  function curve(line, far) {
    const [x1, y1] = spot(line.one), [x2, y2] = spot(line.other);
    const stops = [[x1 + WIDE, y1], ...line.points.flatMap(([x, y]) => [[x, y], [x + WIDE, y]]), [x2, y2]];
    let path = `M${stops[0]}`;
    for (let step = 1; step < stops.length; step++) {
      const [[ax, ay], [bx, by]] = [stops[step - 1], stops[step]];
      const bend = Math.max(24, Math.abs(bx - ax) / 2);
      path += far || (ay === by && bx > ax) ? `L${bx} ${by}` : `C${ax + bend} ${ay} ${bx - bend} ${by} ${bx} ${by}`;
    }
    return path;
  }

  function card(node) {
    const made = svgOf("a", { href: node.url, class: `lot ${node.tone} ${node.kind}`, tabindex: -1, "data-id": node.id });
    const what = [`${node.says.kind} ${node.code}`, node.name, node.says.amount, node.says.standing, node.says.state].filter(Boolean).join(say("sayComma"));
    made.setAttribute("aria-label", node === family.centre ? `${say("sayHere")}${say("sayColon")}${what}` : what);
    if (node === family.centre) made.setAttribute("aria-current", "true");
    made.append(
      svgOf("rect", { class: "box", width: WIDE, height: HIGH, rx: node.kind === "material" ? 20 : 8 }),
      svgOf("rect", { class: "side", x: 8, y: 14, width: 4, height: 36, rx: 2 }),
      svgOf("text", { class: "name", x: 20, y: 22 }, clip(node.code, 12)),
      svgOf("text", { x: 20, y: 39 }, clip([node.name, node.says.amount].filter(Boolean).join(" · "), 13, 0.52)),
      svgOf("text", { class: "word", x: 20, y: 55 }, clip(`${SIGNS[node.tone] ?? "–"} ${node.says.standing} · ${node.says.state}`, 14.5, 0.5)),
    );
    return made;
  }

  function pill(node, side, count) {
    const [x, y] = spot(node), text = count ? `+${count}` : "−", wide = Math.max(28, text.length * 9 + 12);
    const made = svgOf("g", { class: "pill", role: "button", transform: `translate(${side === "before" ? x - wide / 2 + 4 : x + WIDE + wide / 2 - 4} ${y})`, "data-id": node.id, "data-side": side });
    made.setAttribute("aria-label", `${node.code}${say("sayColon")}${say(side === "before" ? "sayBefore" : "sayAfter")}${say("sayComma")}${count ? say("sayMore", { count }) : say("sayLess")}`);
    made.append(svgOf("rect", { class: "reach", x: -22, y: -22, width: 44, height: 44 }), svgOf("rect", { class: "face", x: -wide / 2, y: -13, width: wide, height: 26, rx: 13 }));
    made.append(svgOf("text", { y: 4.5 }, text));
    return made;
  }

  function draw() {
    const { wide, high } = size(), far = view.k < CARDS && !printing;
    const pad = printing ? Infinity : 0.5;
    drawnAt = { ...view };
    if (!printing) world.setAttribute("transform", `translate(${view.x + wide / 2} ${view.y + high / 2}) scale(${view.k})`);
    region = { left: (-view.x - wide * pad) / view.k, right: (wide - view.x + wide * pad) / view.k, top: (-view.y - high * pad) / view.k, bottom: (high - view.y + high * pad) / view.k };
    const within = (x, y) => x + WIDE >= region.left && x <= region.right && y + HIGH >= region.top && y - HIGH <= region.bottom;
    const near = active(), way = near ? family.paths(near) : null;
    const seen = family.shown.filter((node) => within(...spot(node)));
    root.classList.toggle("picking", Boolean(way));
    root.classList.toggle("far", far);
    drawLines(way, far);
    drawDots(far ? seen : [], way);
    const wanted = new Set(far ? [] : seen);
    for (const node of [current, near]) if (node?.shown) wanted.add(node);
    for (const [node, made] of drawn) if (!wanted.has(node)) { made.remove(); drawn.delete(node); }
    for (const node of wanted) {
      if (!drawn.has(node)) { drawn.set(node, card(node)); cards.append(drawn.get(node)); }
      const made = drawn.get(node), [x, y] = spot(node);
      made.setAttribute("transform", `translate(${x} ${y - HIGH / 2})`);
      made.setAttribute("tabindex", node === current ? 0 : -1);
      made.classList.toggle("on", Boolean(way?.on.has(node)));
    }
    drawPills(far ? [] : seen, near);
    drawLabels(near, far);
  }

  function visible(line) {
    const xs = [line.one.x, line.other.x], ys = [line.one.y, line.other.y, ...line.points.map((each) => each[1])];
    return Math.max(...xs) + WIDE >= region.left && Math.min(...xs) <= region.right && Math.max(...ys) >= region.top && Math.min(...ys) <= region.bottom;
  }

  function drawLines(way, far) {
    let [plain, bright] = ["", ""];
    for (const line of family.edges) {
      if (!line.drawn || !visible(line)) continue;
      if (way?.along.has(line)) bright += curve(line, far); else plain += curve(line, far);
    }
    lines.setAttribute("d", plain);
    lit.setAttribute("d", bright);
  }

  function drawDots(seen, way) {
    const parts = { good: "", look: "", stop: "", quiet: "" };
    for (const node of seen) if (!way || way.on.has(node)) parts[parts[node.tone] === undefined ? "quiet" : node.tone] += `M${spot(node)[0]} ${spot(node)[1] - HIGH / 2}h${WIDE}v${HIGH}h${-WIDE}z`;
    for (const [tone, made] of Object.entries(dots)) made.setAttribute("d", parts[tone]);
  }

  function drawPills(seen, near) {
    if (printing) { pills.replaceChildren(); return; }
    const made = [];
    for (const node of seen) {
      for (const side of ["before", "after"]) {
        const count = family.hidden(node, side);
        if (count) made.push(pill(node, side, count));
        else if (node === near && family.outward(node).includes(side) && family.beyond(node, side).length) made.push(pill(node, side, 0));
      }
    }
    pills.replaceChildren(...made);
  }

  function drawLabels(near, far) {
    const made = [];
    for (const line of near && !far ? [...near.before, ...near.after] : []) {
      if (!line.drawn || made.length >= 40) continue;
      const into = line.other === near, [x, y] = spot(into ? line.one : line.other);
      const [, to] = line.points.length ? line.points[into ? 0 : line.points.length - 1] : spot(near);
      made.push(svgOf("text", { x: into ? x + WIDE + family.gap / 2 : x - family.gap / 2, y: (y + to) / 2 + 4, "text-anchor": "middle" }, line.says));
    }
    labels.replaceChildren(...made);
  }

  // ---------- moving about ----------
  let frame = 0, later = 0, drawnAt = null;

  // While it moves the picture is pushed and stretched as it is; it is drawn anew when it ends, or when its edge comes into view.
  function place() {
    const { wide, high } = size();
    const inside = region && -view.x / view.k >= region.left && (wide - view.x) / view.k <= region.right && -view.y / view.k >= region.top && (high - view.y) / view.k <= region.bottom;
    const stretched = view.k / (drawnAt?.k ?? view.k);
    if (!inside || stretched > 1.6 || stretched < 0.6 || root.classList.contains("far") !== view.k < CARDS) draw();
    else if (stretched !== 1) { clearTimeout(later); later = setTimeout(() => soon(true), 120); }
    const by = view.k / drawnAt.k;
    svg.style.transform = `translate(${view.x - drawnAt.x * by}px, ${view.y - drawnAt.y * by}px) scale(${by})`;
  }

  const soon = (again = false) => { if (again) region = null; cancelAnimationFrame(frame); frame = requestAnimationFrame(place); };

  function zoom(by, x = size().wide / 2, y = size().high / 2) {
    const k = Math.min(MOST, Math.max(LEAST, view.k * by));
    view.x = x - (x - view.x) * (k / view.k);
    view.y = y - (y - view.y) * (k / view.k);
    view.k = k;
    soon();
  }

  let glide = 0;

  // From here to there within a fifth of a second, and at once for who does not want motion.
  function animate(step) {
    cancelAnimationFrame(glide);
    if (still.matches || document.hidden) { step(1); return; }
    const began = performance.now();
    const tick = (now) => {
      const share = Math.min(1, (now - began) / 200);
      step(1 - (1 - share) ** 3);
      if (share < 1) glide = requestAnimationFrame(tick);
    };
    glide = requestAnimationFrame(tick);
  }

  function goTo(x, y, k) {
    const from = { ...view };
    animate((share) => {
      Object.assign(view, { x: from.x + (x - from.x) * share, y: from.y + (y - from.y) * share, k: from.k + (k - from.k) * share });
      place();
    });
  }

  function fitted(least = LEAST) {
    const { wide, high } = size(), box = family.bounds();
    const k = Math.min(1, Math.max(least, Math.min(wide / (box.right - box.left), high / (box.bottom - box.top))));
    return { x: wide / 2 - ((box.left + box.right) / 2) * k, y: high / 2 - ((box.top + box.bottom) / 2) * k, k };
  }

  function fit() { const { x, y, k } = fitted(); goTo(x, y, k); }

  function centred(node, k = Math.max(view.k, 0.8)) {
    const { wide, high } = size();
    return [wide / 2 - (node.x + WIDE / 2) * k, high / 2 - node.y * k, k];
  }

  // After something was unfolded or folded: the node that was touched stays where it is, the others glide.
  function changed(node, done) {
    if (!done) return;
    const was = new Map(family.all.filter((each) => each.at).map((each) => [each, each.at]));
    show();
    const shift = [node.x - was.get(node)[0], node.y - was.get(node)[1]];
    view.x -= shift[0] * view.k;
    view.y -= shift[1] * view.k;
    moving = Object.assign(new Map(), { share: 0 });
    if (family.shown.length <= 200) for (const each of family.shown) moving.set(each, (was.get(each) ?? was.get(node)).map((from, axis) => from + shift[axis]));
    animate((share) => { moving.share = share; if (share === 1) moving = null; region = null; place(); });
  }

  function show() {
    family.lay();
    for (const each of family.all) each.at = each.shown ? [each.x, each.y] : null;
    part("shown").textContent = say("sayShown", { shown: family.shown.length, all: family.nodes.size });
    region = null;
  }

  function focusOn(node, { jump = false } = {}) {
    current = node;
    focused = true;
    const { wide, high } = size(), [left, top] = [node.x * view.k + view.x, node.y * view.k + view.y];
    const away = left < 24 || left + WIDE * view.k > wide - 24 || top < 48 || top > high - 48;
    region = null;
    place();
    drawn.get(node).focus({ preventScroll: true });
    if (jump || away) goTo(...centred(node, jump ? Math.max(view.k, 0.8) : view.k));
  }

  // ---------- hands ----------
  const fingers = new Map();
  let pressed = null, entered = false;
  const where = (event) => { const box = stage.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };

  const under = ([x, y]) => family.under((x - view.x) / view.k, (y - view.y) / view.k);

  function point(node, touching = false) {
    if (node === hovered) return;
    hovered = node;
    stage.classList.toggle("pointing", Boolean(node));
    region = null;
    soon();
    tip.hidden = !node;
    if (!node) return;
    const lines = [node.code, node.name, ...(node.says.amount ? [node.says.amount] : []), `${SIGNS[node.tone] ?? "–"} ${node.says.standing} · ${node.says.state}`, [node.says.at, node.place].filter(Boolean).join(" · ")];
    if (touching) lines.push(say("sayAgain"));
    tip.replaceChildren(...lines.map((text, place) => Object.assign(document.createElement(place ? "span" : "b"), { textContent: text })));
    const [left, top] = [node.x * view.k + view.x, node.y * view.k + view.y + (HIGH / 2) * view.k];
    const below = top + 132 < size().high;
    tip.style.left = `${Math.max(8, Math.min(left, size().wide - 228))}px`;
    tip.style.top = `${below ? top + 12 : Math.max(8, top - HIGH * view.k - 132)}px`;
  }

  stage.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    entered = true;
    fingers.set(event.pointerId, where(event));
    pressed = fingers.size === 1 ? { at: where(event), pill: event.target.closest?.(".pill"), node: under(where(event)), moved: false } : { moved: true };
  });

  stage.addEventListener("pointermove", (event) => {
    const now = where(event), before = fingers.get(event.pointerId);
    if (!before) { if (event.pointerType === "mouse") point(event.target.closest?.(".pill") ? hovered : under(now)); return; }
    if (!pressed.moved && Math.hypot(now[0] - pressed.at[0], now[1] - pressed.at[1]) < 5) return;
    if (!pressed.moved) { pressed.moved = true; if (event.pointerType === "mouse") point(null); }
    try { stage.setPointerCapture(event.pointerId); } catch { /* it has left already */ }
    if (fingers.size === 2) {
      const [[, other]] = [...fingers].filter(([id]) => id !== event.pointerId);
      const spread = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]) || 1;
      zoom(spread(now) / spread(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    }
    const share = fingers.size === 2 ? 0.5 : 1;
    view.x += (now[0] - before[0]) * share;
    view.y += (now[1] - before[1]) * share;
    fingers.set(event.pointerId, now);
    soon();
  });

  function lift(event) {
    if (!fingers.delete(event.pointerId) || event.type === "pointercancel" || pressed?.moved) return;
    const { pill: on, node } = pressed;
    if (on) {
      const at = family.nodes.get(on.dataset.id), side = on.dataset.side;
      changed(at, family.unfold(at, side) || family.fold(at, side));
    } else if (event.pointerType !== "mouse") point(node, true);
  }
  stage.addEventListener("pointerup", lift);
  stage.addEventListener("pointercancel", lift);
  stage.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse" && !fingers.size) point(null); });
  stage.addEventListener("dragstart", (event) => event.preventDefault());
  document.addEventListener("pointerdown", (event) => {
    if (stage.contains(event.target)) return;
    entered = false;
    if (family) point(null);
  });

  // A finger sees first and opens with the second touch; far away a click comes nearer.
  let touched = null;
  stage.addEventListener("click", (event) => {
    if (event.detail === 0) return; // the keyboard's own
    const node = pressed?.moved || pressed?.pill ? null : under(where(event));
    const opens = node && (event.pointerType === "mouse" || touched === node) && !root.classList.contains("far");
    if (!opens) event.preventDefault();
    touched = node;
    if (node && root.classList.contains("far")) { current = node; goTo(...centred(node)); }
  });

  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !entered && !focused && !root.classList.contains("whole")) return;
    event.preventDefault();
    point(null);
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : event.ctrlKey ? 0.01 : 0.0015)), ...where(event));
  }, { passive: false });

  // ---------- keys ----------
  stage.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !current) return;
    const out = family.outward(current), sides = [...new Set([...out, "before", "after"])];
    const acts = {
      "+": () => changed(current, sides.some((side) => family.unfold(current, side))),
      "=": () => acts["+"](),
      "-": () => changed(current, out.filter((side) => family.fold(current, side)).length > 0),
      "0": fit,
      Home: () => focusOn(family.centre),
      ...Object.fromEntries(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].map((key) => [key, () => { const next = family.toward(current, key); if (next) focusOn(next); }])),
    };
    if (!Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    point(null);
    acts[event.key]();
  });
  cards.addEventListener("focusin", (event) => { current = family.nodes.get(event.target.dataset.id); focused = true; region = null; soon(); });
  cards.addEventListener("focusout", () => { focused = false; region = null; soon(); });

  // ---------- buttons and the search ----------
  const button = (act) => root.querySelector(`[data-act=${act}]`);

  function whole(on) {
    root.classList.toggle("whole", on);
    document.documentElement.classList.toggle("has-whole", on);
    button("whole").setAttribute("aria-pressed", String(on));
    fit();
  }

  const ACTS = {
    in: () => zoom(1.4),
    out: () => zoom(1 / 1.4),
    fit,
    home: () => focusOn(family.centre, { jump: true }),
    whole: () => whole(!root.classList.contains("whole")),
    all: (pushed) => {
      const on = pushed.getAttribute("aria-pressed") !== "true";
      pushed.setAttribute("aria-pressed", String(on));
      if (on) family.everything(); else family.near();
      if (!current.shown) current = family.centre;
      show();
      fit();
    },
  };
  root.addEventListener("click", (event) => { const pushed = event.target.closest("[data-act]"); if (pushed) ACTS[pushed.dataset.act](pushed); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && root.classList.contains("whole")) whole(false); });

  function find(asked) {
    const node = family.find(asked);
    live(node ? say("sayFound", { code: node.code }) : say("sayMissing"));
    root.querySelector(".family-find").classList.toggle("missed", !node);
    if (!node) return;
    if (!node.shown) { family.uncover(node); show(); }
    focusOn(node, { jump: true });
  }
  root.querySelector(".family-find").addEventListener("submit", (event) => { event.preventDefault(); find(event.target.elements[0].value); });

  // ---------- paper ----------
  const table = part("table");
  addEventListener("beforeprint", () => {
    if (!family) return;
    printing = true;
    table.open = true; // paper cannot be asked for what a box has no room for
    const box = family.bounds();
    svg.setAttribute("viewBox", `${box.left} ${box.top} ${box.right - box.left} ${box.bottom - box.top}`);
    world.removeAttribute("transform");
    svg.style.transform = "none";
    draw();
  });
  addEventListener("afterprint", () => {
    printing = false;
    table.open = false;
    svg.removeAttribute("viewBox");
    region = null;
    place();
  });

  // ---------- begin ----------
  async function start() {
    const answer = await fetch(root.dataset.family, { headers: { Accept: "application/json" } });
    if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) throw new Error(String(answer.status));
    family = new lotFamily.Family(await answer.json());
    show();
    current = family.centre;
    tip.className = "family-tip";
    tip.hidden = true;
    stage.append(svg, tip);
    root.querySelector(".graph").hidden = true;
    for (const each of [map, part("how"), part("shown"), root.querySelector(".family-bar")]) each.hidden = false;
    if (part("beyond")) part("beyond").hidden = true;
    root.querySelector("[data-act=all]").hidden = family.small;
    root.querySelector("datalist").append(...family.all.map((each) => Object.assign(document.createElement("option"), { value: each.code })));
    const box = family.bounds();
    stage.classList.toggle("low", box.bottom - box.top < 300);
    const whole = fitted(), k = Math.max(whole.k, 0.72);
    Object.assign(view, k === whole.k ? whole : Object.fromEntries(["x", "y", "k"].map((key, place) => [key, centred(family.centre, k)[place]])));
    place();
    new ResizeObserver(() => { region = null; soon(); }).observe(stage);
    root.dataset.ready = "true";
  }
  start().catch(() => live(say("sayFailed")));
})();
