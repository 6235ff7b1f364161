// The acceptance story in a real browser: a shop, a night, a victim on a phone, an agent at a desk.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { until } from "./server.js";
import { Store } from "./store.js";
import { totp } from "./totp.js";
import { Visitor, startBrowser } from "./visitor.js";
import { register, signIn } from "./ways.js";

const HANAKO = "hanako@example.jp";
const PHONE = "+819012340001";

let store;
let browser;
before(async () => {
  const staff = { "desk-staff": "sato@shop.example=agent,mori@shop.example=supervisor" };
  [store, browser] = await Promise.all([Store.start(staff), startBrowser()]);
});
after(() => Promise.all([browser?.close(), store?.stop()]));

const at = (site, language, size, scheme) => Visitor.at(browser, site, { language, size, scheme });

test("a customer signs in through Sekisho, stores an address, keys a card in and orders", async () => {
  for (const [language, size, scheme] of [["ja", "phone", "light"], ["en", "desktop", "dark"]]) {
    const mail = `walk-in-${language}@example.jp`;
    const customer = await at(store.server, language, size, scheme);
    await register(customer, mail);
    const { page } = customer;
    await page.goto(`${store.url}/?lang=${language}`);
    await customer.look("store-shelf");
    await page.getByRole("main").getByRole("button").first().click();
    await page.waitForURL("**/cart");
    await customer.look("store-cart");
    await page.getByRole("main").getByRole("link").last().click();
    // Signed in at Sekisho, so the way there and back is all there is.
    await page.waitForURL("**/checkout");
    await customer.look("store-checkout-empty");
    await page.goto(`${store.url}/account`);
    await page.locator("#name").fill("山田 花子");
    await page.locator("#postcode").fill("150-0001");
    await page.locator("#place").fill("東京都渋谷区神宮前1-2-3");
    await Promise.all([page.waitForEvent("domcontentloaded"), page.locator("form[action='/addresses'] button").click()]);
    await customer.look("store-account");
    await page.goto(`${store.url}/checkout`);
    await page.locator("#number").fill("4242 4242 4242 4242");
    await page.locator("form[action='/checkout'] button").click();
    await page.waitForURL("**/orders/*");
    await customer.look("store-order");
    await page.goto(`${store.url}/orders`);
    await customer.look("store-orders");
    await page.getByRole("banner").getByRole("button").click();
    await page.waitForURL(`${store.url}/`);
    await customer.open("/security");
    await customer.isAt("/sign-in");
  }
});

test("the night of 3 June, from the store's page to the refunds", async () => {
  const watcher = await at({ url: store.url }, "ja", "desktop", "light");
  await watcher.page.goto("/night");
  await store.play();
  await store.play();
  await watcher.page.goto("/night");
  await watcher.look("store-night");
  await watcher.page.goto("/night?lang=en");
  await watcher.look("store-night-en");
  await watcher.page.goto("/backstage?lang=ja");
  await watcher.look("store-backstage");

  const victim = await at(store.server, "ja", "phone", "light");
  await reports(victim, await ordersThatAreNotHers(watcher.page));
  await proves(victim, PHONE);
  await proves(victim, HANAKO);
  await victim.sees("case-verifying");
  await victim.look("report-proven");

  const agent = await colleague("sato@shop.example");
  const supervisor = await colleague("mori@shop.example");
  const path = await hers(agent);
  await agent.press("desk-take");
  await agent.look("desk-case-taken");
  await agent.page.locator("#why").fill("電話とメールの二つの方法で本人確認ができました。");
  await agent.press("desk-contain");
  await agent.sees("desk-state-contained");
  for (const who of [agent, supervisor]) {
    const words = who === agent ? "desk-rule" : "desk-approve";
    await who.open(path);
    await pressAll(who, words);
  }
  await agent.open(path);
  await agent.look("desk-case-ruled");
  await agent.page.locator("#why").fill("明細と注文を一件ずつ確認しました。");
  await agent.press("desk-decide");
  await agent.sees("desk-state-restitution");
  await until("the store's plans", async () => {
    await agent.open(`${path}/whole`);
    return (await agent.page.locator("main h2").count()) >= 15;
  });
  await agent.look("desk-whole-planned");
  for (const who of [agent, supervisor]) {
    await who.open(`${path}/whole`);
    await who.press("whole-approve-all");
  }
  await watcher.page.goto("/backstage?lang=ja");
  await watcher.page.getByRole("button", { name: "返送が届く" }).first().click();
  await watcher.page.getByRole("button", { name: "出品者が承諾" }).first().click();
  await watcher.look("store-backstage-after");
  await until("the refunds", async () => {
    await victim.open("/report/status");
    return (await victim.page.getByText(victim.say("report-money-paid"), { exact: true }).count()) >= 8;
  });
  await victim.look("report-refunded");
  await agent.open(`${path}/whole`);
  await agent.look("desk-whole");
  await agent.open(`${path}/whole?lang=en`);
  await agent.look("desk-whole-en");
});

/** Orders of the account that came on the night, as Sekisho heard of them. */
async function ordersThatAreNotHers(page) {
  const link = page.getByRole("link", { name: /h\.yamada@example\.net/ });
  const member = (await link.getAttribute("href")).split("/").at(-1);
  const key = await store.server.key("read");
  const orders = [];
  for (let cursor = ""; cursor !== null; ) {
    const answer = await fetch(`${store.server.url}/v1/accounts/${member}/timeline?limit=100${cursor}`,
      { headers: { authorization: `Bearer ${key}` } });
    const { items, next_cursor: next } = await answer.json();
    orders.push(...items.filter(({ event }) => event?.type === "order.placed").map(({ event }) => event));
    cursor = next ? `&cursor=${next}` : null;
  }
  const night = orders.filter(({ occurred_at: when }) => Date.parse(when) > Date.parse("2026-06-03T11:00:00Z"));
  assert.equal(night.length, 14);
  return night.map(({ order }) => order.id);
}

/** The report of who cannot sign in. */
async function reports(victim, orders) {
  await victim.open("/report");
  await victim.fill("login", HANAKO);
  await victim.press("report-begin");
  await victim.fill("what", "身に覚えのない請求があります。");
  await victim.fill("orders", orders.join("\n"));
  await victim.fill("card_last4", "4242");
  await victim.press("report-next");
  await victim.press("report-send");
  await victim.sees("flash-report-sent");
}

/** A code to a contact from before the night. */
async function proves(victim, contact) {
  await victim.open("/report/status");
  const used = await store.server.code(contact).catch(() => undefined);
  await victim.fill("contact", contact);
  await victim.press("register-button");
  await victim.fill("answer", await store.server.code(contact, used));
  await victim.press("prove-button");
  await victim.isAt("/report/status");
}

/** Somebody of the desk, signed in with an app on the story's clock. */
async function colleague(mail) {
  const agent = await at(store.server, "ja", "desktop", "light");
  await register(agent, mail);
  await agent.open("/security/two-step");
  const secret = (await agent.page.locator("span.secret").innerText()).replaceAll(" ", "");
  await agent.fill("answer", totp(secret, 0, await store.now()));
  await agent.press("two-step-next");
  await agent.press("security-codes-new");
  await agent.press("security-turn-on");
  await agent.signOut();
  await signIn(agent, mail);
  await agent.fill("answer", totp(secret, 1, await store.now()));
  await agent.press("prove-button");
  return agent;
}

/** The case of the account that was not guarded: the one that is in other hands and was reported. */
async function hers(agent) {
  await agent.open("/desk");
  await agent.look("desk-queue");
  const rows = agent.page.locator("tbody tr").filter({ hasText: "V3" });
  await rows.first().getByRole("link").click();
  await agent.sees("desk-take-first");
  return agent.path;
}

/** Presses every button with these words, one after another. */
async function pressAll(who, key) {
  const button = () => who.page.getByRole("main").getByRole("button", { name: who.say(key), exact: true });
  const path = who.path;
  for (let left = await button().count(); left > 0; left -= 1) {
    await who.press(key);
    await who.open(path);
    const now = await button().count();
    assert.ok(now < left, `${key} changes nothing`);
  }
}
