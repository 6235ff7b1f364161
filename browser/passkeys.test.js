// Passkeys by the browser's own WebAuthn, with an authenticator that Chromium keeps in software.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Server } from "./server.js";
import { Visitor, nameOf, startBrowser } from "./visitor.js";
import { newMail, register, signIn, turnTwoStepOn } from "./ways.js";

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([Server.start(), startBrowser()]);
});
after(() => Promise.all([browser?.close(), server?.stop()]));

/** A browser that offers no passkey in a field: the device in software would answer at once. */
const withoutOffers = () => {
  globalThis.PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
};

/** A phone or laptop that keeps passkeys, and verifies who holds it. */
class Device {
  static async of({ page }) {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("WebAuthn.enable");
    const options = {
      protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    };
    const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
    return new Device(cdp, authenticatorId);
  }

  constructor(cdp, authenticatorId) {
    this.send = (what, values) => cdp.send(`WebAuthn.${what}`, { authenticatorId, ...values });
  }

  /** Whether it is the owner's finger. */
  knowsFinger = (isUserVerified) => this.send("setUserVerified", { isUserVerified });
}

const HOWS = [
  { language: "ja", size: "phone", scheme: "light" },
  { language: "ja", size: "desktop", scheme: "dark" },
  { language: "en", size: "phone", scheme: "dark" },
  { language: "en", size: "desktop", scheme: "light" },
];

for (const how of HOWS) {
  test(`a passkey is added, signs in, steps up, and is removed (${nameOf(how)})`, async () => {
    const [visitor, mail] = [await Visitor.at(browser, server, how), newMail()];
    const device = await Device.of(visitor);
    await visitor.page.addInitScript(withoutOffers);
    await register(visitor, mail);
    await add(visitor, "私の電話 📱");
    await visitor.look("security-with-passkey");
    await visitor.signOut();

    await visitor.open("/sign-in");
    await visitor.look("sign-in-with-passkey");
    await signInByPasskey(visitor);
    await visitor.isAt("/security");
    await visitor.open("/security/passkeys");
    await visitor.look("passkeys");

    await turnTwoStepOn(visitor);
    await visitor.signOut();
    await signIn(visitor, mail);
    assert.match(visitor.path, /^\/prove\//);
    await visitor.look("prove-passkey");
    await device.knowsFinger(false);
    await visitor.page.getByRole("button", { name: visitor.say("prove-label-passkey") }).click();
    await visitor.page.getByRole("alert").waitFor();
    await visitor.sees("passkey-stopped");
    await visitor.look("prove-passkey-stopped");
    await device.knowsFinger(true);
    await visitor.press("prove-label-passkey");
    await visitor.isAt("/security");

    await visitor.open("/security/passkeys");
    await visitor.page.getByLabel(visitor.say("passkey-name"), { exact: true }).first().fill("هاتفي القديم");
    await visitor.press("passkey-rename");
    await visitor.look("passkey-renamed");
    await visitor.press("security-remove");
    await visitor.sees("flash-passkey-removed");
    await visitor.signOut();
    await signInByPasskey(visitor);
    await visitor.sees("sign-in-passkey-failed");
    await visitor.look("passkey-that-was-removed");
    assert.ok(!(await visitor.hasSession()));
    await visitor.close();
  });
}

test("a passkey that is offered in the field signs in without a press", async () => {
  const visitor = await Visitor.at(browser, server, HOWS[0]);
  await Device.of(visitor);
  await register(visitor, newMail());
  await add(visitor, "");
  await visitor.signOut();
  await Promise.all([visitor.page.waitForURL("**/security"), visitor.open("/sign-in")]);
  assert.ok(await visitor.hasSession());
  await visitor.close();
});

test("without script nothing is promised, and everything else is there", async () => {
  const visitor = await Visitor.at(browser, server, { ...HOWS[0], script: false });
  await register(visitor, newMail());
  await visitor.open("/security/passkeys");
  await visitor.sees("passkeys-missing");
  await visitor.look("passkeys-missing");
  await visitor.signOut();
  await visitor.open("/sign-in");
  const buttons = await visitor.page.getByRole("main").getByRole("button").allInnerTexts();
  assert.deepEqual(buttons, [visitor.say("sign-in-button")]);
  await visitor.close();
});

async function add(visitor, name) {
  await visitor.open("/security/passkeys");
  await visitor.look("passkeys-none");
  await visitor.page.locator("form[data-passkey] [name=name]").fill(name);
  await visitor.press("passkey-add");
  await visitor.sees("flash-passkey-added");
}

async function signInByPasskey(visitor) {
  await visitor.open("/sign-in");
  await visitor.press("sign-in-passkey");
}
