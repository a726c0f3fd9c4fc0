// Pages of personal data in a real browser: an agreement from the form to its end, a person's request, a breach as a drill, who looked; as data
// protection, city officer, commune and oversight; in both languages, light and dark.
//   node privacy.mjs http://127.0.0.1:8080 [--shots FOLDER]
// The portal is one where roles are picked.

import { mkdir } from "node:fs/promises";
import { axeSource, base, check, done, fail, look, open, press, said400, shots, step, tabTo, visit } from "./tools.mjs";

const HOME = "/du-lieu-ca-nhan";
const OFFICER = "u-bao-ve-du-lieu";
const path = page => new URL(page.url()).pathname;

async function as(role, settings = {}) {
  const window = await open({ role, ...settings });
  await window.context.addInitScript({ content: axeSource });
  return window;
}

// A commune with people on its list, as its officer sees it, and one of them opened: the everyday work of an account that leaks.
async function everyday() {
  const { context, page } = await as("u-city");
  await visit(page, "/nguoi-chua-tham-gia");
  const commune = await page.locator("select[name='xa'] option").nth(1).getAttribute("value");
  await context.close();
  const role = `u-xa-${commune}`;
  const staff = await as(role);
  await visit(staff.page, "/nguoi-chua-tham-gia");
  const person = await staff.page.locator("main a[href^='/nguoi/']").first().getAttribute("href");
  await visit(staff.page, person);
  await staff.context.close();
  return { role, person: person.split("/").pop() };
}

// What each role meets at each address.
async function roles(commune, person) {
  const all = [HOME, `${HOME}/thoa-thuan-moi`, `${HOME}/yeu-cau`, `${HOME}/vi-pham`, `${HOME}/ai-da-xem/${person}`];
  for (const [role, opens] of [
    [OFFICER, all],
    ["u-city", all],
    ["u-quan-tri", [HOME]],
    [commune, []],
    ["u-giam-sat", []],
  ]) {
    const { context, page } = await as(role);
    for (const address of all) {
      const answer = await page.goto(base + address);
      const wanted = opens.includes(address) ? 200 : 403;
      check(answer.status() === wanted, `${address} as ${role}: ${answer.status()} instead of ${wanted}`);
    }
    await visit(page, role === "u-giam-sat" || role === commune ? "/" : HOME);
    const inMenu = await page.locator(`nav a[href='${HOME}']`).count();
    check((inMenu > 0) === opens.length > 0, `${role}: the menu shows ${inMenu} entries`);
    const footer = await page.locator("body").innerText();
    check(/Dữ liệu cá nhân: /.test(footer), `${role}: who looks after personal data stands on the page`);
    await context.close();
  }
}

async function agreement() {
  const { context, page, said } = await as(OFFICER);
  await visit(page, HOME);
  await look(page, said, "du-lieu-ca-nhan-trong");
  await visit(page, `${HOME}/thoa-thuan-moi`);
  await page.locator("#loai").selectOption("pupils");
  await press(page, "main form.form");
  await look(page, said, "thoa-thuan-moi");
  // Sent with nothing but a name: every fault stands at its field, and what was typed stays.
  await page.locator("#so-van-ban").fill("9/TT-BHXH-SGDĐT ngày 01/9/2026");
  await page.locator("#tu-ngay").fill("31/02/2026");
  await press(page, "main form.form");
  check((await page.locator(".error-summary a, .note.error a").count()) >= 3, "the faults are listed with links");
  check((await page.locator("#so-van-ban").inputValue()).startsWith("9/TT"), "what was typed stays");
  await look(page, said, "thoa-thuan-sai");
  await page.locator("#ben-giao").fill("Sở Giáo dục và Đào tạo");
  await page.locator("#ben-nhan").fill("BHXH thành phố Hà Nội");
  await page.locator("input[name='vai-tro']").first().check();
  await page.locator("#can-cu").fill("Luật 91/2025/QH15 Điều 19");
  await page.locator("#muc-dich").fill("Rà soát thẻ BHYT của học sinh đầu năm học");
  await page.locator("#tu-ngay").fill("01/09/2026");
  await page.locator("#luu-tru").fill("24");
  await press(page, "main form.form");
  check(/\/thoa-thuan\//.test(path(page)), `the agreement is written down: ${page.url()}`);
  await look(page, said, "thoa-thuan");
  const at = path(page);
  await visit(page, HOME);
  await look(page, said, "du-lieu-ca-nhan");
  const english = await as(OFFICER, { lang: "en", theme: "dark" });
  await visit(english.page, at);
  await look(english.page, english.said, "agreement-en");
  await visit(english.page, HOME);
  await look(english.page, english.said, "personal-data-en");
  await english.context.close();
  await visit(page, at);
  await page.locator("#ngay").fill("01/10/2026");
  await page.locator("#ly-do").fill("Hai bên ký thỏa thuận mới");
  await press(page, "main form[action$='/ket-thuc']");
  check((await page.locator("main").innerText()).includes("Kết thúc trước hạn"), "its end is told");
  await look(page, said, "thoa-thuan-het");
  await context.close();
}

async function request(person) {
  const { context, page, said } = await as(OFFICER);
  const today = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Ho_Chi_Minh" }).format(new Date());
  await visit(page, `${HOME}/yeu-cau`);
  await look(page, said, "yeu-cau-trong");
  // By keyboard alone, from the page's beginning to the button.
  await page.locator("#loai").selectOption("copy");
  await page.locator("#nguoi").focus();
  await page.keyboard.type(`P${person}`);
  await tabTo(page, "#ngay", "request");
  await page.keyboard.type("31/12/2099");
  await tabTo(page, "#noi-dung", "request");
  await page.keyboard.type("Xin bản sao dữ liệu về tôi");
  await tabTo(page, "main form.form button[type=submit]", "request");
  await Promise.all([page.waitForEvent("load"), page.keyboard.press("Enter")]);
  said400(said);
  check((await page.locator("#ngay").inputValue()) === "31/12/2099", "a day to come is refused at its field, and stays typed");
  check((await page.locator("#noi-dung").inputValue()) === "Xin bản sao dữ liệu về tôi", "the words stay typed");
  await look(page, said, "yeu-cau-sai");
  await page.locator("#ngay").fill(today);
  await press(page, "main form.form");
  check(/\/yeu-cau\/./.test(path(page)), `the request is written down: ${page.url()}`);
  await look(page, said, "yeu-cau");
  const at = path(page);
  // Refused without a ground: told, and the words stay.
  await page.locator("input[name='viec'][value='refuse']").check();
  await page.locator("#ngay").fill(today);
  await page.locator("#noi-dung").fill("Không cấp bản sao sổ nghiệp vụ");
  await press(page, "main form[action$='/buoc']");
  said400(said);
  check((await page.locator("#noi-dung").inputValue()).startsWith("Không cấp"), "the words of a refusal without ground stay");
  await look(page, said, "yeu-cau-tu-choi-sai");
  await page.locator("input[name='viec'][value='answer']").check();
  await page.locator("#noi-dung").fill("Đã nhận, sẽ giao bản sao tại quầy");
  await press(page, "main form[action$='/buoc']");
  check((await page.locator("main").innerText()).includes("Đã trả lời"), "the answer stands in the history");
  const english = await as(OFFICER, { lang: "en", theme: "dark" });
  await visit(english.page, at);
  await look(english.page, english.said, "request-en");
  await visit(english.page, `${HOME}/yeu-cau`);
  await look(english.page, english.said, "requests-en");
  await english.context.close();
  await page.locator("input[name='viec'][value='finish']").check();
  await page.locator("#ngay").fill(today);
  await page.locator("#noi-dung").fill("Đã giao bản sao, có ký nhận");
  await press(page, "main form[action$='/buoc']");
  await look(page, said, "yeu-cau-xong");
  await visit(page, `${HOME}/yeu-cau`);
  await look(page, said, "yeu-cau-danh-sach");
  await context.close();
}

// The drill: an account of a commune leaks; which people, which rows, who read them; the clock; told; closed.
async function breach(commune, person) {
  const { context, page, said } = await as(OFFICER);
  await visit(page, `${HOME}/vi-pham`);
  await look(page, said, "vi-pham-trong");
  await page.locator("#noi-dung").fill("Mất máy tính có phiên đang mở của công chức xã");
  await page.locator("#tai-khoan").fill(commune);
  await page.locator("#tu-ngay").fill("ngày 1");
  await page.locator("#den-ngay").fill("31/12/2099");
  await press(page, "main form.form");
  said400(said);
  check((await page.locator("#noi-dung").inputValue()).startsWith("Mất máy"), "what was typed of a breach stays when a day is wrong");
  await look(page, said, "vi-pham-sai");
  await page.locator("#tu-ngay").fill("01/01/2020");
  await press(page, "main form.form");
  check(/\/vi-pham\/./.test(path(page)), `the breach is written down: ${page.url()}`);
  const at = path(page);
  const shown = await page.locator("main").innerText();
  check(/Còn 7[12] giờ/.test(shown), "the clock of 72 hours runs");
  check(shown.includes(`P${person}`), "the person who was opened is named by number");
  await look(page, said, "vi-pham");
  await page.locator(`main a[href$='/ai-da-xem/${person}']`).first().click();
  await page.waitForURL(/ai-da-xem/);
  await look(page, said, "ai-da-xem");
  const english = await as(OFFICER, { lang: "en", theme: "dark" });
  await visit(english.page, at);
  await look(english.page, english.said, "breach-en");
  await visit(english.page, `${HOME}/ai-da-xem/${person}`);
  await look(english.page, english.said, "who-looked-en");
  await english.context.close();
  await visit(page, at);
  await page.locator("#noi-dung").fill("Công văn 12/BHXH ngày hôm nay");
  await press(page, "main form[action$='/bao-cao']");
  check((await page.locator("main").innerText()).includes("Công văn 12/BHXH"), "that the authority was told stands there");
  await look(page, said, "vi-pham-da-bao");
  await page.locator("#noi-dung").fill("Đã khóa tài khoản, đổi mật khẩu");
  await press(page, "main form[action$='/dong']");
  await visit(page, `${HOME}/vi-pham`);
  await look(page, said, "vi-pham-danh-sach");
  await context.close();
}

try {
  if (shots) await mkdir(shots, { recursive: true });
  const { role, person } = await everyday();
  await roles(role, person);
  step("roles");
  await agreement();
  step("agreement");
  await request(person);
  step("request");
  await breach(role, person);
  step("breach");
} catch (error) {
  fail(String(error?.stack ?? error));
} finally {
  await done();
}
