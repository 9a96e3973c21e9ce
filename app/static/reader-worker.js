// Reads pictures beside the page, so that the page stays quick. First message: where the engine is; then pictures.
"use strict";

let frames = 1; // the rung at which the next frame of the camera goes on

self.addEventListener("message", async ({ data }) => {
  if (data.engine) {
    importScripts(data.ladder, data.engine);
    ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => data.wasm }, fireImmediately: true });
    return;
  }
  const { id, width, height, grey, frame, budget } = data;
  try {
    const picture = { width, height, grey: new Uint8ClampedArray(grey) };
    const { texts, next } = await Ladder.climb(ZXingWASM, picture, { frame, from: frame ? frames : 1, budget });
    if (frame) frames = next;
    self.postMessage({ id, texts });
  } catch (trouble) {
    self.postMessage({ id, trouble: String(trouble) });
  }
});
