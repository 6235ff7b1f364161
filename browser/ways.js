// Ways through the pages that more than one test goes.

import { totp } from "./totp.js";

export const PASSWORD = "correct horse battery staple";

let people = 0;
/** An address that nobody had before. */
export const newMail = () => `hanako${(people += 1)}@example.jp`;

/** Becomes a member. `look`: keeps a picture of each page. */
export async function register(visitor, mail, look = async () => {}) {
  await visitor.open("/register");
  await look("register");
  await visitor.fill("mail", mail);
  await visitor.fill("password", PASSWORD);
  await visitor.press("register-button");
  await look("prove-mail");
  await visitor.fill("answer", await visitor.server.code(mail));
  await visitor.press("prove-button");
  await visitor.isAt("/security");
}

export async function signIn(visitor, mail, password = PASSWORD) {
  await visitor.open("/sign-in");
  await visitor.fill("login", mail);
  await visitor.fill("password", password);
  await visitor.press("sign-in-button");
}

/** Two-step in its three steps; gives the app's secret and the recovery codes. */
export async function turnTwoStepOn(visitor, look = async () => {}) {
  await visitor.open("/security/two-step");
  await look("two-step");
  const secret = (await visitor.page.locator("span.secret").innerText()).replaceAll(" ", "");
  await visitor.fill("name", "Phone");
  await visitor.fill("answer", totp(secret));
  await visitor.press("two-step-next");
  await visitor.sees("flash-authenticator-added");
  await visitor.press("security-codes-new");
  await look("recovery-codes");
  const codes = await visitor.page.locator("ul.secret li").allInnerTexts();
  await visitor.press("security-turn-on");
  await visitor.sees("flash-two-step-on");
  return { secret, codes };
}
