/** Types of what tests use of the bootstrap, which is plain JavaScript so that Node 20 runs it. */
export function nodeIsRecentEnough(version: string): boolean;
export function installedAsLocked(lockText: string, installedText: string): boolean;
