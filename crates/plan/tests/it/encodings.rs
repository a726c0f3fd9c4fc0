//! Texts in the encodings that offices still have.

use crate::support::{data, read, shorts};

#[test]
fn wide_and_old_encodings_read_alike() {
    let text = data("song-thuong.txt");
    let want = shorts(&read("a.txt", text.as_bytes()).unwrap());
    let wide = |bytes: fn(u16) -> [u8; 2], mark: &[u8]| {
        let letters = text.encode_utf16().flat_map(bytes);
        mark.iter().copied().chain(letters).collect::<Vec<u8>>()
    };
    assert_eq!(shorts(&read("a.txt", &wide(u16::to_le_bytes, &[0xff, 0xfe])).unwrap()), want);
    assert_eq!(shorts(&read("a.txt", &wide(u16::to_be_bytes, &[0xfe, 0xff])).unwrap()), want);
    assert_eq!(shorts(&read("a.txt", &text.replace('\n', "\r\n").into_bytes()).unwrap()), want);
    assert_eq!(shorts(&read("a.txt", &[b"\xef\xbb\xbf", text.as_bytes()].concat()).unwrap()), want);
}

#[test]
fn windows_1258_and_tcvn3_written_by_hand_are_read() {
    // "1. Rà soát / - Chủ trì: Sở Y tế / - Thời gian: Hằng quý", letter by letter from the code charts.
    let windows: &[u8] = b"1. R\xe0 so\xe1t\n- Chu\xd2 tri\xcc: S\xf5\xd2 Y t\xea\xec\n- Th\xf5\xcci gian: H\xe3\xccng quy\xec\n";
    let plan = read("a.txt", windows).unwrap();
    assert_eq!(shorts(&plan), ["1 |  | so-y-te |  | Hằng quý"]);
    let tcvn3: &[u8] = b"1. R\xb5 so\xb8t\n- Ch\xf1 tr\xd7: S\xeb Y t\xd5\n- Th\xeai gian: H\xbbng qu\xfd\n";
    assert_eq!(shorts(&read("a.txt", tcvn3).unwrap()), ["1 |  | so-y-te |  | Hằng quý"]);
}
