import { streamAddress } from "#domain/hystrix-address.ts";
import type { HystrixCommand, HystrixSource } from "#domain/hystrix-command.ts";
import type { Instance, RegistryPicture } from "#domain/instance.ts";
import type { Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { HystrixBook, type HystrixPage } from "./hystrix-book.ts";
import { HystrixReader, type HystrixReaderOptions } from "./hystrix-reader.ts";

export interface HystrixIngestOptions extends Pick<HystrixReaderOptions, "rules" | "silenceMs" | "backoff"> {
  readonly clock: Clock;
  readonly log: Log;
  /** Streams followed at once. Default 200. */
  readonly maxStreams?: number;
}

/** Streams of JVM instances, and what they say. */
export interface HystrixIngest extends Part {
  /** Takes the registry as it is now: streams of new instances are followed, those of others left. */
  follow(picture: RegistryPicture): void;
  /** To be asked once a second. */
  commands(nowMs: number): HystrixCommand[];
  /** Every stream that an instance advertises, also those that are not followed, with the reason. */
  sources(): HystrixSource[];
}

const MAX_STREAMS = 200;

interface Followed {
  readonly url: string;
  readonly reader: HystrixReader;
  readonly page: HystrixPage;
}

interface Advertised {
  readonly key: string;
  readonly service: string;
  readonly instance: string;
  /** Empty: it must not be followed, for this reason. */
  readonly url: string;
  readonly problem: string;
  /** Unix epoch ms at which it was first seen like this. */
  readonly sinceMs: number;
}

/** Follows the `hystrix.stream` of every instance in the registry that advertises one. */
export function ingestHystrix(options: HystrixIngestOptions): HystrixIngest {
  const { clock, maxStreams = MAX_STREAMS } = options;
  const book = new HystrixBook();
  const followed = new Map<string, Followed>();
  let advertised = new Map<string, Advertised>();

  function leave(key: string, { reader, page }: Followed): Promise<void> {
    followed.delete(key);
    book.close(page);
    return reader.stop();
  }

  function begin({ key, service, instance, url }: Advertised): void {
    const page = book.open(service, instance);
    const reader = new HystrixReader({
      ...options,
      url,
      onMessage: (message) => book.take(page, message, clock.nowMs()),
    });
    followed.set(key, { url, reader, page });
  }

  return {
    name: "hystrix streams",
    follow(picture) {
      const all = picture.services
        .flatMap(({ instances }) => instances)
        .flatMap((one) => advertisedBy(one, clock.nowMs()));
      advertised = new Map(all.map((one) => [one.key, sinceBefore(one, advertised.get(one.key))]));
      for (const [key, one] of followed) if (advertised.get(key)?.url !== one.url) void leave(key, one);
      const waiting = [...advertised.values()].filter(({ key, url }) => url !== "" && !followed.has(key));
      for (const one of waiting.slice(0, Math.max(0, maxStreams - followed.size))) begin(one);
      if (waiting.length > 0)
        options.log.debug({ followed: followed.size, advertised: advertised.size }, "hystrix streams followed");
    },
    commands: (nowMs) => book.commands(nowMs),
    sources: () =>
      [...advertised.values()].map((one) => {
        const { key, service, instance, url, problem, sinceMs } = one;
        const own = followed.get(key);
        const reason = problem === "" ? `Not followed: ${maxStreams} other streams are already.` : problem;
        return {
          service,
          instance,
          url,
          link: own?.reader.status() ?? { state: "down", sinceMs, problem: reason },
          heardAtMs: own?.reader.heardAtMs ?? 0,
          commands: own?.page.commands.size ?? 0,
          truncated: own?.page.truncated ?? false,
        };
      }),
    async stop() {
      advertised = new Map();
      await Promise.all([...followed].map(([key, one]) => leave(key, one)));
    },
  };
}

function advertisedBy(instance: Instance, nowMs: number): Advertised[] {
  const address = streamAddress(instance);
  if (address === null) return [];
  const { service, id } = instance;
  return [
    {
      key: `${service}\n${id}`,
      service,
      instance: id,
      url: "url" in address ? address.url : "",
      problem: "problem" in address ? address.problem : "",
      sinceMs: nowMs,
    },
  ];
}

function sinceBefore(one: Advertised, before: Advertised | undefined): Advertised {
  return before !== undefined && before.url === one.url && before.problem === one.problem ? before : one;
}
