//! QR codes (mã QR) as a picture: black and white PNG, one pixel a module times a whole number.
//!
//! The PNG is written here, uncompressed: a code of 41 modules is a few kilobytes, and a library for pictures would be many times that.

use qrcodegen::{QrCode, QrCodeEcc};

/// Empty modules around a code, which readers need.
const QUIET: i32 = 4;

/// A code as a PNG; `scale` pixels a module. Nothing when the text is too long for any code (some two thousand letters).
pub fn qr_png(text: &str, scale: u32) -> Option<Vec<u8>> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let scale = i32::try_from(scale.clamp(1, 40)).ok()?;
    let side = (code.size() + 2 * QUIET) * scale;
    let mut rows = Vec::new();
    for y in 0..side {
        // No filter, then eight pixels a byte, white is 1.
        rows.push(0);
        for byte in 0..(side + 7) / 8 {
            let pixels = (0..8).map(|bit| {
                let x = byte * 8 + bit;
                x >= side || !code.get_module(x / scale - QUIET, y / scale - QUIET)
            });
            rows.push(pixels.fold(0_u8, |byte, white| byte << 1 | u8::from(white)));
        }
    }
    let side = u32::try_from(side).ok()?;
    // One bit, grey.
    Some(png_file((side, side), (1, 0), &stored(&rows)))
}

/// A code as the path of a drawing: the side of its view box, and `d` of one path whose rows are one unit high.
pub fn qr_path(text: &str) -> Option<(usize, String)> {
    let rows = modules(text)?;
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        let mut x = 0;
        while x < row.len() {
            let dark = row[x..].iter().take_while(|dark| **dark).count();
            if dark > 0 {
                path.push_str(&format!("M{} {}h{dark}v1h-{dark}z", x + QUIET as usize, y + QUIET as usize));
            }
            x += dark.max(1);
        }
    }
    Some((rows.len() + 2 * QUIET as usize, path))
}

/// The modules of a code row by row, true is dark, without the empty edge; nothing when the text is too long.
pub(crate) fn modules(text: &str) -> Option<Vec<Vec<bool>>> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    Some((0..code.size()).map(|y| (0..code.size()).map(|x| code.get_module(x, y)).collect()).collect())
}

/// A PNG of one's own zlib stream; `kind` is bits a colour and the format's word for which colours.
pub(crate) fn png_file((wide, high): (u32, u32), kind: (u8, u8), stream: &[u8]) -> Vec<u8> {
    let mut head = Vec::new();
    head.extend_from_slice(&wide.to_be_bytes());
    head.extend_from_slice(&high.to_be_bytes());
    // The only compression, filter and order there are without interlacing.
    head.extend_from_slice(&[kind.0, kind.1, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, b"IHDR", &head);
    chunk(&mut file, b"IDAT", stream);
    chunk(&mut file, b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    file.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    file.extend_from_slice(kind);
    file.extend_from_slice(data);
    let crc = kind.iter().chain(data).fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    });
    file.extend_from_slice(&(!crc).to_be_bytes());
}

/// A zlib stream whose blocks are stored as they are.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = data.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        out.push(u8::from(blocks.peek().is_none()));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    out.extend_from_slice(&(b << 16 | a).to_be_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pixels of a PNG of one bit that is stored: true is dark.
    fn pixels(png: &[u8]) -> (usize, Vec<bool>) {
        let side = u32::from_be_bytes(png[16..20].try_into().unwrap()) as usize;
        let start = png.windows(4).position(|part| part == b"IDAT").unwrap() + 4 + 2;
        let (mut data, mut at) = (Vec::new(), start);
        loop {
            let length = usize::from(u16::from_le_bytes([png[at + 1], png[at + 2]]));
            data.extend_from_slice(&png[at + 5..at + 5 + length]);
            at += 5 + length;
            if png[at - 5 - length] == 1 {
                break;
            }
        }
        let wide = side.div_ceil(8) + 1;
        let dark = |x: usize, y: usize| data[y * wide + 1 + x / 8] >> (7 - x % 8) & 1 == 0;
        (side, (0..side * side).map(|at| dark(at % side, at / side)).collect())
    }

    #[test]
    fn a_code_is_read_back_by_another_reader() {
        let text = "https://tracuu.example.vn/tra-cuu-van-ban?ma=ABCD-EFGH-JKMN-PQRS-TVWX";
        for scale in [3, 8] {
            let (side, dark) = pixels(&qr_png(text, scale).unwrap());
            let mut seen =
                rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| if dark[y * side + x] { 0 } else { 255 });
            let grids = seen.detect_grids();
            assert_eq!(grids.len(), 1);
            assert_eq!(grids[0].decode().unwrap().1, text);
        }
        assert_eq!(qr_png(&"x".repeat(5000), 3), None);
    }

    #[test]
    fn a_drawn_code_is_read_back_by_another_reader() {
        let text = "https://ansinh.example.vn/ks/ABCDEFGHJKMNPQRSTVWXYZ23456";
        let (side, path) = qr_path(text).unwrap();
        let mut dark = vec![false; side * side];
        for part in path.split_terminator('z') {
            let numbers: Vec<usize> = part.split(['M', ' ', 'h', 'v']).filter_map(|number| number.parse().ok()).collect();
            let (x, y, wide) = (numbers[0], numbers[1], numbers[2]);
            dark[y * side + x..y * side + x + wide].fill(true);
        }
        const SCALE: usize = 4;
        let at = |x: usize, y: usize| if dark[y / SCALE * side + x / SCALE] { 0 } else { 255 };
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(side * SCALE, side * SCALE, at);
        assert_eq!(seen.detect_grids()[0].decode().unwrap().1, text);
        assert_eq!(qr_path(&"x".repeat(5000)), None);
    }

    #[test]
    fn checksums_are_those_of_the_formats() {
        // An empty IEND chunk is the same in every PNG.
        let mut file = Vec::new();
        chunk(&mut file, b"IEND", &[]);
        assert_eq!(file, [0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82]);
        // "Wikipedia" has the Adler-32 checksum 11E60398.
        assert_eq!(stored(b"Wikipedia")[16..], [0x11, 0xe6, 0x03, 0x98]);
    }
}
