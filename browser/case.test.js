// A locked-out victim reports on a phone, an agent puts the intruder out at the desk.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server } from "./server.js";
import { totp } from "./totp.js";
import { Visitor, nameOf, startBrowser } from "./visitor.js";
import { newMail, register, signIn, turnTwoStepOn } from "./ways.js";

/** Calls can be asked for; nobody answers at the provider. */
process.env.SEKISHO_SMS_TOKEN = "quiet";
const CALLS = {
  "callback-gateway": "twilio",
  "callback-desk-number": "+81312345678",
  "sms-url": "http://127.0.0.1:1",
  "sms-account": "AC1",
  "sms-from": "+815000000000",
};

let server;
let browser;
before(async () => {
  const staff = { "desk-staff": "ja@shop.example=agent,en@shop.example=supervisor" };
  [server, browser] = await Promise.all([Server.start({ ...staff, ...CALLS }), startBrowser()]);
});
after(() => Promise.all([browser?.close(), server?.stop()]));

const HOWS = [
  { language: "ja", size: "phone", scheme: "light" },
  { language: "en", size: "phone", scheme: "dark", script: false },
];

for (const how of HOWS) {
  test(`r9 x3 from the report to the contained account (${nameOf(how)})`, async () => {
    const [owner, victim] = [await Visitor.at(browser, server, how), await Visitor.at(browser, server, how)];
    const mail = newMail();
    await register(owner, mail);
    const number = await report(victim, mail);
    await victim.fill("contact", mail);
    const used = await server.code(mail);
    await victim.press("register-button");
    await victim.fill("answer", await server.code(mail, used));
    await victim.press("prove-button");
    await victim.isAt("/report/status");
    await victim.sees("flash-proven");
    const words = await callAsked(victim);

    const agent = await colleague(how);
    await agent.sees("desk-call-waiting");
    await agent.press("desk-free");
    await agent.sees("desk-free-stop");
    await agent.look("desk");
    await agent.page.getByRole("link", { name: number }).first().click();
    await agent.sees("desk-level");
    if (await agent.page.getByRole("button", { name: agent.say("desk-take"), exact: true }).count()) {
      await agent.look("desk-before-taking");
      await agent.press("desk-take");
    }
    assert.equal(await agent.page.locator("span.secret").innerText(), words, "c11 on both sides");
    await agent.look("desk-case");
    await agent.page.locator("#why").fill("The owner proved it by the address from before.");
    await agent.press("desk-contain");
    await agent.sees("desk-state-contained");
    await agent.look("desk-contained");
    await warnsOfMails(agent, victim);

    await victim.open("/report/status");
    await victim.sees("case-contained");
    await victim.look("report-contained");
    await owner.open("/security");
    await owner.isAt("/sign-in");
    await Promise.all([owner.close(), victim.close(), agent.close()]);
  });
}

/** The four pages of a report; gives its number. */
async function report(victim, mail) {
  await victim.open("/sign-in");
  await victim.follow("sign-in-locked-out");
  await victim.look("report");
  await victim.fill("login", mail);
  await victim.press("report-begin");
  const number = await victim.page.locator("span.secret").first().innerText();
  await victim.fill("what", "6/3 21:00");
  await victim.fill("orders", "250-1234567-1234567");
  await victim.look("report-details");
  await victim.press("report-next");
  await victim.sees("report-missing-name");
  await victim.look("report-check");
  await victim.press("report-send");
  await victim.sees("flash-report-sent");
  await victim.look("report-status");
  assert.ok(!(await victim.hasSession()));
  return number;
}

/** A call in the first slot that is offered; gives the words of the case. */
async function callAsked(victim) {
  await victim.follow("call-link");
  await victim.look("report-call");
  await victim.fill("number", "0570-000-000");
  await victim.press("call-ask");
  await victim.sees("call-refused-premium");
  await victim.look("report-call-refused");
  await victim.fill("number", "090-1234-5678");
  await victim.press("call-ask");
  await victim.sees("flash-call-asked");
  await victim.look("report-call-asked");
  return victim.page.locator("span.secret").innerText();
}

/** Mails that customers reported are looked at, and everybody is warned of them. */
async function warnsOfMails(agent, victim) {
  const lures = {
    ja: ["Amazon@lock.example", "payment declined 7", "お支払い方法が承認されませんでした。24時間以内に更新してください。 http://pay.lock.example/7"],
    en: ["Amazon@held.example", "payment declined 8", "Your parcel is held at customs. Pay the duty to have it delivered: http://duty.held.example/8"],
  };
  const [from, subject, words] = lures[agent.look_.language];
  const raw = [`From: ${from}`, `Subject: ${subject}`, "Content-Type: text/plain; charset=utf-8", "", words].join("\r\n");
  await server.call("/v1/mail/reports", { raw, clicked: true });
  await agent.open("/desk/campaigns");
  await agent.look("desk-campaigns");
  const newest = agent.page.locator("li.card").first();
  await newest.locator('[name="reason"]').fill("thirty a day");
  await newest.getByRole("button", { name: agent.say("campaign-warn"), exact: true }).click();
  await agent.sees("campaign-state-warned");
  await agent.look("desk-campaigns-warned");
  await agent.open("/desk/tasks");
  await agent.look("desk-tasks");
  await agent.open("/desk/ledger");
  await agent.look("desk-ledger");
  await victim.open("/sign-in");
  assert.match(await victim.page.getByRole("main").innerText(), /payment declined #/);
  await victim.look("sign-in-warned");
}

/** Somebody of the desk, at a desktop, signed in with an app. */
async function colleague({ language, scheme }) {
  const agent = await Visitor.at(browser, server, { language, size: "desktop", scheme });
  const mail = `${language}@shop.example`;
  await register(agent, mail);
  const { secret } = await turnTwoStepOn(agent);
  await agent.signOut();
  await signIn(agent, mail);
  await agent.fill("answer", totp(secret, 1));
  await agent.press("prove-button");
  await agent.open("/desk");
  await agent.isAt("/desk");
  return agent;
}
