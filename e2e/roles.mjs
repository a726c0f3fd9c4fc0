// The own menu of every role in a real browser, in both languages:
//   node roles.mjs http://127.0.0.1:8080
// Each entry is opened once and held to axe, to words that are there and to a silent console; no role is shown what it may not open.

import { axe, axeSource, base, check, done, fail, open, step, visit } from "./tools.mjs";

// Who, what their menu has, and what it must not offer. `u-xa` stands for the first commune of the picker.
const ROLES = [
  ["u-city", ["/", "/viec", "/nguoi-chua-tham-gia", "/van-ban", "/giam-dinh"], ["/nguoi-dung", "/co-so"]],
  ["u-co-so", ["/", "/viec", "/nguoi-chua-tham-gia", "/van-ban", "/giam-dinh"], ["/nguoi-dung", "/co-so", "/du-lieu-ca-nhan"]],
  ["u-xa", ["/", "/viec", "/nguoi-chua-tham-gia", "/van-ban"], ["/don-vi", "/giam-dinh", "/nguoi-dung", "/du-lieu-ca-nhan"]],
  ["u-nhan-vien-thu", ["/to-chuc-thu", "/nhat-ky"], ["/", "/xa-phuong", "/chi-tieu-giao", "/viec", "/nguoi-chua-tham-gia", "/van-ban"]],
  ["u-co-so-y-te", ["/co-so", "/nhat-ky"], ["/", "/xa-phuong", "/chi-tieu-giao", "/giam-dinh", "/viec", "/nguoi-chua-tham-gia"]],
  ["u-truong", ["/nhat-ky"], ["/", "/xa-phuong", "/chi-tieu-giao", "/viec", "/nguoi-chua-tham-gia", "/giam-dinh"]],
  ["u-don-vi", ["/nhat-ky"], ["/", "/xa-phuong", "/chi-tieu-giao", "/viec", "/nguoi-chua-tham-gia", "/giam-dinh", "/don-vi"]],
  ["u-phoi-hop", ["/", "/nhat-ky"], ["/viec", "/nguoi-chua-tham-gia", "/nguoi-dung"]],
  ["u-giam-sat", ["/", "/nhat-ky"], ["/viec", "/nguoi-chua-tham-gia", "/nguoi-dung", "/du-lieu-ca-nhan"]],
  ["u-bao-ve-du-lieu", ["/du-lieu-ca-nhan", "/nhat-ky"], ["/viec", "/nguoi-chua-tham-gia", "/nguoi-dung"]],
  ["u-quan-tri", ["/nguoi-dung", "/co-quan", "/ma-truy-cap", "/nhat-ky"], ["/viec", "/nguoi-chua-tham-gia", "/giam-dinh"]],
];

async function commune() {
  const { context, page } = await open();
  await visit(page, "/vai-tro");
  const role = await page.locator("[value^='u-xa-']").first().getAttribute("value");
  await context.close();
  return role;
}

const pathOf = href => href.split(/[?#]/)[0];

// Pages that are the same for everybody: axe looks at them once in each language.
const SAME = new Set(["/luat", "/tinh", "/huong-dan", "/quy-tac"]);
const seen = new Set();
const isNew = (path, lang) => !SAME.has(path) || (!seen.has(`${path} ${lang}`) && Boolean(seen.add(`${path} ${lang}`)));

async function walk(role, has, hasNot, lang, theme) {
  const { context, page, said } = await open({ role, lang, theme });
  await context.addInitScript({ content: axeSource });
  await visit(page, "/muc");
  const entries = await page.locator("nav.side .menu a").evaluateAll(links => [...new Set(links.map(link => link.getAttribute("href")))]);
  for (const path of has) check(entries.some(href => pathOf(href) === path), `${role}: no ${path} in the menu`);
  for (const path of hasNot) check(!entries.some(href => pathOf(href) === path), `${role}: ${path} stands in the menu`);
  for (const href of ["/muc", ...entries]) {
    const where = `${href} as ${role}, ${lang}`;
    if (href !== "/muc") await visit(page, href);
    check(new URL(page.url()).pathname === pathOf(href), `${where}: led to ${page.url().slice(base.length)}`);
    check(await page.locator("html").getAttribute("lang") === lang, `${where}: says another language`);
    check((await page.locator("h1").count()) === 1, `${where}: not one heading of the page`);
    const key = await page.evaluate(() => document.body.textContent.match(/⟦.*?⟧/)?.[0]);
    check(!key, `${where}: text is missing: ${key}`);
    if (isNew(pathOf(href), lang)) await axe(page, where, false);
    check(said.length === 0, `${where}: console: ${said.splice(0).join(" | ")}`);
  }
  await context.close();
  return entries.length;
}

try {
  const first = await commune();
  for (const [name, has, hasNot] of ROLES) {
    const role = name === "u-xa" ? first : name;
    // Both at once: while one page is drawn the other is looked at.
    const [vi, en] = await Promise.all([walk(role, has, hasNot, "vi", "light"), walk(role, has, hasNot, "en", "dark")]);
    check(vi === en && vi >= 2, `${role}: ${vi} entries in Vietnamese, ${en} in English`);
    step(`${role}, ${vi} entries`);
  }
} catch (error) {
  fail(String(error?.stack ?? error));
} finally {
  await done();
}
