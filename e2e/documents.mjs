// A document in a real browser, from the button beside a finding to the page where everybody can check it; as city officer, commune and somebody
// from outside; in both languages.
//   node documents.mjs http://127.0.0.1:8080 [--shots FOLDER]
// The portal is one where roles are picked.

import { mkdir } from "node:fs/promises";
import { signedPdf } from "./signed-pdf.mjs";
import { axeSource, base, check, done, fail, look, open, press, said400, shots, step, tabTo, visit } from "./tools.mjs";

const LIST = "/nguoi-chua-tham-gia?ly-do=household-card-lapsed";
const path = page => new URL(page.url()).pathname;
const main = page => page.locator("main").innerText();
const PDF = { name: "ban-quet.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\nscan\n%%EOF") };

async function as(role, settings = {}) {
  const window = await open({ role, ...settings });
  await window.context.addInitScript({ content: axeSource });
  return window;
}

// From the finding to the draft, with the keyboard alone.
async function draft(page) {
  await visit(page, LIST);
  await page.locator("main a[href^='/nguoi/']").first().focus();
  await Promise.all([page.waitForURL(/\/nguoi\//), page.keyboard.press("Enter")]);
  const person = path(page);
  const name = (await page.locator("h1").first().innerText()).trim();
  await tabTo(page, "form[action*='/thu/'] button", "the person's page");
  await Promise.all([page.waitForURL(/\/van-ban\//), page.keyboard.press("Enter")]);
  return { at: path(page), person, name };
}

async function officer() {
  const { context, page, said } = await as("u-city");
  await visit(page, "/van-ban");
  await look(page, said, "van-ban-trong");
  const { at, name } = await draft(page);
  await look(page, said, "van-ban-du-thao");
  const shown = await main(page);
  check(shown.includes("Dự thảo") && shown.includes("Kính gửi"), "the draft stands there with its text");
  const code = shown.match(/[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}/)?.[0];
  check(code, `a verification number is shown: ${code}`);
  // Edited: the part is folded, as it is not the next step.
  await page.locator("summary", { hasText: "Sửa" }).first().click();
  const text = await page.locator("textarea[name=noi-dung]").inputValue();
  await page.locator("textarea[name=noi-dung]").fill(`${text}\n\nKính mong ông/bà quan tâm.`);
  await press(page, "form:has(textarea[name=noi-dung])");
  check((await main(page)).includes("Kính mong ông/bà quan tâm."), "the text was changed");
  const english = await as("u-city", { lang: "en", theme: "dark" });
  await visit(english.page, at);
  await look(english.page, english.said, "document-draft-en");
  // Approved by keyboard.
  await visit(page, at);
  await tabTo(page, "#buoc button[type=submit]", "the next step");
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  await page.waitForURL(/da-ghi=1/);
  await look(page, said, "van-ban-da-duyet");
  await visit(page, "/van-ban");
  await look(page, said, "van-ban-cho-chuyen");
  await press(page, "form[action='/van-ban/chuyen-van-thu']");
  await look(page, said, "van-ban-da-chuyen");
  // The number by hand; a day that is none keeps what was typed.
  await visit(page, at);
  await look(page, said, "van-ban-cho-so");
  await page.locator("#so-van-ban").fill("07");
  await page.locator("#ngay").fill("32/11/2026");
  await press(page, "form:has(#so-van-ban)");
  said400(said);
  check((await page.locator("#so-van-ban").inputValue()) === "07", "a wrong day leaves the number as it was typed");
  check((await page.locator("#ngay-error").innerText()).includes("Ngày"), "what is wrong stands at its field");
  await look(page, said, "van-ban-so-sai");
  await page.locator("#ngay").fill("01/11/2026");
  await press(page, "form:has(#so-van-ban)");
  check((await main(page)).includes("07/"), "the number stands there");
  await look(page, said, "van-ban-co-so");
  // A file without signature and one that was changed after signing are refused in words; a signed one is taken, and that nobody here knows the
  // root of its certificate is said.
  await page.locator("#tep").setInputFiles(PDF);
  await press(page, "form[action$='/da-ky']");
  said400(said);
  check((await page.locator("body").innerText()).includes("không có chữ ký số"), "that the file is not signed is told");
  await look(page, said, "van-ban-chu-ky-sai");
  const file = { name: "van-ban-da-ky.pdf", mimeType: "application/pdf", buffer: signedPdf() };
  const changed = Buffer.from(file.buffer);
  changed[changed.indexOf("595 842")] += 1;
  for (const buffer of [changed, Buffer.concat([file.buffer, Buffer.from("% appended\n")])]) {
    await visit(page, at);
    await page.locator("#tep").setInputFiles({ ...file, buffer });
    await press(page, "form[action$='/da-ky']");
    said400(said);
    check((await page.locator("h1").innerText()).includes("Chữ ký số sai"), "a file that was changed after signing is refused");
  }
  await look(page, said, "van-ban-bi-sua");
  await page.locator("main a[href$='#buoc'], header a[href$='#buoc'], a[href$='#buoc']").first().click();
  await page.locator("#tep").setInputFiles(file);
  await press(page, "form[action$='/da-ky']");
  check(path(page) === at && (await main(page)).includes("chưa kiểm tra được"), `a signed file is taken, its root is not known: ${page.url()}`);
  await look(page, said, "van-ban-da-ky");
  await page.locator("#ngay").fill("02/11/2026");
  await page.locator("#tep").setInputFiles(PDF);
  await press(page, "form[action$='/da-gui']");
  check((await main(page)).includes("Đã gửi"), "delivered");
  await look(page, said, "van-ban-da-gui");
  await visit(english.page, at);
  await look(english.page, english.said, "document-delivered-en");
  await visit(english.page, "/van-ban");
  await look(english.page, english.said, "documents-en");
  await english.context.close();
  await context.close();
  return { at, code, name };
}

// Somebody from outside, without any role, with the number on the paper.
async function everybody({ at, code, name }) {
  for (const [lang, theme, found, nothing] of [["vi", "light", "Đã ban hành", "Không có văn bản"], ["en", "dark", null, null]]) {
    const { context, page, said } = await as(null, { lang, theme });
    await visit(page, "/tra-cuu-van-ban");
    await look(page, said, `tra-cuu-${lang}`);
    await page.locator("#ma").fill("23456789ABCDEFGHJKMN");
    await press(page, "main form.form");
    const none = await main(page);
    check(!nothing || none.includes(nothing), `${lang}: nothing is found for an invented number`);
    await look(page, said, `tra-cuu-khong-co-${lang}`);
    await page.locator("#ma").fill(code.toLowerCase().replaceAll("-", " "));
    await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
    const told = await main(page);
    check(told.includes("07/") && (!found || told.includes(found)), `${lang}: the document is found: ${told}`);
    check(!told.includes(name) && !(await page.content()).includes(at), `${lang}: no name, no address of the inside`);
    await look(page, said, `tra-cuu-co-${lang}`);
    await context.close();
  }
}

// The commune sees what was sent about its people and changes nothing; oversight sees no documents.
async function others({ at }) {
  const oversight = await as("u-giam-sat");
  for (const address of ["/van-ban", at, `${at}/van-ban.pdf`]) {
    const answer = await oversight.context.request.get(base + address);
    check(answer.status() === 403, `${address} as oversight: ${answer.status()}`);
  }
  await oversight.context.close();
  const { context, page, said } = await as("u-city");
  await visit(page, LIST);
  const communes = await page.locator("select[name='xa'] option").evaluateAll(all => all.map(option => option.value).filter(Boolean));
  await context.close();
  check(said.length === 0, `console: ${said.join(" | ")}`);
  // Asked without a window, 126 times; who may see it looks at it as people do.
  const asked = await as(null);
  const seeing = [];
  for (const commune of communes) {
    const answer = await asked.context.request.get(base + at, { headers: { cookie: `vai-tro=u-xa-${commune}` } });
    if (answer.status() === 200) seeing.push(commune);
    else check(answer.status() === 404, `${commune}: ${answer.status()}`);
  }
  await asked.context.close();
  check(seeing.length === 1, `${seeing.length} communes see the document`);
  const staff = await as(`u-xa-${seeing[0]}`);
  await visit(staff.page, at);
  check((await staff.page.locator(`form[action='${at}/doi']`).count()) === 0, "a commune changes no document of another unit");
  await look(staff.page, staff.said, "van-ban-xa");
  await visit(staff.page, "/van-ban?don-vi-khac=1");
  await look(staff.page, staff.said, "van-ban-xa-danh-sach");
  await staff.context.close();
}

try {
  if (shots) await mkdir(shots, { recursive: true });
  const document = await officer();
  step("officer");
  await everybody(document);
  step("everybody");
  await others(document);
  step("commune, oversight");
} catch (error) {
  fail(String(error?.stack ?? error));
} finally {
  await done();
}
