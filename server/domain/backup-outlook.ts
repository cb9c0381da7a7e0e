/** What is known of a backup and of the calls that would come to it. Rates are per second, over the fleet. */
export interface BackupLoad {
  /** The backup's service. */
  readonly service: string;
  /** What the primary is asked for now, refused calls included. */
  readonly primaryPerSecond: number;
  /** What the backup is called for now on anybody else's behalf. */
  readonly ownPerSecond: number;
  /** Null: nothing is known of it, since the console has only just started. */
  readonly record: ServiceRecord | null;
  /** How long the backup takes to answer on average, ms; null: nobody called it lately. */
  readonly meanMs: number | null;
  readonly healthyInstances: number;
  /** Breakers of the primary that the calls are spread over: one for each gateway, or each of its workers. */
  readonly breakers: number;
  /** Calls at once that each of them lets through to the backup, by the backup's own policy. */
  readonly maxConcurrent: number;
  /** Fallbacks at once, by the primary's policy. */
  readonly fallbackMaxConcurrent: number;
}

/** What a service has shown that it can do. */
export interface ServiceRecord {
  /** Most calls it answered well, per second, within the time it was watched. */
  readonly peakPerSecond: number;
  /** Time it was watched, ms; an hour at most. */
  readonly watchedMs: number;
}

/** Whether a backup could take what its primary is asked for now. */
export interface BackupOutlook {
  readonly service: string;
  readonly verdict: OutlookVerdict;
  /** Why, in one sentence. */
  readonly words: string;
}

/** `unproven`: nothing says that it could not, and nothing that it could. */
export type OutlookVerdict = "enough" | "unproven" | "too-small";

/** Load swells and ebbs: a little more than was ever served is no news. */
const TOLERANCE = 1.1;

/**
 * Whether the backup could take the primary's present load: by who is there, by how many calls at once that would be
 * (Little's law: calls at once = calls per second × seconds each takes), and by what it has been seen to serve.
 */
export function backupOutlook(load: BackupLoad): BackupOutlook {
  const { service, primaryPerSecond, ownPerSecond, record, healthyInstances } = load;
  const as = (verdict: OutlookVerdict, words: string): BackupOutlook => ({ service, verdict, words });
  if (healthyInstances === 0) return as("too-small", `${service} has no healthy instance.`);
  if (primaryPerSecond <= 0) return as("enough", "No calls would come to it now.");
  const tooMany = tooManyAtOnce(load);
  if (tooMany !== null) return as("too-small", tooMany);
  const wouldCome = `${rate(primaryPerSecond + ownPerSecond)} would come`;
  if (record === null) return as("unproven", `What ${service} can serve is not known yet; ${wouldCome}.`);
  const watched = watchedFor(record.watchedMs);
  if (record.peakPerSecond <= 0) return as("unproven", `${service} has served nothing ${watched}; ${wouldCome}.`);
  const most = `${rate(record.peakPerSecond)} ${watched}`;
  return primaryPerSecond + ownPerSecond > record.peakPerSecond * TOLERANCE
    ? as("unproven", `${service} has not served more than ${most}; ${wouldCome}.`)
    : as("enough", `${service} has served ${most}; ${wouldCome}.`);
}

/** The words for calls that its bulkheads would refuse; null when they would not, or nobody knows how long it takes. */
function tooManyAtOnce(load: BackupLoad): string | null {
  const { service, primaryPerSecond, meanMs, breakers, maxConcurrent, fallbackMaxConcurrent } = load;
  if (meanMs === null || breakers === 0) return null;
  const atOnce = (primaryPerSecond / breakers) * (meanMs / 1000);
  const limit = Math.min(maxConcurrent, fallbackMaxConcurrent);
  if (atOnce <= limit) return null;
  const place = breakers === 1 ? "" : ` at each of ${breakers} breakers`;
  const limited =
    fallbackMaxConcurrent < maxConcurrent
      ? `${limit} fallbacks may be under way`
      : `${limit} to ${service} may be under way`;
  return `${rate(primaryPerSecond)} of ${Math.max(1, Math.round(meanMs))} ms each are ${Math.ceil(atOnce)} calls at once${place}; ${limited}.`;
}

/** Three digits: what differs by less is no news. */
function rate(perSecond: number): string {
  return `${Number(perSecond.toPrecision(3))}/s`;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

function watchedFor(ms: number): string {
  if (ms >= HOUR_MS) return "in the last hour";
  const minutes = Math.max(1, Math.floor(ms / MINUTE_MS));
  return minutes === 1 ? "in the last minute" : `in the last ${minutes} min`;
}
