// Collection organisations, collectors and the outbox in a real browser, in both languages:
//   node collectors.mjs http://127.0.0.1:8080 [--shots FOLDER]
// Everything is typed and pressed as a person would.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { axe, axeSource, check, done, narrow, open, shots, step, visit } from "./tools.mjs";

const AT = "/to-chuc-thu/to-chuc-thu";

async function look(page, said, name) {
  await page.evaluate(axeSource);
  await axe(page, name, false);
  await narrow(page, name);
  const key = await page.evaluate(() => document.body.textContent.match(/⟦.*?⟧/)?.[0]);
  check(!key, `${name}: text is missing: ${key}`);
  check(said.length === 0, `${name}: console: ${said.splice(0).join(" | ")}`);
  if (!shots) return;
  await page.screenshot({ path: join(shots, `${name}-1440.png`), fullPage: true });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: join(shots, `${name}-390.png`), fullPage: true });
  await page.setViewportSize({ width: 1440, height: 1000 });
}

const press = (page, form) => Promise.all([page.waitForNavigation(), page.locator(`${form} button[type=submit]`).first().click()]);

if (shots) await mkdir(shots, { recursive: true });

// The city writes a collector down, with a mistake first.
let collector = "";
{
  const { context, page, said } = await open({ role: "u-city" });
  await visit(page, "/to-chuc-thu");
  await look(page, said, "to-chuc-trong");
  await page.locator("table a", { hasText: "Tổ chức hỗ trợ" }).first().click();
  await page.locator("a", { hasText: "Thêm nhân viên thu" }).first().click();
  await page.locator("#ho-ten").fill("Nguyễn Thị Thu");
  await page.locator("#diem-thu").fill("BD01");
  await page.locator("#ma").fill("NV01");
  await page.locator("#so-the").fill("T-0001/2026");
  await page.locator("#dia-ban").fill("Ba Đình, Chẳng Đâu");
  await page.locator("#tu-ngay").fill("01/01/2026");
  await page.locator("#den-ngay").fill("31/12/2027");
  await press(page, "main form.form");
  said.splice(0); // The browser notes the status of a refused form.
  await page.locator("#dia-ban-error").waitFor();
  check(await page.locator("#ho-ten").inputValue() === "Nguyễn Thị Thu", "what was typed is kept");
  await look(page, said, "nhan-vien-moi-sai");
  await page.locator("#dia-ban").fill("Ba Đình, 00008");
  await press(page, "main form.form");
  check(new URL(page.url()).pathname.startsWith("/nhan-vien-thu/"), `the collector's page: ${page.url()}`);
  collector = new URL(page.url()).pathname;
  step("a collector");

  // A training, then a complaint that is resolved.
  await visit(page, `${AT}/tap-huan`);
  await page.locator("#chu-de").fill("Luật BHXH 2024 và BHYT sửa đổi");
  await page.locator("#ngay").fill("01/06/2026");
  await page.locator("#den").fill("31/05/2028");
  await page.locator("input[type=checkbox]").first().check();
  await look(page, said, "tap-huan");
  await press(page, "main form.form");
  await visit(page, collector);
  await page.locator("summary", { hasText: "Ghi phản ánh" }).click();
  await page.locator("form[action$='/phan-anh'] textarea").fill("Thu không có biên lai");
  await page.locator("#han").fill("31/12/2027");
  await press(page, "form[action$='/phan-anh']");
  await page.locator("summary", { hasText: "Giải quyết phản ánh" }).click();
  await page.locator("input[type=radio][value=partly]").check();
  await page.locator("#giai-quyet").fill("Đã gửi biên lai");
  await press(page, "form[action$='/giai-quyet']");
  check(await page.getByText("Đúng một phần (").count() === 1, "the complaint is resolved");
  await look(page, said, "nhan-vien");
  const points = await page.locator("#danh-gia tr").allTextContents();
  check(points.some(row => row.includes("50 / 60")), `the parts add up: ${points.join(" | ")}`);
  await visit(page, `${AT}`);
  await look(page, said, "to-chuc");
  await visit(page, "/to-chuc-thu");
  await look(page, said, "cac-to-chuc");
  await visit(page, `/viec/giao-thu?hang=open`);
  await look(page, said, "giao-thu");
  // Boxes of a queue: ticked by key, kept at once, held over links to other queues, and undone.
  await visit(page, "/nguoi-chua-tham-gia?ly-do=household-card-lapsed");
  await page.locator("input[name=cho][value=don-vi]").check();
  await press(page, "form[action$='/nguoi-chua-tham-gia/nhan-viec']");
  await visit(page, "/viec?hang=unassigned");
  await look(page, said, "hang-viec");
  check(await page.locator("button[name=lam][value=luu]").isHidden(), "with script nobody has to keep boxes by a button");
  await page.locator("#danh-sach tbody th a").first().focus();
  await page.keyboard.press("x");
  await page.locator("[data-picked]", { hasText: "Đã chọn 1 hồ sơ." }).waitFor();
  check(await page.locator("input[name=cho][value=chon]").isChecked(), "the change is for what is ticked");
  await page.locator("a[href*='hang=open&']").first().click();
  await page.locator("[data-picked]", { hasText: "Đã chọn 1 hồ sơ." }).waitFor();
  check(await page.locator("td.pick input:checked").count() === 1, "it is ticked in the other queue too");
  await page.locator("button[name=lam][value=bo]").click();
  await page.locator("[data-picked]", { hasText: "Đã chọn 0 hồ sơ." }).waitFor();
  await context.close();
  step("training, complaint, pages");
}

// The organisation itself, in English and dark; the base office; the administrator's outbox.
for (const [role, path, name, lang, theme] of [
  ["u-nhan-vien-thu", "/to-chuc-thu", "own-list", "en", "dark"],
  ["u-nhan-vien-thu", AT, "own-organisation", "en", "light"],
  ["u-nhan-vien-thu", null, "own-collector", "en", "dark"],
  ["u-co-so", AT, "base-organisation", "vi", "dark"],
  ["u-quan-tri", "/hang-gui-di", "hang-gui-di", "vi", "light"],
  ["u-quan-tri", "/hang-gui-di", "outbox", "en", "dark"],
]) {
  const { context, page, said } = await open({ role, lang, theme });
  await visit(page, path ?? collector);
  if (role === "u-nhan-vien-thu") {
    const links = await page.locator("main a").evaluateAll(all => all.map(a => a.getAttribute("href")));
    check(!links.some(href => href.endsWith(".xlsx") || href.includes("/viec")), `${name}: nothing leaves: ${links.join(" ")}`);
  }
  await look(page, said, name);
  await context.close();
}
step("own pages, base office, outbox");
await done();
