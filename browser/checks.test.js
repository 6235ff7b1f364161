// The two checks that anybody may ask for: is this mail genuine, was this charge mine?

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server } from "./server.js";
import { LOOKS, Visitor, nameOf, startBrowser } from "./visitor.js";
import { newMail, register } from "./ways.js";

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), startBrowser()]);
});
after(() => Promise.all([browser?.close(), server?.stop()]));

const WITHOUT_SCRIPT = { language: "ja", size: "phone", scheme: "light", script: false };
const FORGED = [
  "From: Amazon@service.co.jp", "Subject: Amazonアカウントのご確認", "Content-Type: text/html; charset=utf-8", "",
  "<p>お支払いにご指定のカードの情報が更新できないため、アカウントをロックしました。</p>",
  '<a href="https://amazon.co.jp.evil.example/ap/signin?openid.return_to=https%3A%2F%2Fwww.amazon.co.jp%2Flong%2Flong%2Flong">ログインして確認する</a>',
].join("\r\n");
const STATEMENT = [
  "ご利用日,データ処理日,ご利用内容,カード会員様名,会員番号 #,金額,海外通貨利用金額,換算レート",
  ...[16746, 3980, 52800, 120000].map(
    (amount) => `2026/06/03,2026/06/05,アマゾン　シーオージェーピー,関所　花子,-1,"${amount}",,`),
].join("\n");
const ORDERS = "order_id,order_date,total,currency,site\n250-1,2026-06-03,3980,JPY,Amazon.co.jp\n";

const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

for (const how of [...LOOKS, WITHOUT_SCRIPT]) {
  test(`anybody checks a mail and a statement (${nameOf(how)})`, async () => {
    const visitor = await Visitor.at(browser, server, how);
    const choose = (name, chosen) => visitor.page.locator(`[name="${name}"]`).setInputFiles(chosen);

    await visitor.open("/mail-check");
    await visitor.look("mail-check");
    await visitor.press("mail-check-button");
    await visitor.sees("mail-check-nothing");
    await visitor.fill("source", FORGED);
    await visitor.press("mail-check-button");
    await visitor.sees("mail-verdict-forged");
    await visitor.look("mail-check-forged");
    const links = await visitor.page.getByRole("main").getByRole("link").evaluateAll(
      (all) => all.map((link) => link.protocol));
    assert.ok(links.every((protocol) => ["http:", "mailto:"].includes(protocol)), links.join(" "));
    assert.equal(await visitor.page.locator('main a[href*="evil"]').count(), 0, "its links are text");
    await visitor.page.getByLabel(visitor.say("mail-report-gave-password"), { exact: true }).check();
    await visitor.press("mail-report-button");
    await visitor.sees("mail-report-thanks");
    await visitor.look("mail-check-reported");
    await visitor.open("/mail-check");
    await choose("file", file("hello.eml", "From: friend@example.jp\r\nSubject: lunch\r\n\r\nAt noon?"));
    await visitor.press("mail-check-button");
    await visitor.sees("mail-check-now-unsure", { store: "みなと市場" });
    await visitor.look("mail-check-unclear");

    await visitor.open("/statement-check");
    await visitor.look("statement-check");
    await choose("statement", file("what.csv", "alpha,beta\none,two\nthree,four\n"));
    await choose("orders", file("orders.csv", ORDERS));
    await visitor.press("statement-check-button");
    await visitor.sees("statement-check-unknown-columns");
    await visitor.look("statement-check-unreadable");
    await choose("statement", file("amex.csv", STATEMENT));
    await choose("orders", file("orders.csv", ORDERS));
    await visitor.press("statement-check-button");
    await visitor.sees("statement-check-not-mine");
    await visitor.look("statement-check-found");
    await visitor.close();
  });
}

test("who has signed in is told how the account stands", async () => {
  const visitor = await Visitor.at(browser, server, { language: "ja", size: "phone", scheme: "light" });
  await register(visitor, newMail(), () => {});
  await visitor.open("/mail-check");
  await visitor.fill("source", FORGED);
  await visitor.press("mail-check-button");
  await visitor.sees("mail-check-account-open", { store: "みなと市場" });
  await visitor.look("mail-check-signed-in");
  await visitor.open("/statement-check");
  await visitor.look("statement-check-signed-in");
  await visitor.close();
});
