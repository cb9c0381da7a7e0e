import type { MeshAnswer } from "./mesh-call.ts";
import type { ShopService } from "./shop-map.ts";

/** A request as a service of the shop sees it. */
export interface ShopRequest {
  readonly method: string;
  /** Path without query, split at the slashes: `/products/3` is `["products", "3"]`. */
  readonly segments: readonly string[];
  /** Calls another service through the mesh. */
  readonly ask: (service: ShopService, path: string, order?: unknown) => Promise<MeshAnswer>;
}

export interface ShopAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const PRODUCTS = ["teapot", "lantern", "umbrella", "notebook", "kettle", "compass", "blanket", "whistle"] as const;
export const PRODUCT_COUNT = PRODUCTS.length;

type Answer = (request: ShopRequest) => ShopAnswer | Promise<ShopAnswer>;

/** What each service answers, apart from who it is. */
export const ANSWERS: Readonly<Record<ShopService, Answer>> = {
  storefront,
  catalog,
  cart,
  orders,
  inventory: ({ segments }) => ok({ product: segments[1] ?? "all", inStock: stockOf(segments[1]) }),
  payments: () => ok({ charged: true }),
  "payments-backup": () => ok({ charged: true, note: "settled at the end of the day" }),
};

const ok = (body: Readonly<Record<string, unknown>>): ShopAnswer => ({ status: 200, body });
const isGood = (answer: MeshAnswer): boolean => answer.status >= 200 && answer.status < 300;

/** What a caller says when it cannot do without the answer. */
function failedBecause(service: ShopService, answer: MeshAnswer): ShopAnswer {
  const reason = answer.status === 0 ? answer.problem : `it answered ${answer.status}`;
  return { status: 502, body: { problem: `${service} is needed and failed: ${reason}`, answer: answer.body } };
}

function stockOf(product: string | undefined): number {
  return product === undefined ? PRODUCT_COUNT * 7 : ((Number(product) || 0) * 13) % 40;
}

async function storefront(request: ShopRequest): Promise<ShopAnswer> {
  const [page, id] = request.segments;
  if (page === "checkout" && request.method === "POST") return checkout(request);
  const [service, path] =
    page === "cart"
      ? (["cart", "/cart"] as const)
      : (["catalog", page === "product" ? `/products/${id ?? "0"}` : "/products"] as const);
  const answer = await request.ask(service, path);
  return isGood(answer) ? ok({ page: page ?? "home", content: answer.body }) : failedBecause(service, answer);
}

async function checkout(request: ShopRequest): Promise<ShopAnswer> {
  const cartAnswer = await request.ask("cart", "/cart");
  if (!isGood(cartAnswer)) return failedBecause("cart", cartAnswer);
  const order = await request.ask("orders", "/orders", { cart: cartAnswer.body });
  return isGood(order) ? ok({ page: "thanks", order: order.body }) : failedBecause("orders", order);
}

/** Shows products even when nobody knows how many there are. */
async function catalog(request: ShopRequest): Promise<ShopAnswer> {
  const id = request.segments[1];
  const stock = await request.ask("inventory", id === undefined ? "/stock" : `/stock/${id}`);
  const products = id === undefined ? PRODUCTS : [PRODUCTS[(Number(id) || 0) % PRODUCT_COUNT]];
  return ok({ products, stock: isGood(stock) ? stock.body : "unknown" });
}

async function cart(request: ShopRequest): Promise<ShopAnswer> {
  const product = await request.ask("catalog", "/products/3");
  return isGood(product) ? ok({ items: [product.body] }) : failedBecause("catalog", product);
}

/** Takes an order without stock as a back order, but never one without payment. */
async function orders(request: ShopRequest): Promise<ShopAnswer> {
  const stock = await request.ask("inventory", "/stock/3");
  const payment = await request.ask("payments", "/charge", { amount: 1250, currency: "EUR" });
  if (!isGood(payment)) return failedBecause("payments", payment);
  return ok({
    accepted: true,
    backOrder: !isGood(stock),
    payment: payment.body,
    paidBy: payment.fallback ?? "payments",
  });
}
