//! A small and fast deflate: matches found through one hash table, fixed codes (RFC 1951, 3.2.6).
//!
//! Workbooks of a whole city are gigabytes of very regular XML. This squeezes them some eight times at
//! a fraction of the cost of better compression, and gives the same bytes on every machine.

/// Longest and shortest match, and how far back one may lie.
const MATCH: (usize, usize) = (4, 258);
const WINDOW: usize = 32_768;
const HASH_BITS: u32 = 15;

/// Bits written from the lowest up.
struct Bits {
    out: Vec<u8>,
    pending: u64,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, bits: u32) {
        self.pending |= u64::from(value) << self.count;
        self.count += bits;
        while self.count >= 8 {
            self.out.push(self.pending as u8);
            self.pending >>= 8;
            self.count -= 8;
        }
    }

    /// A Huffman code, which goes in from its highest bit on.
    fn code(&mut self, code: u32, bits: u32) {
        self.put(code.reverse_bits() >> (32 - bits), bits);
    }

    /// A literal byte, the end (256) or a length, in the fixed code.
    fn symbol(&mut self, symbol: u32) {
        match symbol {
            0..144 => self.code(0x30 + symbol, 8),
            144..256 => self.code(0x190 + symbol - 144, 9),
            256..280 => self.code(symbol - 256, 7),
            _ => self.code(0xc0 + symbol - 280, 8),
        }
    }

    fn length(&mut self, length: usize) {
        if length == MATCH.1 {
            return self.symbol(285);
        }
        // Eight lengths without extra bits, then four codes for each number of extra bits.
        let from = (length - 3) as u32;
        let extra = if from < 8 { 0 } else { from.ilog2() - 2 };
        self.symbol(257 + 4 * extra + (from >> extra));
        self.put(from & ((1 << extra) - 1), extra);
    }

    fn distance(&mut self, distance: usize) {
        let from = (distance - 1) as u32;
        let extra = if from < 4 { 0 } else { from.ilog2() - 1 };
        self.code(2 * extra + (from >> extra), 5);
        self.put(from & ((1 << extra) - 1), extra);
    }
}

/// The compressed form of bytes: one final block with fixed codes.
pub fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut bits = Bits { out: Vec::with_capacity(bytes.len() / 6 + 64), pending: 0, count: 0 };
    bits.put(0b011, 3);
    // Where four bytes of a hash stood last, plus one.
    let mut last = vec![0u32; 1 << HASH_BITS];
    let mut at = 0;
    while let Some(four) = bytes.get(at..at + 4) {
        let word = u32::from_le_bytes([four[0], four[1], four[2], four[3]]);
        let slot = (word.wrapping_mul(0x9e37_79b1) >> (32 - HASH_BITS)) as usize;
        let before = last[slot] as usize;
        last[slot] = at as u32 + 1;
        let length = if before > 0 && at + 1 - before <= WINDOW { common(bytes, before - 1, at) } else { 0 };
        if length < MATCH.0 {
            bits.symbol(u32::from(bytes[at]));
            at += 1;
        } else {
            bits.length(length);
            bits.distance(at + 1 - before);
            at += length;
        }
    }
    bytes[at..].iter().for_each(|byte| bits.symbol(u32::from(*byte)));
    bits.symbol(256);
    bits.put(0, 7);
    bits.out
}

/// How many bytes agree from two places on, up to the longest match.
fn common(bytes: &[u8], one: usize, other: usize) -> usize {
    let most = MATCH.1.min(bytes.len() - other);
    bytes[one..one + most].iter().zip(&bytes[other..other + most]).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Length and distance codes of RFC 1951, 3.2.5: first value and extra bits.
    const LENGTHS: [(usize, u32); 29] = [
        (3, 0),
        (4, 0),
        (5, 0),
        (6, 0),
        (7, 0),
        (8, 0),
        (9, 0),
        (10, 0),
        (11, 1),
        (13, 1),
        (15, 1),
        (17, 1),
        (19, 2),
        (23, 2),
        (27, 2),
        (31, 2),
        (35, 3),
        (43, 3),
        (51, 3),
        (59, 3),
        (67, 4),
        (83, 4),
        (99, 4),
        (115, 4),
        (131, 5),
        (163, 5),
        (195, 5),
        (227, 5),
        (258, 0),
    ];

    /// A slow reader of blocks with fixed codes, written from the tables of the RFC.
    fn expand(bytes: &[u8]) -> Vec<u8> {
        let mut at = 0;
        let mut bit = move || {
            let value = u32::from(bytes[at / 8] >> (at % 8) & 1);
            at += 1;
            value
        };
        assert_eq!((bit(), bit(), bit()), (1, 1, 0), "a final block with fixed codes");
        let mut out = Vec::new();
        loop {
            let mut code = 0;
            let mut symbol = None;
            for bits in 1..=9 {
                code = code << 1 | bit();
                symbol = match (bits, code) {
                    (7, 0..0x18) => Some(256 + code),
                    (8, 0x30..0xc0) => Some(code - 0x30),
                    (8, 0xc0..0xc8) => Some(code - 0xc0 + 280),
                    (9, 0x190..0x200) => Some(code - 0x190 + 144),
                    _ => None,
                };
                if symbol.is_some() {
                    break;
                }
            }
            match symbol.unwrap() {
                256 => return out,
                literal @ 0..256 => out.push(literal as u8),
                symbol => {
                    let mut extra = |count: u32| (0..count).fold(0, |n, at| n | (bit() as usize) << at);
                    let (base, bits) = LENGTHS[symbol as usize - 257];
                    let length = base + extra(bits);
                    let code = (0..5).fold(0, |n, _| n << 1 | extra(1));
                    let bits = (code as u32 / 2).saturating_sub(1);
                    let base = if code < 4 { code } else { (2 + code % 2) << bits };
                    let distance = base + extra(bits) + 1;
                    for _ in 0..length {
                        out.push(out[out.len() - distance]);
                    }
                }
            }
        }
    }

    #[test]
    fn regular_text_shrinks_and_comes_back() {
        let row = "<row r=\"12\"><c r=\"A12\" t=\"inlineStr\"><is><t>Nguyễn Thị Hà</t></is></c></row>";
        let text: Vec<u8> = (0..2_000).flat_map(|n| row.replace("12", &n.to_string()).into_bytes()).collect();
        let small = compress(&text);
        assert!(small.len() * 5 < text.len(), "{} of {}", small.len(), text.len());
        assert_eq!(expand(&small), text);
        assert_eq!(expand(&compress(b"")), b"");
        assert_eq!(expand(&compress(&[7; 1_000])), [7; 1_000]);
    }

    proptest! {
        #[test]
        fn anything_comes_back(text in proptest::collection::vec(0u8..6, 0..2_000), any in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(&expand(&compress(&text)), &text);
            prop_assert_eq!(&expand(&compress(&any)), &any);
        }
    }
}
