import { CONTENDERS, type Contender, type ContenderOptions } from "./contenders.ts";
import type { Load } from "./load.ts";
import { LARGE_BYTES, LARGE_PATH, ROUTES, smallPath } from "./paths.ts";

export interface LoadCase {
  readonly name: string;
  readonly load: Load;
}

/** Cases that the same processes are put through, one case after the other. */
export interface LoadGroup {
  readonly cases: readonly LoadCase[];
  readonly contenders: readonly { readonly as: string; readonly name: Contender; readonly options: GroupOptions }[];
  /** Whether the proxy has one core to itself, and load and service the other. */
  readonly pinned: boolean;
}
type GroupOptions = Omit<ContenderOptions, "upstream" | "place">;

const get = (path: string, answerBytes = 0): Load => ({ method: "GET", path, answerBytes, headers: {} });
const EMPTY = get(smallPath());
const LARGE = get(LARGE_PATH, LARGE_BYTES);
const POST: Load = {
  method: "POST",
  path: smallPath(),
  answerBytes: 0,
  headers: { "content-type": "application/octet-stream" },
};
/** What a browser sends, and what filters look at. */
const RICH: Load = {
  ...EMPTY,
  headers: {
    origin: "https://shop.example.com",
    "x-user": "user-4711",
    cookie: "session=0123456789abcdef; theme=dark",
  },
};

/** Those that can share a port among processes and have routes. */
const ROUTERS: readonly Contender[] = ["ours", "nginx", "haproxy"];
/** In a quick run the others are left out. */
const QUICK: readonly Contender[] = [...ROUTERS, "http-proxy-3"];

const alike = (names: readonly Contender[], options: GroupOptions): LoadGroup["contenders"] =>
  names.map((name) => ({ as: name, name, options }));

/** Every case there is, by the processes it needs. */
export function loadGroups(quick: boolean): LoadGroup[] {
  const pinned = true;
  const byRoutes = (name: string, routes: number): LoadGroup => ({
    cases: [{ name, load: get(smallPath(routes)) }],
    contenders: alike(ROUTERS, { routes }),
    pinned,
  });
  return [
    {
      cases: [
        { name: "0 bytes, 1 worker", load: EMPTY },
        { name: "10 KiB, 1 worker", load: LARGE },
        { name: "POST 10 KiB, 1 worker", load: POST },
      ],
      contenders: alike(quick ? QUICK : CONTENDERS, {}),
      pinned,
    },
    {
      cases: [
        { name: "0 bytes, 2 workers", load: EMPTY },
        { name: "10 KiB, 2 workers", load: LARGE },
      ],
      contenders: alike(ROUTERS, { workers: 2 }),
      pinned: false,
    },
    byRoutes("1 route", 1),
    byRoutes("1000 routes", ROUTES),
    byRoutes("10000 routes", 10_000),
    {
      cases: [{ name: "every filter on", load: RICH }],
      contenders: [
        { as: "ours", name: "ours", options: { everyFilter: true } },
        { as: "ours, filters off", name: "ours", options: {} },
        { as: "nginx", name: "nginx", options: {} },
      ],
      pinned,
    },
  ];
}

/** What a profile is taken of when nothing else is asked for. */
export const DEFAULT_CASE = "0 bytes, 1 worker";
