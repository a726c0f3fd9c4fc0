// What stands beside the plan's tasks in a real browser: committees, satisfaction with the page that is open to everybody, donors, money:
//   node beside.mjs http://127.0.0.1:8080 [--shots FOLDER]
// Everything is typed and pressed as a person would.

import { mkdir } from "node:fs/promises";
import { axeSource, base, check, done, look as held, open, shots, step, visit } from "./tools.mjs";

async function look(page, said, name) {
  await page.evaluate(axeSource);
  await held(page, said, name);
}

if (shots) await mkdir(shots, { recursive: true });
const press = (page, button) => Promise.all([page.waitForNavigation(), button.click()]);
const fill = async (page, values) => { for (const [id, value] of Object.entries(values)) await page.locator(`#${id}`).fill(value); };

// The agency sets the city's committee up, a member, a meeting, a conclusion for the police.
let conclusion = "";
{
  const { context, page, said } = await open({ role: "u-city" });
  await visit(page, "/ke-hoach/ban-chi-dao");
  await look(page, said, "ban-chi-dao-chua-co");
  await fill(page, { "quyet-dinh": "1234/QĐ-UBND", "ngay-quyet-dinh": "20/04/2026" });
  await press(page, page.locator("form[action='/ke-hoach/ban-chi-dao'] button[type=submit]"));
  await fill(page, { "ho-ten": "Nguyễn Văn An", "chuc-vu": "Phó Chủ tịch UBND Thành phố" });
  await page.locator("#vai-tro-ban").selectOption("head");
  await press(page, page.getByRole("button", { name: "Thêm thành viên" }));
  await fill(page, { "ho-ten": "Trần Thị Bích Hường", "chuc-vu": "Giám đốc BHXH thành phố" });
  await page.locator("#vai-tro-ban").selectOption("deputy");
  await press(page, page.getByRole("button", { name: "Thêm thành viên" }));
  await fill(page, { "ngay-hop": "05/10/2026", "dia-diem": "Phòng họp số 2, UBND Thành phố", "noi-dung": "Kiểm điểm chỉ tiêu quý III\nGiao việc quý IV" });
  await page.locator("#truc-tuyen").check();
  await press(page, page.getByRole("button", { name: "Ghi cuộc họp" }));
  await page.locator("#cuoc-hop a").first().click();
  await page.waitForURL("**/cuoc-hop/**");
  await fill(page, { "viec-giao": "Rà soát người chưa có thẻ BHYT tại 17 tổ dân phố, đối chiếu với dữ liệu cư trú", han: "20/10/2026" });
  await page.locator("#don-vi").selectOption("cong-an");
  await press(page, page.getByRole("button", { name: "Giao việc" }));
  await look(page, said, "cuoc-hop");
  await page.locator("#ket-luan a").first().click();
  await page.waitForURL("**/ket-luan/**");
  conclusion = new URL(page.url()).pathname;
  await look(page, said, "ket-luan");
  await page.goBack();
  await page.locator(".crumbs a, nav a").filter({ hasText: "Ban Chỉ đạo thực hiện" }).first().click();
  await page.waitForURL("**/ban-chi-dao/**");
  await look(page, said, "ban-chi-dao");
  await context.close();
  step("committee");
}
{
  const { context, page, said } = await open({ role: "u-phoi-hop", lang: "en", theme: "dark" });
  await visit(page, "/ke-hoach/viec-cua-don-vi");
  await look(page, said, "owed-with-conclusion");
  await visit(page, conclusion);
  await fill(page, { "ket-qua": "Đã rà soát 17/17 tổ dân phố" });
  await press(page, page.getByRole("button", { name: "Report done" }));
  await look(page, said, "conclusion-reported");
  await context.close();
}
{
  const { context, page, said } = await open({ role: "u-xa-00004" });
  await visit(page, "/ke-hoach/ban-chi-dao");
  await fill(page, { "quyet-dinh": "15/QĐ-UBND", "ngay-quyet-dinh": "05/05/2026" });
  await press(page, page.locator("form[action='/ke-hoach/ban-chi-dao'] button[type=submit]"));
  await look(page, said, "to-trien-khai");
  await visit(page, "/ke-hoach/ban-chi-dao");
  await look(page, said, "ban-chi-dao-126");
  await context.close();
  step("team");
}

// A survey; its links; the page for everybody without script; its results.
let address = "";
{
  const { context, page, said } = await open({ role: "u-city" });
  await visit(page, "/ke-hoach/hai-long");
  await look(page, said, "hai-long-chua-co");
  await fill(page, { ten: "Giải quyết chế độ quý IV", "den-ngay": "31/12/2028", "tu-ngay": "01/01/2026" });
  await page.locator("#dich-vu").selectOption("benefits");
  await page.locator("#don-vi").selectOption("bhxh-co-so");
  await press(page, page.getByRole("button", { name: "Mở đợt khảo sát" }));
  await look(page, said, "dot-khao-sat");
  await fill(page, { "so-lien-ket": "6" });
  await press(page, page.locator("button[value=in]"));
  await look(page, said, "ma-qr");
  address = new URL(await page.locator(".qr-cards code").first().textContent(), base).pathname;
  check(/^\/ks\/[0-9A-Z]{27}$/.test(address), `an address: ${address}`);
  await context.close();
  step("links");
}
for (const [lang, theme, name] of [["vi", "light", "khao-sat"], ["en", "dark", "survey"]]) {
  const { context, page, said } = await open({ lang, theme, viewport: { width: 320, height: 700 } });
  await visit(page, address);
  await look(page, said, name);
  await context.close();
}
{
  // Without script, on a phone: two forgotten questions, then sent, then used.
  const { context, page } = await open({ javaScriptEnabled: false, viewport: { width: 320, height: 700 } });
  await visit(page, address);
  const small = await page.locator(".large-type label").first().boundingBox();
  check(small.height >= 40, `a finger finds an answer: ${small.height} px`);
  await page.locator("#access-4").check();
  await page.locator("#time-5").check();
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Gửi ý kiến" }).click()]);
  check(await page.getByText("Chọn một mức độ").count() === 2, "the two that were forgotten say so");
  check(await page.locator("#access-4").isChecked(), "what was chosen stays");
  await page.locator("#staff-5").check();
  await page.locator("#result-4").check();
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Gửi ý kiến" }).click()]);
  check(await page.getByText("Cảm ơn ông/bà").count() === 1, "thanked");
  await visit(page, address);
  check(await page.getByText("Liên kết không dùng được").count() === 1, "used");
  await context.close();
}
{
  const { context, page, said } = await open({ role: "u-giam-sat" });
  await visit(page, "/ke-hoach/hai-long");
  await look(page, said, "hai-long");
  await context.close();
  step("survey");
}

// A department keeps a fund; a commune chooses somebody and pays; the donor is thanked.
let fund = "";
{
  const { context, page, said } = await open({ role: "u-phoi-hop" });
  await visit(page, "/ke-hoach/tai-tro");
  await page.locator("summary").filter({ hasText: "Lập quỹ mới" }).click();
  await look(page, said, "lap-quy");
  await fill(page, { ten: "Quỹ Mùa Xuân", "nha-tai-tro": "Công ty Cổ phần Mùa Xuân", "cam-ket": "100.000.000", "toi-da": "1.500.000", "tu-ngay": "01/01/2026", "den-ngay": "31/12/2028" });
  await press(page, page.getByRole("button", { name: "Lập quỹ", exact: true }));
  fund = new URL(page.url()).pathname;
  await fill(page, { "so-tien": "50.000.000", "so-phieu": "PT-001", "ngay-nhan": "05/01/2026" });
  await press(page, page.getByRole("button", { name: "Ghi tiền nhận" }));
  await look(page, said, "quy");
  await visit(page, "/ke-hoach/tai-tro");
  await look(page, said, "tai-tro");
  await context.close();
  step("fund");
}
for (const code of ["00004", "00008", "00025", "00028"]) {
  const { context, page, said } = await open({ role: `u-xa-${code}` });
  await visit(page, "/nguoi-chua-tham-gia");
  const person = page.locator("a[href^='/nguoi/']").first();
  if (await person.count() === 0) { await context.close(); continue; }
  await person.click();
  await page.waitForURL("**/nguoi/*");
  await page.locator("a[href^='/ke-hoach/chon-tai-tro/']").click();
  await page.waitForURL("**/chon-tai-tro/*");
  await look(page, said, "chon-tai-tro");
  await press(page, page.getByRole("button", { name: "Chọn", exact: true }));
  await look(page, said, "nguoi-duoc-chon");
  await fill(page, { "so-tien": "1.263.600", "bien-lai": "BL 0012345", "ngay-bien-lai": "05/02/2026" });
  await press(page, page.getByRole("button", { name: "Ghi khoản chi" }));
  await look(page, said, "da-chi");
  await visit(page, `${fund}/cam-on`);
  await look(page, said, "cam-on");
  await context.close();
  step("chosen and paid");
  break;
}

// Money: written, corrected, seen by task.
{
  const { context, page, said } = await open({ role: "u-city" });
  await visit(page, "/ke-hoach/kinh-phi");
  await look(page, said, "kinh-phi-chua-co");
  for (const [task, planned, spent, why] of [["3a", "500.000.000", "0", ""], ["2a", "120.000.000", "40.000.000", ""], ["3a", "500.000.000", "120.000.000", "Quyết toán quý III"]]) {
    await page.locator("#nhiem-vu").selectOption(task);
    await fill(page, { "ke-hoach": planned, "da-chi": spent, "ly-do": why });
    await press(page, page.getByRole("button", { name: "Ghi", exact: true }));
  }
  await look(page, said, "kinh-phi");
  await visit(page, "/ke-hoach/nhiem-vu/3a");
  await look(page, said, "nhiem-vu-kinh-phi");
  await context.close();
  step("money");
}

await done();
