import { pino, type Logger } from "pino";

export type Log = Logger;

/** Structured log on standard output, one JSON object a line. */
export function openLog(name: string, level: string): Log {
  return pino({ name, level, base: { name }, timestamp: pino.stdTimeFunctions.isoTime });
}
