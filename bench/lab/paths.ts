export const LARGE_BYTES = 10 * 1024;

/** Routes of the cases that are not about their number. */
export const ROUTES = 1000;

/** The prefix that the route with this number takes. */
export const servicePath = (index: number): string => `/service-${index}/api`;

/** What is asked for: below the prefix of the last of so many routes. */
export const smallPath = (routes: number = ROUTES): string => `${servicePath(routes - 1)}/items`;

/** The service answers this one with 10 KiB, others with nothing. */
export const LARGE_PATH = `${servicePath(ROUTES - 1)}/large`;
