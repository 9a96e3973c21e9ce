// How the in-page reader tries to read a picture: a ladder of rungs, the cheapest and likeliest first.
// It knows grey pixels and ZXing; no page, no camera, no link. Loaded by reader-worker.js.
//
// What each rung is for (5 mm symbols, 9–20 pixels a millimetre, so 1.1–5 pixels a module):
// - as it is: a near or large symbol, even one of far too many pixels, for ZXing shrinks it itself;
// - enlarged and sharpened: ZXing finds and samples modules on whole pixels, which fails below 3 pixels a
//   module although the light is all there. Lanczos keeps more of the finest detail than bicubic does, and
//   sharpening takes back part of the blur of ink and lens;
// - enlarged more and sharpened less, or not: where noise outweighs blur, sharpening spoils the picture;
// - sizes between: the grid falls differently on the pixels, which is a new throw of the dice.
// benchmarks/camera.py measures them; a rung that reads nothing which the others miss has no place here.
"use strict";

const Ladder = (() => {
  const RUNGS = [
    { scale: 1, sharpen: 0 },
    { scale: 3, sharpen: 1 },
    { scale: 4, sharpen: 0.5 },
    { scale: 4, sharpen: 0 },
    { scale: 3.5, sharpen: 0.5 },
    { scale: 2.5, sharpen: 1 },
  ];
  const TILE = 448; // pixels of the picture that are enlarged at once: enough for a 5 mm symbol and its surround
  const OVERLAP = 128; // what is larger than this is read without enlarging
  const READS = { formats: ["QRCode"], maxNumberOfSymbols: 4, tryHarder: true, tryRotate: true };

  const lanczos = (x) => {
    if (x === 0) return 1;
    if (x <= -3 || x >= 3) return 0;
    const turn = Math.PI * x;
    return (3 * Math.sin(turn) * Math.sin(turn / 3)) / (turn * turn);
  };

  // For every pixel of an enlarged line: its first source pixel, and the six weights.
  function taps(length, scale) {
    const size = Math.round(length * scale);
    const first = new Int32Array(size);
    const weights = new Float32Array(size * 6);
    for (let i = 0; i < size; i++) {
      const centre = (i + 0.5) / scale - 0.5;
      first[i] = Math.floor(centre) - 2;
      let sum = 0;
      for (let k = 0; k < 6; k++) sum += weights[i * 6 + k] = lanczos(centre - first[i] - k);
      for (let k = 0; k < 6; k++) weights[i * 6 + k] /= sum;
    }
    return { size, first, weights };
  }

  const within = (value, length) => (value < 0 ? 0 : value >= length ? length - 1 : value);

  function enlarge({ width, height, grey }, scale) {
    if (scale === 1) return { width, height, grey };
    const across = taps(width, scale);
    const down = taps(height, scale);
    const wide = new Float32Array(across.size * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < across.size; x++) {
        let sum = 0;
        for (let k = 0; k < 6; k++) sum += grey[y * width + within(across.first[x] + k, width)] * across.weights[x * 6 + k];
        wide[y * across.size + x] = sum;
      }
    }
    const large = new Float32Array(across.size * down.size);
    for (let y = 0; y < down.size; y++) {
      for (let k = 0; k < 6; k++) {
        const weight = down.weights[y * 6 + k];
        const row = within(down.first[y] + k, height) * across.size;
        for (let x = 0; x < across.size; x++) large[y * across.size + x] += wide[row + x] * weight;
      }
    }
    return { width: across.size, height: down.size, grey: large };
  }

  // Unsharp mask: what differs from the mean of the neighbours (binomial, sigma 0.8 pixel) is made stronger.
  function sharpen({ width, height, grey }, amount) {
    const [side, middle] = [0.2, 0.6];
    const line = new Float32Array(grey.length);
    const sharp = new Float32Array(grey.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0, at = y * width; x < width; x++, at++) {
        line[at] = middle * grey[at] + side * (grey[x ? at - 1 : at] + grey[x < width - 1 ? at + 1 : at]);
      }
    }
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const mean = middle * line[at] + side * (line[y ? at - width : at] + line[y < height - 1 ? at + width : at]);
        sharp[at] = grey[at] + amount * (grey[at] - mean);
      }
    }
    return { width, height, grey: sharp };
  }

  function cut(picture, { x, y, width, height }) {
    if (width === picture.width && height === picture.height) return picture;
    const grey = new Uint8ClampedArray(width * height);
    for (let row = 0; row < height; row++) {
      const start = (y + row) * picture.width + x;
      grey.set(picture.grey.subarray(start, start + width), row * width);
    }
    return { width, height, grey };
  }

  function pixels({ width, height, grey }) {
    const data = new Uint8ClampedArray(width * height * 4);
    for (let i = 0; i < grey.length; i++) {
      data[4 * i] = data[4 * i + 1] = data[4 * i + 2] = grey[i];
      data[4 * i + 3] = 255;
    }
    return { data, width, height };
  }

  // Starts of tiles along one side; they overlap, and together reach both ends.
  function starts(length) {
    const count = length <= TILE ? 1 : Math.ceil((length - OVERLAP) / (TILE - OVERLAP));
    return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * (length - TILE)) / (count - 1))));
  }

  // The whole picture in tiles, from the centre outwards: people point at what they mean.
  function tiles({ width, height }) {
    const [w, h] = [Math.min(width, TILE), Math.min(height, TILE)];
    const far = ({ x, y }) => Math.hypot(x + w / 2 - width / 2, y + h / 2 - height / 2);
    const all = starts(height).flatMap((y) => starts(width).map((x) => ({ x, y, width: w, height: h })));
    return all.sort((a, b) => far(a) - far(b));
  }

  // The middle alone, for a frame of the camera: the next frame comes soon.
  function middle({ width, height }) {
    const [w, h] = [Math.min(width, TILE), Math.min(height, TILE)];
    return [{ x: (width - w) >> 1, y: (height - h) >> 1, width: w, height: h }];
  }

  async function texts(zxing, picture, rung) {
    const ready = enlarge(rung.sharpen ? sharpen(picture, rung.sharpen) : picture, rung.scale);
    const options = { ...READS, tryDownscale: rung.scale === 1, tryInvert: rung.scale === 1 };
    return (await zxing.readBarcodes(pixels(ready), options)).map((found) => found.text).filter(Boolean);
  }

  // Climb until something is read, the ladder ends or the time (milliseconds) is up.
  // A camera's frames share one climb: `from` says where the last one stopped; the first rung is cheap and always tried.
  // Answers {texts, next}.
  async function climb(zxing, picture, { frame = false, from = 1, budget = 15000 } = {}) {
    const until = performance.now() + budget;
    const near = frame ? middle(picture) : tiles(picture);
    let found = await texts(zxing, picture, RUNGS[0]);
    let rung = from;
    for (; !found.length && rung < RUNGS.length; rung++) {
      for (const part of near) {
        if (performance.now() > until) return { texts: [], next: rung };
        found = await texts(zxing, cut(picture, part), RUNGS[rung]);
        if (found.length) break;
      }
    }
    return { texts: found, next: rung < RUNGS.length && !found.length ? rung : 1 };
  }

  return { climb };
})();
