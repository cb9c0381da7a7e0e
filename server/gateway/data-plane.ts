import type { ConnectionOptions } from "node:tls";
import type { Transition } from "#domain/breaker.ts";
import { UpstreamTls } from "#domain/service-policy.ts";
import type { TrafficWindow } from "#domain/traffic.ts";
import type { Clock } from "#platform/clock.ts";
import type { Part } from "#platform/lifecycle.ts";
import type { Log } from "#platform/log.ts";
import { GatewayWindows } from "#telemetry/gateway-windows.ts";
import type { AddressRules } from "#platform/address-rules.ts";
import { appliedBefore, AppliedNews, type Applied } from "./applied-news.ts";
import { takeBreakerReadings } from "./breaker-readings.ts";
import { CallTotals } from "./call-totals.ts";
import type { RandomSource } from "./chance.ts";
import type { Command } from "./command.ts";
import { DeadlineWheel } from "./deadline-wheel.ts";
import { admit } from "./filters/admit.ts";
import { annotate } from "./filters/annotate.ts";
import { answerDirectly } from "./filters/answer-directly.ts";
import { balance } from "./filters/balance.ts";
import { cors } from "./filters/cors.ts";
import { fallBack } from "./filters/fall-back.ts";
import { holdBody } from "./filters/hold-body.ts";
import { injectFaults } from "./filters/inject-faults.ts";
import { keepLastGood } from "./filters/keep-last-good.ts";
import { limitBody } from "./filters/limit-body.ts";
import { limitRate } from "./filters/limit-rate.ts";
import { matchRoute } from "./filters/match-route.ts";
import { mirror } from "./filters/mirror.ts";
import { retry } from "./filters/retry.ts";
import { rewrite } from "./filters/rewrite.ts";
import { HealthChecker } from "./health-checker.ts";
import { takeInstanceReadings, type InstanceReading } from "./instance-readings.ts";
import { takeStandings } from "./instance-standings.ts";
import { readSavedBreakers, stateFiles, workerStateFiles, type LastGood, type StateFiles } from "./last-good.ts";
import { InstanceTurns } from "./instance-turns.ts";
import { LiveMesh, type PolicyFeed, type RegistryFeed } from "./live-mesh.ts";
import type { Mesh, MeshInstance } from "./mesh.ts";
import { openMetrics, type Metrics } from "./metrics.ts";
import { OriginsInUse } from "./origins-in-use.ts";
import { pipeline, type Handler } from "./pipeline.ts";
import { RuntimeState } from "./runtime-state.ts";
import { send } from "./send.ts";
import { StateKeeper } from "./state-keeper.ts";
import type { UpstreamAuthorities } from "./tls/upstream-tls.ts";
import { TrafficMeter } from "./traffic-meter.ts";
import { UpstreamPools } from "./upstream/upstream-pools.ts";

export interface DataPlaneOptions {
  readonly id: string;
  /** Tells this run of the process from others. */
  readonly run: string;
  readonly dataDir: string;
  readonly policy: PolicyFeed;
  readonly registry: RegistryFeed;
  /** What to serve by until the feeds have been heard of. */
  readonly lastGood: LastGood | null;
  /** Where the gateway is, in the words of the instances' labels; without it no instance is preferred. */
  readonly zone?: string;
  /** Which of several workers it is, from 1; without it the gateway is this process alone. */
  readonly worker?: number;
  /** How many workers there are; rate limits are shared out among them. */
  readonly sharers?: number;
  /** What becomes of each window when it ends. */
  readonly onWindow: (window: TrafficWindow) => void;
  /** Where instances may lead. */
  readonly rules: AddressRules;
  readonly authorities: UpstreamAuthorities;
  readonly clock: Clock;
  /** Decides whom trials and copies concern, and how long breakers rest; `Math.random` unless told. */
  readonly random?: RandomSource;
  readonly log: Log;
}

const WINDOW_MS = 1000;
const AS_REGISTERED = UpstreamTls.parse({});

/** A gateway without its sockets: what handles requests, and all that is known about them. */
export class DataPlane implements Part {
  readonly name = "data plane";
  readonly handle: Handler;
  readonly live: LiveMesh;
  readonly meter: TrafficMeter;
  readonly metrics: Metrics;
  readonly windows: GatewayWindows;
  readonly #options: DataPlaneOptions;
  readonly #state: RuntimeState;
  readonly #keeper: StateKeeper;
  readonly #pools: UpstreamPools;
  readonly #origins = new OriginsInUse();
  readonly wheel: DeadlineWheel;
  readonly #checker: HealthChecker;
  readonly #timer: NodeJS.Timeout;
  readonly #news: AppliedNews;
  readonly #turns: InstanceTurns;
  readonly #totals = new CallTotals();
  #followed: Mesh | null = null;
  #appliedAtMs = 0;

  /** Opens it with the breakers as they stood when the gateway last stopped. */
  static async open(options: DataPlaneOptions): Promise<DataPlane> {
    const { breakers } = filesOf(options);
    return new DataPlane(options, await readSavedBreakers(breakers, options.log));
  }

  private constructor(options: DataPlaneOptions, saved: Awaited<ReturnType<typeof readSavedBreakers>>) {
    const { id, clock, log, random = Math.random } = options;
    this.#options = options;
    this.#news = new AppliedNews(appliedBefore(options.lastGood, clock.nowMs()));
    this.windows = new GatewayWindows({ gatewayId: id, run: options.run, startMs: clock.nowMs() });
    this.wheel = new DeadlineWheel(clock);
    this.#turns = new InstanceTurns(clock, (transition) => {
      this.windows.instanceTurned(transition);
      const { service, instance, turn, cause } = transition;
      log.info({ service, instance, turn, cause }, "instance turned");
    });
    this.#pools = new UpstreamPools({
      wheel: this.wheel,
      clock,
      rules: options.rules,
      tls: (instance) => this.#tlsFor(instance),
    });
    this.#checker = new HealthChecker({ upstreams: this.#pools, wheel: this.wheel, clock });
    this.#state = new RuntimeState(
      clock,
      saved,
      (command, transition) => this.#moved(command, transition),
      (news) => this.#turns.take(news),
      options.sharers,
      random,
    );
    this.#keeper = new StateKeeper(filesOf(options), log, {
      breakers: () => this.#state.save(),
      registry: () => this.live.current()?.registry ?? null,
      onPolicyUnsaved: (problem) => this.#news.unkept(this.live.current()?.policy.source.revision ?? 0, problem),
    });
    this.meter = new TrafficMeter(clock, (listener, seconds) => this.metrics.observe(listener, seconds));
    this.metrics = openMetrics({
      counts: () => this.meter.counts(),
      inFlight: () => this.meter.inFlight,
      policy: () => this.live.current()?.policy ?? null,
      instances: () => this.instances(),
      totals: this.#totals,
    });
    const { filters } = this.metrics;
    this.handle = pipeline(
      [
        this.meter.record, // outermost: sees the end of every request, refused ones included
        annotate(clock), // before the rest: refusals too say which route and revision they come from
        matchRoute(clock, () => this.windows.unrouted()),
        cors, // before the limits: preflights are not counted, and pages may read refusals
        limitRate(filters, clock), // before anything that costs: a refusal must be cheap
        answerDirectly, // within the limits like any answer
        limitBody, // before a body is held or sent anywhere
        rewrite, // once for all tries; a path that must not be sent is no failure of a service
        mirror({ upstreams: this.#pools, wheel: this.wheel, clock, random, counters: filters }), // once for all tries, too
        holdBody(this.wheel, clock), // before anybody is asked: a slow client takes no place in a bulkhead
        fallBack(clock), // around the breaker: serves what that refuses as well as what fails
        keepLastGood(clock), // inside the fallbacks: what those answer is not the service's; around the tries: one is the answer
        admit(id, this.windows, clock), // before balancing: an open breaker must not use up an instance's turn
        // Inside the breaker, which judges them; around the retries, which would hide them.
        injectFaults({ wheel: this.wheel, clock, random, counters: filters }),
        retry(this.wheel, clock), // inside the breaker: all tries are one call
        balance,
      ],
      send(this.#pools, this.wheel, clock),
    );
    const { policy, registry, lastGood } = options;
    this.live = new LiveMesh({
      gatewayId: id,
      policy,
      registry,
      lastGood,
      state: this.#state,
      zone: options.zone ?? "",
      onChange: (mesh, what) => this.#changed(mesh, what),
      log,
    });
    this.#timer = setInterval(() => this.closeWindow(), WINDOW_MS);
    this.#timer.unref();
  }

  /** Calls back with what is in force and on the disk already, if anything, and after each change of policy; returns its undo. */
  onApplied(listener: (applied: Applied) => void): () => void {
    return this.#news.add(listener);
  }

  /** How the instances stand that routes lead to. */
  instances(): InstanceReading[] {
    const mesh = this.live.current();
    return mesh === null ? [] : takeInstanceReadings(mesh.policy, this.#state.services, this.#options.clock);
  }

  /** Ends the running telemetry window and streams it. Once a second by itself. */
  closeWindow(): void {
    const { id, worker, clock } = this.#options;
    const mesh = this.live.current();
    const nowMs = clock.monotonicMs();
    for (const command of this.#state.commands) command.breaker.tick(nowMs);
    this.#turns.look();
    const readings = mesh === null ? [] : takeBreakerReadings(mesh.policy, id, worker ?? null, clock);
    const standings = takeStandings(this.#state.services, worker ?? null, clock);
    const window = this.windows.close(clock.nowMs(), readings, standings);
    this.#totals.take(window);
    this.#options.onWindow(window);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.live.stop();
    await this.#checker.stop();
    this.closeWindow();
    this.wheel.stop();
    await this.#keeper.stop();
    await this.#pools.stop();
  }

  #tlsFor({ tls, service, address }: MeshInstance): ConnectionOptions | null {
    const policy = this.live.current()?.policy.source.services.get(service)?.spec.tls ?? AS_REGISTERED;
    return tls ? this.#options.authorities.optionsFor(address, policy) : null;
  }

  #changed(mesh: Mesh, what: "policy" | "registry"): void {
    const before = this.#followed;
    this.#followed = mesh;
    if (before?.pools !== mesh.pools || before.policy.source.services !== mesh.policy.source.services)
      this.#checker.follow(mesh);
    if (this.#origins.follow(mesh)) this.#pools.retain(this.#origins);
    if (before?.registry !== mesh.registry) this.#keeper.registryChanged();
    if (what === "registry") return;
    const options = this.#options;
    const policy = mesh.policy.source;
    if (before?.policy.source !== policy) this.#appliedAtMs = Math.round(options.clock.nowMs());
    const applied = { policy, refused: options.policy.refused(), atMs: this.#appliedAtMs };
    options.log.info({ revision: policy.revision, refused: applied.refused.length }, "policy applied");
    void this.#keeper.policyChanged(policy).then(() => this.#news.kept(applied));
  }

  #moved(command: Command, transition: Transition): void {
    const { clock, log } = this.#options;
    const { routeId, service } = command;
    const atMs = Math.round(clock.nowMs() - (clock.monotonicMs() - transition.atMs));
    const { from, to, cause, percent } = transition;
    this.windows.transition({ atMs, target: { kind: "command", routeId, service }, from, to, cause, percent });
    log.info({ command: command.key, from, to, cause, percent }, "breaker moved");
    this.#keeper.breakerMoved();
  }
}

function filesOf({ dataDir, id, worker }: DataPlaneOptions): StateFiles {
  return worker === undefined ? stateFiles(dataDir, id) : workerStateFiles(dataDir, id, worker);
}
