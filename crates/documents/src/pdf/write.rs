//! Pages as a file: text by glyphs, with the letters they stand for so that it can be searched and copied.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::PdfError;
use super::face::Look;
use super::flow::{Drawn, Flow};
use crate::qr::modules;

const IDENTITY: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
const FONTS: [Name<'static>; 4] = [Name(b"F0"), Name(b"F1"), Name(b"F2"), Name(b"F3")];

/// Glyphs that a face drew, with their letters.
type Used = BTreeMap<u16, char>;

/// The file.
pub(crate) fn file(flow: &Flow, title: &str) -> Result<Vec<u8>, PdfError> {
    let mut used: [Used; 4] = Default::default();
    let mut pages: Vec<Content> = Vec::new();
    let numbers = flow.numbers();
    for (at, page) in flow.pages.iter().enumerate() {
        let mut content = Content::new();
        let number = numbers.iter().filter(|(of, _)| *of == at).map(|(_, number)| number);
        page.drawn.iter().chain(number).try_for_each(|drawn| draw(flow, page.sheet.high, &mut content, drawn, &mut used))?;
        pages.push(content);
    }
    let (catalog, tree, info) = (Ref::new(1), Ref::new(2), Ref::new(3));
    let mut next = 4;
    let mut take = || {
        next += 1;
        Ref::new(next)
    };
    let fonts: Vec<(Look, Ref)> = Look::ALL.into_iter().map(|look| (look, take())).collect();
    let ids: Vec<(Ref, Ref)> = pages.iter().map(|_| (take(), take())).collect();
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree).lang(TextStr("vi"));
    pdf.document_info(info).title(TextStr(title)).creator(TextStr("An Sinh"));
    pdf.pages(tree).kids(ids.iter().map(|(page, _)| *page)).count(i32::try_from(pages.len()).unwrap_or(i32::MAX));
    for (((page_id, content_id), content), made) in ids.iter().zip(pages).zip(&flow.pages) {
        let mut page = pdf.page(*page_id);
        page.parent(tree).media_box(Rect::new(0.0, 0.0, made.sheet.wide, made.sheet.high)).contents(*content_id);
        let mut resources = page.resources();
        let mut names = resources.fonts();
        for (at, (_, font)) in fonts.iter().enumerate() {
            names.pair(FONTS[at], *font);
        }
        names.finish();
        resources.finish();
        page.finish();
        pdf.stream(*content_id, &packed(&content.finish())?).filter(Filter::FlateDecode);
    }
    for (look, id) in fonts {
        let refs = [take(), take(), take(), take()];
        font(flow, &mut pdf, look, id, refs, &used[look as usize]);
    }
    Ok(pdf.finish())
}

/// A page's drawing, packed: a report of forty pages would be more than a megabyte.
fn packed(content: &[u8]) -> Result<Vec<u8>, PdfError> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(content).and_then(|()| packed.finish()).map_err(|e| PdfError(e.to_string()))
}

fn draw(flow: &Flow, high: f32, content: &mut Content, drawn: &Drawn, used: &mut [Used; 4]) -> Result<(), PdfError> {
    match drawn {
        Drawn::Words { x, y, look, size, text } => {
            let mut glyphs = Vec::with_capacity(text.len() * 2);
            for letter in text.chars() {
                let glyph = flow.faces.glyph(*look, letter).0;
                used[*look as usize].entry(glyph).or_insert(letter);
                glyphs.extend_from_slice(&glyph.to_be_bytes());
            }
            content.begin_text().set_font(FONTS[*look as usize], *size);
            content.next_line(*x, high - y).show(Str(&glyphs)).end_text();
        }
        Drawn::Line { from, to, wide, dashes, grey } => {
            content.save_state().set_line_width(*wide).set_stroke_gray(*grey);
            if *dashes {
                content.set_dash_pattern([4.0, 2.5], 0.0);
            }
            content.move_to(from.0, high - from.1).line_to(to.0, high - to.1).stroke().restore_state();
        }
        Drawn::Area { x, y, wide, tall, grey } => {
            content.save_state().set_fill_gray(*grey).rect(*x, high - y - tall, *wide, *tall).fill_nonzero().restore_state();
        }
        Drawn::Code { x, y, side, text } => {
            let code = modules(text).ok_or_else(|| PdfError("mã QR quá dài".to_owned()))?;
            let step = side / code.len() as f32;
            for (row, dark) in code.iter().enumerate() {
                for column in (0..dark.len()).filter(|column| dark[*column]) {
                    content.rect(x + step * column as f32, high - y - step * (row + 1) as f32, step, step);
                }
            }
            content.fill_nonzero();
        }
    }
    Ok(())
}

fn font(flow: &Flow, pdf: &mut Pdf, look: Look, id: Ref, [cid, descriptor, bytes, cmap]: [Ref; 4], used: &Used) {
    let face = flow.faces.face(look);
    let name = Name(look.name().as_bytes());
    // Measures of a PDF are thousandths of the size.
    let unit = |value: i16| f32::from(value) * 1000.0 / f32::from(face.units_per_em());
    pdf.type0_font(id).base_font(name).encoding_predefined(Name(b"Identity-H")).descendant_font(cid).to_unicode(cmap);
    let mut cid_font = pdf.cid_font(cid);
    cid_font.subtype(CidFontType::Type2).base_font(name).system_info(IDENTITY).font_descriptor(descriptor).default_width(0.0);
    cid_font.cid_to_gid_map_predefined(Name(b"Identity"));
    let wide = |glyph: u16| {
        let advance = face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0);
        f32::from(advance) * 1000.0 / f32::from(face.units_per_em())
    };
    cid_font.widths().consecutive(0, (0..face.number_of_glyphs()).map(wide));
    cid_font.finish();
    let slanted = matches!(look, Look::Italic | Look::BoldItalic);
    let flags = FontFlags::SERIF | FontFlags::SYMBOLIC | if slanted { FontFlags::ITALIC } else { FontFlags::empty() };
    let bbox = face.global_bounding_box();
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(flags)
        .bbox(Rect::new(unit(bbox.x_min), unit(bbox.y_min), unit(bbox.x_max), unit(bbox.y_max)))
        .italic_angle(face.italic_angle())
        .ascent(unit(face.ascender()))
        .descent(unit(face.descender()))
        .cap_height(unit(face.capital_height().unwrap_or(face.ascender())))
        .stem_v(if matches!(look, Look::Bold | Look::BoldItalic) { 140.0 } else { 80.0 })
        .font_file2(bytes);
    let length = i32::try_from(look.bytes().len()).unwrap_or(i32::MAX);
    pdf.stream(bytes, look.bytes()).pair(Name(b"Length1"), length);
    let mut letters = UnicodeCmap::new(Name(b"AnSinh"), IDENTITY);
    used.iter().for_each(|(glyph, letter)| letters.pair(*glyph, *letter));
    pdf.cmap(cmap, &letters.finish());
}
