use super::*;
use crate::pdf::Drawn;

fn letter(paragraphs: usize) -> Letter {
    let text = "Theo dữ liệu đến hết ngày 31/10/2026, thẻ bảo hiểm y tế hộ gia đình của Ông/Bà đã hết hạn. Đề nghị Ông/Bà liên hệ để được \
                hướng dẫn gia hạn, được hỗ trợ mức đóng theo quy định.";
    let mut body: Vec<Block> = (0..paragraphs).map(|n| Block::Paragraph(format!("Đoạn {n}. {text}"))).collect();
    body.push(Block::Item("Thẻ hết hạn: 30/09/2026".into()));
    Letter {
        organ_above: Some("Bảo hiểm xã hội Việt Nam".into()),
        organ: "Bảo hiểm xã hội thành phố Hà Nội".into(),
        symbol: "TB-BHXH".into(),
        place: "Hà Nội".into(),
        month: "2026-11".parse().unwrap(),
        kind: Kind::Notice { title: "Thông báo".into() },
        subject: "Gia hạn thẻ bảo hiểm y tế hộ gia đình".into(),
        to: vec!["Ông/Bà Trần Thị Mẫu".into()],
        body,
        signer: "Giám đốc".into(),
        copies: vec!["Như trên".into()],
        prepared_by: "Lê Thị Bình".into(),
        protection: String::new(),
        annex: None,
    }
}

fn marks() -> Marks {
    let check = Check { code: "ABCD-EFGH-JKMN-PQRS-TVWX".into(), page: "https://cong.example.vn/tra-cuu-van-ban".into() };
    Marks { number: Some(("05".into(), "2026-11-09".parse().unwrap())), check: Some(check) }
}

fn words(flow: &Flow) -> Vec<String> {
    let words = |drawn: &Drawn| match drawn {
        Drawn::Words { text, .. } => Some(text.trim().to_owned()),
        _ => None,
    };
    flow.pages.iter().flat_map(|page| &page.drawn).filter_map(words).collect()
}

#[test]
fn everything_the_letter_says_is_drawn_in_its_order() {
    let flow = laid_out(&letter(2), &marks()).unwrap();
    let said = words(&flow).join(" ");
    for part in [
        "BẢO HIỂM XÃ HỘI VIỆT NAM",
        "Số: 05/TB-BHXH",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Hà Nội, ngày 09 tháng 11 năm 2026",
        "THÔNG BÁO",
        "Kính gửi: Ông/Bà Trần Thị Mẫu",
        "Đoạn 1. Theo dữ liệu đến hết ngày 31/10/2026, thẻ bảo hiểm y tế hộ gia đình của Ông/Bà đã hết hạn.",
        "- Thẻ hết hạn: 30/09/2026",
        "Nơi nhận:",
        "GIÁM ĐỐC",
        "Mã tra cứu văn bản: ABCD-EFGH-JKMN-PQRS-TVWX",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
}

#[test]
fn nothing_stands_in_the_margins_however_long_the_letter() {
    for paragraphs in [0, 3, 12, 60] {
        let mut one = letter(paragraphs);
        one.body.push(Block::Paragraph("chữ".repeat(400)));
        let flow = laid_out(&one, &marks()).unwrap();
        assert_eq!(flow.pages.len() > 1, paragraphs >= 3, "{paragraphs} paragraphs, {} pages", flow.pages.len());
        for drawn in flow.pages.iter().flat_map(|page| &page.drawn) {
            if let Drawn::Words { x, y, look, size, text } = drawn {
                let end = x + flow.width(text.trim_end(), *look, *size);
                let sheet = flow.sheet();
                assert!(*x >= sheet.left - 0.1 && end <= sheet.wide - sheet.right + 0.5, "{text}: {x} to {end}");
                assert!(*y > sheet.top && *y <= sheet.high - sheet.bottom, "{text}: {y}");
            }
        }
        assert_eq!(flow.numbers().len(), flow.pages.len() - 1);
    }
}

#[test]
fn every_vietnamese_letter_has_a_glyph_in_every_face() {
    let faces = Faces::load().unwrap();
    let vowels = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"];
    let tones = ["", "\u{300}", "\u{301}", "\u{309}", "\u{303}", "\u{323}"];
    let mut letters: String = vowels.iter().flat_map(|v| tones.iter().map(move |t| format!("{v}{t}"))).collect();
    letters.push_str("đ0123456789.,;:-/()“”…₫");
    let letters = plain(&(letters.clone() + &letters.to_uppercase()));
    for look in Look::ALL {
        let missing: Vec<char> = letters.chars().filter(|c| faces.face(look).glyph_index(*c).is_none()).collect();
        assert!(missing.is_empty(), "{look:?}: {missing:?}");
    }
}

#[test]
fn the_file_is_a_pdf_and_the_same_each_time() {
    let bytes = write_pdf(&letter(3), &marks()).unwrap();
    assert_eq!(bytes, write_pdf(&letter(3), &marks()).unwrap());
    assert!(bytes.starts_with(b"%PDF-1.") && bytes.trim_ascii_end().ends_with(b"%%EOF"));
    assert!(bytes.len() < 200_000, "{}", bytes.len());
    // Letters of another script do not stop it.
    let odd = Letter { to: vec!["Ông 王 \u{1}".into()], ..letter(1) };
    assert!(write_pdf(&odd, &Marks::default()).is_ok());
}
