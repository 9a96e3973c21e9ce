// The family of a lot as it is shown: which lots, and where. Knows no page; lotgraph.js draws it.
// The server says layers and ranks (app/pages/layering.py); here only what is shown is stacked, in that order.
"use strict";

const lotFamily = (() => {
  const WIDE = 196, HIGH = 64, GAP_Y = 16, BEND = 8;
  const CLOSE = 104, FAR = 400; // between columns: the taller the family the wider, else a large one is a thin thread from far away
  const BATCH = 12, WHOLE = 60, NEAR = 2; // unfolded at a time; shown whole up to; steps each way at first

  class Family {
    constructor(told) {
      this.nodes = new Map(told.nodes.map((each) => [each.id, { ...each, before: [], after: [], shown: false, x: 0, y: 0 }]));
      this.edges = told.edges.map((each) => ({ ...each, one: this.nodes.get(each.from), other: this.nodes.get(each.to), points: [], drawn: false }));
      for (const each of this.edges) { each.one.after.push(each); each.other.before.push(each); }
      const byRank = (end) => (a, b) => a[end].rank - b[end].rank || (a[end].id < b[end].id ? -1 : 1);
      for (const each of this.nodes.values()) { each.before.sort(byRank("one")); each.after.sort(byRank("other")); }
      this.centre = this.nodes.get(told.centre);
      this.columns = [];
      this.near();
      this.lay();
    }

    get all() { return [...this.nodes.values()]; }
    get shown() { return this.all.filter((each) => each.shown); }
    get small() { return this.nodes.size <= WHOLE; }

    // ---------- what is shown ----------

    // A small family whole; of a large one what is near.
    near() {
      for (const each of this.nodes.values()) each.shown = this.small;
      this.centre.shown = true;
      for (const side of ["before", "after"]) {
        let edge = [this.centre];
        for (let step = 0; step < NEAR; step++) {
          edge = edge.flatMap((each) => beside(each, side).slice(0, BATCH));
          for (const each of edge) each.shown = true;
        }
      }
    }

    everything() { for (const each of this.nodes.values()) each.shown = true; }

    // The sides that lead away from the chosen lot.
    outward(node) { return node === this.centre ? ["before", "after"] : [node.layer < 0 ? "before" : "after"]; }

    // How many are not shown on that side, however many steps away.
    hidden(node, side) {
      const found = new Set(beside(node, side).filter((each) => !each.shown));
      for (const each of found) for (const next of beside(each, side)) if (!next.shown) found.add(next);
      return found.size;
    }

    unfold(node, side) {
      const first = beside(node, side).filter((each) => !each.shown).slice(0, BATCH);
      for (const each of first) each.shown = true;
      return first.length > 0;
    }

    // What would be cut off from the chosen lot without this node's lines to that side.
    beyond(node, side) {
      const kept = new Set([this.centre]);
      for (const here of kept) {
        for (const line of [...here.before, ...here.after]) {
          if ((side === "before" ? line.other : line.one) === node) continue;
          for (const end of [line.one, line.other]) if (end.shown) kept.add(end);
        }
      }
      return kept.has(node) ? this.shown.filter((each) => !kept.has(each)) : [];
    }

    fold(node, side) {
      const gone = this.beyond(node, side);
      for (const each of gone) each.shown = false;
      return gone.length > 0;
    }

    // Show a node and the shortest way to it from what is shown.
    uncover(node) {
      const from = new Map([[node, null]]);
      for (const here of from.keys()) {
        if (here.shown) { for (let each = here; each; each = from.get(each)) each.shown = true; return; }
        for (const next of [...beside(here, "before"), ...beside(here, "after")]) if (!from.has(next)) from.set(next, here);
      }
      node.shown = true;
    }

    // Everything shown that lies before or behind, and the lines between.
    paths(node) {
      const on = new Set([node]), along = new Set();
      for (const [side, end] of [["before", "one"], ["after", "other"]]) {
        const way = new Set([node]);
        for (const here of way) for (const line of here[side]) if (line.drawn) { along.add(line); way.add(line[end]); on.add(line[end]); }
      }
      return { on, along };
    }

    // By its code: the very one, else one that begins so, else one that has it inside.
    find(asked) {
      const text = asked.trim().toLocaleLowerCase(), code = (each) => each.code.toLocaleLowerCase();
      if (!text) return undefined;
      return this.all.find((each) => code(each) === text) ?? this.all.find((each) => code(each).startsWith(text)) ?? this.all.find((each) => code(each).includes(text));
    }

    // The next one as an arrow key goes: left and right along the lines, up and down in the column.
    toward(node, key) {
      const side = { ArrowLeft: "before", ArrowRight: "after" }[key];
      if (side) return beside(node, side).filter((each) => each.shown).sort((a, b) => Math.abs(a.y - node.y) - Math.abs(b.y - node.y))[0];
      const column = this.columns.find((each) => each.includes(node)) ?? [];
      return column[column.indexOf(node) + (key === "ArrowUp" ? -1 : 1)];
    }

    // ---------- where it stands ----------

    lay() {
      const used = [...new Set(this.shown.map((each) => each.layer))].sort((a, b) => a - b);
      const at = new Map(used.map((layer, column) => [layer, column]));
      const items = used.map(() => []);
      const item = (layer, rank, high, node) => {
        const made = { column: at.get(layer), rank, high, node, left: [], right: [], y: 0 };
        items[made.column].push(made);
        return made;
      };
      const own = new Map(this.shown.map((each) => [each, item(each.layer, each.rank, HIGH, each)]));
      const chains = new Map();
      for (const line of this.edges) {
        line.drawn = line.one.shown && line.other.shown;
        if (!line.drawn) continue;
        const passed = line.bends.map((rank, step) => [line.one.layer + step + 1, rank]).filter(([layer]) => at.has(layer));
        const bends = passed.map(([layer, rank]) => item(layer, rank, BEND, null));
        chains.set(line, bends);
        if (!line.back) join([own.get(line.one), ...bends, own.get(line.other)]);
      }
      stack(items);
      const tall = Math.max(...items.map((column) => column.at(-1).y - column[0].y));
      this.gap = Math.round(Math.min(FAR, Math.max(CLOSE, tall / items.length - WIDE)));
      const x = (column) => column * (WIDE + this.gap);
      this.columns = items.map((column) => column.filter((each) => each.node).map((each) => each.node));
      for (const [node, each] of own) { node.x = x(each.column); node.y = each.y; }
      for (const [line, bends] of chains) line.points = bends.map((each) => [x(each.column), each.y]);
    }

    bounds() {
      const ys = this.columns.flat().map((each) => each.y);
      const right = this.columns.length * (WIDE + this.gap) - this.gap + 48;
      return { left: -48, right, top: Math.min(...ys) - HIGH / 2 - 16, bottom: Math.max(...ys) + HIGH / 2 + 16 };
    }

    under(x, y) {
      const column = Math.floor(x / (WIDE + this.gap));
      if (x - column * (WIDE + this.gap) > WIDE) return null;
      return this.columns[column]?.find((each) => Math.abs(each.y - y) <= HIGH / 2) ?? null;
    }
  }

  function beside(node, side) {
    return side === "before" ? node.before.map((each) => each.one) : node.after.map((each) => each.other);
  }

  function join(chain) {
    for (let step = 1; step < chain.length; step++) { chain[step - 1].right.push(chain[step]); chain[step].left.push(chain[step - 1]); }
  }

  // Columns in the server's order; heights next to the mean of the neighbours, by least squares that keep order and gaps.
  function stack(items) {
    for (const column of items) {
      column.sort((a, b) => a.rank - b.rank);
      let offset = 0;
      column.forEach((each, place) => { if (place) offset += (column[place - 1].high + each.high) / 2 + GAP_Y; each.offset = offset; });
      for (const each of column) each.y = each.offset - offset / 2;
    }
    for (let sweep = 0; sweep < 8; sweep++) {
      for (const column of sweep % 2 ? [...items].reverse() : items) settle(column, sweep % 2 ? "right" : "left");
    }
  }

  function settle(column, side) {
    const blocks = [];
    for (const each of column) {
      const near = each[side];
      let block = [(near.length ? near.reduce((sum, one) => sum + one.y, 0) / near.length : each.y) - each.offset, 1];
      while (blocks.length && blocks.at(-1)[0] / blocks.at(-1)[1] >= block[0] / block[1]) {
        const last = blocks.pop();
        block = [block[0] + last[0], block[1] + last[1]];
      }
      blocks.push(block);
    }
    let place = 0;
    for (const [sum, many] of blocks) for (let each = 0; each < many; each++, place++) column[place].y = Math.round(sum / many) + column[place].offset;
  }

  return { Family, WIDE, HIGH };
})();
