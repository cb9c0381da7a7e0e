import { parameterOf } from "./path-pattern.ts";

/** Where templates have a parameter: the number of its segment, by template. Those without it are left out. */
export function parameterPlaces(name: string, templates: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const template of templates) {
    const place = template.split("/").findIndex((segment) => parameterOf(segment) === name);
    if (place !== -1) places.set(template, place);
  }
  return places;
}

/** The segment of a path with this number; the one before the first slash, empty, is 0. Null when there are fewer. */
export function segmentAt(path: string, place: number): string | null {
  let start = 0;
  for (let count = 0; count < place; count += 1) {
    const slash = path.indexOf("/", start);
    if (slash === -1) return null;
    start = slash + 1;
  }
  const end = path.indexOf("/", start);
  return end === -1 ? path.slice(start) : path.slice(start, end);
}
