// The board keeps itself fresh: one event stream, one fragment, one chart. All of it rests while hidden.
"use strict";

(() => {
  const now = document.getElementById("now");
  if (!now) return;
  const live = document.getElementById("live");
  const say = (what) => { live.textContent = live.dataset[what]; };

  // ---------- sound: only when asked for, once for each new alert ----------
  const sound = document.getElementById("sound");
  let audio = null;
  const ringing = () => new Set((now.querySelector("[data-ringing]")?.dataset.ringing ?? "").split(" ").filter(Boolean));
  let known = ringing();

  function beep() {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.2, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.6);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.6);
  }

  if ("AudioContext" in window) {
    sound.hidden = false;
    sound.addEventListener("click", async () => {
      audio ??= new AudioContext();
      const on = sound.getAttribute("aria-pressed") !== "true";
      await (on ? audio.resume() : audio.suspend());
      sound.setAttribute("aria-pressed", String(on));
      sound.lastElementChild.textContent = sound.dataset[on ? "on" : "off"];
      if (on) beep();
    });
  }

  function listen() {
    const rings = ringing();
    const fresh = [...rings].some((ring) => !known.has(ring));
    known = rings;
    if (fresh && audio?.state === "running") beep();
  }

  // ---------- events: told that something changed, fetch it; at most one fetch at a time ----------
  let source = null;
  let busy = false;
  let again = false;

  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      await Promise.all([fetchNow(), chart?.refresh()]);
    } finally {
      busy = false;
    }
    if (again) { again = false; refresh(); }
  }

  function fetchNow() {
    return new Promise((done) => {
      now.addEventListener("htmx:finally:request", done, { once: true });
      htmx.trigger(now, "changed");
      setTimeout(done, 5000);
    }).then(listen);
  }

  function open() {
    if (source || document.hidden) return;
    source = new EventSource(`${now.dataset.events}?seen=${encodeURIComponent(now.dataset.seen)}`);
    source.addEventListener("open", () => say("live"));
    source.addEventListener("changed", (event) => { now.dataset.seen = event.data; say("live"); refresh(); });
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return; // it comes back by itself
      source = null;
      say("lost");
      setTimeout(open, 5000);
    });
  }

  function rest() {
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { rest(); say("resting"); } else { open(); refresh(); }
  });
  window.addEventListener("pagehide", rest);
  window.addEventListener("pageshow", (event) => { if (event.persisted) open(); });

  // ---------- the chart ----------
  const chart = (() => {
    const box = document.getElementById("chart");
    if (!box || !window.uPlot) return null;
    const title = document.getElementById("chart-title");
    const colour = (name) => getComputedStyle(box).getPropertyValue(name).trim();
    const font = `13px ${getComputedStyle(document.body).fontFamily}`;
    const minutes = Number(box.dataset.minutes);
    let plot = null;
    let drawn = null;
    let last = 0;

    const reach = () => {
      const { l, ll, h, hh } = drawn.limits;
      return [l ?? ll, h ?? hh];
    };

    function range(_plot, low, high) {
      const ends = [low, high, ...["hh", "h", "l", "ll"].map((name) => drawn.limits[name])].filter((end) => end != null);
      const [bottom, top] = [Math.min(...ends), Math.max(...ends)];
      const pad = (top - bottom || 1) * 0.12;
      return [bottom - pad, top + pad];
    }

    function behind(plot) {
      const { ctx, bbox } = plot;
      const x = (at) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, plot.valToPos(at, "x", true)));
      const y = (value) => plot.valToPos(value, "y", true);
      const [low, high] = reach();
      ctx.save();
      if (low != null || high != null) {
        const [top, bottom] = [high == null ? bbox.top : y(high), low == null ? bbox.top + bbox.height : y(low)];
        ctx.fillStyle = colour("--good-soft");
        ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
      }
      for (const alert of drawn.alerts) {
        const [from, to] = [x(alert.began), x(alert.until ?? drawn.until)];
        ctx.fillStyle = colour(alert.severity === "critical" ? "--stop-soft" : "--look-soft");
        ctx.fillRect(from, bbox.top, Math.max(2, to - from), bbox.height);
      }
      ctx.restore();
    }

    function before(plot) {
      const { ctx, bbox } = plot;
      const dots = window.devicePixelRatio || 1;
      const x = (at) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, plot.valToPos(at, "x", true)));
      ctx.save();
      ctx.font = `${12 * dots}px ${getComputedStyle(document.body).fontFamily}`;
      ctx.textBaseline = "bottom";
      ctx.textAlign = "left";
      for (const name of ["hh", "h", "l", "ll"]) {
        if (drawn.limits[name] == null) continue;
        const at = plot.valToPos(drawn.limits[name], "y", true);
        ctx.strokeStyle = ctx.fillStyle = colour(name.length === 2 ? "--stop" : "--look");
        ctx.lineWidth = dots;
        ctx.setLineDash([6 * dots, 4 * dots]);
        ctx.beginPath();
        ctx.moveTo(bbox.left, at);
        ctx.lineTo(bbox.left + bbox.width, at);
        ctx.stroke();
        ctx.fillText(`${name.toUpperCase()} ${drawn.limits[name]}`, bbox.left + 6 * dots, at - 2 * dots);
      }
      ctx.setLineDash([]);
      const high = 18 * dots;
      for (const lot of drawn.lots) {
        const [from, to] = [x(lot.began), x(lot.until ?? drawn.until)];
        const tone = { held: "--look", recalled: "--stop" }[lot.standing] ?? "--quiet";
        ctx.fillStyle = colour(`${tone}-soft`);
        ctx.fillRect(from, bbox.top + bbox.height - high, to - from, high);
        ctx.fillStyle = colour(tone);
        ctx.fillRect(from, bbox.top + bbox.height - high, 2 * dots, high);
        if (to - from > 90 * dots) ctx.fillText(lot.code, from + 6 * dots, bbox.top + bbox.height - 3 * dots);
      }
      ctx.restore();
    }

    function make(data) {
      const ink = colour("--ink");
      const axis = { stroke: colour("--muted"), font, grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") } };
      return new uPlot({
        width: box.clientWidth,
        height: Math.max(220, Math.min(360, window.innerHeight * 0.4)),
        tzDate: (at) => uPlot.tzDate(new Date(at * 1e3), box.dataset.zone),
        scales: { x: { range: () => [drawn.since, drawn.until] }, y: { range } },
        cursor: { drag: { x: false, y: false } },
        legend: { live: true },
        series: [
          { label: box.dataset.time, value: "{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}" },
          { label: box.dataset.name, stroke: ink, width: 1.5, spanGaps: false, points: { show: false }, value: (_plot, value) => value == null ? "–" : `${value} ${drawn.symbol}` },
        ],
        axes: [
          { ...axis, space: 90, values: [[3600, "{HH}:{mm}", "\n{MM}-{DD}", null, null, null, null, null, 0], [60, "{HH}:{mm}", null, null, null, null, null, null, 0], [1, "{HH}:{mm}:{ss}", null, null, null, null, null, null, 0]] },
          { ...axis, label: drawn.symbol, labelFont: font, labelSize: 20, size: 64 },
        ],
        hooks: { drawClear: [behind], draw: [before] },
      }, data, box);
    }

    async function refresh() {
      const wait = minutes <= 60 ? 1000 : 15000;
      if (Date.now() - last < wait) return;
      last = Date.now();
      const answer = await fetch(box.dataset.url, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      drawn = await answer.json();
      title.textContent = drawn.title;
      const data = gaps(drawn.times, drawn.values);
      if (plot) plot.setData(data); else plot = make(data);
    }

    // Where the stream was silent the line is broken, not drawn through.
    function gaps(times, values) {
      const steps = times.slice(1).map((at, index) => at - times[index]).sort((one, other) => one - other);
      const usual = steps[Math.floor(steps.length / 2)] || 1;
      const [xs, ys] = [[], []];
      times.forEach((at, index) => {
        if (index && at - times[index - 1] > Math.max(30, 10 * usual)) { xs.push(times[index - 1] + usual); ys.push(null); }
        xs.push(at);
        ys.push(values[index]);
      });
      return [xs, ys];
    }

    new ResizeObserver(() => plot?.setSize({ width: box.clientWidth, height: plot.height })).observe(box);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { plot?.destroy(); plot = null; last = 0; refresh(); });
    return { refresh };
  })();

  chart?.refresh();
  open();
  setInterval(() => { if (!document.hidden) refresh(); }, 30000); // "3 minutes ago" grows even when nothing happens
})();
