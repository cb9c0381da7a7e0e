/*
 * Reading of typed arrays. Every index of this folder's algorithms is below its array's length by construction; the
 * compiler cannot know, and `?? 0` costs nothing once the engine has compiled the loop.
 */

export function at(cells: Int32Array, index: number): number {
  return cells[index] ?? 0;
}

export function realAt(cells: Float64Array, index: number): number {
  return cells[index] ?? 0;
}

/** Members of numbered groups: those of group g are `members[start[g]]` up to, not including, `members[start[g + 1]]`. */
export interface Groups {
  readonly start: Int32Array;
  readonly members: Int32Array;
}

/** Groups 0 … `keys.length - 1` by their key; members keep their order. Keys are 0 … `groups - 1`. */
export function groupByKey(groups: number, keys: Int32Array): Groups {
  const start = new Int32Array(groups + 1);
  for (const key of keys) start[key + 1] = at(start, key + 1) + 1;
  for (let group = 0; group < groups; group += 1) start[group + 1] = at(start, group + 1) + at(start, group);
  const next = start.slice(0, groups);
  const members = new Int32Array(keys.length);
  for (let member = 0; member < keys.length; member += 1) {
    const key = at(keys, member);
    members[at(next, key)] = member;
    next[key] = at(next, key) + 1;
  }
  return { start, members };
}
