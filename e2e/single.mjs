// Signing in with the account of the city in a real browser, by keyboard: there, back, out; bound to nobody; a second look in English and dark.
//   ANSINH_LOGIN=… ANSINH_PASSWORD=… node single.mjs http://127.0.0.1:8080 [--shots FOLDER]
// The provider signs in at once whoever it is told to by the test.

import { mkdir } from "node:fs/promises";
import { axeSource, base, check, done, fail, look, open, said400, shots, step, tabTo, visit } from "./tools.mjs";

const path = page => new URL(page.url()).pathname;

async function comesIn(settings, name) {
  const { context, page, said } = await open(settings);
  await context.addInitScript({ content: axeSource });
  await page.goto(`${base}/tai-khoan`);
  check(path(page) === "/dang-nhap", `${name}: who is not signed in is asked to: ${page.url()}`);
  await look(page, said, `${name}-dang-nhap`);
  await tabTo(page, "a[href^='/dang-nhap/thanh-pho']", name);
  await Promise.all([page.waitForURL(url => url.pathname === "/tai-khoan"), page.keyboard.press("Enter")]);
  check(said.length === 0, `${name}: on the way: ${said.splice(0).join(" | ")}`);
  await look(page, said, `${name}-tai-khoan`);
  await tabTo(page, "form[action='/dang-xuat'] button", name);
  await Promise.all([page.waitForURL(url => url.pathname === "/dang-nhap/thanh-pho/ra"), page.keyboard.press("Enter")]);
  check(said.length === 0, `${name}: signing out: ${said.splice(0).join(" | ")}`);
  await look(page, said, `${name}-da-ra`);
  await page.goto(`${base}/tai-khoan`);
  check(path(page) === "/dang-nhap", `${name}: after signing out nothing is shown: ${page.url()}`);
  await context.close();
}

// An answer that nobody began here, then the own password as the way that stays.
async function wrong() {
  const { context, page, said } = await open();
  await context.addInitScript({ content: axeSource });
  await page.goto(`${base}/dang-nhap/thanh-pho/ve?code=a&state=b`);
  check((await page.locator(".note.error").count()) === 1, "a foreign answer is refused in words");
  said400(said);
  await look(page, said, "luot-cu");
  await page.locator("main a[href='/dang-nhap']").click();
  await page.locator("#ten").fill(process.env.ANSINH_LOGIN);
  await page.locator("#mat-khau").fill(process.env.ANSINH_PASSWORD);
  await Promise.all([page.waitForURL(url => url.pathname !== "/dang-nhap"), page.keyboard.press("Enter")]);
  await visit(page, "/tai-khoan");
  await context.close();
}

try {
  if (shots) await mkdir(shots, { recursive: true });
  await comesIn({}, "vi");
  step("Vietnamese");
  await comesIn({ lang: "en", theme: "dark" }, "en");
  step("English, dark");
  await wrong();
  step("wrong");
} catch (error) {
  fail(String(error?.stack ?? error));
} finally {
  await done();
}
