// The reader of codes: the camera or a chosen picture, read on this device; nothing is sent anywhere.
"use strict";

(() => {
  const root = document.querySelector("[data-reader]");
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const video = part("video");
  const hosts = [location.host, ...root.dataset.hosts.split(" ")].map((host) => host.toLowerCase());
  const waiting = new Map();
  let worker = null;
  let stream = null;
  let count = 0;
  let now = "";

  // ---------- reading, in the worker ----------

  function reader() {
    if (worker) return worker;
    worker = new Worker(root.dataset.worker);
    const absolute = (name) => new URL(root.dataset[name], location.href).href;
    worker.postMessage({ engine: absolute("library"), ladder: absolute("ladder"), wasm: absolute("wasm") });
    worker.addEventListener("message", ({ data }) => {
      const { resolve, reject } = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.trouble) reject(new Error(data.trouble));
      else resolve(data.texts);
    });
    worker.addEventListener("error", () => {
      for (const { reject } of waiting.values()) reject(new Error("worker"));
      waiting.clear();
      worker.terminate();
      worker = null;
    });
    return worker;
  }

  // Draw (a part of) an image or a video and answer the texts that were read in it.
  function read(source, { x, y, width, height, scale = 1 }, how) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.fillStyle = "#fff"; // under a transparent picture
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(source, x, y, width, height, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const grey = new Uint8ClampedArray(data.length / 4);
    for (let i = 0; i < grey.length; i++) grey[i] = 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
    const id = ++count;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      reader().postMessage({ id, width: canvas.width, height: canvas.height, grey: grey.buffer, ...how }, [grey.buffer]);
    });
  }

  // The texts in a picture file. Also what benchmarks/camera.py asks, so that it measures this page and nothing else.
  async function readPicture(file) {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, 4096 / Math.max(image.width, image.height));
    return read(image, { x: 0, y: 0, width: image.width, height: image.height, scale }, { frame: false, budget: 15000 });
  }

  // ---------- what was read ----------

  // A link of the platform as a path of this very house, or null. The path may begin with "//", so it never stands alone.
  function ours(text) {
    const link = linkIn(text);
    return link && hosts.includes(link.host) ? location.origin + link.pathname + link.search : null;
  }

  function linkIn(text) {
    const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`; // short codes are printed without a scheme
    try {
      const link = new URL(whole);
      return /^https?:$/.test(link.protocol) ? link : null;
    } catch {
      return null;
    }
  }

  // A brand's own host leads to its codes only by itself, so such a link is followed as it stands. The host alone is asked, never the code.
  async function ofABrand(text) {
    const link = linkIn(text);
    if (!link) return null;
    const answer = await fetch(`${root.dataset.asked}${encodeURIComponent(link.host)}`).catch(() => null);
    return answer && answer.ok ? link.href : null;
  }

  // True when there was something to show or to follow.
  function tell(texts) {
    if (!texts.length) return false;
    stop();
    const here = texts.map(ours).find(Boolean);
    if (here) {
      show("found");
      location.assign(here);
    } else {
      part("text").textContent = texts[0];
      show("foreign");
      ofABrand(texts[0]).then((there) => {
        if (!there) return;
        show("found");
        location.assign(there);
      });
    }
    return true;
  }

  // One scene at a time, all of one size.
  function show(name) {
    now = name;
    const focused = [part("start"), part("stop"), part("torch")].includes(document.activeElement);
    for (const scene of root.querySelectorAll("[data-scene]")) scene.hidden = scene.dataset.scene !== name;
    const scene = root.querySelector(`[data-scene="${name}"]`);
    part("said").textContent = scene.dataset.said || scene.querySelector("h2").textContent;
    part("stop").hidden = name !== "live";
    part("start").hidden = name === "live" || !navigator.mediaDevices;
    if (name !== "live") part("torch").hidden = true;
    if (focused) part(name === "live" ? "stop" : "start").focus();
  }

  // ---------- the camera ----------

  async function start() {
    if (now === "asking") return;
    show("asking");
    let given = null;
    try {
      given = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } },
      });
    } catch (trouble) {
      if (now === "asking") show(trouble.name === "NotAllowedError" ? "denied" : "none");
      return;
    }
    if (now !== "asking") { // meanwhile a picture was chosen
      for (const track of given.getTracks()) track.stop();
      return;
    }
    stream = given;
    const [track] = stream.getVideoTracks();
    const able = track.getCapabilities?.() ?? {};
    if (able.focusMode?.includes("continuous")) track.applyConstraints({ advanced: [{ focusMode: "continuous" }] }).catch(() => {});
    track.addEventListener("ended", () => { stop(); show("start"); });
    video.srcObject = stream;
    await video.play();
    show("live");
    part("torch").hidden = !able.torch;
    part("torch").setAttribute("aria-pressed", "false");
    watch(stream);
  }

  // Frame after frame; the next one is taken when the last one is done, and none while nobody looks.
  async function watch(mine) {
    while (stream === mine) {
      if (document.visibilityState === "visible" && video.videoWidth) {
        const side = Math.min(video.videoWidth, video.videoHeight);
        const square = { x: (video.videoWidth - side) / 2, y: (video.videoHeight - side) / 2, width: side, height: side };
        let texts = [];
        try {
          texts = await read(video, square, { frame: true, budget: 600 });
        } catch {
          if (stream === mine) { stop(); show("broken"); }
          return;
        }
        if (stream !== mine || tell(texts)) return;
      }
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
  }

  function stop() {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.srcObject = null;
  }

  async function torch() {
    const button = part("torch");
    const on = button.getAttribute("aria-pressed") !== "true";
    await stream?.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
    button.setAttribute("aria-pressed", String(on));
  }

  // ---------- a picture ----------

  async function picture() {
    const [file] = part("file").files;
    if (!file) return;
    stop();
    show("reading");
    try {
      if (!tell(await readPicture(file))) show("unread");
    } catch (trouble) {
      show(trouble.name === "InvalidStateError" ? "notpicture" : "broken");
    }
    part("file").value = "";
  }

  part("start").addEventListener("click", start);
  part("stop").addEventListener("click", () => { stop(); show("start"); });
  part("torch").addEventListener("click", torch);
  part("choose").addEventListener("click", () => part("file").click());
  part("file").addEventListener("change", picture);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => { if (event.persisted) show(navigator.mediaDevices ? "start" : "none"); });
  part("choose").disabled = false;
  reader(); // so that the library is there when the first picture is
  show(navigator.mediaDevices ? "start" : "none");
  // Who has already allowed the camera need not ask for it again.
  navigator.permissions?.query({ name: "camera" }).then((asked) => { if (asked.state === "granted") start(); }, () => {});

  window.suyuanReader = { readPicture, ours };
})();
