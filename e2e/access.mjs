// Signing in, one's own account, users, units, tokens and the log in a real browser:
//   ANSINH_CODE=XXXX-XXXX-XXXX node access.mjs http://127.0.0.1:8080 [--shots FOLDER]
// The code is that of the first administrator. Everything is typed and pressed as a person would.

import { createHmac } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { axeSource, base, check, done, fail, look, open, press, shots, step, visit } from "./tools.mjs";

const PASSWORD = "một câu dài chỉ tôi biết 42";

// RFC 6238, as an authenticator does it.
function codeNow(secret) {
  let bits = "";
  for (const letter of secret.replaceAll(/\s/g, "")) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  const at = hash[19] & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function signIn(page, login, secret, code = "") {
  await visit(page, "/dang-nhap");
  await page.locator("#ten").fill(login);
  await page.locator("#mat-khau").fill(secret);
  if (code) await page.locator("#ma").fill(code);
  // With the keyboard: Enter in the last field sends the form.
  await Promise.all([page.waitForURL(url => url.pathname !== "/dang-nhap"), page.keyboard.press("Enter")]);
}

async function choosePassword(page, said) {
  await page.locator("#moi").fill("ngắn");
  await page.locator("#lai").fill("ngắn");
  await press(page, "main form.form");
  await page.locator("#moi-error").waitFor();
  said.splice(0); // The browser notes the status of a refused form.
  await page.locator("#moi").fill(PASSWORD);
  await page.locator("#lai").fill(PASSWORD);
  await press(page, "main form.form");
}

async function administrator() {
  const { context, page, said } = await open();
  await context.addInitScript({ content: axeSource });
  await visit(page, "/dang-nhap");
  await look(page, said, "dang-nhap");
  await page.locator("#ten").fill("quan-tri");
  await page.locator("#mat-khau").fill("sai");
  await press(page, "main form.form");
  await page.locator(".note.error").waitFor();
  said.splice(0);
  await look(page, said, "dang-nhap-sai");
  await signIn(page, "quan-tri", process.env.ANSINH_CODE);
  check(new URL(page.url()).pathname === "/mat-khau", `a one-time code leads to the password: ${page.url()}`);
  await look(page, said, "mat-khau");
  await choosePassword(page, said);
  check(new URL(page.url()).pathname === "/ma-xac-thuc", `then to the second factor: ${page.url()}`);
  await look(page, said, "ma-xac-thuc");
  await page.locator("#ma").fill(codeNow(await page.locator("code.secret").first().innerText()));
  await press(page, "main form.form");
  check(new URL(page.url()).pathname === "/tai-khoan", `then to the account: ${page.url()}`);
  await look(page, said, "tai-khoan-quan-tri");

  await visit(page, "/co-quan/moi");
  await page.locator("#ma-so").fill("bhxh-thu");
  await page.locator("#ten").fill("BHXH cơ sở thử");
  await page.locator("#loai").selectOption("base_office");
  await page.locator("#dia-ban").fill("Không có xã này");
  await press(page, "main form.form");
  await page.locator("#dia-ban-error").waitFor();
  said.splice(0);
  await look(page, said, "don-vi-sai");
  await page.locator("#dia-ban").fill("00004, 00008");
  await press(page, "main form.form");
  await look(page, said, "co-quan");

  await visit(page, "/nguoi-dung/moi");
  await look(page, said, "nguoi-dung-moi");
  await page.locator("#ma-so").fill("u-co-so-thu");
  await page.locator("#ten").fill("Nguyễn Thị Mẫu, cán bộ thử");
  await page.locator("#vai-tro").selectOption("base_officer");
  await page.locator("#co-quan").selectOption("bhxh-thu");
  await page.locator("#dia-ban").fill("00004\n00008");
  await page.locator("#dang-nhap").fill("mau.nguyen");
  await press(page, "main form.form");
  const code = await page.locator("code.secret").first().innerText();
  check(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/.test(code), `a one-time code is shown: ${code}`);
  await look(page, said, "nguoi-dung-ma");
  await visit(page, "/nguoi-dung");
  await look(page, said, "nguoi-dung");
  await visit(page, "/ma-truy-cap");
  await page.locator("#ten").fill("Phần mềm thử");
  await page.locator("#law").check();
  await press(page, "main form.form[action='/ma-truy-cap']");
  check((await page.locator("code.secret").count()) === 1, "a token is shown once");
  await look(page, said, "ma-truy-cap");
  await visit(page, "/nhat-ky");
  check((await page.locator("#nhat-ky tbody tr").count()) > 10, "the log has rows");
  await look(page, said, "nhat-ky");
  return { context, code };
}

// The base officer's first morning, in English and dark.
async function officer(code) {
  const { context, page, said } = await open({ lang: "en", theme: "dark" });
  await context.addInitScript({ content: axeSource });
  await page.goto(`${base}/nguoi-chua-tham-gia`);
  check(new URL(page.url()).pathname === "/dang-nhap", "who is not signed in is asked to");
  await page.locator("#ten").fill("mau.nguyen");
  await page.locator("#mat-khau").fill(code);
  await press(page, "main form.form");
  await choosePassword(page, said);
  await look(page, said, "account-base-officer");
  await visit(page, "/nguoi-chua-tham-gia");
  check((await page.locator("#danh-sach tbody tr").count()) > 0, "the officer's own communes have rows");
  await visit(page, "/nhat-ky");
  await look(page, said, "log-base-officer");
  await visit(page, "/tai-khoan");
  await press(page, "form[action='/dang-xuat']");
  check(new URL(page.url()).pathname === "/dang-nhap", `signing out leads to signing in: ${page.url()}`);
  await page.goBack();
  await page.reload();
  check(new URL(page.url()).pathname === "/dang-nhap", `after signing out nothing is shown: ${page.url()}`);
  await context.close();
}

try {
  if (shots) await mkdir(shots, { recursive: true });
  const { context, code } = await administrator();
  step("administrator");
  await officer(code);
  step("officer");
  await context.close();
} catch (error) {
  fail(String(error?.stack ?? error));
} finally {
  await done();
}
